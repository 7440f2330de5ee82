# ruff: noqa: B905, UP006, UP035
"""What a field takes, from the annotation that Pydantic has resolved."""

import json
from typing import Any, Dict, List, Sequence, Tuple

Told = Dict[str, Any]
"""A part of the answer, as JSON has it."""


def bounds_of(metadata: Sequence[Any]) -> Dict[str, int]:
    """What is demanded of lengths and digits, however deep it stands in the metadata."""
    bounds: Dict[str, int] = {}
    for one in metadata:
        for name in ("max_length", "max_digits", "decimal_places"):
            value = getattr(one, name, None)
            if isinstance(value, int) and not isinstance(value, bool):
                bounds[name] = value
        inner = getattr(one, "metadata", None)
        if isinstance(inner, (list, tuple)):
            bounds.update(bounds_of(inner))
        if any(base.__name__ == "GroupedMetadata" for base in type(one).__mro__):
            bounds.update(bounds_of(list(one)))
    return bounds


_BY_NAME = {
    "builtins.bool": "bool", "builtins.int": "int", "builtins.float": "float", "decimal.Decimal": "decimal",
    "builtins.str": "str", "builtins.bytes": "bytes", "builtins.bytearray": "bytes", "uuid.UUID": "uuid",
    "datetime.date": "date", "datetime.datetime": "datetime", "datetime.time": "time",
    "datetime.timedelta": "timedelta", "builtins.object": "any", "builtins.NoneType": "any",
    "pydantic.types.Json": "any", "pydantic.types.SecretStr": "str", "pydantic.types.SecretBytes": "bytes",
    "pydantic.networks.EmailStr": "str", "pydantic.networks.NameEmail": "str",
    "pydantic.types.PastDate": "date",
    "pydantic.types.FutureDate": "date", "pydantic.types.PastDatetime": "datetime",
    "pydantic.types.FutureDatetime": "datetime", "pydantic.types.AwareDatetime": "datetime",
    "pydantic.types.NaiveDatetime": "datetime", "pydantic.networks.IPvAnyAddress": "str",
    "pydantic.types.ByteSize": "int",
}  # fmt: skip
_PARENTS = ("ipaddress", "pathlib", "zoneinfo", "re")


def _class_shape(kind: Any) -> Told:
    import enum

    name = f"{kind.__module__}.{kind.__qualname__}"
    if name in _BY_NAME:
        return {"kind": _BY_NAME[name]}
    if issubclass(kind, enum.Enum):
        values = [member.value for member in kind]
        if values and all(isinstance(value, int) for value in values):
            return {"kind": "int"}
        plain = values and all(isinstance(value, (str, int)) for value in values)
        return {"kind": "enum", "labels": [str(value) for value in values]} if plain else {"kind": "unknown"}
    if hasattr(kind, "__total__") and issubclass(kind, dict):
        return {"kind": "dict", "item": {"kind": "any"}}
    if hasattr(kind, "model_fields") or hasattr(kind, "__dataclass_fields__"):
        generic = getattr(kind, "__pydantic_generic_metadata__", None) or {}
        origin = generic.get("origin") or kind
        return {"kind": "model", "model": origin.__qualname__}
    if kind.__module__.partition(".")[0] in _PARENTS or kind.__module__.startswith("pydantic.networks"):
        return {"kind": "str"}
    if issubclass(kind, (list, set, frozenset, tuple)):
        return {"kind": "list", "item": {"kind": "any"}}
    if issubclass(kind, dict):
        return {"kind": "dict", "item": {"kind": "any"}}
    return {"kind": "unknown"}


def _merge(members: List[Told]) -> Told:
    if not members:
        return {"kind": "any"}
    bare = {
        json.dumps({k: v for k, v in m.items() if k not in ("text", "optional")}, sort_keys=True)
        for m in members
    }
    if len(bare) == 1:
        return members[0]
    if any(member["kind"] == "unknown" for member in members):
        return {"kind": "unknown"}
    if all(member["kind"] == "enum" for member in members):
        labels = [label for member in members for label in member.get("labels", ())]
        return {"kind": "enum", "labels": list(dict.fromkeys(labels))}
    return {"kind": "union"}


def _union(arguments: Sequence[Any], depth: int) -> Told:
    none = type(None)
    shapes = [shape_of(one, depth + 1) for one in arguments]
    merged = dict(_merge([s for one, s in zip(arguments, shapes) if one is not none and one is not None]))
    merged["optional"] = any(one is none or one is None for one in arguments) or any(
        s.get("optional") for s in shapes
    )
    return merged


def _literal(values: Sequence[Any]) -> Told:
    import enum

    plain = [value.value if isinstance(value, enum.Enum) else value for value in values]
    some = [value for value in plain if value is not None]
    optional = len(some) < len(plain)
    if some and all(isinstance(value, bool) for value in some):
        return {"kind": "bool", "optional": optional}
    if some and all(isinstance(value, int) for value in some):
        return {"kind": "int", "optional": optional}
    if some and all(isinstance(value, str) for value in some):
        return {"kind": "enum", "labels": some, "optional": optional}
    return {"kind": "union" if some else "unknown", "optional": optional}


def _container(origin: Any, arguments: Tuple[Any, ...], depth: int) -> Told:
    import collections.abc

    if isinstance(origin, type) and issubclass(origin, collections.abc.Mapping):
        return {"kind": "dict", "item": shape_of(arguments[-1], depth + 1) if arguments else {"kind": "any"}}
    if isinstance(origin, type) and issubclass(origin, collections.abc.Iterable):
        items = [one for one in arguments if one is not Ellipsis]
        if issubclass(origin, tuple) and len(items) > 1:
            return {"kind": "list", "item": _union(items, depth)}
        return {"kind": "list", "item": shape_of(items[0], depth + 1) if items else {"kind": "any"}}
    return _class_shape(origin) if isinstance(origin, type) else {"kind": "unknown"}


def shape_of(annotation: Any, depth: int = 0) -> Told:
    """The kind of value that an annotation takes, and what is in it."""
    import types
    import typing

    if depth > 40:
        return {"kind": "any"}
    if annotation is None or annotation is type(None):
        return {"kind": "any", "optional": True}
    if annotation is typing.Any or getattr(annotation, "__name__", "") in ("JsonValue",):
        return {"kind": "any"}
    supertype = getattr(annotation, "__supertype__", None)
    if supertype is not None:
        return shape_of(supertype, depth + 1)
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    alias = annotation if origin is None else origin
    if type(alias).__name__ == "TypeAliasType":
        return _alias(alias, depth)
    if hasattr(annotation, "__metadata__"):
        return bounded(shape_of(arguments[0], depth + 1), bounds_of(annotation.__metadata__))
    if origin is typing.Union or origin is getattr(types, "UnionType", None):
        return _union(arguments, depth)
    if origin is typing.Literal:
        return _literal(arguments)
    if getattr(origin, "__name__", "") in ("Final", "Required", "NotRequired"):
        return shape_of(arguments[0], depth + 1)
    if origin is not None:
        return _container(origin, arguments, depth)
    return _class_shape(annotation) if isinstance(annotation, type) else {"kind": "unknown"}


_reading: List[Any] = []


def _alias(alias: Any, depth: int) -> Told:
    """What stands behind ``type X = ...``; an alias that meets itself may be anything."""
    if any(one is alias for one in _reading):
        return {"kind": "any"}
    _reading.append(alias)
    try:
        return shape_of(alias.__value__, depth + 1)
    finally:
        _reading.pop()


def bounded(shape: Told, bounds: Dict[str, int]) -> Told:
    """``shape`` with those of ``bounds`` that mean something for its kind."""
    fitting = {"str": ("max_length",), "bytes": ("max_length",), "decimal": ("max_digits", "decimal_places")}
    wanted = {name: bounds[name] for name in fitting.get(shape["kind"], ()) if name in bounds}
    return {**shape, **wanted}
