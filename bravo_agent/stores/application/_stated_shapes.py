"""A JSON Schema (draft 2020-12) as a ``Shape``. What it does not tell is ``any`` or ``unknown``, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from bravo_agent.model.entities import Shape, ShapeKind
from bravo_agent.stores.application._shapes import UNKNOWN, merge
from bravo_agent.stores.application._stated_decimals import decimal_of_pattern, decimal_of_step

_FORMATS: dict[str, ShapeKind] = {
    "date-time": "datetime", "date": "date", "time": "time", "duration": "timedelta", "uuid": "uuid",
    "binary": "bytes", "byte": "bytes", "base64": "bytes", "base64url": "bytes",
}  # fmt: skip
_DEPTH = 30
_NAME = re.compile(r"[^\W\d]\w*")

Schema = Mapping[str, Any]


class StatedShapes:
    """Reads schemas within the document ``root``; ``root_name`` is what ``#`` itself is called."""

    def __init__(self, root: Schema, root_name: str) -> None:
        self._root = root
        self._root_name = root_name
        self.missing: dict[str, None] = {}
        """References to what is not in the document, as they were met."""

    def resolved(self, schema: object) -> tuple[Schema | None, str | None]:
        """``schema`` behind its references, and the name of what it refers to; None where that is not here."""
        name = None
        for _ in range(_DEPTH):
            if schema is True:
                return {}, name
            if not isinstance(schema, Mapping):
                return None, name
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                return schema, name
            target, name = self._target(reference)
            if target is None:
                self.missing[reference] = None
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**target, **beside} if isinstance(target, Mapping) else target
        return None, name

    def _target(self, reference: str) -> tuple[object, str | None]:
        if reference == "#":
            return self._root, self._root_name
        if not reference.startswith("#/"):
            return None, None
        found: object = self._root
        parts = [unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/")]
        for part in parts:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found, name_of(found, parts[-1])

    def read(self, schema: object, depth: int = 0) -> Shape:
        """What ``schema`` accepts."""
        plain, name = self.resolved(schema)
        if plain is None or depth > _DEPTH:
            return UNKNOWN
        if "allOf" in plain:
            return self._read(self.joined(plain), name, depth)
        return self._read(plain, name, depth)

    def _read(self, schema: Schema, name: str | None, depth: int) -> Shape:
        for key in ("anyOf", "oneOf"):
            if isinstance(schema.get(key), list):
                return self._union(schema, schema[key], depth)
        if "enum" in schema or "const" in schema:
            values = schema["enum"] if "enum" in schema else [schema["const"]]
            return _values(values if isinstance(values, list) else [values])
        kind = schema.get("type")
        if isinstance(kind, list):
            members = [{**schema, "type": one} for one in kind]
            return _merged([self._read(one, name, depth) for one in members], [one == "null" for one in kind])
        if kind == "null":
            return Shape("any", optional=True)
        return self._typed(kind, schema, name, depth)

    def _typed(self, kind: object, schema: Schema, name: str | None, depth: int) -> Shape:
        match kind:
            case "boolean":
                return Shape("bool")
            case "integer":
                return Shape("int")
            case "number":
                return decimal_of_step(schema.get("multipleOf")) or Shape("float")
            case "string":
                return _text(schema)
            case "array":
                return Shape("list", item=self._items(schema, depth))
            case "object":
                return self._object(schema, name, depth)
            case None if "properties" in schema:
                return self._object(schema, name, depth)
        # A keyword that only refines (``not``, ``if``) may forbid anything.
        strange = kind is not None or not {"not", "if", "pattern", "format", "items"}.isdisjoint(schema)
        return UNKNOWN if strange else Shape("any")

    def _items(self, schema: Schema, depth: int) -> Shape:
        some = list(schema.get("prefixItems", ()))
        rest = schema.get("items")
        if isinstance(rest, Mapping) or (rest is True and some):
            some.append(rest)
        return self._union({}, some, depth + 1) if some else Shape("any")

    def _object(self, schema: Schema, name: str | None, depth: int) -> Shape:
        if schema.get("properties"):
            return Shape("model", model=name or name_of(schema, None))
        rest = schema.get("additionalProperties")
        patterns = schema.get("patternProperties")
        if isinstance(patterns, Mapping) and len(patterns) == 1:
            rest = next(iter(patterns.values()))
        return Shape("dict", item=self.read(rest, depth + 1) if isinstance(rest, Mapping) else Shape("any"))

    def _union(self, schema: Schema, members: Iterable[object], depth: int) -> Shape:
        plain = [self.resolved(one)[0] for one in members]
        beside = {key: value for key, value in schema.items() if key in ("maxLength", "pattern", "format")}
        shapes = [
            self.read({**beside, **one} if isinstance(one, Mapping) and beside else one, depth + 1)
            for one in members
        ]
        nulls = [one is not None and one.get("type") == "null" for one in plain]
        kept = [one for one, null in zip(plain, nulls, strict=True) if not null]
        if (decimal := _decimal(kept)) is not None:
            return replace(decimal, optional=any(nulls))
        return _merged(shapes, nulls)

    def joined(self, schema: Schema, depth: int = 0) -> Schema:
        """``allOf`` as one schema: properties and required together, of the rest the last word counts."""
        joined: dict[str, Any] = {}
        for part in (*schema.get("allOf", ()), {k: v for k, v in schema.items() if k != "allOf"}):
            plain, _ = self.resolved(part)
            plain = {"not": {}} if plain is None else plain
            one = self.joined(plain, depth + 1) if "allOf" in plain and depth < _DEPTH else plain
            both = {
                "properties": {**joined.get("properties", {}), **one.get("properties", {})},
                "required": [*joined.get("required", ()), *one.get("required", ())],
            }
            joined |= {**one, **{key: value for key, value in both.items() if value}}
        # A part that is not known may ask for anything.
        return {"not": {}} if "not" in joined and "properties" not in joined else joined


def name_of(schema: object, otherwise: str | None) -> str | None:
    """The title of a schema where it is a name, else ``otherwise``."""
    title = schema.get("title") if isinstance(schema, Mapping) else None
    return title if isinstance(title, str) and _NAME.fullmatch(title) else otherwise


def _text(schema: Schema) -> Shape:
    form = schema.get("format")
    pattern = schema.get("pattern")
    found = decimal_of_pattern(pattern) if isinstance(pattern, str) else None
    if form == "decimal" or (form is None and found is not None):
        return found or Shape("decimal")
    if form in _FORMATS:
        return Shape(_FORMATS[form])
    if "contentEncoding" in schema:
        return Shape("bytes")
    if schema.get("contentMediaType") == "application/json":
        return Shape("any")
    length = schema.get("maxLength")
    return Shape("str", max_length=length if isinstance(length, int) else None)


def _decimal(members: list[Schema | None]) -> Shape | None:
    """A number or its text, in this order: so Pydantic writes a decimal (a float or text it writes so as well)."""
    if len(members) != 2 or any(one is None for one in members):
        return None
    number, text = (dict(one or {}) for one in members)
    if number.get("type") != "number" or text.get("type") != "string" or set(text) - {"type", "pattern"}:
        return None
    pattern = text.get("pattern")
    return Shape("decimal") if pattern is None else decimal_of_pattern(str(pattern))


def _merged(shapes: list[Shape], nulls: list[bool]) -> Shape:
    some = [shape for shape, null in zip(shapes, nulls, strict=True) if not null]
    if len(some) > 1 and any(shape.kind == "model" and shape.model is None for shape in some):
        # Objects without a name look alike, and are not.
        return Shape("union", optional=any(nulls))
    return replace(merge(some), optional=any(nulls) or any(shape.optional for shape in some))


def _values(values: list[object]) -> Shape:
    some = [value for value in values if value is not None]
    optional = len(some) < len(values)
    if not some:
        return Shape("any" if optional else "unknown", optional=optional)
    if all(isinstance(value, bool) for value in some):
        return Shape("bool", optional=optional)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in some):
        return Shape("int", optional=optional)
    if all(isinstance(value, str) for value in some):
        return Shape("enum", optional=optional, labels=tuple(dict.fromkeys(str(value) for value in some)))
    return Shape("union", optional=optional)
