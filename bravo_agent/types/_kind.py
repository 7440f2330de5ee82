"""What the families of types share. A family overrides what differs; most are a handful of class attributes.

A *lane* names how the encoder turns the canonical Arrow array into BSON. Every lane but ``text``, ``array`` and
``element`` is done by kernels over the whole array. ``text`` holds PostgreSQL's own text of the value and is read
by ``reader`` once per distinct value; ``element`` holds ready-made BSON (see prepared.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape, ShapeKind

Lane = Literal[
    "bool", "int32", "int64", "double", "decimal", "string", "binary", "uuid", "date", "timestamp",
    "array", "text", "element",
]  # fmt: skip

_ARROW: dict[Lane, pa.DataType] = {
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "binary": pa.binary(),
    "uuid": pa.binary(16),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "element": pa.binary(),
}


class Kind:
    """A family of base types, by name. ``cast`` is what the select list casts to; None: ADBC is exact."""

    names: frozenset[str] = frozenset()
    kernel: Lane = "text"
    cast: str | None = None
    shape_kind: ShapeKind = "str"
    annotation: str = "str"
    imports: tuple[str, ...] = ()
    bson_type: str = "string"
    default_skip: bool = False

    def matches(self, type_: ColumnType) -> bool:
        """Whether this family reads ``type_``."""
        return type_.form == "base" and type_.name in self.names

    def lane(self, type_: ColumnType) -> Lane:
        """How the encoder reads the canonical array."""
        return self.kernel

    def arrow(self, type_: ColumnType) -> pa.DataType:
        """The canonical Arrow type, in memory and in Parquet."""
        return _ARROW.get(self.lane(type_), pa.utf8())

    def element_cast(self, type_: ColumnType) -> str | None:
        """What an element is cast to in the select list; a domain to its base, which ADBC knows."""
        if self.cast is None and type_.domains:
            return _quoted(type_)
        return self.cast

    def select(self, type_: ColumnType, column: str) -> tuple[str, ...]:
        """The expressions of the export's select list for the quoted ``column``."""
        return (f"{column}::{self.cast}" if self.cast else column,)

    def restore(self, type_: ColumnType, arrays: Sequence[pa.Array]) -> pa.Array:
        """The arrays ADBC gave for ``select``'s expressions -> one array of type ``arrow``."""
        return plain(arrays[0], self.arrow(type_))

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        """PostgreSQL's text of a value -> what ``bson.encode`` takes; it may raise ``Rejection``."""
        return str

    def shape(self, type_: ColumnType) -> Shape:
        """What a model's field for it looks like."""
        return Shape(self.shape_kind, text=self.annotation)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        """The annotation of a generated model's field, and the import lines it needs."""
        return self.annotation, self.imports

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        """The ``$jsonSchema`` of a non-null value."""
        return {"bsonType": self.bson_type}


def plain(array: pa.Array, arrow: pa.DataType) -> pa.Array:
    """``array`` without extension metadata (ADBC's opaque, json and uuid), as ``arrow``."""
    storage = array.storage if isinstance(array, pa.ExtensionArray) else array
    return storage if storage.type == arrow else storage.cast(arrow)


def with_infinity(schema: str, switches: TypesSection) -> Mapping[str, Any]:
    """The schema of a date whose infinities follow ``switches.infinity``."""
    extra = {"fail": None, "null": "null", "string": "string"}[switches.infinity]
    return {"bsonType": schema if extra in (None, schema) else [schema, extra]}


def _quoted(type_: ColumnType) -> str:
    """The base type in SQL; quoted, because an unquoted ``char`` is another type than ``"char"``."""
    name = f"{_name(type_.schema)}.{_name(type_.name)}"
    numbers = [str(n) for n in (type_.length, type_.precision, type_.scale) if n is not None]
    return f"{name}({','.join(numbers)})" if numbers else name


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
