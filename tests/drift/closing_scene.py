"""Random applications and random drifts of their databases, with PostgreSQL's identities kept throughout."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from bravo_agent.artifacts.pydantic_models import generate_models
from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Index, Table
from bravo_agent.workspace import Workspace, open_workspace

NAMES = [
    "title", "note", "cost", "daily_cost", "status", "created_at", "kind", "class", "date", "tags", "model_x",
    "externalId", "a.b", "_hidden", "zip",
]  # fmt: skip
TABLES = ["ads", "users", "orders", "categories", "boxes", "news"]
STATUS = ColumnType("status", "enum", "public", labels=("draft", "live", "gone"))
MORE = replace(STATUS, labels=("draft", "on hold", "live", "gone"))
FEWER = replace(STATUS, labels=("draft", "live"))
BASES = [
    ColumnType("int4"),
    ColumnType("int8"),
    ColumnType("text"),
    ColumnType("varchar", length=50),
    ColumnType("varchar", length=100),
    ColumnType("numeric", precision=12, scale=2),
    ColumnType("numeric", precision=14, scale=4),
    ColumnType("numeric"),
    ColumnType("bool"),
    ColumnType("float8"),
    ColumnType("uuid"),
    ColumnType("date"),
    ColumnType("timestamp"),
    ColumnType("timestamptz"),
    ColumnType("jsonb"),
    STATUS,
    MORE,
    FEWER,
]
TYPES = st.sampled_from([*BASES, *(ColumnType(f"{one.name}[]", "array", element=one) for one in BASES)])
DEFAULTS = st.sampled_from([None, None, "now()", "'x'"])
OPERATIONS = [
    "add", "add", "drop", "rename", "rename", "retype", "retype", "nullable", "default", "comment", "index",
    "add-table", "drop-table",
]  # fmt: skip


@dataclass
class Database:
    """What ALTER TABLE does to a catalog: names and types change, numbers and oids never do."""

    tables: dict[int, Table] = field(default_factory=dict)
    next_oid: int = 1
    numbers: dict[int, int] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        ordered = sorted(self.tables.values(), key=lambda table: table.key)
        return Catalog(tuple(ordered), "prod", "1")

    def create(self, name: str) -> int:
        oid, self.next_oid = self.next_oid, self.next_oid + 1
        key = Column("id", ColumnType("int8"), nullable=False, number=1)
        self.tables[oid] = Table("public", name, (key,), ("id",), oid=oid)
        self.numbers[oid] = 2
        return oid

    def add(self, oid: int, column: Column) -> None:
        new = replace(column, number=self.numbers[oid])
        self.numbers[oid] += 1
        self.change(oid, (*self.tables[oid].columns, new))

    def change(self, oid: int, columns: tuple[Column, ...]) -> None:
        self.tables[oid] = replace(self.tables[oid], columns=columns)

    def rename(self, oid: int, number: int, name: str) -> None:
        """Keys and indexes say the new name at once."""
        table = self.tables[oid]
        (old,) = (one.name for one in table.columns if one.number == number)
        self.alter(oid, number, name=name)
        self.tables[oid] = replace(
            self.tables[oid],
            primary_key=tuple(name if one == old else one for one in table.primary_key),
            indexes=tuple(
                replace(index, columns=tuple(name if one == old else one for one in index.columns))
                for index in table.indexes
            ),
        )

    def alter(self, oid: int, number: int, **values: Any) -> None:
        columns = self.tables[oid].columns
        self.change(oid, tuple(replace(one, **values) if one.number == number else one for one in columns))


@st.composite
def columns(draw: st.DrawFn, name: str) -> Column:
    return Column(name, draw(TYPES), draw(st.booleans()), draw(DEFAULTS))


@dataclass(frozen=True)
class History:
    """A database, and the same one after some changes."""

    before: Catalog
    source: Catalog

    def __repr__(self) -> str:
        lines = [
            f"{name} {table.key}#{table.oid}: "
            + ", ".join(
                f"{c.name}#{c.number} {c.type.sql}{list(c.type.labels) or ''}{'' if c.nullable else ' NOT NULL'}"
                for c in table.columns
            )
            for name, catalog in (("before", self.before), ("source", self.source))
            for table in catalog.tables
        ]
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Some operations, one after the other."""
    database = Database()
    for name in draw(st.lists(st.sampled_from(TABLES[:4]), min_size=1, max_size=3, unique=True)):
        oid = database.create(name)
        for column in draw(st.lists(st.sampled_from(NAMES[:11]), min_size=1, max_size=5, unique=True)):
            database.add(oid, draw(columns(column)))
    before = database.catalog
    for operation in draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=6)):
        _operate(draw, database, before, operation)
    return History(before, database.catalog)


def _operate(draw: st.DrawFn, database: Database, before: Catalog, operation: str) -> None:
    names = {table.name for table in (*database.tables.values(), *before.tables)}
    if operation == "add-table":
        free = [name for name in TABLES if name not in names]
        if free:
            oid = database.create(draw(st.sampled_from(free)))
            for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
                database.add(oid, draw(columns(name)))
        return
    if not database.tables:
        return
    oid = draw(st.sampled_from(sorted(database.tables)))
    if operation == "drop-table":
        del database.tables[oid]
        return
    _alter(draw, database, before, oid, operation)


def _alter(draw: st.DrawFn, database: Database, before: Catalog, oid: int, operation: str) -> None:
    table = database.tables[oid]
    own = [column for column in table.columns if column.number != 1]
    free = [name for name in NAMES if table.column(name) is None]
    if operation == "add":
        database.add(oid, draw(columns(draw(st.sampled_from(free)))))
        return
    if operation == "index":
        index = Index("i", (draw(st.sampled_from(table.columns)).name,))
        database.tables[oid] = replace(table, indexes=(index,))
        return
    # The key is renamed at times, and stays what it is.
    some = own + [column for column in table.columns if operation == "rename" and column not in own]
    if not some:
        return
    column = draw(st.sampled_from(some))
    number = column.number or 0
    if operation == "drop":
        database.change(oid, tuple(one for one in table.columns if one.number != number))
    elif operation == "rename":
        new = draw(st.sampled_from(free))
        if not _goes_round(before, database, oid, number, new):
            database.rename(oid, number, new)
    elif operation == "retype":
        database.alter(oid, number, type=draw(TYPES))
    elif operation == "nullable":
        database.alter(oid, number, nullable=not column.nullable)
    elif operation == "default":
        database.alter(oid, number, default="'y'")
    else:
        database.alter(oid, number, comment="as customers see it")


def _goes_round(before: Catalog, database: Database, oid: int, number: int, new: str) -> bool:
    """Whether names would change places: then no model can show whether it follows."""
    old = next((table for table in before.tables if table.oid == oid), None)
    if old is None:
        return False
    names = {column.number: column.name for column in database.tables[oid].columns} | {number: new}
    was = {column.name: column.number for column in old.columns}
    place, seen = was.get(new), {number}
    while place is not None and place in names:
        if place in seen:
            return place == number and was.get(new) != number
        seen.add(place)
        place = was.get(names[place])
    return False


def write_project(project: Path, catalog: Catalog) -> Workspace:
    """models.py and bravo.toml as ``init --from-database`` writes them."""
    project.mkdir(parents=True)
    files, mapping = generate_models(catalog, TypesSection())
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    lines = ['[project]\nmodels = ["models.py"]\n\n[privacy]\nmode = "keep"\n']
    for one in mapping.entities:
        lines.append(f'\n[entities."{one.table}"]\nmodel = "{one.entity}"\ncollection = "{one.collection}"\n')
        odd = [c for c in one.columns if c.field is not None and c.column not in (c.field, c.target)]
        if odd:
            pairs = ", ".join(f"{json.dumps(c.column)} = {json.dumps(c.field)}" for c in odd)
            lines.append(f"fields = {{ {pairs} }}\n")
    (project / "bravo.toml").write_text("".join(lines), encoding="utf-8")
    workspace = open_workspace(project, {"BRAVO_USER": "tester"})
    workspace.save_baseline(catalog)
    return workspace


def sample(type_: ColumnType) -> Any:
    """A value of the type, as a driver gives it."""
    if type_.element is not None:
        return [sample(type_.element)]
    if type_.labels:
        return type_.labels[-1]
    return _SAMPLES.get(type_.name, "x" * (type_.length or 1))


_SAMPLES: dict[str, Any] = {
    "int4": 1,
    "int8": 2**40,
    "numeric": Decimal("1.25"),
    "bool": True,
    "float8": 1.5,
    "uuid": UUID(int=1),
    "date": date(2025, 1, 2),
    "timestamp": datetime(2025, 1, 2, 3, 4, 5),
    "timestamptz": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    "jsonb": {"a": [1]},
}
