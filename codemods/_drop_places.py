"""Places of a Python file from which a dropped field can be taken away, and why from the others it cannot.

Taken away is what only fills or lists the field: a keyword of a constructor, a key of a dictionary that becomes the
model, a name in a set of names. What reads it is work for a person: nobody knows what should be there instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import libcst as cst

from codemods._around import Chain, last_name, plain_text
from codemods._removal import without
from codemods._source import Source
from codemods._splice import Splice
from codemods._values import LeftAlone

_BY_NAME = ("field_validator", "field_serializer", "validator", "serializer")
_PROJECTED = ("find", "find_one", "find_one_and_update", "find_one_and_replace", "find_one_and_delete")
_QUERIES = frozenset([
    *_PROJECTED, "update_one", "update_many", "replace_one", "delete_one", "delete_many", "aggregate",
    "count_documents", "distinct", "sort", "create_index", "bulk_write",
])  # fmt: skip
_WRITES = (
    "$set",
    "$setOnInsert",
    "$unset",
    "$inc",
    "$mul",
    "$min",
    "$max",
    "$push",
    "$addToSet",
    "$currentDate",
)
_EFFECTS = (cst.NamedExpr, cst.Await, cst.Yield)

List = cst.Call | cst.Dict | cst.Set | cst.List | cst.Tuple


@dataclass(frozen=True, eq=False)
class Gone:
    """Element ``number`` of ``place``."""

    place: List
    number: int


def taken_from(source: Source, chain: Chain, offset: int, names: Collection[str]) -> Gone:
    """What goes with the token at ``offset``; raises ``LeftAlone``. ``names``: all fields of the group's models."""
    line = source.line(chain[0]) if chain else 1
    for number, node in enumerate(chain[1:], 1):
        inner, outer = chain[number - 1], chain[number + 1 :]
        if isinstance(node, cst.Call) and isinstance(inner, cst.Arg):
            return _argument(source, node, inner, offset, outer, line)
        if isinstance(node, cst.Dict) and isinstance(inner, cst.DictElement):
            if (
                plain_text(inner.key) is None
                or source.start(inner.key) > offset
                or source.end(inner.key) <= offset
            ):
                break
            return _key(node, inner, outer, line)
        if isinstance(node, (cst.Set, cst.List, cst.Tuple)) and isinstance(inner, cst.Element):
            return _listed(node, inner, outer, names, line)
        if isinstance(node, (cst.BaseStatement, cst.Subscript, cst.BaseComp, cst.Comparison)):
            break
    raise LeftAlone("it is read here: nobody knows what should be there instead", line)


def splices(source: Source, gone: Sequence[Gone]) -> list[Splice]:
    """The edits that take away ``gone``; raises ``LeftAlone`` where nothing would be left of a list."""
    found: list[Splice] = []
    places = {id(one.place): one.place for one in gone}
    for key, place in places.items():
        numbers = {one.number for one in gone if id(one.place) == key}
        spans = [(source.start(one), source.end(one)) for one in _elements(place)]
        if len(numbers) == len(spans) and not isinstance(place, (cst.Call, cst.Dict)):
            raise LeftAlone("nothing would be left of this list", source.line(place))
        found += without(source.text, spans, numbers, keep_comma=isinstance(place, cst.Tuple))
    return found


def _elements(place: List) -> Sequence[cst.CSTNode]:
    return place.args if isinstance(place, cst.Call) else place.elements


def _argument(source: Source, call: cst.Call, arg: cst.Arg, offset: int, outer: Chain, line: int) -> Gone:
    name = last_name(call.func)
    if arg.keyword is not None and source.start(arg.keyword) == offset:
        if _has_effects(arg.value):
            raise LeftAlone("what is given here does something by itself", line)
        return Gone(call, call.args.index(arg))
    texts = [one for one in call.args if one.keyword is None and plain_text(one.value) is not None]
    if name in _BY_NAME and arg in texts and isinstance(outer[0], cst.Decorator):
        if len(texts) == 1:
            raise LeftAlone(f"this {name.replace('_', ' ')} is for the field alone", line)
        return Gone(call, call.args.index(arg))
    raise LeftAlone(
        f"it is read here, in {name or 'a call'}: nobody knows what should be there instead", line
    )


def _key(literal: cst.Dict, element: cst.DictElement, outer: Chain, line: int) -> Gone:
    others = [key for one in literal.elements if one is not element and (key := _key_of(one))]
    inner: cst.CSTNode = literal
    for number, node in enumerate(outer):
        if isinstance(node, (cst.Comparison, cst.Assert)):
            raise LeftAlone("a comparison expects it", line)
        if isinstance(node, cst.DictElement) and (operator := _key_of(node)).startswith("$"):
            _refuse_operator(operator, others, line)
            break
        if isinstance(node, cst.Call):
            argument = inner if isinstance(inner, cst.Arg) else None
            _refuse_query(node, argument, literal, others, line)
            break
        if isinstance(node, cst.BaseStatement):
            break
        inner = outer[number]
    if _has_effects(element.value):
        raise LeftAlone("what is given here does something by itself", line)
    return Gone(literal, list(literal.elements).index(element))


def _refuse_operator(operator: str, others: Sequence[str], line: int) -> None:
    if operator == "$project":
        _refuse_projection(others, line)
    elif operator not in _WRITES or not others:
        raise LeftAlone(f"it is a part of the query's {operator}", line)


def _refuse_query(
    call: cst.Call, arg: cst.Arg | None, literal: cst.Dict, others: Sequence[str], line: int
) -> None:
    name = last_name(call.func)
    if name not in _QUERIES or arg is None:
        return
    place = arg.keyword.value if arg.keyword is not None else call.args.index(arg)
    if name in _PROJECTED and place in (
        ("projection", 1) if name in ("find", "find_one") else ("projection",)
    ):
        _refuse_projection(others, line)
        return
    if arg.value is literal and name == "replace_one" and place in (1, "replacement"):
        return
    raise LeftAlone(f"it is a part of the query of {name}: without it the query means something else", line)


def _refuse_projection(others: Sequence[str], line: int) -> None:
    if not [key for key in others if key != "_id"]:
        raise LeftAlone("without it the projection would give everything", line)


def _listed(
    place: cst.Set | cst.List | cst.Tuple,
    element: cst.Element,
    outer: Chain,
    names: Collection[str],
    line: int,
) -> Gone:
    texts = [plain_text(one.value) if isinstance(one, cst.Element) else None for one in place.elements]
    if any(isinstance(one, (cst.Comparison, cst.Assert)) for one in _within_statement(outer)):
        raise LeftAlone("a comparison expects it", line)
    if len(texts) < 2 or not all(text in names for text in texts):
        raise LeftAlone("this is no list of fields alone", line)
    return Gone(place, list(place.elements).index(element))


def _within_statement(outer: Chain) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []
    for node in outer:
        found.append(node)
        if isinstance(node, (cst.BaseStatement, cst.Lambda)):
            break
    return found


def _key_of(element: cst.BaseDictElement) -> str:
    return plain_text(element.key) or "" if isinstance(element, cst.DictElement) else ""


def _has_effects(value: cst.CSTNode) -> bool:
    return isinstance(value, _EFFECTS) or any(_has_effects(child) for child in value.children)
