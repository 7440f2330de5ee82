"""Calls of models, and those that reach attributes by their names."""

from __future__ import annotations

import ast

from codemods._strings.call_parts import Known, argument, inner, key_text, plain
from codemods._strings.graph import Call, Node, copy, equal, flow, load, look_up, store


def _dump(call: Call, receiver: Node) -> None:
    alias = call.node.keywords and any(
        one.arg == "by_alias" and not (isinstance(one.value, ast.Constant) and one.value.value is False)
        for one in call.node.keywords
    )
    load(receiver, "A" if alias else "D", call.result)
    _included(call, receiver)


def _included(call: Call, receiver: Node) -> None:
    for name in ("include", "exclude", "update"):
        given = [call.named[name]] if name in call.named else []
        for one in (*given, *(inner(call, spread, f"k:{name}") for spread in call.spread)):
            equal(one, inner(call, receiver, "D"))


def _dump_json(call: Call, receiver: Node) -> None:
    store(call.result, "JS", inner(call, receiver, "D"))
    _included(call, receiver)


def _model_copy(call: Call, receiver: Node) -> None:
    flow(receiver, call.result)
    _included(call, receiver)


def _old_dict(call: Call, receiver: Node) -> None:
    """``.dict()`` and ``.json()`` of old models; ``json()`` of a response as well."""
    _dump(call, receiver)


def _json(call: Call, receiver: Node) -> None:
    load(receiver, "J", call.result)
    if call.named.keys() & {"include", "exclude", "by_alias", "exclude_none", "exclude_unset", "indent"}:
        _dump_json(call, receiver)


def _validate(call: Call, receiver: Node) -> None:
    load(receiver, "NEW", call.result)
    value = argument(call, 0, "obj")
    if value is not None:
        equal(value, inner(call, receiver, "I"))


def _construct(call: Call, receiver: Node) -> None:
    load(receiver, "NEW", call.result)
    for one in call.spread:
        equal(one, inner(call, receiver, "I"))


def _validate_json(call: Call, receiver: Node) -> None:
    load(receiver, "NEW", call.result)
    value = argument(call, 0, "json_data")
    if value is not None:
        equal(inner(call, value, "JS"), inner(call, receiver, "I"))
        equal(value, inner(call, receiver, "IT"))


def _as_dictionary(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        load(one, "D", call.result)
        copy(one, call.result)


def _encoded(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        load(one, "A", call.result)
        copy(one, call.result)


def _cast(call: Call, receiver: Node) -> None:
    if len(call.positional) > 1 and call.scope is not None:
        flow(call.positional[1], call.result)
        call.result.annotation = (call.node.args[0], call.scope)


def _getattr(call: Call, receiver: Node) -> None:
    if len(call.positional) < 2:
        return
    one, name = call.positional[:2]
    look_up(name, inner(call, one, "N"))
    key = key_text(call, 1)
    if key is not None:
        load(one, f"a:{key}", call.result)
    if len(call.positional) > 2:
        flow(call.positional[2], call.result)


def _getter(label: str) -> Known:
    def draw(call: Call, receiver: Node) -> None:
        names = plain(call)
        names.kind = "fresh"
        store(call.result, label, names)
        for one in call.positional:
            store(names, "e", one)

    return draw


def _type(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        load(one, "T", call.result)


METHODS: dict[str, Known] = {
    "dict": _old_dict,
    "json": _json,
    "model_dump": _dump,
    "model_dump_json": _dump_json,
    "model_copy": _model_copy,
    "model_validate": _validate,
    "parse_obj": _validate,
    "from_orm": _validate,
    "validate_python": _validate,
    "model_validate_json": _validate_json,
    "validate_json": _validate_json,
    "model_construct": _construct,
    "construct": _construct,
    "dump_python": _as_dictionary,
    "setattr": _getattr,
    "delattr": _getattr,
    "object": _getattr,  # mock.patch.object
    "parse_raw": _validate_json,
}
BUILTINS: dict[str, Known] = {
    "getattr": _getattr,
    "hasattr": _getattr,
    "setattr": _getattr,
    "delattr": _getattr,
    "type": _type,
    "vars": _as_dictionary,
}
FUNCTIONS: dict[str, Known] = {
    "cast": _cast,
    "attrgetter": _getter("G"),
    "itemgetter": _getter("GI"),
    "asdict": _as_dictionary,
    "jsonable_encoder": _encoded,
}
