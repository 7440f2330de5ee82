"""A proposal for every column: does it hold personal data? From names and types alone, never from values."""

from __future__ import annotations

import re
from typing import Literal

from bravo_agent.model.catalog import Catalog, Column, Table

_PERSONAL = re.compile(
    r"(^|_)(e?mail|phone|mobile|fax|(first|last|full|given|family|middle|sur|nick|display|user)_?name|"
    r"birth|dob|age|gender|sex|ssn|tax_id|passport|iban|bic|card|cvv|address|street|city|zip|postal|postcode|"
    r"latitude|longitude|ip|ip_address|password|passwd|secret|token|salary|religion|ethnicity|nationality|"
    r"signature|photo|avatar)(_|$)|email|password|firstname|lastname|fullname|birthday|birthdate",
    re.IGNORECASE,
)
_PERSONS = re.compile(
    r"(^|_)(users?|people|persons?|customers?|employees?|contacts?|members?|patients?|clients?|leads?)$",
    re.IGNORECASE,
)
_FREE_FORM = frozenset(
    ["text", "varchar", "bpchar", "citext", "json", "jsonb", "hstore", "xml", "bytea", "inet"]
)


def propose(table: Table, column: Column) -> Literal["mask", "keep"]:
    """``mask`` for a name that speaks of a person, and for free text in a table of persons."""
    if _PERSONAL.search(column.name):
        return "mask"
    kind = column.type.element if column.type.element is not None else column.type
    if _PERSONS.search(table.name) and column.type.form != "enum" and kind.name in _FREE_FORM:
        return "mask"
    return "keep"


def proposals(catalog: Catalog, columns: set[tuple[str, str]]) -> dict[str, Literal["mask", "keep"]]:
    """The proposal for each of ``columns`` (table, column), by ``schema.table.column``."""
    return {
        f"{table.key}.{column.name}": propose(table, column)
        for table in catalog.tables
        for column in table.columns
        if (table.key, column.name) in columns
    }
