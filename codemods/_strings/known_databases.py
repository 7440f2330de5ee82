"""Calls of MongoDB's driver: which argument stands for which part of the documents."""

from __future__ import annotations

import ast

from codemods._strings.call_parts import Known
from codemods._strings.graph import Call, Node, equal, flow, load, store

_FILTER_FIRST = {
    "find": ("filter", "projection"),
    "find_one": ("filter", "projection"),
    "find_one_and_update": ("filter", "update"),
    "find_one_and_delete": ("filter", "projection"),
    "find_one_and_replace": ("filter", "document"),
    "update_one": ("filter", "update"),
    "update_many": ("filter", "update"),
    "replace_one": ("filter", "document"),
    "delete_one": ("filter",),
    "delete_many": ("filter",),
    "count_documents": ("filter",),
    "distinct": ("field", "filter"),
    "insert_one": ("document",),
    "insert_many": ("documents",),
    "aggregate": ("pipeline",),
    "create_index": ("keys",),
    "drop_index": ("keys",),
}
_NAMED = {
    "filter": "filter",
    "projection": "projection",
    "update": "update",
    "sort": "keys",
    "replacement": "document",
    "document": "document",
    "documents": "documents",
    "pipeline": "pipeline",
    "key": "field",
    "hint": "keys",
    "partialFilterExpression": "filter",
}
_DOCUMENT = ("find_one", "find_one_and_update", "find_one_and_delete", "find_one_and_replace")
_OPERATIONS = {
    "UpdateOne": ("filter", "update"),
    "UpdateMany": ("filter", "update"),
    "ReplaceOne": ("filter", "document"),
    "DeleteOne": ("filter",),
    "DeleteMany": ("filter",),
    "InsertOne": ("document",),
}


def _part(call: Call, base: Node, part: str) -> Node:
    return load(base, f"M:{part}", Node("database", call.file, call.node.lineno, call))


def _collection(call: Call, receiver: Node) -> None:
    name = getattr(call.node.func, "attr", "")
    for one, part in zip(call.positional, _FILTER_FIRST[name], strict=False):
        equal(one, _part(call, receiver, part))
    for keyword, one in call.named.items():
        if keyword in _NAMED:
            equal(one, _part(call, receiver, _NAMED[keyword]))
    _documents(call, receiver, name)


def _documents(call: Call, receiver: Node, name: str) -> None:
    if name in _DOCUMENT:
        load(receiver, "M:found", call.result)
    elif name == "find":
        store(call.result, "e", _part(call, receiver, "found"))
        store(call.result, "M:cursor", _part(call, receiver, "keys"))
    elif name == "aggregate":
        store(call.result, "e", _part(call, receiver, "made"))


def _get_collection(call: Call, receiver: Node) -> None:
    match call.node.args[:1]:
        case [ast.Constant(value=str(name))]:
            load(receiver, f"k:{name}", call.result)


def _cursor(call: Call, receiver: Node) -> None:
    """``sort``, ``limit`` and the others give the cursor back."""
    flow(receiver, call.result)


def _sort(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        equal(one, _part(call, receiver, "cursor"))
    _cursor(call, receiver)


def _operation(call: Call, receiver: Node) -> None:
    name = call.node.func.id if isinstance(call.node.func, ast.Name) else getattr(call.node.func, "attr", "")
    for one, part in zip(call.positional, _OPERATIONS[name], strict=False):
        store(call.result, f"O:{part}", one)


def _bulk_write(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        operation = load(one, "e", Node("plain", call.file, call.node.lineno))
        for part in ("filter", "update", "document"):
            given = load(operation, f"O:{part}", Node("plain", call.file, call.node.lineno))
            equal(given, _part(call, receiver, part))


OPERATION_CALLS: dict[str, Known] = dict.fromkeys(_OPERATIONS, _operation)
DATABASE_CALLS: dict[str, Known] = {
    **dict.fromkeys(_FILTER_FIRST, _collection),
    **OPERATION_CALLS,
    **dict.fromkeys(("limit", "skip", "batch_size", "hint", "max_time_ms", "collation", "to_list"), _cursor),
    "get_collection": _get_collection,
    "sort": _sort,
    "bulk_write": _bulk_write,
}
