"""JSON documents that a JSON Schema accepts, and others near them; made from the schema, not from our reading of it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError as SchemaError
from pydantic import ValidationError
from pydantic_core import SchemaError as CoreError
from pydantic_core import SchemaValidator

_ZONE = r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
FORMATS: Mapping[str, list[str]] = {
    "date-time": ["2024-02-29T12:00:00", "1999-12-31T23:59:59.123456Z", "2024-05-06T07:08:09+02:00"],
    "date": ["2024-02-29", "0001-01-01", "9999-12-31"],
    "time": ["12:00:00", "23:59:59.000001", "00:00:00Z", "01:02:03+05:30"],
    "duration": ["PT1S", "P1DT2H3.5S", "-P1D", "P3W", "P0D"],
    "uuid": ["12345678-1234-1234-1234-123456789012", "00000000-0000-0000-0000-000000000000"],
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}
_SPELLED = {
    "date-time": rf"\d{{4}}-\d\d-\d\dT{_CLOCK}{_ZONE}?",
    "date": r"\d{4}-\d\d-\d\d",
    "time": rf"{_CLOCK}{_ZONE}?",
    "duration": r"[+-]?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6, width=32) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)


def checker() -> FormatChecker:
    """Formats as they are meant in our files: a date-time without a zone is one."""
    found = FormatChecker(formats=())
    for name, spelled in _SPELLED.items():
        found.checks(name, raises=ValueError)(_checks(spelled, _READERS.get(name)))
    return found


def _checks(spelled: str, read: Callable[[str], Any] | None) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        if not isinstance(value, str):
            return True
        if re.fullmatch(spelled, value, re.ASCII) is None:
            return False
        return read is None or read(value) is not None

    return check


def validator(schema: Mapping[str, Any]) -> Any:
    """jsonschema's, with patterns as Pydantic matches them, and a tag demanded where a union is told by one."""
    return _Validator(_as_meant(schema), format_checker=checker())


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[SchemaError]:
    if isinstance(value, str) and not matches(pattern, value):
        yield SchemaError(f"{value!r} does not match {pattern!r}")


@cache
def _matcher(pattern: str) -> SchemaValidator:
    for engine in ("rust-regex", "python-re"):
        with suppress(CoreError):
            return SchemaValidator({"type": "str", "pattern": pattern, "regex_engine": engine})
    raise AssertionError(pattern)


def matches(pattern: str, value: str) -> bool:
    """As Pydantic does it."""
    try:
        _matcher(pattern).validate_python(value)
    except ValidationError:
        return False
    return True


_Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})


def _as_meant(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_meant(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _as_meant(one) for key, one in value.items()}
    own = {
        word: found.pop(word) for word in [*_OWN, *_LENGTHS] if word in found and word in _OWN | _wrong(found)
    }
    for word, bound in own.items():
        _push(found, word, bound)
    if "oneOf" in found and "discriminator" in found:
        tag = {"required": [found["discriminator"]["propertyName"]]}
        found["oneOf"] = [{"allOf": [one, tag]} for one in found["oneOf"]]
    return found


_OWN = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_LENGTHS = {
    "minLength": {"string": "minLength", "array": "minItems", "object": "minProperties"},
    "maxLength": {"string": "maxLength", "array": "maxItems", "object": "maxProperties"},
}


def _wrong(schema: dict[str, Any]) -> dict[str, Any]:
    """The lengths that stand where they bind nobody."""
    return {} if schema.get("type") == "string" else _LENGTHS


def _push(schema: dict[str, Any], word: str, bound: Any) -> None:
    """What Pydantic says in words of its own, said in those of JSON Schema."""
    for one in schema.get("anyOf", [schema]):
        kind = one.get("type")
        if word in _LENGTHS and kind in _LENGTHS[word]:
            one[_LENGTHS[word][kind]] = bound
        elif word in _OWN and kind in ("number", "integer"):
            one[_OWN[word]] = float(bound)


def documents(schema: Any, root: Mapping[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """What ``schema`` accepts; ``root`` holds the definitions."""
    if schema is True or not schema.keys() - {"title", "default", "description"}:
        return ANY
    if "$ref" in schema:
        inner = root["$defs"][schema["$ref"].rpartition("/")[2]]
        return st.deferred(lambda: documents(inner, root, depth + 1))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    for union in ("anyOf", "oneOf"):
        if union in schema:
            members = sorted(schema[union], key=lambda one: one.get("type") != "null")
            wanted = members[:1] if depth > 5 else members
            tag = schema.get("discriminator", {}).get("propertyName")
            return st.one_of([_tagged(one, root, tag, depth) for one in wanted])
    return _BY_TYPE[schema["type"]](schema, root, depth)


def _tagged(schema: Any, root: Mapping[str, Any], tag: str | None, depth: int) -> st.SearchStrategy[Any]:
    found = documents(schema, root, depth + 1)
    if tag is None:
        return found
    inner = root["$defs"][schema["$ref"].rpartition("/")[2]]["properties"][tag]
    return st.builds(lambda one, label: {**one, tag: label}, found, documents(inner, root))


def _text(schema: Any, root: Any, depth: int) -> st.SearchStrategy[Any]:
    if schema.get("format") in FORMATS:
        return st.sampled_from(FORMATS[schema["format"]])
    if "pattern" in schema:
        found = st.from_regex(schema["pattern"])
        return found.filter(lambda text: len(text) < 50 and matches(schema["pattern"], text))
    least, most = schema.get("minLength", 0), schema.get("maxLength", 6)
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=min(most, least + 6))


def _number(schema: Any, root: Any, depth: int) -> st.SearchStrategy[Any]:
    if step := schema.get("multipleOf"):
        return st.integers(-50, 50).map(lambda count: count * step)
    least = schema.get("minimum", schema.get("exclusiveMinimum", -100))
    most = schema.get("maximum", schema.get("exclusiveMaximum", 100))
    if schema["type"] == "integer":
        bounds = max(least, -(2**53) + 1), min(most, 2**53 - 1)
        found: st.SearchStrategy[Any] = st.integers(*bounds)
    else:
        found = st.floats(least, most) | st.integers(-5, 5).filter(lambda value: least <= value <= most)
    return found.filter(
        lambda value: value not in (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum"))
    )


def _array(schema: Any, root: Any, depth: int) -> st.SearchStrategy[Any]:
    first = schema.get("prefixItems", [])
    if first:
        return st.tuples(*(documents(one, root, depth + 1) for one in first)).map(list)
    least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
    if depth > 4 and not least:
        return st.just([])
    same = json.dumps if schema.get("uniqueItems") else None
    return st.lists(
        documents(schema.get("items", True), root, depth + 1), min_size=least, max_size=most, unique_by=same
    )


def _object(schema: Any, root: Any, depth: int) -> st.SearchStrategy[Any]:
    named, required = schema.get("properties", {}), schema.get("required", ())
    made = {name: documents(one, root, depth + 1) for name, one in named.items()}
    free = schema.get("additionalProperties", False)
    asked = {name: made[name] for name in required}
    optional = {} if depth > 5 else {name: one for name, one in made.items() if name not in required}
    found: st.SearchStrategy[Any] = st.fixed_dictionaries(asked, optional=optional)
    if free is False or depth > 4:
        least = schema.get("minProperties", 0)
        return (
            found
            if not least
            else st.dictionaries(TEXTS, documents(free, root, depth + 1), min_size=1, max_size=1)
        )
    keys = (
        documents({"type": "string", **schema["propertyNames"]}, root) if "propertyNames" in schema else TEXTS
    )
    least, most = schema.get("minProperties", 0), schema.get("maxProperties", 2)
    more = st.dictionaries(keys, documents(free, root, depth + 1), min_size=least, max_size=most)
    return st.builds(lambda one, other: {**other, **one}, found, more)


_BY_TYPE: Mapping[str, Callable[[Any, Any, int], st.SearchStrategy[Any]]] = {
    "string": _text,
    "number": _number,
    "integer": _number,
    "array": _array,
    "object": _object,
    "boolean": lambda *_: st.booleans(),
    "null": lambda *_: st.none(),
}


def exact(value: Any) -> bool:
    """Whether JavaScript's numbers hold it."""
    if isinstance(value, dict | list):
        return all(map(exact, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, int) or abs(value) < 2**53


@st.composite
def mutated(draw: st.DrawFn, document: Any) -> Any:
    """``document`` with one value replaced, left out, doubled or added, somewhere."""
    found = copy.deepcopy(document)
    places = list(_places(found))
    if not places:
        return draw(ANY)
    holder, key = draw(st.sampled_from(places))
    match draw(st.integers(0, 4)):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[draw(TEXTS)] = draw(ANY)
        case 2 if isinstance(holder, list):
            holder.append(holder[key])
        case 3:
            holder[key] = _nudged(holder[key])
        case _:
            holder[key] = draw(ANY)
    return found


def _nudged(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return [value]
    if isinstance(value, int | float):
        return value * 10 + 1
    return value + value[-1:] + "\n😀" if isinstance(value, str) else {"inside": value}


def _places(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        inner = [place for one in value.values() for place in _places(one)]
        return [(value, key) for key in value] + inner
    if isinstance(value, list):
        inner = [place for one in value for place in _places(one)]
        return [(value, key) for key in range(len(value))] + inner
    return []
