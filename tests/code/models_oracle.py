"""What Pydantic's own core schema says about a model, in the words of a ``Field``: the judge of both readings."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from bravo_agent.model.entities import Shape

# A wrapper says nothing of its own about what is accepted.
_WRAPPERS = (
    "function-before", "function-after", "function-wrap", "default", "prefault", "lax-or-strict", "json-or-python",
    "chain",
)  # fmt: skip
_SCALARS = {
    "bool": "bool", "int": "int", "float": "float", "decimal": "decimal", "str": "str", "bytes": "bytes",
    "uuid": "uuid", "date": "date", "datetime": "datetime", "time": "time", "timedelta": "timedelta", "any": "any",
    "url": "str", "multi-host-url": "str", "json": "any", "none": "any",
}  # fmt: skip
_BOUNDS = ("max_length", "max_digits", "decimal_places")
_LISTS = ("list", "set", "frozenset", "generator", "tuple")


def fields_of(model: type[BaseModel]) -> list[tuple[str, str, bool, bool, Shape | None]]:
    """(name, key, required, computed, shape) of every field; shape None: the core schema does not tell."""
    model.model_rebuild()
    schema: Any = model.__pydantic_core_schema__
    definitions = {one["ref"]: one for one in schema.get("definitions", ())}
    inner = schema["schema"] if schema["type"] == "definitions" else schema
    if inner["type"] == "definition-ref":
        inner = definitions[inner["schema_ref"]]
    while inner["type"] != "model":
        inner = inner["schema"]
    body = inner["schema"]
    if inner.get("root_model"):
        return [("root", "root", model.model_fields["root"].is_required(), False, _shape(body, definitions))]
    while "fields" not in body:
        body = body["schema"]
    told = _json_schema(model, "validation")
    keys, required = list(told["properties"]), set(told.get("required", ()))
    found = []
    for key, (name, field) in zip(keys, body["fields"].items(), strict=True):
        found.append((name, key, key in required, False, _shape(field["schema"], definitions)))
    out = _json_schema(model, "serialization")["properties"]
    for field in body.get("computed_fields", ()):
        key = field.get("alias", field["property_name"])
        assert key in out
        found.append((field["property_name"], key, False, True, _shape(field["return_schema"], definitions)))
    return found


def _json_schema(model: type[BaseModel], mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    told = model.model_json_schema(mode=mode)
    if "$ref" in told:
        told = told["$defs"][told["$ref"].rpartition("/")[2]]
    return {"properties": {}, **told}


def _shape(schema: Any, definitions: Mapping[str, Any], seen: tuple[str, ...] = ()) -> Shape | None:
    kind = schema["type"]
    if kind == "definition-ref":
        if schema["schema_ref"] in seen:
            return Shape("any")
        return _shape(definitions[schema["schema_ref"]], definitions, (*seen, schema["schema_ref"]))
    if kind == "nullable":
        inner = _shape(schema["schema"], definitions, seen)
        return inner and _optional(inner)
    if kind in _WRAPPERS:
        inner = _wrapped(schema, definitions, seen)
        # a bound behind a validator is a function of pydantic's own
        made = getattr(schema.get("function", {}).get("function"), "keywords", {})
        return inner and Shape(**{**vars(inner), **{k: v for k, v in made.items() if k in _BOUNDS}})
    if kind in ("model", "dataclass"):
        generic = getattr(schema["cls"], "__pydantic_generic_metadata__", {}).get("origin")
        return Shape("model", model=(generic or schema["cls"]).__qualname__)
    if kind == "enum":
        return _values(list(dict.fromkeys(member.value for member in schema["members"])))
    if kind == "literal":
        values = [one.value if isinstance(one, enum.Enum) else one for one in schema["expected"]]
        mixed = len({type(value) for value in values if value is not None}) > 1
        return Shape("union", optional=None in values) if mixed else _values(values)
    if kind in ("union", "tagged-union"):
        choices = schema["choices"]
        members = list(choices.values()) if isinstance(choices, dict) else choices
        return _union([one[0] if isinstance(one, tuple) else one for one in members], definitions, seen)
    if kind in _LISTS:
        return _list(schema, definitions, seen)
    if kind in ("dict", "typed-dict"):
        values = schema.get("values_schema")
        return Shape("dict", item=_shape(values, definitions, seen) if values else Shape("any"))
    if kind not in _SCALARS:
        return None
    bounds = {name: schema.get(name) for name in _BOUNDS}
    return Shape(_SCALARS[kind], optional=kind == "none", **bounds)  # type: ignore[arg-type]


def _optional(shape: Shape) -> Shape:
    return Shape(**{**vars(shape), "optional": True})


def _wrapped(schema: Any, definitions: Mapping[str, Any], seen: tuple[str, ...]) -> Shape | None:
    if schema["type"] == "chain":
        inner = [_shape(one, definitions, seen) for one in schema["steps"]]
        return inner[0]
    name = {"lax-or-strict": "strict_schema", "json-or-python": "json_schema"}.get(schema["type"], "schema")
    return _shape(schema[name], definitions, seen)


def _values(values: list[Any]) -> Shape | None:
    some = [value for value in values if value is not None]
    optional = len(some) < len(values)
    if all(isinstance(value, bool) for value in some):
        return Shape("bool", optional=optional)
    if all(isinstance(value, int) for value in some):
        return Shape("int", optional=optional)
    if all(isinstance(value, (int, str)) for value in some):
        return Shape("enum", optional=optional, labels=tuple(str(value) for value in some))
    return None


def _union(members: list[Any], definitions: Mapping[str, Any], seen: tuple[str, ...]) -> Shape | None:
    shapes = [_shape(one, definitions, seen) for one in members if one["type"] != "none"]
    optional = any(one["type"] == "none" for one in members)
    if any(shape is None for shape in shapes):
        return None
    optional = optional or any(shape.optional for shape in shapes if shape)
    bare = {Shape(**{**vars(shape), "optional": False}) for shape in shapes if shape}
    if len(bare) == 1:
        merged = bare.pop()
    elif all(shape.kind == "enum" for shape in bare):
        merged = Shape("enum", labels=tuple(label for shape in shapes if shape for label in shape.labels))
    else:
        merged = Shape("union")
    return _optional(merged) if optional else merged


def _list(schema: Any, definitions: Mapping[str, Any], seen: tuple[str, ...]) -> Shape | None:
    items = schema.get("items_schema", [])
    members = items if isinstance(items, list) else [items]
    return Shape("list", item=_union(members, definitions, seen) if members else Shape("any"))
