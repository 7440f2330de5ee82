"""Every token of a class body that may name one of its fields, and whether it certainly does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst

_BY_NAME = ("field_validator", "field_serializer", "validator", "serializer")
_NO_SELF = ("staticmethod", "classmethod", "field_validator", "validator", "root_validator")


@dataclass(frozen=True)
class Mention:
    """``decorator``: a text in ``@field_validator(...)``; ``self``: ``self.field``; ``unclear``: anything else."""

    node: cst.Name | cst.SimpleString
    how: Literal["decorator", "self", "unclear"]


def mentions(model: cst.ClassDef, field: str, declared: cst.CSTNode | None) -> Iterator[Mention]:
    """All but the ``declared`` name itself. Names of variables inside methods are not the field."""
    for one in model.body.body:
        yield from _walk(one, field, declared, None, inside=False)


def _walk(
    node: cst.CSTNode, field: str, declared: cst.CSTNode | None, own: str | None, *, inside: bool
) -> Iterator[Mention]:
    """``own``: what the method calls its instance; ``inside``: of a function."""
    if isinstance(node, cst.FunctionDef):
        yield from _function(node, field, declared, own, inside=inside)
        return
    if isinstance(node, cst.Attribute):
        if node.attr.value == field:
            known = own is not None and isinstance(node.value, cst.Name) and node.value.value == own
            yield Mention(node.attr, "self" if known else "unclear")
        yield from _walk(node.value, field, declared, own, inside=inside)
        return
    if isinstance(node, cst.SimpleString):
        if node.evaluated_value in (field, f"${field}"):
            yield Mention(node, "unclear")
        return
    if isinstance(node, cst.Arg):
        if node.keyword is not None and node.keyword.value == field:
            yield Mention(node.keyword, "unclear")
        yield from _walk(node.value, field, declared, own, inside=inside)
        return
    if isinstance(node, cst.MatchKeywordElement) and node.key.value == field:
        yield Mention(node.key, "unclear")
    if isinstance(node, cst.Name) and node.value == field and node is not declared and not inside:
        yield Mention(node, "unclear")
    if isinstance(node, cst.Expr) and isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)):
        return
    for child in node.children:
        yield from _walk(child, field, declared, own, inside=inside)


def _function(
    node: cst.FunctionDef, field: str, declared: cst.CSTNode | None, own: str | None, *, inside: bool
) -> Iterator[Mention]:
    names = {_called(one) for one in node.decorators}
    for decorator in node.decorators:
        yield from _decorator(decorator, field, declared)
    if node.name.value == field and not inside:
        yield Mention(node.name, "unclear")
    first = node.params.params[0].name.value if node.params.params else None
    if not inside:
        own = None if names & set(_NO_SELF) else first
    for part in (node.params, node.returns, node.body):
        if part is not None:
            yield from _walk(part, field, declared, own, inside=True)


def _decorator(node: cst.Decorator, field: str, declared: cst.CSTNode | None) -> Iterator[Mention]:
    call = node.decorator
    if not isinstance(call, cst.Call) or _called(node) not in _BY_NAME:
        yield from _walk(call, field, declared, None, inside=False)
        return
    for one in call.args:
        if one.keyword is None and isinstance(one.value, cst.SimpleString):
            if one.value.evaluated_value == field:
                yield Mention(one.value, "decorator")
        else:
            yield from _walk(one, field, declared, None, inside=False)


def _called(node: cst.Decorator) -> str:
    target = node.decorator.func if isinstance(node.decorator, cst.Call) else node.decorator
    if isinstance(target, cst.Attribute):
        return target.attr.value
    return target.value if isinstance(target, cst.Name) else ""
