"""The aspects of a table as canonical texts, and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from bravo_agent.model.catalog import ForeignKey, Index, Table, TableForm

TableAspect = Literal["comment", "primary-key", "foreign-keys", "indexes", "checks", "partitioned"]


_FORMS: dict[str, TableForm] = {"view": "view", "materialized view": "materialized-view"}


def with_aspect(table: Table, aspect: str, text: str | None) -> Table:
    """``table`` whose ``aspect`` is what ``text`` says."""
    match aspect:
        case "comment":
            return replace(table, comment=text)
        case "partitioned":
            return replace(table, partitioned=text == "partitioned", form=_FORMS.get(text or "", "table"))
        case "primary-key":
            return replace(table, primary_key=tuple(json.loads(text or "[]")))
        case "foreign-keys":
            return replace(table, foreign_keys=tuple(_foreign_key(row) for row in json.loads(text or "[]")))
        case "indexes":
            return replace(table, indexes=tuple(_index(row) for row in json.loads(text or "[]")))
        case "checks":
            return replace(table, checks=tuple(json.loads(text or "[]")))
        case _:
            raise AssertionError(aspect)


def _rows(rows: list[list[object]]) -> str:
    """Sorted by their text: PostgreSQL promises no order of constraints and indexes."""
    return json.dumps(sorted(rows, key=json.dumps), ensure_ascii=False)


def _foreign_keys(table: Table) -> str:
    return _rows([[k.name, k.columns, k.ref_table, k.ref_columns] for k in table.foreign_keys])


def _foreign_key(row: tuple[str, list[str], str, list[str]]) -> ForeignKey:
    return ForeignKey(row[0], tuple(row[1]), row[2], tuple(row[3]))


def _indexes(table: Table) -> str:
    return _rows([[i.name, i.columns, i.unique, i.definition] for i in table.indexes])


def _index(row: tuple[str, list[str], bool, str]) -> Index:
    return Index(row[0], tuple(row[1]), row[2], row[3])


def _form(table: Table) -> str | None:
    if table.form != "table":
        return table.form.replace("-", " ")
    return "partitioned" if table.partitioned else None


TABLE_ASPECTS: dict[TableAspect, Callable[[Table], str | None]] = {
    "comment": lambda table: table.comment,
    "primary-key": lambda table: json.dumps(table.primary_key, ensure_ascii=False),
    "foreign-keys": _foreign_keys,
    "indexes": _indexes,
    "checks": lambda table: json.dumps(sorted(table.checks), ensure_ascii=False),
    "partitioned": _form,
}
