"""Calls as nodes and edges of the value flow: arguments, and what a request sends."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from codemods._strings.facts import Facts
from codemods._strings.graph import Call, Function, Node, Op, equal, load
from codemods._strings.known_calls import known_call
from codemods._strings.scopes import Scope

VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "request"])
_NO_BODY = ("params", "headers", "cookies", "query_params")


class Calls:
    """What builds the graph of one file, and its calls."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.scope: Scope = facts.module
        self.later: list[tuple[Scope, Callable[[], None]]] = []
        self._visit: dict[type, Callable[[Any], Node]] = {}

    @property
    def function(self) -> Function | None:
        """The function that we are in."""
        at: Scope | None = self.scope
        while at is not None and at.function is None:
            at = at.parent
        return at.function if at is not None else None

    def node(self, kind: str, at: ast.AST | None = None, fact: Any = None) -> Node:
        """A new node."""
        return Node(kind, self.facts.file, getattr(at, "lineno", 0), fact)

    def expr(self, node: ast.expr) -> Node:
        """The node of an expression, which is visited once."""
        if isinstance(node, ast.Constant) and id(node) in self.facts.nodes:
            return self.facts.nodes[id(node)]  # of `d["x"] += 1`, which reads and writes
        visit = self._visit.get(type(node))
        if visit is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expr(child)
            found = self.node("plain", node)
        else:
            found = visit(node)
        self.facts.nodes[id(node)] = found
        return found

    def _call(self, node: ast.Call) -> Node:
        function = self.expr(node.func)
        positional = [self.expr(one) for one in node.args if not isinstance(one, ast.Starred)]
        rest = [self.expr(one) for one in node.args if isinstance(one, ast.Starred)]
        named = {one.arg: self.expr(one.value) for one in node.keywords if one.arg is not None}
        spread = [self.expr(one.value) for one in node.keywords if one.arg is None]
        result = self.node("result", node)
        call = Call(node, self.facts.file, result, function, positional, named, rest, spread, self.scope)
        result.fact = call
        self._connect(call)
        self._request(call)
        self.facts.calls[call.name].append(call)
        known_call(call, self.facts.nodes)
        return result

    def _connect(self, call: Call) -> None:
        for place, one in enumerate(call.positional):
            self._argument(call, one, "?" if call.rest else str(place))
        for name, one in call.named.items():
            self._argument(call, one, f"={name}")
        for one in call.rest:
            self._argument(call, one, "*")
        for one in call.spread:
            self._argument(call, one, "**")
            equal(one, load(call.function, "I", self.node("plain", call.node)))

    def _argument(self, call: Call, value: Node, label: str) -> None:
        value.edges.append((Op.ARGUMENT, label, call.result))

    def _request(self, call: Call) -> None:
        """What a call of an API sends: a body, or what is no model."""
        if call.name not in VERBS or not isinstance(call.node.func, ast.Attribute):
            return
        call.is_request = bool(call.named.keys() & {*_NO_BODY, "json", "url", "content"}) or _is_path(
            call.node.args[:1]
        )
        if not call.is_request:
            return
        for name in _NO_BODY:
            if name in call.named:
                equal(call.named[name], self.node("query", call.node))
        if "json" in call.named:
            equal(call.named["json"], self.node("body", call.node, call))
        for name in ("content", "data"):
            if name in call.named:
                body = load(call.named[name], "JS", self.node("plain", call.node))
                equal(body, self.node("body", call.node, call))
        for one in call.positional[: 2 if call.name == "request" else 1]:
            equal(one, self.node("path", call.node))


def _is_path(given: Sequence[ast.expr]) -> bool:
    match given:
        case [ast.Constant(value=str(text))] | [ast.JoinedStr(values=[ast.Constant(value=str(text)), *_])]:
            return text.startswith("/") or "://" in text
    return False
