"""A production database in which everything that has a name or a text was written by a hostile hand."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner
from psycopg import sql
from untrusted_corpus import MARK, TEXTS, cut, identifiers

from bravo_agent.cli.main import group
from bravo_agent.workspace import Workspace, open_workspace

NAMES = identifiers()
_EVERY = sql.SQL("create table {} (id int primary key, kept text not null)")


@dataclass(frozen=True)
class Told:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Scene:
    """An application in git, its production and its target."""

    project: Path
    source_uri: str
    database: str
    environ: Mapping[str, str]

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.project, self.environ)

    def cli(self, *arguments: str, code: int | None = 0) -> Told:
        """The command; ``code`` None: however it ends."""
        done = CliRunner().invoke(group, [*arguments, "-C", str(self.project)], env=dict(self.environ))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert code in (None, done.exit_code), (
            f"{arguments}: exit {done.exit_code}\n{done.stdout}\n{done.stderr}"
        )
        return Told(done.exit_code, done.stdout, done.stderr)

    def json(self, *arguments: str, code: int | None = 0) -> Any:
        """Its document."""
        return json.loads(self.cli(*arguments, "--json", code=code).out)

    def sql(self, *statements: sql.Composable | str) -> None:
        with psycopg.connect(self.source_uri, autocommit=True) as connection:
            for one in statements:
                connection.execute(sql.SQL(one) if isinstance(one, str) else one)  # type: ignore[arg-type]

    def edit(self, old: str, new: str, file: str = "bravo.toml") -> None:
        path = self.project / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self) -> None:
        own = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.hooksPath=/dev/null")
        for arguments in (("add", "-A"), ("commit", "-q", "--allow-empty", "-m", "work")):
            subprocess.run(["git", "-C", str(self.project), *own, *arguments], check=True, timeout=60)

    def outside(self, **more: str) -> dict[str, str]:
        """The environment of a process."""
        return {**os.environ, **self.environ, **more}


def before() -> Iterator[sql.Composable]:
    """Production as the application was made for it."""
    labels = sql.SQL(", ").join(sql.Literal(text) for text in NAMES.values())
    yield sql.SQL("create type {} as enum ({})").format(sql.Identifier(f"mood {MARK}"), labels)
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(one)) for one in NAMES.values())
    yield sql.SQL("create table named (id int primary key, {})").format(columns)
    yield sql.SQL(
        "create table t (id int primary key, amount int, clicks int, gone text, old text, strict text, mood {})"
    ).format(sql.Identifier(f"mood {MARK}"))
    yield sql.SQL("create table valued (id int primary key, note int)")
    for number, (name, text) in enumerate(TEXTS.items(), 1):
        yield _EVERY.format(sql.Identifier(_table(name)))
        yield sql.SQL("insert into {} values (1, {})").format(sql.Identifier(_table(name)), sql.Literal(text))
        row = sql.SQL(", ").join(sql.Literal(text) for _ in NAMES)
        yield sql.SQL("insert into named values ({}, {})").format(sql.Literal(number), row)
        yield sql.SQL("insert into t values ({0}, 1, 2, {1}, {1}, {1}, {2})").format(
            sql.Literal(number), sql.Literal(text), sql.Literal(NAMES[name])
        )
        yield sql.SQL("insert into valued values ({0}, {0})").format(sql.Literal(number))


def after() -> Iterator[sql.Composable]:
    """What happened to it since."""
    # Each edit of the code takes a while, so that not every text is the name of a new column.
    names, texts = list(NAMES.values()), list(TEXTS.values())
    for number in range(0, len(names), 3):
        column = sql.Identifier(f"+{cut(names[number], 60)}")
        yield sql.SQL("alter table t add {} text default {}").format(column, sql.Literal(texts[number - 1]))
        yield sql.SQL("comment on column t.{} is {}").format(column, sql.Literal(texts[number - 2]))
    for name, text in TEXTS.items():
        column = sql.Identifier(NAMES[name])
        yield sql.SQL("alter table named alter {} type varchar(12000)").format(column)
        yield sql.SQL("comment on column named.{} is {}").format(column, sql.Literal(text))
        yield sql.SQL("alter table t add constraint {} check (strict <> {})").format(
            sql.Identifier(f"c{cut(NAMES[name], 60)}"), sql.Literal(f"not {text}")
        )
    yield sql.SQL("create table {} (id int primary key)").format(
        sql.Identifier(f"new{cut(NAMES['lines'], 60)}")
    )
    yield sql.SQL("alter table {} rename to {}").format(
        sql.Identifier(_table("json")), sql.Identifier(f"renamed{NAMES['json']}")
    )
    yield sql.SQL("alter table t rename old to {}").format(sql.Identifier(f"re{cut(NAMES['markdown'], 60)}"))
    yield sql.SQL("alter table t drop gone")
    yield sql.SQL("alter table t alter strict set not null")
    yield sql.SQL("alter table t alter amount type bigint, alter clicks type text")
    yield sql.SQL("alter table valued alter note type text")
    yield sql.SQL("comment on table t is {}").format(sql.Literal(TEXTS["closing"]))
    yield sql.SQL("alter type {} add value {}").format(
        sql.Identifier(f"mood {MARK}"), sql.Literal(f"n{NAMES['bidi']}")
    )
    for number, text in enumerate(TEXTS.values(), 1):
        yield sql.SQL("update valued set note = {} where id = {}").format(
            sql.Literal(text), sql.Literal(number)
        )


def _table(name: str) -> str:
    return cut(f"t{NAMES[name]}", 63)


def application(project: Path) -> None:
    """Files of the application that use the fields, with names and docstrings of the same hand."""
    text = json.dumps(TEXTS["closing"] + TEXTS["bidi"], ensure_ascii=False)[1:-1]
    code = (
        f'"""{text}"""\nfrom models import T\n\n\ndef total(one: T) -> object:\n'
        f'    """{text}"""\n    return one.clicks, one.gone, one.strict  # {text}\n'
    )
    for name in (f"<data> {MARK}\u202e.py", f"{MARK}\x1b[2J\nx.py", f"uses_{MARK}.py"):
        (project / name).write_text(code, encoding="utf-8")
