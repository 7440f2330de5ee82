"""No command tells a secret: not where all works, not where a server, an address or a file is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from secrets_corpus import PASSWORD, SIGN, Leaks, shared_places, sources, targets
from untrusted_scene import Scene

from bravo_agent.cli.main import group

CHANGE, PLAN, VERSION = "CHANGE", "PLAN", "VERSION"
# Every command and what it is given, in an order in which each finds something to do.
WALK: dict[str, list[tuple[str, ...]]] = {
    "doctor": [()],
    "init": [()],
    "snapshot export": [()],
    "snapshot list": [()],
    "snapshot upload": [()],
    "snapshot download": [()],
    "snapshot verify": [()],
    "detect": [(), ("--source", "s3"), ("--offending-keys",)],
    "decide": [(), ("--list",), (CHANGE,), (CHANGE, "make-optional", "--why", "x"), ("--prune",)],
    "draft": [(CHANGE, "--from", "models.py")],
    "cascade": [(), ("--check",)],
    "artifacts": [()],
    "plan": [()],
    "explain": [(PLAN,), (CHANGE,)],
    "apply": [(PLAN,)],
    "transform": [()],
    "run": [("--auto",), ("--auto", "--dry-run"), ("--auto", "--refresh", "parallel")],
    "load": [()],
    "adopt": [()],
    "validate": [()],
    "versions": [()],
    "runs": [()],
    "rollback": [("--version", VERSION)],
    "schema log": [()],
    "schema show": [("latest",)],
    "schema diff": [("1", "latest")],
    "schema check": [()],
    "schema export": [("--to", "schemas.json")],
    "snapshot prune": [("--keep", "1")],
    "refactor rename": [("People.age", "years")],
    "refactor drop": [("People.age",)],
    "refactor add": [("People.note", "str", "--optional")],
    "refactor retype": [("People.age", "str")],
    "refactor precision": [("People.age", "2")],
    "review": [("--html", "review.html", "--markdown", "review.md")],
    "mcp install": [()],
}
# Started by themselves elsewhere: the demo has servers of its own, the server speaks a protocol (test_secrets_mcp).
ELSEWHERE = {"demo", "mcp"}
SHORT = (("doctor",), ("detect",), ("snapshot", "export"), ("run", "--auto"), ("plan",))


def _names(command: click.Command, before: str = "") -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _names(inner, f"{before} {name}".strip())
        if not before or command.invoke_without_command is False:
            return
    yield before


def test_every_command_is_walked() -> None:
    assert set(_names(group)) == set(WALK) | ELSEWHERE


def _said(scene: Scene, leaks: Leaks, where: object, *arguments: str, json: bool = False) -> str:
    """The code of its error, if any."""
    found = ""
    for more in ((), ("--json",)) if json else ((),):
        told = scene.cli(*arguments, *more, code=None)
        leaks.search((where, arguments), told.out, told.err)
        error = re.search(r"error \[([a-z-]+)\]", told.err)
        found = found or (error[1] if error else "")
    return found


def _ids(scene: Scene) -> Mapping[str, str]:
    changes = scene.json("detect", code=None)["changes"]
    plans = sorted((scene.project / ".bravo" / "plans").glob("*.json"))
    versions = scene.json("versions", code=None)
    return {
        CHANGE: next((one["id"] for one in sorted(changes, key=_open_first)), "0" * 12),
        PLAN: plans[-1].stem if plans else "0" * 12,
        VERSION: versions[-1]["id"] if versions else "2020-01-01-001",
    }


def _open_first(change: dict[str, str]) -> bool:
    return change["state"] != "open"


@pytest.mark.slow
def test_no_command_tells_one_where_all_works(production: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(production.project)
    scene, leaks = production, Leaks(production.environ["AWS_SECRET_ACCESS_KEY"])
    _said(scene, leaks, "first", "run", "--auto")
    assert scene.json("versions"), "nothing was published: the walk would prove little"
    scene.commit()
    scene.sql("alter table people add email text not null default 'x', alter age type bigint")
    scene.sql("alter table people alter email drop default")
    ended = {}
    for name, calls in WALK.items():
        for call in calls:
            ids = _ids(scene) if {CHANGE, PLAN, VERSION} & set(call) else {}
            words = (*name.split(), *(ids.get(one, one) for one in call))
            ended[f"{name} {' '.join(call)}"] = _said(scene, leaks, "working", *words, json=True)
    leaks.search_tree(scene.project)
    leaks.search_target(scene.environ["BRAVO_TARGET_URI"], scene.database)
    assert leaks.found == []
    refused = {code for code in ended.values() if code}
    assert refused <= {"already-initialised", "explain-unknown", "version-dropped", "field-not-decimal"}, (
        ended
    )
    written = {path.relative_to(scene.project).parts[0] for path in scene.project.rglob("*.*")}
    assert {
        ".bravo",
        "logs",
        "bravo.toml",
        "schema-change-report.json",
        "review.html",
        "schemas.json",
    } <= written


def _broken(scene: Scene) -> Iterator[tuple[str, Scene]]:
    at = urlsplit(scene.source_uri)
    assert at.hostname
    assert at.port
    assert at.username
    for name, uri in sources(at.hostname, at.port, at.username, at.path[1:]):
        yield f"source: {name}", replace(scene, environ={**scene.environ, "BRAVO_SOURCE_URI": uri})
    for name, uri in targets(scene.environ["BRAVO_TARGET_URI"]):
        yield f"target: {name}", replace(scene, environ={**scene.environ, "BRAVO_TARGET_URI": uri})
    for name, environ in shared_places(scene.environ):
        yield f"shared: {name}", replace(scene, environ=environ)


@pytest.mark.slow
def test_no_command_tells_one_where_a_server_fails(
    production: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the whole trace of what nobody foresaw, were there any.
    monkeypatch.setenv("BRAVO_DEBUG", "1")
    leaks, ended = Leaks(production.environ["AWS_SECRET_ACCESS_KEY"]), {}
    for name, scene in _broken(production):
        doctor = scene.cli("doctor", "--json", code=None)
        ended[name] = doctor.code
        leaks.search(name, doctor.out, doctor.err)
        if name.startswith("shared"):
            _said(scene, leaks, name, "snapshot", "list", json=True)
            _said(scene, leaks, name, "snapshot", "upload")
            _said(scene, leaks, name, "detect", "--source", "s3")
        elif name.startswith("source"):
            _said(scene, leaks, name, "detect", json=True)
            _said(scene, leaks, name, "snapshot", "export")
        else:
            _said(scene, leaks, name, "versions", json=True)
    leaks.search_tree(production.project)
    assert leaks.found == []
    assert [name for name, code in ended.items() if code == 0] == [], "what does not fail proves nothing"


def _places(scene: Scene, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The other places that a password may stand in, each of them working."""
    at = urlsplit(scene.source_uri)
    where = {"host": at.hostname, "port": at.port, "user": at.username, "dbname": at.path[1:]}
    words = " ".join(f"{key}={value}" for key, value in where.items())
    quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
    yield "in words", {"BRAVO_SOURCE_URI": f"{words} password='{quoted}'"}
    service = folder / "services.conf"
    lines = [f"{key}={value}" for key, value in {**where, "password": PASSWORD}.items()]
    service.write_text("\n".join(["[production]", *lines, ""]))
    yield "service", {"BRAVO_SOURCE_URI": "service=production", "PGSERVICEFILE": str(service)}
    passes = folder / "pgpass"
    escaped = PASSWORD.replace(":", "\\:")
    passes.write_text(f"*:*:*:{at.username}:{escaped}\n")
    passes.chmod(0o600)
    yield "pgpass", {"BRAVO_SOURCE_URI": words, "PGPASSFILE": str(passes)}
    yield "environment", {"BRAVO_SOURCE_URI": words, "PGPASSWORD": PASSWORD}


def test_no_command_tells_one_wherever_it_stands(production: Scene, tmp_path: Path) -> None:
    leaks = Leaks()
    for name, environ in _places(production, tmp_path):
        scene = replace(production, environ={**production.environ, **environ})
        for arguments in (("doctor", "--json"), ("detect", "--json"), ("snapshot", "export"), ("plan",)):
            told = scene.cli(*arguments, code=None)
            leaks.search((name, arguments), told.out, told.err)
            assert "source-" not in told.out + told.err, (name, told)
    leaks.search_tree(production.project)
    assert leaks.found == []


_MISTAKES = {
    "address for its name": ("[project]", f'[source]\nuri_env = "postgresql://u:{SIGN}@h/d"\n[project]'),
    "target for its name": ("[target]", f'[target]\nuri_env = "mongodb://u:{SIGN}@h"'),
    "place for its name": ("[project]", f'[snapshots]\nuri_env = "s3://u:{SIGN}@h"\n[project]'),
    "key for its name": ("[privacy]", f'[privacy]\nkey_env = "{SIGN}-0123456789abcdef"'),
    "model key for its name": ("[project]", f'[model]\nkey_env = "sk-ant-{SIGN}"\n[project]'),
    "unknown key": ("[target]", f'[target]\nuri = "mongodb://u:{SIGN}@h"'),
    "not a table": ("[project]", f'source = "postgresql://u:{SIGN}@h/d"\n[project]'),
    "not TOML": ("[target]", f"[target]\nuri = mongodb://u:{SIGN}@h"),
    "half a text": ("[target]", f'[target]\nuri = "mongodb://u:{SIGN}@h'),
    "wrong kind": ("[privacy]", f'[load]\nworkers = "{SIGN}"\n[privacy]'),
    "wrong word": ("[registry]", f'[registry]\ncompatibility = "{SIGN}"'),
}


@pytest.mark.parametrize(("old", "new"), _MISTAKES.values(), ids=_MISTAKES)
def test_no_mistake_in_the_configuration_is_repeated(production: Scene, old: str, new: str) -> None:
    path = production.project / "bravo.toml"
    text = path.read_text()
    leaks = Leaks()
    try:
        path.write_text(text.replace(old, new, 1) if old in text else f"{text}\n{new}\n")
        told = production.cli("doctor", "--json", code=None)
        assert told.code != 0
        leaks.search("doctor", told.out, told.err)
        for arguments in SHORT:
            _said(production, leaks, "mistake", *arguments)
        _said(production, leaks, "mistake", "decide", "--decider", "claude")
    finally:
        path.write_text(text)
    leaks.search_tree(production.project)
    assert leaks.found == []


_UNCLEAR = "def _base(): return BaseModel\nclass Unclear(_base()):\n    id: int"
_APPLICATIONS = {
    "raises with its settings": "raise ValueError(f\"bad settings {os.environ['DATABASE_URL']}\")",
    "raises with words": "raise ValueError(os.environ['APP_SETTINGS'])",
    "prints them": "print(dict(os.environ), file=sys.stderr); sys.exit(3)",
    "raises with a key": "raise KeyError(os.environ['ANTHROPIC_API_KEY'])",
    "raises with all": "raise RuntimeError(repr(os.environ))",
    "a form": (
        "from pydantic import BaseModel\n"
        "class Settings(BaseModel):\n    url: int\n"
        "Settings(url=os.environ['DATABASE_URL'])"
    ),
}


@pytest.mark.parametrize("code", _APPLICATIONS.values(), ids=_APPLICATIONS)
def test_an_application_that_does_not_start_tells_nothing(production: Scene, code: str) -> None:
    path, config = production.project / "models.py", production.project / "bravo.toml"
    text, before = path.read_text(), config.read_text()
    leaks = Leaks(production.environ["AWS_SECRET_ACCESS_KEY"])
    try:
        # A model that the source alone does not tell, and schemas of all: both need the application to start.
        path.write_text(f"import os, sys\n{text}\n{_UNCLEAR}\n{code}\n")
        config.write_text(f'{before}\n[artifacts]\njson-schema = "schemas"\n')
        told = production.cli("artifacts", code=None)
        assert "application-import-failed" in told.err
        for arguments in (*SHORT, ("artifacts",), ("cascade", "--recompute"), ("schema", "check")):
            _said(production, leaks, "application", *arguments)
    finally:
        path.write_text(text)
        config.write_text(before)
    leaks.search_tree(production.project)
    assert leaks.found == []


def test_a_process_of_its_own_tells_none(production: Scene) -> None:
    """As a console script, where a warning or a trace goes where the interpreter wants it."""
    leaks = Leaks(production.environ["AWS_SECRET_ACCESS_KEY"])
    uri = f"mongodb://me:{SIGN}@127.0.0.1:1/?serverSelectionTimeoutMS=300"
    call = [sys.executable, "-W", "default", "-X", "dev", "-m", "bravo_agent", "doctor", "-C"]
    done = subprocess.run(
        [*call, str(production.project)],
        env=production.outside(BRAVO_TARGET_URI=uri, BRAVO_DEBUG="1"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    leaks.search("process", done.stdout, done.stderr)
    assert leaks.found == []
