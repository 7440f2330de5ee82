"""What a place is for, by the file, the function and the call around it."""

from __future__ import annotations

import re

import libcst as cst

from bravo_agent.model.change import Role

_BY_WORD: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("rounding", re.compile(r"round|quantiz|precision")),
    ("validation", re.compile(r"validat|constraint")),
    ("serialization", re.compile(r"serializ|serialis|model_dump|to_dict|to_json|export|encode")),
    ("calculation", re.compile(r"calculat|comput|formula|metric_?math|arithmetic")),
    ("api", re.compile(r"^(api|apis|routes?|routers?|endpoints?|views?|schemas?|handlers?)$")),
    ("query", re.compile(r"repositor|quer(y|ies)|aggregat|pipeline|^dao$|^crud$")),
)
HTTP = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket", "route"]
)
_QUERY = frozenset([
    "find", "find_one", "find_one_and_update", "find_one_and_replace", "find_one_and_delete",
    "update_one", "update_many", "replace_one", "delete_one", "delete_many", "insert_one",
    "insert_many", "aggregate", "count_documents", "distinct", "sort", "create_index",
])  # fmt: skip
_ROUNDING = frozenset(["round", "quantize", "round_field"])
_VALIDATORS = ("field_validator", "model_validator", "validator", "root_validator")
_SERIALIZERS = ("field_serializer", "model_serializer")
_COMPUTED = ("computed_field", "cached_property")


def role_of_file(file: str) -> Role | None:
    """What a file is about, by its name and folders; None where they do not say."""
    parts = file.lower().split("/")
    stem = parts[-1].partition(".")[0]
    if "fixtures" in parts[:-1]:
        return "fixture"
    if "tests" in parts[:-1] or "test" in parts[:-1] or stem.startswith("test_") or stem.endswith("_test"):
        return "test"
    if stem == "conftest":
        return "test"
    for word in (stem, *reversed(parts[:-1])):
        role = role_of_word(word)
        if role is not None:
            return role
    return None


def role_of_word(word: str) -> Role | None:
    """What a name says."""
    return next((role for role, pattern in _BY_WORD if pattern.search(word.lower())), None)


def role_of_call(name: str) -> Role | None:
    """What a call of ``name`` is for."""
    if name in _ROUNDING:
        return "rounding"
    if name in _QUERY:
        return "query"
    return "serialization" if name in ("model_dump", "model_dump_json") else None


def role_of_function(node: cst.FunctionDef) -> Role | None:
    """By its decorators, then by its name."""
    for decorator in node.decorators:
        target = called(decorator.decorator)
        name = last_name(target)
        if name in _VALIDATORS:
            return "validation"
        if name in _SERIALIZERS:
            return "serialization"
        if name in _COMPUTED:
            return "calculation"
        if isinstance(target, cst.Attribute) and name in HTTP:
            return "api"
    return role_of_word(node.name.value)


def called(node: cst.BaseExpression) -> cst.BaseExpression:
    """What a call calls; ``node`` itself where it is none."""
    return node.func if isinstance(node, cst.Call) else node


def last_name(node: cst.BaseExpression) -> str:
    """``c`` of ``a.b.c``."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
