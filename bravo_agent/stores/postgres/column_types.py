"""pg_type as values: domains, arrays, composites and ranges resolved, type modifiers decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bravo_agent.model.catalog import ColumnType, TypeForm

_FORMS: dict[str, TypeForm] = {"b": "base", "e": "enum", "c": "composite", "r": "range", "m": "multirange"}


@dataclass(frozen=True)
class TypeRow:
    """One row of the query TYPES, and a composite's fields as (name, type, modifier)."""

    oid: int
    name: str
    schema: str
    kind: str
    element: int | None
    base: int
    base_modifier: int
    required: bool
    bound: int | None
    labels: Sequence[str]
    checks: Sequence[str]
    fields: tuple[tuple[str, int, int], ...] = ()


class ColumnTypes:
    """Resolves (type oid, modifier) to a `ColumnType`; each pair once."""

    def __init__(self, rows: Mapping[int, TypeRow]) -> None:
        self._rows = rows
        self._known: dict[tuple[int, int], ColumnType] = {}

    def resolve(self, oid: int, modifier: int, dimensions: int = 1) -> ColumnType:
        """The type with its modifiers; ``dimensions`` as a column declares them."""
        if (oid, modifier) not in self._known:
            self._known[oid, modifier] = self._resolve(self._rows[oid], modifier)
        found = self._known[oid, modifier]
        more = dimensions - found.dimensions
        return replace(found, name=found.name + "[]" * more) if found.form == "array" and more > 0 else found

    def required(self, oid: int) -> bool:
        """Whether a domain on the way to the base type is NOT NULL."""
        row = self._rows[oid]
        return row.kind == "d" and (row.required or self.required(row.base))

    def _resolve(self, row: TypeRow, modifier: int) -> ColumnType:
        if row.kind == "d":
            return self._domain(row, modifier)
        if row.element is not None:
            # A modifier of varchar(5)[] is that of its elements.
            element = self.resolve(row.element, modifier)
            return ColumnType(f"{element.name}[]", "array", element.schema, element=element)
        bound = None if row.bound is None else self.resolve(row.bound, -1)
        plain = ColumnType(
            row.name,
            _FORMS[row.kind],
            row.schema,
            element=bound,
            labels=tuple(row.labels),
            fields=tuple((name, self.resolve(oid, field)) for name, oid, field in row.fields),
        )
        return replace(plain, **_modifiers(row.name, modifier)) if modifier >= 0 else plain

    def _domain(self, row: TypeRow, modifier: int) -> ColumnType:
        """The base with this domain's name and CHECKs in front: the outermost domain comes first."""
        base = self.resolve(row.base, row.base_modifier if row.base_modifier >= 0 else modifier)
        name = row.name if row.schema in ("public", "pg_catalog") else f"{row.schema}.{row.name}"
        return replace(base, domains=(name, *base.domains), checks=(*row.checks, *base.checks))


def _modifiers(name: str, modifier: int) -> dict[str, Any]:
    decode = _DECODERS.get(name)
    return decode(modifier) if decode else {}


def _length(header: int) -> Callable[[int], dict[str, Any]]:
    return lambda modifier: {"length": modifier - header}


def _precision(modifier: int) -> dict[str, Any]:
    return {"precision": modifier}


def _numeric(modifier: int) -> dict[str, Any]:
    """numeric_typmod_scale(): the scale is a signed number of 11 bits since PostgreSQL 15."""
    packed = modifier - 4
    return {"precision": packed >> 16 & 0xFFFF, "scale": ((packed & 0x7FF) ^ 0x400) - 0x400}


def _interval(modifier: int) -> dict[str, Any]:
    """The low half is the precision, all ones where only the fields (DAY TO SECOND) are restricted."""
    return {} if modifier & 0xFFFF == 0xFFFF else {"precision": modifier & 0xFFFF}


_DECODERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "varchar": _length(4),
    "bpchar": _length(4),
    "bit": _length(0),
    "varbit": _length(0),
    "numeric": _numeric,
    "time": _precision,
    "timetz": _precision,
    "timestamp": _precision,
    "timestamptz": _precision,
    "interval": _interval,
    # pgvector: the number of dimensions
    "vector": _length(0),
    "halfvec": _length(0),
    "sparsevec": _length(0),
}
