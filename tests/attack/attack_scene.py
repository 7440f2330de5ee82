"""A small application that was made from its database, and what a hostile hand does to either."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner
from pymongo import MongoClient

from bravo_agent.cli.main import group


@dataclass(frozen=True)
class App:
    """One project with a source and a target of its own."""

    project: Path
    source_uri: str
    target_uri: str
    database: str
    environ: Mapping[str, str]

    def cli(self, *arguments: str, code: int = 0) -> str:
        """stdout of the command, after its exit code was held against ``code``."""
        done = CliRunner().invoke(group, [*arguments, "-C", str(self.project)], env=dict(self.environ))
        assert done.exit_code == code, f"exit {done.exit_code}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def run(self, *arguments: str, code: int = 0) -> Any:
        """The document of a run."""
        return json.loads(self.cli("run", "--auto", "--json", *arguments, code=code))

    def told(self) -> str:
        """stderr of a run."""
        call = [group, ["run", "--auto", "-C", str(self.project)]]
        return CliRunner().invoke(*call, env=dict(self.environ)).stderr

    def init(self, *statements: str, privacy: str = "keep") -> None:
        """Models and configuration for a source that ``statements`` make."""
        self.sql(*statements)
        self.cli("init", "--from-database", "--privacy", privacy)
        self.edit('database = "bravo-1"', f'database = "{self.database}"')
        self.edit('allow = ["bravo-*"]', 'allow = ["t_*"]')

    def sql(self, *statements: str) -> None:
        """Something happens to production."""
        with psycopg.connect(self.source_uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def edit(self, old: str, new: str, file: str = "bravo.toml") -> None:
        """Replaces the one place where ``file`` says ``old``, and commits."""
        path = self.project / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.commit()

    def git(self, *arguments: str) -> str:
        """git in the project."""
        call = ["git", "-C", str(self.project), "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout

    def commit(self) -> None:
        """Everything that is not ignored."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """What a reader finds."""
        with self.client() as client:
            return list(client[self.database][collection].find().sort("_id"))

    def client(self) -> MongoClient[dict[str, Any]]:
        """A client of the target's server."""
        return MongoClient(self.target_uri)
