"""Arrays -> BSON arrays, of several dimensions nested; lower bounds are dropped.

ADBC flattens several dimensions without a word and fails on lower bounds other than 0 and 1, so two expressions
are exported: the array itself where ADBC is right, else its text. The canonical array is a struct of both, at
most one of which is not null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.types._families import family
from bravo_agent.types._kind import Kind, Lane, plain
from bravo_agent.types._literals import Nested, array_items

# pg_type.typdelim where it is not a comma; matters inside composites, where no cast reaches the array.
_DELIMITERS = {"box": ";", "geometry": ":", "geography": ":", "box2d": ":", "box3d": ":"}


class _Arrays(Kind):
    shape_kind = "list"

    def matches(self, type_: ColumnType) -> bool:
        return type_.form == "array" and type_.element is not None

    def lane(self, type_: ColumnType) -> Lane:
        return "array"

    def arrow(self, type_: ColumnType) -> pa.DataType:
        item = item_arrow(_element(type_))
        return pa.struct([pa.field("items", pa.list_(pa.field("item", item))), pa.field("text", pa.utf8())])

    def element_cast(self, type_: ColumnType) -> str | None:
        return "text"

    def select(self, type_: ColumnType, column: str) -> tuple[str, ...]:
        element = _element(type_)
        cast = family(element).element_cast(element)
        value = f"{column}::{cast}[]" if cast else column
        # What an array's own text says of an element is what ``reader`` reads, but for money (see there).
        readable = column if cast == "text" else f"({value})"
        # NULL for an empty array, which has no dimension: both expressions then take their other branch.
        other = f"array_ndims({column}) > 1 OR array_lower({column}, 1) NOT IN (0, 1)"
        return (
            f"CASE WHEN {other} THEN NULL ELSE {value} END",
            f"CASE WHEN {other} THEN {readable}::text END",
        )

    def restore(self, type_: ColumnType, arrays: Sequence[pa.Array]) -> pa.Array:
        items, text = _items(arrays[0], _element(type_)), plain(arrays[1], pa.utf8())
        missing = np.asarray(items.is_null()) & np.asarray(text.is_null())
        arrow = self.arrow(type_)
        return pa.StructArray.from_arrays([items, text], fields=list(arrow), mask=pa.array(missing))

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        element = _element(type_)
        read = family(element).reader(element, switches)
        delimiter = _DELIMITERS.get(element.name, ",")
        return lambda text: _read(array_items(text, delimiter), read)

    def shape(self, type_: ColumnType) -> Shape:
        element = _element(type_)
        shape = family(element).shape(element)
        for _ in range(type_.dimensions):
            shape = Shape("list", text=f"list[{shape.text}]", item=shape)
        return shape

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        """The dimensions declared: PostgreSQL does not hold a column to them, but people do."""
        element = _element(type_)
        annotation, imports = family(element).python(element, switches)
        inner = f"list[{annotation} | None]"
        return "list[" * (type_.dimensions - 1) + inner + "]" * (type_.dimensions - 1), imports

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        """Items may be null, or arrays of them."""
        element = _element(type_)
        item = family(element).bson_schema(element, switches)
        items = {"anyOf": [item, {"bsonType": ["null", "array"]}]} if item else {}
        return {"bsonType": "array", "items": items}


def item_arrow(element: ColumnType) -> pa.DataType:
    """The Arrow type of an item; an array as element (through a domain) stays text."""
    return pa.utf8() if element.form == "array" else family(element).arrow(element)


def _element(type_: ColumnType) -> ColumnType:
    assert type_.element is not None
    return type_.element


def _items(array: pa.Array, element: ColumnType) -> pa.Array:
    """The list with canonical items, whatever slice of a buffer it is."""
    offsets = np.asarray(array.offsets)
    values = array.values.slice(offsets[0], offsets[-1] - offsets[0]) if len(offsets) else array.values
    nested = element.form == "array"
    restored = plain(values, pa.utf8()) if nested else family(element).restore(element, [values])
    arrow = pa.list_(pa.field("item", item_arrow(element)))
    return pa.ListArray.from_arrays(
        pa.array(offsets - offsets[0], pa.int32()), restored, type=arrow, mask=array.is_null()
    )


def _read(items: Nested, read: Callable[[str], Any]) -> list[Any]:
    return [
        None if item is None else _read(item, read) if isinstance(item, list) else read(item)
        for item in items
    ]


KIND = _Arrays()
