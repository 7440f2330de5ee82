"""JSON Schema as Pydantic writes it -> nodes. A keyword that is not known here is an error, never skipped.

Annotations (title, description, examples, ``x-...``) bind nobody; everything else would change what is accepted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bravo_agent.artifacts._nodes import (
    Anything,
    Array,
    Both,
    Default,
    Definition,
    Literals,
    Never,
    Node,
    Null,
    Number,
    Object,
    Property,
    Ref,
    Row,
    Scalar,
    Table,
    Text,
    Truth,
    Union,
)
from bravo_agent.errors import FailedError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANNOTATIONS = _words(
    "title description default example examples deprecated readOnly writeOnly $comment contentMediaType "
    "contentEncoding contentSchema discriminator $schema $defs"
)
_LENGTHS = _words("minLength maxLength minItems maxItems")
_BY_TYPE = {
    "string": _words("minLength maxLength pattern format"),
    "number": _words("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf format"),
    "array": _words("items prefixItems uniqueItems") | _LENGTHS,
    "object": _words(
        "properties required additionalProperties patternProperties propertyNames minProperties maxProperties"
    )
    | _LENGTHS,
    "boolean": frozenset[str](),
    "null": frozenset[str](),
}
_BY_TYPE["integer"] = _BY_TYPE["number"]
_PREFIX = "#/$defs/"
# What Pydantic writes in its own words, where a bound stands outside of a validator or a union (lengths there are
# those of whatever has one): a schema's reader does not see it, the model does. How many digits a Decimal has can
# be said nowhere.
_OWN = _words("ge le gt lt multiple_of max_digits decimal_places")

Schema = Mapping[str, Any] | bool


def read_definitions(schemas: Mapping[str, Schema]) -> dict[str, Definition]:
    """The definitions by name, sorted; raises ``FailedError`` ``artifact-unsupported``."""
    return {name: _definition(name, schemas[name]) for name in sorted(schemas)}


def read_node(schema: Schema, place: str) -> Node:
    """The node of one schema; ``place`` is what an error names."""
    if isinstance(schema, bool):
        return Anything() if schema else Never()
    node = _read_plain(schema, place)
    return _narrowed(node, _own(schema)) if schema.keys() & (_OWN | _LENGTHS) else node


def _read_plain(schema: Mapping[str, Any], place: str) -> Node:
    said = {key for key in schema if key not in _ANNOTATIONS and not key.startswith("x-")} - _OWN
    for keyword, read in _WHOLE.items():
        if keyword in said:
            _refuse(said - {keyword} - _BESIDE.get(keyword, frozenset()), place, keyword)
            return read(schema, place)
    if not said:
        return Anything()
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return Union(tuple(_of_type(kind, schema, said, place, shared=True) for kind in kinds))
    if kinds not in _BY_TYPE:
        raise unsupported(place, f"the keyword {min(said)!r} without a type")
    return _of_type(kinds, schema, said, place)


def unsupported(place: str, what: str) -> FailedError:
    """A schema that says what the artifact cannot say."""
    return FailedError(
        "artifact-unsupported",
        f"{place}: {what} is not understood",
        hint="TypeScript and Zod would say less than the model. Where it comes from json_schema_extra, call it "
        "x-...; else take the artifact out of [artifacts] in bravo.toml. See docs/artifacts.md.",
        where=place,
    )


def _definition(name: str, schema: Schema) -> Definition:
    node = read_node(schema, name)
    if isinstance(schema, bool):
        return Definition(name, node)
    return Definition(name, node, str(schema.get("description", "")), schema.get("deprecated") is True)


def _ref(schema: Mapping[str, Any], place: str) -> Node:
    target = schema["$ref"]
    if not target.startswith(_PREFIX):
        raise unsupported(place, f"a reference to {target!r}")
    return Ref(target.removeprefix(_PREFIX).replace("~1", "/").replace("~0", "~"))


def _all_of(schema: Mapping[str, Any], place: str) -> Node:
    members = _members(schema["allOf"], f"{place}/allOf")
    return members[0] if len(members) == 1 else Both(members)


def _any_of(schema: Mapping[str, Any], place: str) -> Node:
    members = _members(schema["anyOf"], f"{place}/anyOf")
    return members[0] if len(members) == 1 else Union(members)


def _one_of(schema: Mapping[str, Any], place: str) -> Node:
    members = _members(schema["oneOf"], f"{place}/oneOf")
    if len(members) == 1:
        return members[0]
    return Union(members, schema.get("discriminator", {}).get("propertyName"))


def _members(schemas: Sequence[Schema], place: str) -> tuple[Node, ...]:
    return tuple(read_node(one, f"{place}/{number}") for number, one in enumerate(schemas))


def _not(schema: Mapping[str, Any], place: str) -> Node:
    if schema["not"] in ({}, True):
        return Never()
    raise unsupported(place, "the keyword 'not'")


def _literals(schema: Mapping[str, Any], place: str) -> Node:
    values: Sequence[Scalar] = schema["enum"] if "enum" in schema else [schema["const"]]
    if not all(value is None or isinstance(value, (str, int, float, bool)) for value in values):
        raise unsupported(place, "a constant that is an object or an array")
    if list(values) == [None]:
        return Null()
    return Literals(tuple(values)) if values else Never()


_WHOLE = {
    "$ref": _ref,
    "enum": _literals,
    "const": _literals,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "allOf": _all_of,
    "not": _not,
}


_BESIDE: Mapping[str, frozenset[str]] = {
    "enum": frozenset(["type"]),
    "const": frozenset(["type"]),
    "anyOf": _LENGTHS,
    "oneOf": _LENGTHS,
}


def _own(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bounds in Pydantic's own words, and lengths, under the names that nodes have for them."""
    names = {"ge": "least", "le": "most", "gt": "above", "lt": "below", "multiple_of": "multiple_of"}
    found = {name: float(schema[word]) for word, name in names.items() if word in schema}
    for word in sorted(_LENGTHS & schema.keys()):
        found["shortest" if word.startswith("min") else "longest"] = schema[word]
    return found


def _narrowed(node: Node, own: Mapping[str, Any]) -> Node:
    """``node``, in a union each of its members, within bounds that were said outside of it."""
    match node:
        case Union(members, tag):
            return Union(tuple(_narrowed(one, own) for one in members), tag)
        case Number():
            told = {name: value for name, value in own.items() if hasattr(node, name)}
            return replace(node, **told)
        case Text() | Array() | Table():
            least, most = own.get("shortest", node.least), own.get("longest", node.most)
            return replace(node, least=least, most=most)
    return node


def _of_type(
    kind: str, schema: Mapping[str, Any], said: set[str], place: str, *, shared: bool = False
) -> Node:
    """The node of a type with its keywords; ``shared``: among several types each takes its own keywords."""
    known = frozenset[str]().union(*_BY_TYPE.values()) if shared else _BY_TYPE.get(kind, frozenset())
    _refuse(said - {"type"} - known, place, f'"type": "{kind}"')
    match kind:
        case "null":
            return Null()
        case "boolean":
            return Truth()
        case "string":
            get = schema.get
            return Text(get("minLength"), get("maxLength"), get("pattern"), get("format"))
        case "number" | "integer":
            return _number(schema, kind == "integer")
        case "array":
            return _array(schema, place)
        case "object":
            return _object(schema, place)
    raise unsupported(place, f"the type {kind!r}")


def _number(schema: Mapping[str, Any], whole: bool) -> Number:
    get = schema.get
    above, below = get("exclusiveMinimum"), get("exclusiveMaximum")
    return Number(whole, get("minimum"), get("maximum"), above, below, get("multipleOf"))


def _array(schema: Mapping[str, Any], place: str) -> Node:
    least, most = schema.get("minItems"), schema.get("maxItems")
    first = _members(schema.get("prefixItems", ()), f"{place}/prefixItems")
    rest = read_node(schema.get("items", True), f"{place}/items")
    if most == 0:
        return Row((), 0)
    if not first:
        return Array(rest, least, most, schema.get("uniqueItems") is True)
    closed = rest == Never() or most == len(first)
    if (most not in (None, len(first))) or (least or 0) > len(first) or schema.get("uniqueItems"):
        raise unsupported(place, "a tuple with bounds of its own")
    if not closed and least != len(first):
        raise unsupported(place, "a tuple whose first items may be missing, with more after them")
    return Row(first, least or 0, None if closed else rest)


def _object(schema: Mapping[str, Any], place: str) -> Node:
    patterns = schema.get("patternProperties")
    if "properties" not in schema or not (schema["properties"] or schema.get("required")):
        if schema.get("additionalProperties") is False and not patterns:
            return Object((), Never())
        if "properties" not in schema or patterns:
            return _table(schema, place)
    if said := schema.keys() & {"patternProperties", "propertyNames", "minProperties", "maxProperties"}:
        raise unsupported(place, f"the keyword {min(said)!r} beside properties")
    required = schema.get("required", ())
    named = schema.get("properties", {})
    missing = {name: True for name in required if name not in named}
    found = {**named, **missing}
    properties = tuple(_property(name, found[name], name in required, place) for name in found)
    extra = schema.get("additionalProperties")
    return Object(properties, None if extra is None else read_node(extra, f"{place}/additionalProperties"))


def _property(name: str, schema: Schema, required: bool, place: str) -> Property:
    node = read_node(schema, f"{place}/{name}")
    if isinstance(schema, bool):
        return Property(name, node, required)
    default = None
    if not required and "default" in schema:
        default = Default(json.dumps(schema["default"], sort_keys=True))
    said = schema.get
    description, deprecated = str(said("description", "")), said("deprecated") is True
    return Property(name, node, required, default, description, deprecated, said("readOnly") is True)


def _table(schema: Mapping[str, Any], place: str) -> Node:
    value, names = schema.get("additionalProperties", True), schema.get("propertyNames")
    least, most = schema.get("minProperties"), schema.get("maxProperties")
    patterns: Mapping[str, Schema] | None = schema.get("patternProperties")
    if schema.get("required"):
        raise unsupported(place, "the keyword 'required' without properties")
    if patterns is not None:
        # Pydantic means by it that every key has to fit, though JSON Schema would let others pass.
        if len(patterns) != 1 or names is not None or "additionalProperties" in schema:
            raise unsupported(place, "the keyword 'patternProperties' with others")
        pattern, inner = next(iter(patterns.items()))
        return Table(read_node(inner, f"{place}/patternProperties"), Text(pattern=pattern), least, most)
    key = None if names is None else _key(names, f"{place}/propertyNames")
    return Table(read_node(value, f"{place}/additionalProperties"), key, least, most)


def _key(schema: Schema, place: str) -> Node | None:
    """Keys are strings without anybody saying so."""
    if isinstance(schema, Mapping) and not schema.keys() & {"type", *_WHOLE}:
        schema = {"type": "string", **schema}
    found = read_node(schema, place)
    return None if found in (Anything(), Text()) else found


def _refuse(unknown: set[str], place: str, beside: str) -> None:
    if unknown:
        raise unsupported(place, f"the keyword {min(unknown)!r} beside {beside}")
