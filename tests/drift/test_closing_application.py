"""Decided changes in models as people write them: what is edited, and what is left to people, with the reason."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from closing_scene import STATUS

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.usecases.cascade import Cascade, apply_cascade, make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import Workspace, open_workspace

FILES = {
    "bravo.toml": '[project]\nmodels = ["app/models"]\n[privacy]\nmode = "keep"\n',
    "app/__init__.py": "",
    "app/models/__init__.py": "from .ads import Ad\nfrom .users import User\n\n__all__ = ['Ad', 'User']\n",
    "app/models/base.py": """\
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Document(BaseModel):
    id: int = Field(alias="_id")
    created_at: datetime


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Priced(Camel):
    unit_price: float
""",
    "app/models/kinds.py": """\
from enum import StrEnum
from typing import Literal

Device = Literal["desktop", "mobile"]


class Status(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    GONE = "gone"
""",
    "app/models/ads.py": """\
from pydantic import Field, field_validator

from .base import Document
from .kinds import Device, Status


class Ad(Document):
    headline: str = Field(max_length=50)  # shown first
    cost: int
    bid: int | None = None
    status: Status = Status.DRAFT
    device: Device
    click_rate: float = Field(default=0.0, alias="clicks")
    notes: list[str] = Field(default_factory=list)

    @field_validator("headline")
    @classmethod
    def _shown(cls, value: str) -> str:
        return value.strip()
""",
    "app/models/users.py": """\
from .base import Document
from .kinds import Device


class User(Document):
    email: str
    device: Device
""",
    "app/models/items.py": """\
from .base import Priced


class Item(Priced):
    id: int
    label: str
""",
    "app/calculations.py": "def total(ad):\n    return ad.cost * 2\n",
    "app/listing.py": "from app.models.kinds import Status\n\nOPEN = (Status.LIVE, 'gone')\n",
}
INT, TEXT = ColumnType("int8"), ColumnType("text")
DEVICE = ColumnType("device", "enum", "public", labels=("desktop", "mobile"))


def made(name: str, oid: int, *columns: tuple[str, ColumnType, bool]) -> Table:
    own = (
        Column(column, type_, nullable, number=n) for n, (column, type_, nullable) in enumerate(columns, 1)
    )
    return Table("public", name, tuple(own), ("id",), oid=oid)


AT = ("created_at", ColumnType("timestamptz"), False)
ADS = made(
    "ads", 1, ("id", INT, False), AT, ("headline", ColumnType("varchar", length=50), False), ("cost", INT, False),
    ("bid", INT, True), ("status", STATUS, False), ("device", DEVICE, False), ("clicks", ColumnType("float8"), False),
    ("notes", ColumnType("text[]", "array", element=TEXT), False),
)  # fmt: skip
USERS = made("users", 2, ("id", INT, False), AT, ("email", TEXT, False), ("device", DEVICE, False))
ITEMS = made(
    "items", 3, ("id", INT, False), ("unit_price", ColumnType("float8"), False), ("label", TEXT, False)
)
BEFORE = Catalog((ADS, ITEMS, USERS), "prod", "1")


def altered(table: Table, which: str, /, **values: object) -> Table:
    columns = (replace(one, **values) if one.name == which else one for one in table.columns)  # type: ignore[arg-type]
    return replace(table, columns=tuple(columns))


def with_tables(*tables: Table) -> Catalog:
    keys = {table.key for table in tables}
    kept = [table for table in BEFORE.tables if table.key not in keys]
    return replace(BEFORE, tables=tuple(sorted((*kept, *tables), key=lambda one: one.key)))


def without(name: str) -> Catalog:
    return replace(BEFORE, tables=tuple(table for table in BEFORE.tables if table.name != name))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = open_workspace(tmp_path, {"BRAVO_USER": "tester"})
    found.save_baseline(BEFORE)
    return found


def settle(workspace: Workspace, source: Catalog, option: str) -> Cascade:
    """Every change answered with ``option``."""
    found = detect(workspace, source)
    for change in found.changes:
        if change.state in ("open", "decided"):
            record_decision(workspace, found, change.id, option, params={})
    return make_cascade(workspace, detect(workspace, source))


@dataclass(frozen=True)
class Case:
    source: Catalog
    option: str
    edited: tuple[str, ...] = ()
    manual: str = ""


DEVICES = replace(DEVICE, labels=("desktop", "mobile", "tv"))
ONE_DEVICE = replace(DEVICE, labels=("desktop",))
CASES: dict[str, Callable[[], Case]] = {
    "an alias follows its column, the name is the application's own": lambda: Case(
        with_tables(altered(ADS, "clicks", name="click_count")),
        "rename",
        ('+    click_rate: float = Field(default=0.0, alias="click_count")',),
    ),
    "its validator follows": lambda: Case(
        with_tables(altered(ADS, "headline", name="title")),
        "rename",
        ("+    title: str = Field(max_length=50)  # shown first", '+    @field_validator("title")'),
    ),
    "a generated alias follows the name": lambda: Case(
        with_tables(altered(ITEMS, "unit_price", name="net_price")), "rename", ("+    net_price: float",)
    ),
    "calculated with elsewhere": lambda: Case(
        with_tables(altered(ADS, "cost", name="price")), "rename", manual="whether this is the field (calculation:"
    ),
    "a base class that others share": lambda: Case(
        with_tables(altered(ADS, "created_at", name="made_at")), "rename", manual="a base class, together with User"
    ),
    "another type": lambda: Case(
        with_tables(altered(USERS, "email", type=ColumnType("int8"))), "cast", ("+    email: int",)
    ),
    "a validator works with the values": lambda: Case(
        with_tables(altered(ADS, "headline", type=ColumnType("varchar", length=90))),
        "follow",
        ("+    headline: str = Field(max_length=90)  # shown first",),
    ),
    "optional in the class that declares it": lambda: Case(
        with_tables(altered(ITEMS, "unit_price", nullable=True)),
        "make-optional",
        ("+    unit_price: float | None = None",),
    ),
    "optional, though it is calculated with": lambda: Case(
        with_tables(altered(ADS, "cost", nullable=True)),
        "make-optional",
        ("+    cost: int | None = None",),
        manual="nobody can tell whether this is the field",
    ),
    "a member of an Enum in another module": lambda: Case(
        with_tables(altered(ADS, "status", type=replace(STATUS, labels=("draft", "on hold", "live", "gone")))),
        "add-value",
        ('+    ON_HOLD = "on hold"',),
    ),
    "a member that code names": lambda: Case(
        with_tables(altered(ADS, "status", type=replace(STATUS, labels=("draft", "live")))),
        "remove-value",
        manual="app/listing.py:3",
    ),
    "a label of an alias that two columns have": lambda: Case(
        with_tables(altered(ADS, "device", type=DEVICES), altered(USERS, "device", type=DEVICES)),
        "add-value",
        ('+Device = Literal["desktop", "mobile", "tv"]',),
    ),
    "a label that goes from one of two columns": lambda: Case(
        with_tables(altered(ADS, "device", type=ONE_DEVICE)), "remove-value", manual="is also the type of User.device"
    ),
    "a field that nothing uses": lambda: Case(
        with_tables(replace(ADS, columns=tuple(one for one in ADS.columns if one.name != "bid"))),
        "drop-field",
        ("-    bid: int | None = None",),
    ),
    "a field that is used": lambda: Case(
        with_tables(replace(ADS, columns=tuple(one for one in ADS.columns if one.name != "cost"))),
        "drop-field",
        manual="whether this is the field (calculation:",
    ),
    "a model that is re-exported": lambda: Case(without("users"), "drop-model", manual="app/models/__init__.py:2"),
    "a model that nothing mentions": lambda: Case(without("items"), "drop-model", ("-class Item(Priced):",)),
    "a table of its own module": lambda: Case(
        with_tables(made("orders", 4, ("id", INT, False), ("total", ColumnType("numeric"), False))),
        "generate-model",
        (
            "+++ b/app/models/orders.py", "+class Order(BaseModel):", "+    total: PgDecimal",
            "+from .orders import Order", "+__all__ = ['Ad', 'Order', 'User']",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_an_answer_does_to_the_models(workspace: Workspace, name: str) -> None:
    case = CASES[name]()
    cascade = settle(workspace, case.source, case.option)
    lines = cascade.diff.splitlines()
    assert [one for one in case.edited if not any(line.startswith(one) for line in lines)] == []
    assert bool(lines) == bool(case.edited)
    if case.manual:
        (work,) = cascade.patch.manual
        assert case.manual in work.why
        assert (workspace.project / work.file).is_file()
        assert work.line >= 1
        return
    assert cascade.patch.manual == ()
    apply_cascade(workspace, cascade)
    assert {change.state for change in detect(workspace, case.source).changes} <= {"settled"}
    imported = [sys.executable, "-W", "error", "-c", "import app.models, app.models.items, app.listing"]
    subprocess.run(imported, cwd=workspace.project, check=True, timeout=60)
    assert make_cascade(workspace, detect(workspace, case.source)).patch.edits == ()


def test_names_that_go_from_column_to_column_take_a_round_each(workspace: Workspace) -> None:
    """email -> contact while a new email comes: the new one waits until the baseline has moved."""
    moved = altered(USERS, "email", name="contact")
    source = with_tables(replace(moved, columns=(*moved.columns, Column("email", TEXT, number=9))))
    found = detect(workspace, source)
    for change in found.changes:
        options = {"renamed_field": "rename", "new_field": "add-field"}
        record_decision(workspace, found, change.id, options[change.kind], params={})
    cascade = make_cascade(workspace, detect(workspace, source))
    (work,) = cascade.patch.manual
    assert "another column was called email" in work.why
    assert "+    contact: str" in cascade.diff
    apply_cascade(workspace, cascade)
    workspace.save_baseline(detect(workspace, source).next_baseline)
    second = make_cascade(workspace, detect(workspace, source))
    assert second.patch.manual == ()
    assert "+    email: str | None = None" in second.diff


def test_a_file_that_is_no_utf8_is_left_alone(workspace: Workspace) -> None:
    path = workspace.project / "app/models/users.py"
    path.write_bytes(b"# -*- coding: latin-1 -*-\n# \xe4\n" + path.read_bytes())
    source = with_tables(altered(USERS, "email", name="contact"))
    cascade = settle(workspace, source, "rename")
    assert cascade.patch.edits == ()
    assert len(cascade.patch.manual) <= 1
