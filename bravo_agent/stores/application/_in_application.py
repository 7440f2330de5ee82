# ruff: noqa: B905, BLE001, PTH110, PTH118, PTH120, PTH123, RUF012, UP006, UP035, UP045
"""Run by the application's own interpreter: imports its models and writes what Pydantic knows, as JSON.

Self-contained on purpose, and in the spelling of older Pythons: nothing of bravo-agent can be imported here.
``argv[1]`` is a request {command, roots, overlay, models, target}, ``argv[2]`` the file for the answer. What the
application prints goes to stderr.
"""

import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys
import traceback
from typing import Any, Dict, List, Optional, Sequence, Tuple

_Told = Dict[str, Any]


class _OverlayLoader(importlib.machinery.SourceFileLoader):
    """Gives the overlaid text of a file, and neither reads nor writes bytecode."""

    texts: Dict[str, str] = {}

    def get_data(self, path: str) -> bytes:
        text = self.texts.get(os.path.realpath(path))
        return super().get_data(path) if text is None else text.encode("utf-8")

    def path_stats(self, path: str) -> Any:
        raise OSError("no bytecode for an overlaid file")


class _OverlayFinder:
    """Finds modules among the overlaid files, the new ones too."""

    @staticmethod
    def find_spec(name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        tail = name.rpartition(".")[2]
        for entry in sys.path if path is None else path:
            for file, inside in ((f"{tail}/__init__.py", True), (f"{tail}.py", False)):
                full = os.path.realpath(os.path.join(entry or ".", file))
                if full in _OverlayLoader.texts:
                    return importlib.util.spec_from_file_location(
                        name,
                        full,
                        loader=_OverlayLoader(name, full),
                        submodule_search_locations=[os.path.dirname(full)] if inside else None,
                    )
                if os.path.exists(full):
                    return None
        return None


def _load(module: str, qualname: str) -> Any:
    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    return found


def _bounds(metadata: Sequence[Any]) -> Dict[str, int]:
    bounds: Dict[str, int] = {}
    for one in metadata:
        for name in ("max_length", "max_digits", "decimal_places"):
            value = getattr(one, name, None)
            if isinstance(value, int) and not isinstance(value, bool):
                bounds[name] = value
        inner = getattr(one, "metadata", None)
        if isinstance(inner, (list, tuple)):
            bounds.update(_bounds(inner))
        if any(base.__name__ == "GroupedMetadata" for base in type(one).__mro__):
            bounds.update(_bounds(list(one)))
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


def _class_shape(kind: Any) -> _Told:
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


def _merge(members: List[_Told]) -> _Told:
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


def _union(arguments: Sequence[Any], depth: int) -> _Told:
    none = type(None)
    shapes = [_shape(one, depth + 1) for one in arguments]
    merged = dict(_merge([s for one, s in zip(arguments, shapes) if one is not none and one is not None]))
    merged["optional"] = any(one is none or one is None for one in arguments) or any(
        s.get("optional") for s in shapes
    )
    return merged


def _literal(values: Sequence[Any]) -> _Told:
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


def _container(origin: Any, arguments: Tuple[Any, ...], depth: int) -> _Told:
    import collections.abc

    if isinstance(origin, type) and issubclass(origin, collections.abc.Mapping):
        return {"kind": "dict", "item": _shape(arguments[-1], depth + 1) if arguments else {"kind": "any"}}
    if isinstance(origin, type) and issubclass(origin, collections.abc.Iterable):
        items = [one for one in arguments if one is not Ellipsis]
        if issubclass(origin, tuple) and len(items) > 1:
            return {"kind": "list", "item": _union(items, depth)}
        return {"kind": "list", "item": _shape(items[0], depth + 1) if items else {"kind": "any"}}
    return _class_shape(origin) if isinstance(origin, type) else {"kind": "unknown"}


def _shape(annotation: Any, depth: int = 0) -> _Told:
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
        return _shape(supertype, depth + 1)
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    alias = annotation if origin is None else origin
    if type(alias).__name__ == "TypeAliasType":
        return _alias(alias, depth)
    if hasattr(annotation, "__metadata__"):
        return _bounded(_shape(arguments[0], depth + 1), _bounds(annotation.__metadata__))
    if origin is typing.Union or origin is getattr(types, "UnionType", None):
        return _union(arguments, depth)
    if origin is typing.Literal:
        return _literal(arguments)
    if getattr(origin, "__name__", "") in ("Final", "Required", "NotRequired"):
        return _shape(arguments[0], depth + 1)
    if origin is not None:
        return _container(origin, arguments, depth)
    return _class_shape(annotation) if isinstance(annotation, type) else {"kind": "unknown"}


_reading: List[Any] = []


def _alias(alias: Any, depth: int) -> _Told:
    """What stands behind ``type X = ...``; an alias that meets itself may be anything."""
    if any(one is alias for one in _reading):
        return {"kind": "any"}
    _reading.append(alias)
    try:
        return _shape(alias.__value__, depth + 1)
    finally:
        _reading.pop()


def _bounded(shape: _Told, bounds: Dict[str, int]) -> _Told:
    fitting = {"str": ("max_length",), "bytes": ("max_length",), "decimal": ("max_digits", "decimal_places")}
    wanted = {name: bounds[name] for name in fitting.get(shape["kind"], ()) if name in bounds}
    return {**shape, **wanted}


def _key(name: str, info: Any, config: _Told) -> str:
    if config.get("validate_by_alias") is False:
        return name
    alias = info.validation_alias if getattr(info, "validation_alias", None) is not None else info.alias
    choices = getattr(alias, "choices", None)
    if choices:
        alias = next((one for one in choices if isinstance(one, str)), None)
    return alias if isinstance(alias, str) else name


def _default(info: Any) -> Optional[str]:
    if info.is_required():
        return None
    if info.default_factory is not None:
        return f"{getattr(info.default_factory, '__qualname__', 'factory')}()"
    return repr(info.default)


def _field(name: str, info: Any, config: _Told) -> _Told:
    shape = _bounded(_shape(info.annotation), _bounds(info.metadata))
    return {
        "name": name,
        "document_name": _key(name, info, config),
        "shape": {**shape, "text": getattr(info.annotation, "__name__", None) or repr(info.annotation)},
        "required": info.is_required(),
        "default": _default(info),
        "computed": False,
    }


def _computed(name: str, info: Any) -> _Told:
    return {
        "name": name,
        "document_name": info.alias or name,
        "shape": {**_shape(info.return_type), "text": repr(info.return_type)},
        "required": False,
        "default": None,
        "computed": True,
    }


def _fields(model: Any) -> List[_Told]:
    model.model_rebuild()
    ordinary = [_field(name, info, model.model_config) for name, info in model.model_fields.items()]
    return ordinary + [_computed(name, info) for name, info in model.model_computed_fields.items()]


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and hasattr(found, "model_fields") and hasattr(found, "model_json_schema")


def _answer(command: str, module: str, qualname: str) -> _Told:
    try:
        model = _load(module, qualname)
        if not _is_model(model):
            return {"not_a_model": True}
        if command == "fields":
            return {"fields": _fields(model)}
        return {mode: model.model_json_schema(mode=mode) for mode in ("validation", "serialization")}
    except Exception:
        return {"error": traceback.format_exc(limit=-4)}
    except SystemExit:
        return {"error": "SystemExit: the module ends the interpreter when it is imported"}


def _definitions(models: Sequence[Sequence[str]]) -> _Told:
    from pydantic.json_schema import models_json_schema

    loaded = [(f"{m}:{q}", _load(m, q)) for m, q in models]
    found = {name: model for name, model in loaded if _is_model(model)}
    told: _Told = {}
    for mode in ("validation", "serialization"):
        asked: Any = [(model, mode) for model in found.values()]
        references, schema = models_json_schema(asked)
        told[mode] = schema.get("$defs", {})
        if mode == "validation":
            told["names"] = {
                name: references[model, mode]["$ref"].rpartition("/")[2] for name, model in found.items()
            }
    return told


def _openapi(target: str) -> _Told:
    module, _, name = target.partition(":")
    application = _load(module, name or "app")
    if not hasattr(application, "openapi"):
        application = application()
    told: _Told = application.openapi()
    return told


def _whole(request: _Told) -> _Told:
    """The answer to what is not asked model by model."""
    try:
        if request["command"] == "openapi":
            return {"told": _openapi(request["target"])}
        return {"told": _definitions(request["models"])}
    except Exception:
        return {"error": traceback.format_exc(limit=-4)}
    except SystemExit:
        return {"error": "SystemExit: the module ends the interpreter when it is imported"}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    os.dup2(2, 1)
    sys.path[0:1] = request["roots"]
    sys.dont_write_bytecode = True
    _OverlayLoader.texts = {os.path.realpath(path): text for path, text in request["overlay"].items()}
    if _OverlayLoader.texts:
        sys.meta_path.insert(0, _OverlayFinder)
    if request["command"] in ("definitions", "openapi"):
        answers = {"": _whole(request)}
    else:
        answers = {f"{m}:{q}": _answer(request["command"], m, q) for m, q in request["models"]}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"models": answers}, file, default=str)


if __name__ == "__main__":
    main()
