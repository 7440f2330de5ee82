"""What a text names where the flow does not say: by an attribute of that name beside it. Few, and each stated.

1. The call of a function of the application that the text is an argument of has an attribute of that name among
   its arguments: ``round_field("price", item.price)``.
2. It is an argument of such a call, and the condition that leads there reads an attribute of that name:
   ``if item.price < 0: problem("price")``.
3. A text that is raised names the field by a name that is no word (it has an underscore), in a function whose
   values have one model with such a field, and that has nothing else of that name:
   ``raise ValueError("unit_price is too low")``.
4. It is a key of a dictionary of which nothing is known, beside two other keys or more that no model of the group
   has: then it is something else.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from codemods._strings.facts import Facts
from codemods._strings.flow import Flow
from codemods._strings.graph import Class, Node
from codemods._strings.texts import Text

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Meant = list[tuple[Class, str]]
"""Classes that have a field of the name, and how it is known."""
Parents = dict[int, ast.AST]
"""What a node stands in, by its ``id``."""


def parents_in(tree: ast.AST) -> Parents:
    """Of all nodes of ``tree``."""
    return {id(child): one for one in ast.walk(tree) for child in ast.iter_child_nodes(one)}


class Conventions:
    """Asks around each text of a file."""

    def __init__(self, facts: Facts, walk: Flow, parents: Parents) -> None:
        self._facts = facts
        self._walk = walk
        self._parents = parents

    def near(self, text: Text, at: ast.Constant) -> Meant:
        """By the first two; nothing where they do not say."""
        return (self._beside(text, at) if text.whole else []) or self._guarded(text, at)

    def in_message(self, text: Text, at: ast.Constant) -> Meant:
        """By the third."""
        return self._message(text, at)

    def among_strangers(self, text: Text, at: ast.Constant, own: Collection[str]) -> str:
        """By the fourth, why it is something else; "" where that does not say. ``own``: the group's names and keys."""
        parent = self._parents.get(id(at))
        if not text.whole or not isinstance(parent, ast.Dict) or at not in parent.keys:
            return ""
        others = [
            one.value if isinstance(one, ast.Constant) else None for one in parent.keys if one is not at
        ]
        named = [one for one in others if isinstance(one, str)]
        if len(named) < max(2, len(others)) or any(one in own or one.startswith("$") for one in named):
            return ""
        return f"beside {named[0]!r} and {named[1]!r}, which are no fields of the model"

    def _around(self, at: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """What is around a node, from the inside out, each with the part that we come from."""
        child: ast.AST = at
        while id(child) in self._parents:
            parent = self._parents[id(child)]
            yield parent, child
            child = parent

    def _call(self, at: ast.AST) -> ast.Call | None:
        """The call that ``at`` is an argument of."""
        parent = self._parents.get(id(at))
        if isinstance(parent, ast.keyword):
            parent = self._parents.get(id(parent))
        return parent if isinstance(parent, ast.Call) else None

    def _is_ours(self, call: ast.Call) -> bool:
        """Whether a function or class of the application is called."""
        node = self._facts.nodes.get(id(call))
        if node is None or node.kind != "result":
            return False
        return any(one.kind in ("function", "class") for one in self._walk.callees(node.fact))

    def _beside(self, text: Text, at: ast.Constant) -> Meant:
        call = self._call(at)
        if call is None or not self._is_ours(call):
            return []
        given = [*call.args, *(one.value for one in call.keywords)]
        return self._read(text.name, given, "beside an attribute of that name")

    def _guarded(self, text: Text, at: ast.Constant) -> Meant:
        call = self._call(at)
        if not text.whole or call is None or not self._is_ours(call):
            return []
        for parent, child in self._around(at):
            if isinstance(parent, _FUNCTIONS):
                return []
            if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
                found = self._read(text.name, [parent.test], "under a condition on an attribute of that name")
                if found:
                    return found
        return []

    def _read(self, name: str, given: list[ast.expr], why: str) -> Meant:
        """The classes whose attribute ``name`` is read in ``given``; nothing where one of them is not known."""
        found: Meant = []
        for one in (inner for value in given for inner in ast.walk(value)):
            if isinstance(one, ast.Attribute) and one.attr == name:
                base = self._facts.nodes.get(id(one.value))
                classes = self._classes(base, name) if base is not None else []
                if not classes:
                    return []
                found += [(cls, why) for cls in classes]
        return found

    def _classes(self, node: Node, name: str) -> list[Class]:
        things = self._walk.things(node)
        return [
            one.of
            for one in things
            if one.kind in ("instance", "class") and self._walk.classes.has_attribute(one.of, name)
        ]

    def _message(self, text: Text, at: ast.Constant) -> Meant:
        if "_" not in text.name.strip("_") or not self._is_raised(text, at):
            return []
        function = next((one for one, _ in self._around(at) if isinstance(one, _FUNCTIONS[:2])), None)
        if function is None or self._has_own(function, text.name):
            return []
        owner = self._parents.get(id(function))
        found = {
            one: "in an error of a function that deals with it"
            for node in self._values(function, owner)
            for one in self._classes(node, text.name)
        }
        return list(found.items())

    def _is_raised(self, text: Text, at: ast.Constant) -> bool:
        """Whether the text is a sentence of an error, and the name no place to be filled in."""
        is_sentence = isinstance(at.value, str) and " " in at.value.strip() and not text.before.endswith("{")
        return is_sentence and any(isinstance(one, ast.Raise) for one, _ in self._around(at))

    def _has_own(self, function: ast.AST, name: str) -> bool:
        """Whether a variable or parameter of the name is there."""
        return any(
            (isinstance(one, ast.Name) and one.id == name) or (isinstance(one, ast.arg) and one.arg == name)
            for one in ast.walk(function)
        )

    def _values(self, function: ast.AST, owner: ast.AST | None) -> Iterator[Node]:
        """The values that attributes are read of, and the parameters."""
        for functions in self._facts.functions.values():
            for one in functions:
                if one.node is function:
                    yield from one.named.values()
                    yield one.result
        for inner in ast.walk(function):
            if isinstance(inner, ast.Attribute) and id(inner.value) in self._facts.nodes:
                yield self._facts.nodes[id(inner.value)]
        if isinstance(owner, ast.ClassDef):
            for classes in self._facts.classes.values():
                yield from (one.value for one in classes if one.node is owner)
