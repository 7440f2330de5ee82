"""From the command line on real servers: propose, draft, accept, run, and the code changed afterwards."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import respx
from claude_transport import recorded
from click.testing import CliRunner, Result
from decider_scene import KEY
from pymongo import MongoClient

from bravo_agent.cli.main import group

MODELS = """from pydantic import BaseModel


class Campaign(BaseModel):
    id: int
    clicks: str | None = None
"""
PRIVATE = "anna@example.com"


@dataclass
class App:
    """One project with a source and a target of its own."""

    project: Path
    source: str
    target: str
    database: str

    def cli(self, *arguments: str, key: str = KEY) -> Result:
        environ = {
            "BRAVO_SOURCE_URI": self.source, "BRAVO_TARGET_URI": self.target, "ANTHROPIC_API_KEY": key,
            "BRAVO_USER": "anna", "BRAVO_DEBUG": "1", "CI": "1",
        }  # fmt: skip
        done = CliRunner().invoke(group, [*arguments, "-C", str(self.project)], env=environ)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert KEY not in done.output
        assert PRIVATE not in done.output
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        done = self.cli(*arguments, "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def sql(self, script: str) -> None:
        with psycopg.connect(self.source, autocommit=True) as connection:
            connection.execute(script.encode())

    def git(self, *arguments: str) -> None:
        own = ("-c", "user.name=T", "-c", "user.email=t@example.com")
        subprocess.run(["git", "-C", str(self.project), *own, *arguments], check=True, capture_output=True)

    def documents(self) -> list[dict[str, Any]]:
        with MongoClient[dict[str, Any]](self.target) as client:
            return list(client[self.database]["campaigns"].find({}, {"_id": 1, "clicks": 1}).sort("_id"))


@pytest.fixture
def app(pg_database: str, mongo_uri: str, mongo_database_name: str, tmp_path: Path) -> App:
    (tmp_path / "models.py").write_text(MODELS)
    made = App(tmp_path, pg_database, mongo_uri, mongo_database_name)
    made.sql(
        "create table campaigns (id bigint primary key, clicks text);"
        f"comment on column campaigns.clicks is 'ask {PRIVATE[:4]}';"
        "insert into campaigns values (1, '10'), (2, null), (3, '30')"
    )
    made.git("init", "-q")
    assert made.cli("init", "--privacy", "keep").exit_code == 0
    config = tmp_path / "bravo.toml"
    text = config.read_text().replace('database = "bravo-1"', f'database = "{mongo_database_name}"')
    config.write_text(text.replace('allow = ["bravo-*"]', 'allow = ["t_*"]'))
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "first")
    made.json("run", "--auto")
    assert [one["clicks"] for one in made.documents()] == ["10", None, "30"]
    made.sql("alter table campaigns alter column clicks type bigint using clicks::bigint")
    return made


def test_a_proposal_from_the_command_line(app: App, api: respx.Route) -> None:
    api.return_value = recorded("success")
    done = app.cli("decide", "--decider", "claude")
    assert done.exit_code == 3
    assert "type_change public.campaigns.clicks" in done.stdout
    assert "0.86" in done.stdout
    assert "1480 tokens in, 118 out, about $0.0041" in done.stdout
    (change,) = app.json("decide", code=3)["open"]
    assert app.json("decide", "--list")["records"][0]["state"] == "proposed"
    made = app.json("decide", "--decider", "claude", code=3)
    assert [one["kept"] for one in made["proposals"]] == [True]
    # With proposals waiting, a run in CI asks nobody and follows none of them.
    report = app.json("run", "--auto", code=3)
    assert report["published"]
    assert api.call_count == 1
    assert app.cli("decide", change, "--accept").exit_code == 0
    (record,) = app.json("decide", "--list")["records"]
    assert (record["status"], record["who"], record["model"]) == ("accepted", "anna", "claude-sonnet-5-5")
    done = app.cli("decide", "--decider", "claude")
    assert "nothing is open that a model could answer" in done.stdout
    assert api.call_count == 1


def test_usage(app: App, api: respx.Route) -> None:
    for arguments in (
        ("decide", "--decider", "claude", "--list"),
        ("decide", "--decider", "gpt"),
        ("decide", "abc", "cast", "--decider", "claude"),
        ("draft", "abc"),
        ("draft", "abc", "--decider", "claude", "--from", str(app.project / "models.py")),
    ):
        assert app.cli(*arguments).exit_code == 2, arguments
    done = app.cli("decide", "--decider", "claude", key="")
    assert done.exit_code == 2
    assert "model-key-missing" in done.stderr
    assert not api.called


def test_a_drafted_function_runs_when_a_person_accepted_it(app: App, api: respx.Route) -> None:
    api.return_value = recorded("draft")
    (change,) = app.json("decide", code=3)["open"]
    done = app.cli("draft", change, "--decider", "claude")
    assert done.exit_code == 3, done.output
    assert "def transform(value):" in done.stdout
    assert "passed: 9 synthetic values, twice" in done.stdout
    app.json("run", "--auto", code=3)
    assert "clicks" not in app.documents()[0]
    assert app.cli("decide", change, "--accept").exit_code == 0
    (file,) = (app.project / "bravo_transforms").glob("*.py")
    app.git("add", "-A")
    app.git("commit", "-q", "-m", "accepted")
    app.json("run", "--auto")
    assert [one["clicks"] for one in app.documents()] == ["10", None, "30"]
    assert app.cli("validate").exit_code == 0
    assert api.call_count == 1
    file.write_text(file.read_text().replace("str(value)", "str(value + 1)"))
    for command in ("detect", "run", "validate"):
        stale = app.json(command, *(["--auto"] if command == "run" else []), code=5)
        assert stale["error"]["code"] == "transform-changed"
        assert file.name in stale["error"]["message"]
    assert [one["clicks"] for one in app.documents()] == ["10", None, "30"]
    app.git("checkout", "-q", "--", "bravo_transforms")
    app.json("run", "--auto")


def test_a_drafted_function_of_a_file(app: App, api: respx.Route, tmp_path: Path) -> None:
    (change,) = app.json("decide", code=3)["open"]
    own = tmp_path / "mine.py"
    own.write_text("import os\n\n\ndef transform(value):\n    return value\n")
    done = app.cli("draft", change, "--from", str(own))
    assert done.exit_code == 1
    assert "line 1: the module os is not permitted" in done.stdout
    own.write_text("def transform(value):\n    return f'{value or 0:>5}'\n")
    made = app.json("draft", change, "--from", str(own), code=3)
    params = [f"--param=function={made['function']}", f"--param=sha256={made['sha256']}"]
    assert app.cli("decide", change, "custom", *params).exit_code == 0
    app.json("run", "--auto")
    assert [one["clicks"] for one in app.documents()] == ["   10", "    0", "   30"]
    own.write_bytes(b"\xff\xfe")
    assert "draft-unreadable" in app.cli("draft", change, "--from", str(own)).stderr
    assert not api.called
