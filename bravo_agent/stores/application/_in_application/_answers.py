# ruff: noqa: BLE001, PTH123, UP006, UP035, UP045
"""The models as Pydantic knows them: their fields, their schemas, the application's OpenAPI document."""

import importlib
import json
import os
import sys
import traceback
from typing import Any, List, Optional, Sequence

from ._overlay import overlay
from ._shapes import Told, bounded, bounds_of, shape_of


def _load(module: str, qualname: str) -> Any:
    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    return found


def _key(name: str, info: Any, config: Told) -> str:
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


def _field(name: str, info: Any, config: Told) -> Told:
    shape = bounded(shape_of(info.annotation), bounds_of(info.metadata))
    return {
        "name": name,
        "document_name": _key(name, info, config),
        "shape": {**shape, "text": getattr(info.annotation, "__name__", None) or repr(info.annotation)},
        "required": info.is_required(),
        "default": _default(info),
        "computed": False,
    }


def _computed(name: str, info: Any) -> Told:
    return {
        "name": name,
        "document_name": info.alias or name,
        "shape": {**shape_of(info.return_type), "text": repr(info.return_type)},
        "required": False,
        "default": None,
        "computed": True,
    }


def _fields(model: Any) -> List[Told]:
    model.model_rebuild()
    ordinary = [_field(name, info, model.model_config) for name, info in model.model_fields.items()]
    return ordinary + [_computed(name, info) for name, info in model.model_computed_fields.items()]


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and hasattr(found, "model_fields") and hasattr(found, "model_json_schema")


def _answer(command: str, module: str, qualname: str) -> Told:
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


def _definitions(models: Sequence[Sequence[str]]) -> Told:
    from pydantic.json_schema import models_json_schema

    loaded = [(f"{m}:{q}", _load(m, q)) for m, q in models]
    found = {name: model for name, model in loaded if _is_model(model)}
    told: Told = {}
    for mode in ("validation", "serialization"):
        asked: Any = [(model, mode) for model in found.values()]
        references, schema = models_json_schema(asked)
        told[mode] = schema.get("$defs", {})
        if mode == "validation":
            told["names"] = {
                name: references[model, mode]["$ref"].rpartition("/")[2] for name, model in found.items()
            }
    return told


def _openapi(target: str) -> Told:
    module, _, name = target.partition(":")
    application = _load(module, name or "app")
    if not hasattr(application, "openapi"):
        application = application()
    told: Told = application.openapi()
    return told


def _whole(request: Told) -> Told:
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
    """Reads the request, writes the answer."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    os.dup2(2, 1)
    sys.path[0:1] = request["roots"]
    sys.dont_write_bytecode = True
    overlay(request["overlay"])
    if request["command"] in ("definitions", "openapi"):
        answers = {"": _whole(request)}
    else:
        answers = {f"{m}:{q}": _answer(request["command"], m, q) for m, q in request["models"]}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"models": answers}, file, default=str)
