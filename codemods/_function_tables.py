"""Where a module's functions are registered: in a table or list of them, or by a decorator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from codemods._around import last_name, plain_text
from codemods._insertion import newline_of, with_element
from codemods._source import Source, statements
from codemods._splice import Splice

_FEWEST = 2


@dataclass(frozen=True)
class FunctionTable:
    """A display at the top of a module that holds functions of it alone; ``keys`` are its keys, or the functions."""

    node: cst.Dict | cst.List | cst.Tuple | cst.Set
    keys: tuple[str, ...]
    functions: tuple[str, ...]
    line: int


def function_table(source: Source, functions: Sequence[str]) -> FunctionTable | None:
    """The only table of functions that any of ``functions`` stands in; None where there is none, or more than one."""
    own = {one.name.value for one in source.module.body if isinstance(one, cst.FunctionDef)}
    found: list[FunctionTable] = []
    for one in statements(source.module):
        node = one.value if isinstance(one, (cst.Assign, cst.AnnAssign)) else None
        if not isinstance(node, (cst.Dict, cst.List, cst.Tuple, cst.Set)):
            continue
        names = [last_name(each.value) for each in node.elements if isinstance(each.value, cst.Name)]
        keys = [plain_text(each.key) if isinstance(each, cst.DictElement) else None for each in node.elements]
        whole = len(names) == len(node.elements) and set(names) <= own
        if whole and len(names) >= _FEWEST and set(names) & set(functions):
            said = names if not isinstance(node, cst.Dict) else [key or "" for key in keys]
            found.append(FunctionTable(node, tuple(said), tuple(names), source.line(node)))
    return found[0] if len(found) == 1 else None


def decorated_fields(source: Source, functions: Sequence[str]) -> tuple[str, ...]:
    """What the decorators of ``functions`` call them by: one text each; () where any of them has none."""
    own = [
        one for one in source.module.body if isinstance(one, cst.FunctionDef) and one.name.value in functions
    ]
    said = [
        [plain_text(call.args[0].value) for each in one.decorators if (call := _only_call(each.decorator))]
        for one in own
    ]
    names = [one[0] for one in said if len(one) == 1 and one[0] is not None]
    return tuple(names) if len(names) == len(own) else ()


def _only_call(node: cst.BaseExpression) -> cst.Call | None:
    return (
        node if isinstance(node, cst.Call) and len(node.args) == 1 and node.args[0].keyword is None else None
    )


def with_function(source: Source, table: FunctionTable, name: str, field: str) -> Iterator[Splice]:
    """The entry of function ``name`` for ``field``; nothing where its key is not known."""
    entry = name
    if isinstance(table.node, cst.Dict):
        pairs = zip(table.keys, table.functions, strict=True)
        patterns = {function.replace(key, "{}", 1) if key else "" for key, function in pairs}
        if len(patterns) != 1 or next(iter(patterns)).replace("{}", field) != name:
            return
        first = table.node.elements[0]
        assert isinstance(first, cst.DictElement)
        sign = source.code(first.key)[0]
        entry = f"{sign}{field}{sign}: {name}"
    spans = [(source.start(one), source.end(one.value)) for one in table.node.elements]
    yield from with_element(source.text, spans, len(spans) - 1, entry, newline_of(source.text))


def decoration(
    source: Source, functions: Sequence[tuple[str, str | None]], name: str, field: str
) -> tuple[list[str] | None, int]:
    """The decorator lines that the neighbours have, for ``name``; None (and a line) where they are not understood."""
    fields = dict(functions)
    own = [one for one in source.module.body if isinstance(one, cst.FunctionDef) and one.name.value in fields]
    if not any(one.decorators for one in own):
        return [], 1
    found: set[tuple[str, ...]] = set()
    for one in own:
        lines: list[str] = []
        for decorator in one.decorators:
            text = _for(source, decorator.decorator, one.name.value, fields[one.name.value], name, field)
            if text is None:
                return None, source.line(decorator)
            lines.append(f"@{text}")
        found.add(tuple(lines))
    return (list(next(iter(found))), 1) if len(found) == 1 else (None, source.line(own[-1]))


def _for(
    source: Source, node: cst.BaseExpression, own: str, own_field: str | None, name: str, field: str
) -> str | None:
    if not isinstance(node, cst.Call):
        return source.code(node)
    if not node.args:
        return source.code(node)
    said = plain_text(node.args[0].value) if len(node.args) == 1 and node.args[0].keyword is None else None
    if said is None or said not in (own, own_field):
        return None
    sign = source.code(node.args[0].value)[0]
    return f"{source.code(node.func)}({sign}{field if said == own_field else name}{sign})"
