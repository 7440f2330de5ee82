"""`default`: NULL becomes the value that was answered, and only NULL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bravo_agent.changes._samples import TEXT, column, field, table
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column, ColumnType
from bravo_agent.model.change import Decision
from bravo_agent.model.entities import Entity, ModelSet, Place
from bravo_agent.planning.decide import decide
from bravo_agent.planning.load_mapping import mapping_for_load
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise
from bravo_agent.ports import RuleContext
from bravo_agent.rules import rule
from bravo_agent.types import family


def compiled(type_: ColumnType, text: str) -> Any:
    arrow = family(type_).arrow(type_)
    context = RuleContext("public.t", Path(), None, arrow, lambda type_, array: iter(()))
    return rule("default", "public.t.c").compile(Column("c", type_), text, context), arrow


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (TEXT, "none", "none"),
        (ColumnType("int4"), "7", 7),
        (ColumnType("numeric"), "1.50", "1.50"),
        (ColumnType("bool"), "True", True),
        (ColumnType("s", "enum", "public", labels=("a", "b")), "b", "b"),
    ],
    ids=lambda one: str(one)[:12],
)
def test_null_alone_becomes_the_default(type_: ColumnType, text: str, value: Any) -> None:
    made, arrow = compiled(type_, text)
    array = pa.array([None, value, None], pa.utf8() if isinstance(value, str) else None).cast(arrow)
    assert made.type == type_
    assert made.apply(array).to_pylist() == [value, value, value]


@pytest.mark.parametrize(
    ("type_", "text", "code"),
    [
        (ColumnType("int4"), "many", "rule-params"),
        (ColumnType("s", "enum", "public", labels=("a",)), "b", "rule-params"),
        (ColumnType("uuid"), "1", "rule-params"),
        (ColumnType("text[]", "array", element=TEXT), "x", "rule-not-for-type"),
        (ColumnType("bytea"), "x", "rule-not-for-type"),
    ],
    ids=lambda one: str(one)[:12],
)
def test_what_is_no_value_of_the_type_is_refused(type_: ColumnType, text: str, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        compiled(type_, text)
    assert raised.value.code == code
    assert text not in raised.value.message or len(text) == 1


def test_the_answer_puts_it_in_and_a_masked_column_stays_out() -> None:
    before = Catalog((table(column("s", nullable=False)),), "prod", "1")
    after = Catalog((table(column("s")),), "prod", "1")
    models = ModelSet((Entity("Campaign", "app", Place("app.py", 1), (field("s"),)),))
    for mode, rules in (("keep", [("default", (("value", "x"),))]), ("mask", [])):
        config = Config.model_validate({"privacy": {"mode": mode}})
        found = recognise(before, after, models, derive_mapping(before, models, config), config, {})
        (change,) = found.changes
        (decided,) = decide((change,), (Decision(change.id, "default", (("value", "x"),)),), config)
        (entity,) = mapping_for_load((decided,), after, models, config).mapping.entities
        assert [(one.rule, one.params) for one in entity.columns if one.column == "s"] == rules
