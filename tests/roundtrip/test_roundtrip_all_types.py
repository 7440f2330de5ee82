"""From an empty folder to MongoDB and back, through the command line, for a database never seen before.

``all_types.sql`` holds every type and every hard case of semantics.md; what is expected comes from
``postgres_says.py``, which knows nothing of the product.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import bson
import psycopg
import pytest
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.datetime_ms import DatetimeMS
from postgres_says import PostgresSays, TableSays
from psycopg import sql
from pydantic import ValidationError
from pymongo import MongoClient

from bravo_agent.stores.servers import ServerSet

HERE = Path(__file__).parent
SCHEMAS = ("public", "sales", "Odd.Schema $1")
EXACT: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
FOR_PYTHON: CodecOptions[dict[str, Any]] = CodecOptions(
    datetime_conversion=DatetimeConversion.DATETIME_AUTO, uuid_representation=UuidRepresentation.STANDARD
)
WIDE = 1600
# Rows whose arrays all have more dimensions than their columns declare, which the models follow.
DEEPER = (("public.arrays", 4), ("public.more_types", 3))


@dataclass(frozen=True)
class Scene:
    """A source, an empty folder, and a target of the test's own."""

    source: str
    target: str
    database: str
    folder: Path

    def bravo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs ``bravo-agent`` in the folder."""
        environ = {**os.environ, "BRAVO_SOURCE_URI": self.source, "BRAVO_TARGET_URI": self.target}
        command = [sys.executable, "-c", "from bravo_agent.cli.main import main; main()", *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *arguments: str, code: int = 0) -> str:
        """What it prints, ended with ``code``."""
        ended = self.bravo(*arguments)
        assert (ended.returncode, bool(ended.stdout)) == (code, True), (
            ended.stdout[-4000:] + ended.stderr[-4000:]
        )
        return ended.stdout

    def configure(self, before: str, after: str) -> None:
        """Edits bravo.toml as a person would."""
        path = self.folder / "bravo.toml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def documents(
        self, collection: str, options: CodecOptions[dict[str, Any]] = EXACT
    ) -> list[dict[str, Any]]:
        """All of a collection."""
        with MongoClient[dict[str, Any]](self.target) as client:
            return list(client.get_database(self.database, codec_options=options)[collection].find())

    def says(self, schemas: tuple[str, ...] = ("public",)) -> tuple[TableSays, ...]:
        """What PostgreSQL says."""
        with psycopg.connect(self.source, autocommit=True) as connection:
            return tuple(PostgresSays(connection).tables(schemas))


def make_scene(servers: ServerSet, folder: Path, script: str) -> Iterator[Scene]:
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    name = f"bravo-{uuid.uuid4().hex[:12]}"
    source = f"{servers.postgres_uri.rpartition('/')[0]}/{name}"
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with psycopg.connect(source, autocommit=True) as connection:
            connection.execute(script.encode())
        yield Scene(source, servers.mongodb_uri, name, folder)
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    with MongoClient[dict[str, Any]](servers.mongodb_uri) as client:
        client.drop_database(name)


@pytest.fixture(scope="module")
def scene(servers: ServerSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Copied once, for all tests here."""
    wide = ", ".join(f"c{number} int" for number in range(WIDE - 1))
    values = ", ".join("null" if number % 7 == 0 else str(number) for number in range(WIDE - 1))
    script = (HERE / "all_types.sql").read_text(encoding="utf-8") + (
        f"create table wide (id int primary key, {wide}); insert into wide values (1, {values});"
        "insert into wide values (2);"
        "create table large (id int primary key, t text, b bytea);"
        "insert into large values (1, repeat('x', 15000000), null), (3, 'a', 'b'),"
        " (2, '', decode(repeat('00ff', 7500000), 'hex'));"
    )
    for found in make_scene(servers, tmp_path_factory.mktemp("empty"), script):
        schemas = [part for schema in SCHEMAS for part in ("--schema", schema)]
        found.done("init", "--from-database", "--privacy", "keep", *schemas)
        found.configure('infinity = "fail"', 'infinity = "string"')
        found.configure('database = "bravo-1"', f'database = "{found.database}"')
        assert "nothing changed" in found.done("detect", "--exit-code")
        said = json.loads(found.done("run", "--auto", "--json"))
        assert said["published"]
        assert said["changes"] == []
        yield found


def test_every_value_read_back_is_what_postgresql_says(scene: Scene) -> None:
    for table in scene.says(SCHEMAS):
        hold_against(table, scene.documents(table.collection))


def test_no_collection_is_there_that_no_table_feeds(scene: Scene) -> None:
    with MongoClient[dict[str, Any]](scene.target) as client:
        there = set(client[scene.database].list_collection_names())
    ours = {name for name in there if name.startswith("_bravo_")} | {"etl_audit"}
    assert there - ours == {table.collection for table in scene.says(SCHEMAS)} - ours


@pytest.mark.slow
def test_what_is_left_out_is_said(scene: Scene) -> None:
    said = scene.done("snapshot", "export")
    ended = scene.bravo("snapshot", "export")
    for words in (
        "public.texts: tv, tq left out",
        "public.no_columns has no column",
        "public.only_skipped has no column",
    ):
        assert words in said + ended.stderr


@pytest.mark.slow
def test_checks_pass_and_a_second_run_changes_nothing(scene: Scene) -> None:
    before = {table.collection: scene.documents(table.collection) for table in scene.says(SCHEMAS)}
    scene.done("validate")
    scene.done("run", "--auto")
    scene.done("run", "--auto", "--refresh", "incremental")
    for collection, documents in before.items():
        assert Counter(map(bson.encode, documents)) == Counter(
            map(bson.encode, scene.documents(collection))
        ), collection
    assert "nothing changed" in scene.done("detect", "--exit-code")


def test_generated_models_take_what_python_can_express(scene: Scene) -> None:
    models, wrong, taken = imported(scene.folder / "models.py"), [], 0
    entities = tomllib.loads((scene.folder / "bravo.toml").read_text(encoding="utf-8"))["entities"]
    for table, section in entities.items():
        model = getattr(models, section["model"])
        for document in scene.documents(section["collection"], FOR_PYTHON):
            refused = refused_by(model, document)
            taken += not refused
            if (table, document["_id"]) not in DEEPER:
                wrong += [(table, place) for place, value in refused if python_can_express(value)]
    assert wrong == []
    assert taken > 3_000


def hold_against(table: TableSays, documents: list[dict[str, Any]]) -> None:
    """Every row, every key, every byte; nothing more."""
    name = f"{table.schema}.{table.name}"
    assert len(documents) == len(table.rows), name
    keys = [one.pop("_id") for one in documents]
    if not table.keyed:
        assert len(set(keys)) == len(keys), name
        assert Counter(map(bson.encode, documents)) == Counter(
            bson.encode(row.fields) for row in table.rows
        ), name
        return
    there = {element(key): document for key, document in zip(keys, documents, strict=True)}
    for row in table.rows:
        assert element(row.key) in there, (name, row.key)
        document = there[element(row.key)]
        assert list(document) == list(row.fields), name
        for field, expected in row.fields.items():
            assert element(document[field]) == element(expected), (
                name,
                row.key,
                field,
                document[field],
                expected,
            )


def element(value: Any) -> bytes:
    return bson.encode({"": value})


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"generated_{uuid.uuid4().hex}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def refused_by(model: Any, document: dict[str, Any]) -> list[tuple[Any, Any]]:
    """(place, value) of what ``model`` does not take."""
    try:
        model.model_validate(document)
    except ValidationError as error:
        return [(one["loc"], one["input"]) for one in error.errors()]
    return []


def python_can_express(value: Any) -> bool:
    """Not: a year outside 1 to 9999, an infinite date, 24:00, an array of more dimensions than its column declares."""
    if isinstance(value, (DatetimeMS, list)):
        return False
    return not (isinstance(value, str) and (value.endswith("infinity") or value.startswith("24:00:00")))
