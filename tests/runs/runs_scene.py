"""An application in a git repository, its production database and its target: what a run works on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from bson.codec_options import CodecOptions, DatetimeConversion
from click.testing import CliRunner
from pymongo import MongoClient

from bravo_agent.cli.main import group
from bravo_agent.usecases.demo import drift_script

ROWS = 2_000
PRIVATE = ("_bravo", "etl_audit", "system.")
AS_THEY_ARE: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)

Documents = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which must be exactly one JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Scene:
    """One project with databases of its own."""

    project: Path
    source_uri: str
    target_uri: str
    database: str
    environ: Mapping[str, str]

    def cli(self, *arguments: str) -> Outcome:
        """The command in this process: quick, for what does not depend on a process of its own."""
        done = CliRunner().invoke(group, [*_placed(arguments, self.project)], env=dict(self.environ))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Outcome(done.exit_code, done.stdout, done.stderr)

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The command's document, after its exit code was held against ``code``."""
        done = self.cli(*arguments, "--json")
        assert done.code == code, f"exit {done.code}\n{done.out}\n{done.err}"
        return done.json

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """The command in a process of its own, its stdin closed."""
        return subprocess.Popen(
            ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, *arguments],
            cwd=self.project,
            env=self.outside(**environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Tests that were themselves started in the background inherit an ignored SIGINT, and sh keeps it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def process(self, *arguments: str, **environ: str) -> Outcome:
        """As ``start``, to its end."""
        with self.start(*arguments, **environ) as started:
            out, err = started.communicate(timeout=120)
        return Outcome(started.returncode, out, err)

    def outside(self, **more: str) -> dict[str, str]:
        """The environment of a process."""
        return {**os.environ, **self.environ, **more}

    def sql(self, script: str) -> None:
        """Something happens to production; several statements as psql does them."""
        with psycopg.connect(self.source_uri, autocommit=True) as connection:
            connection.execute(script.encode())

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of production."""
        with psycopg.connect(self.source_uri) as connection:
            return connection.execute(statement.encode()).fetchall()

    def drift(self, *numbers: int) -> None:
        """Drift scripts of the example."""
        for number in numbers:
            self.sql(drift_script(self.project, number))

    def client(self) -> MongoClient[dict[str, Any]]:
        """A client of the target's server."""
        return MongoClient(self.target_uri, tz_aware=False)

    def documents(self, database: str | None = None) -> Documents:
        """All that a reader of the database finds, by collection and key; values as they are on the wire."""
        with self.client() as client:
            return all_documents(client, database or self.database)

    def git(self, *arguments: str) -> str:
        """git in the project."""
        return git(self.project, *arguments)

    def changed(self) -> set[str]:
        """Files that differ from the commit, new ones too."""
        lines = self.git("status", "--porcelain", "--untracked-files=all").splitlines()
        return {line[3:] for line in lines}

    def edit(self, old: str, new: str, file: str = "bravo.toml") -> None:
        """Replaces the one place where ``file`` says ``old``, and commits."""
        path = self.project / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.commit()

    def commit(self) -> None:
        """Everything that is not ignored."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")


COMMAND = (sys.executable, "-c", "from bravo_agent.cli.main import main; main()")


def _placed(arguments: tuple[str, ...], project: Path) -> list[str]:
    # As the console script has it: `--auto ...` is short for `run --auto ...`.
    given = ["run", *arguments] if arguments[:1] == ("--auto",) else list(arguments)
    return [*given, "-C", str(project)]


def all_documents(client: MongoClient[dict[str, Any]], database: str) -> Documents:
    """By collection and key."""
    base = client.get_database(database, codec_options=AS_THEY_ARE)
    names = [name for name in base.list_collection_names() if not name.startswith(PRIVATE)]
    return {name: {repr(one["_id"]): one for one in base[name].find()} for name in sorted(names)}


def git(folder: Path, *arguments: str) -> str:
    """git with a name of its own, whatever the machine is configured for."""
    own = ("-c", "user.name=Team", "-c", "user.email=team@example.com", "-c", "core.hooksPath=/dev/null")
    done = subprocess.run(
        ["git", "-C", str(folder), *own, *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def fields(documents: Documents, collection: str) -> set[str]:
    """Every key that any document of the collection has."""
    return {key for one in documents[collection].values() for key in one}
