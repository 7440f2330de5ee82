"""Attributes of what a class makes in a classmethod that says no type: there the type checker gives up.

Only where every return of the method is ``cls(...)``, ``cls.model_validate(...)`` and the like, or another such method
of ``cls``: then what it gives is of the class that it is called on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bravo_agent.model.code import Token, TokenVerdict
from codemods._finding.lines import line_starts
from codemods._strings.facts import Facts
from codemods._strings.flow import Flow
from codemods._strings.found import place
from codemods._strings.graph import Call, Class, Function, Node, Op
from codemods._strings.judge import Judged

_MAKES = frozenset([
    "model_validate", "model_validate_json", "model_validate_strings", "model_construct", "parse_obj", "parse_raw",
    "from_orm", "construct",
])  # fmt: skip
_DEEPEST = 8


class ClassMade:
    """Judges the attributes of one name after the other."""

    def __init__(self, walk: Flow) -> None:
        self._walk = walk
        self._classes = walk.classes
        self._makes: dict[tuple[Class, str], bool] = {}

    def verdicts(self, name: str) -> Mapping[Token, Judged]:
        """For every attribute called ``name`` of such a value."""
        found: dict[Token, Judged] = {}
        for file in self._walk.program.holding(name):
            facts = self._walk.program.facts(file) if f".{name}" in self._walk.program.files[file] else None
            for one in ast.walk(facts.tree) if facts is not None else ():
                if isinstance(one, ast.Attribute) and one.attr == name and facts is not None:
                    found |= dict(self._judged(facts, one))
        return found

    def _judged(self, facts: Facts, one: ast.Attribute) -> Iterator[tuple[Token, Judged]]:
        base = facts.nodes.get(id(one.value))
        made = self._made(base, 0) if base is not None else None
        if made is None or one.attr not in self._classes.members(made[0]):
            return
        verdict: TokenVerdict = "target" if self._walk.group.has(made[0], one.attr) else "other"
        yield _token(facts, one), Judged(verdict, "flow", f"{made[0].name}.{one.attr}: made at {made[1]}")

    def _made(self, node: Node, depth: int) -> tuple[Class, str] | None:
        """The class that made the value, and where; None where that is not certain."""
        if node.annotation is not None or depth > _DEEPEST:
            return None
        if node.kind == "result":
            one = self._called_on(node.fact)
            return (one, place(node)) if one is not None and self._gives_own(one, node.fact.name) else None
        before = [(op, other) for op, _, other in node.edges if op in (Op.FROM, Op.LOADED, Op.COPIED)]
        if not before or any(op is not Op.FROM for op, _ in before):
            return None
        every = [self._made(other, depth + 1) for _, other in before]
        known = [one for one in every if one is not None]
        return known[0] if len(known) == len(every) and len({one for one, _ in known}) == 1 else None

    def _called_on(self, call: Call) -> Class | None:
        """The class whose method is called."""
        if not isinstance(call.node.func, ast.Attribute):
            return None
        base = _base(call)
        things = self._walk.shortcuts.things(base) if base is not None else None
        if things:
            return (
                things[0].of
                if things[0].kind == "class" and self._is_exact(things[0].of, base, call)
                else None
            )
        if not isinstance(call.node.func.value, ast.Attribute):
            return None
        shapes = self._walk.annotations.of(call.node.func.value, call.scope)
        return shapes[0].of if len(shapes) == 1 and shapes[0].kind == "class" else None

    def _is_exact(self, one: Class, base: Node | None, call: Call) -> bool:
        """``cls`` may be an heir with another method of the name."""
        is_heir = base is not None and base.kind == "cls"
        return not is_heir or not self._walk.overriding(one, call.name)

    def _gives_own(self, one: Class, name: str) -> bool:
        """Whether the method gives an instance of the class that it is called on."""
        key = one, name
        if key not in self._makes:
            self._makes[key] = False  # one that calls itself alone gives nothing
            function = self._classes.function(one, name)
            self._makes[key] = (
                function is not None
                and self._classes.function(one, "__new__") is None
                and self._all_own(one, function)
            )
        return self._makes[key]

    def _all_own(self, one: Class, function: Function) -> bool:
        node = function.node
        if (
            isinstance(node, ast.Lambda)
            or node.returns is not None
            or function.decorators != ("classmethod",)
        ):
            return False
        edges = function.result.edges
        given = [other for op, _, other in edges if op is Op.FROM]
        yields = any(op in (Op.STORED, Op.COPIED) for op, _, _ in edges)
        return bool(given) and not yields and all(self._is_own(one, function, value) for value in given)

    def _is_own(self, one: Class, function: Function, value: Node) -> bool:
        made = _only(value)
        if made is None or made.kind != "result":
            return False
        call: Call = made.fact
        if isinstance(call.node.func, ast.Name):
            return _only(call.function) is function.positional[0]
        base = _base(call)
        if base is None or _only(base) is not function.positional[0]:
            return False
        written = self._classes.function(one, call.name)
        return call.name in _MAKES if written is None else self._gives_own(one, call.name)


def _base(call: Call) -> Node | None:
    """What the called method is read of."""
    return next((other for op, _, other in call.function.edges if op is Op.LOADED), None)


def _only(node: Node) -> Node | None:
    """Back along the only way there is, up to a call or where a value comes in."""
    for _ in range(_DEEPEST):
        before = [(op, other) for op, _, other in node.edges if op in (Op.FROM, Op.LOADED, Op.COPIED)]
        if node.kind in ("result", "cls") or not before:
            return node
        if len(before) != 1 or before[0][0] is not Op.FROM:
            return None
        node = before[0][1]
    return None


def _token(facts: Facts, one: ast.Attribute) -> Token:
    """Of the name behind the dot; ast counts bytes."""
    line = one.end_lineno or one.lineno
    starts = line_starts(facts.source)
    text = facts.source[starts[line - 1] : starts[line] if line < len(starts) else None]
    end = len(text.encode()[: one.end_col_offset].decode())
    return Token(facts.file, line, end - len(one.attr), end)
