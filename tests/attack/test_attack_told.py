"""What a command prints: no name from a database starts a line, and what nobody can do is not proposed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attack_scene import App
from click.testing import CliRunner

from bravo_agent import wire
from bravo_agent.changes._samples import TEXT, column, table
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli.main import group
from bravo_agent.model.catalog import Catalog
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.difference_text import difference_text
from bravo_agent.usecases.decide import list_decisions, record_decision
from bravo_agent.usecases.detect import compare_catalogs, detect
from bravo_agent.workspace import open_workspace

# GitHub takes a line that starts so for a command.
_LINE = "::error::pwned"
_HOSTILE = f"x\n{_LINE}\r\x1b[31m\u202e"


def _calm(text: str) -> bool:
    lines = text.splitlines()
    return not any(line.lstrip().startswith(_LINE) for line in lines) and "\x1b" not in text


def test_no_name_starts_a_line_of_a_log(app: App) -> None:
    app.init("create table apples (id int primary key)", "insert into apples values (1)", privacy="mask")
    quoted = _HOSTILE.replace('"', '""')
    app.sql(
        f"alter table apples add \"{quoted}\" text default '{_HOSTILE}'",
        f"comment on column apples.\"{quoted}\" is '{_HOSTILE}'",
        f'alter table apples add "{quoted}2" int not null default 0',
        f'alter table apples alter "{quoted}2" drop default',
        f'alter table apples add constraint "{quoted}c" check ("{quoted}2" >= 0)',
        f'create table "{quoted}t" (id int primary key)',
    )
    changes = json.loads(app.cli("detect", "--json"))["changes"]
    assert len(changes) >= 4
    plan = app.cli("plan", code=3)
    told = [plan, app.cli("detect"), app.cli("decide", code=3), app.cli("explain", plan.split()[1])]
    told += [app.cli("explain", one["id"]) for one in changes]
    asked = next(one for one in changes if "make-optional" in [option["name"] for option in one["options"]])
    told.append(app.cli("decide", asked["id"], "make-optional", "--why", _HOSTILE))
    told += [app.cli("decide", "--list"), app.cli("cascade"), app.cli("run", "--auto", code=3)]
    told += [app.cli("schema", "show", "latest"), app.cli("schema", "check")]
    assert [text for text in told if not _calm(text)] == []


def test_no_name_starts_a_line_of_an_error(app: App) -> None:
    app.init("create table apples (id int primary key)")
    waiver = f'table = {json.dumps("public." + _HOSTILE)}\ndecision = "review"\nreason = "r"\nexpires = 2999-01-01\n'
    config = app.project / "bravo.toml"
    config.write_text(config.read_text() + f'\n[[policy.waivers]]\nkind = "new_field"\n{waiver}')
    done = CliRunner().invoke(group, ["detect", "-C", str(app.project)], env=dict(app.environ))
    assert done.exit_code == 2
    assert "waiver-unmatched" in done.stderr
    assert _calm(done.stderr)


def test_answers_given_at_once_all_count(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.init("create table apples (id int primary key)")
    app.sql(*(f"alter table apples add c{number} int not null" for number in range(12)))
    for name, value in app.environ.items():
        monkeypatch.setenv(name, value)
    workspace = open_workspace(app.project)
    found = detect(workspace, workspace.source().catalog())
    asked = [change.id for change in found.changes]
    with ThreadPoolExecutor(len(asked)) as pool:
        list(pool.map(lambda one: record_decision(workspace, found, one, "make-optional", params={}), asked))
    assert {one.decision.change_id for one in list_decisions(workspace, found)} == {*asked}


def test_one_change_is_shown_alone(app: App) -> None:
    app.init("create table apples (id int primary key)")
    app.sql("alter table apples add a int not null", "alter table apples add b int not null")
    first, second = json.loads(app.cli("detect", "--json"))["changes"]
    told = app.cli("decide", first["id"], code=3)
    assert f"bravo-agent decide {first['id'][:12]} make-optional" in told
    assert second["id"][:12] not in told


def test_a_plan_under_the_name_of_another_is_refused(app: App) -> None:
    app.init("create table apples (id int primary key, a text)", "insert into apples values (1, 'x')")
    first = json.loads(app.cli("plan", "--json"))
    other = json.loads(app.cli("plan", "--json", "--refresh", "parallel"))
    assert first["plan"]["hash"] != other["plan"]["hash"]
    path = app.project / first["file"]
    path.write_text((app.project / other["file"]).read_text())
    told = json.loads(app.cli("apply", first["plan"]["hash"], "--json", code=2))
    assert told["error"]["code"] == "plan-damaged"
    assert json.loads(app.cli("versions", "--json")) == []


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_two_catalogs_alone_settle_nothing(kind: str) -> None:
    """There is no model that could show a change: it is open, or nothing depends on it."""
    for example in kinds()[kind].examples:
        before, after = (
            Catalog(tuple(filter(None, (one,))), "prod", "1") for one in (example.before, example.after)
        )
        changes = compare_catalogs(before, after).changes
        assert [one.kind for one in changes if one.state not in ("open", "decided")] == []
        assert "bravo-agent decide" not in changes_text(changes, asks=False)


def test_two_catalogs_in_files_propose_no_command(tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file, columns in zip(files, ((), (column("s", TEXT, 2, nullable=False),)), strict=True):
        file.write_text(wire.dumps(Catalog((table(*columns),))))
    call = ["detect", "--before", str(files[0]), "--after", str(files[1]), "--exit-code"]
    done = CliRunner().invoke(group, call)
    assert done.exit_code == 3
    assert "warning: new_field public.campaigns.s: needs review" in done.stdout
    assert "bravo-agent" not in done.stdout


def test_of_two_lists_only_the_difference_is_told() -> None:
    checks = ('["CHECK (a > 0)", "CHECK (b > 0)"]', '["CHECK (b > 0)", "CHECK (c > 0)"]')
    assert difference_text(*checks) == ("gone: CHECK (a > 0)", "new: CHECK (c > 0)")
    keys = ("[]", '[["ads_fkey", ["ad_id"], "public.ads", ["id"]]]')
    assert difference_text(*keys) == ("new: ads_fkey (ad_id) public.ads (id)",)
    index = ('[["i", ["a"], true, "CREATE UNIQUE INDEX i ON t (a)"]]', None)
    assert difference_text(*index) == ("gone: CREATE UNIQUE INDEX i ON t (a)",)
    assert difference_text("NOT NULL", "NULL") is None
    assert difference_text("1", "2") is None
    assert difference_text("[[", "[]") is None
