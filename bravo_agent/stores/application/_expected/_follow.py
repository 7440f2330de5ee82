# ruff: noqa: B905, UP006, UP035
"""From the two sides of a comparison to the literals that would make it true, one leaf at a time."""

from __future__ import annotations

import ast
import inspect
from typing import Any, List, Sequence, Tuple

from ._data import Documents
from ._names import Scope, written
from ._sources import Leaf, Unclear, read_elsewhere
from ._values import UNKNOWN, attributes, from_text, rewritten, same, shortened, value_of

_DEPTH = 30
_MORE_DIGITS = 15


class Follower:
    """Finds leaves; ``documents`` are the data files that the tests have opened, ``root`` is the project."""

    def __init__(self, documents: Documents, root: str) -> None:
        self._documents = documents
        self._root = root
        self._depth = 0

    def either(self, sides: Sequence[Tuple[ast.expr, Any]], scope: Scope) -> List[Leaf]:
        """The leaves of the one side that is written; raises ``Unclear`` where it is none or both."""
        (left, left_value), (right, right_value) = sides
        found, whys = [], []
        for node, expected, actual in ((right, right_value, left_value), (left, left_value, right_value)):
            try:
                found.append(self.leaves(node, scope, expected, actual))
            except Unclear as unclear:
                whys.append(str(unclear))
        leaves = [one for one in found if one]
        if len(leaves) == 1:
            return leaves[0]
        raise Unclear("both sides are written values" if leaves else (whys or ["nothing differs"])[0])

    def leaves(self, node: ast.expr, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        """What has to be written in ``node``, which is ``expected``, for it to be ``actual``."""
        if same(expected, actual):
            return []
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                raise Unclear("the value comes from too far away")
            return self._by_form(node, scope, expected, actual)
        finally:
            self._depth -= 1

    def _by_form(self, node: ast.expr, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        if value_of(node) is not UNKNOWN and not isinstance(node, (ast.Dict, ast.List, ast.Tuple)):
            return [self._literal(node, scope, expected, actual)]
        if isinstance(node, ast.Dict):
            return self._dict(node, scope, expected, actual)
        if isinstance(node, (ast.List, ast.Tuple)):
            return self._list(node, scope, expected, actual)
        if isinstance(node, ast.Name):
            return self._name(node, scope, expected, actual)
        if isinstance(node, ast.Call):
            return self._call(node, scope, expected, actual)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope, expected, actual)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._merged(node, scope, expected, actual)
        raise Unclear("the expected value is not written as a literal")

    # -- literals -----------------------------------------------------------------------------------

    def _literal(self, node: ast.expr, scope: Scope, expected: Any, actual: Any) -> Leaf:
        if not same(value_of(node), expected):
            raise Unclear("the written value is not what was compared")
        if type(expected) is not type(actual):
            raise Unclear(f"it gives a {type(actual).__name__} now")
        before = scope.source.written(node)
        return scope.source.leaf(node, rewritten(before, actual))

    def _dict(self, node: ast.Dict, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        if not isinstance(expected, dict) or not isinstance(actual, dict) or set(expected) != set(actual):
            raise Unclear("it has other keys now")
        given = {value_of(key): value for key, value in zip(node.keys, node.values) if key is not None}
        spread = [value for key, value in zip(node.keys, node.values) if key is None]
        found: List[Leaf] = []
        for key in expected:
            if same(expected[key], actual[key]):
                continue
            if key in given:
                found += self.leaves(given[key], scope, expected[key], actual[key])
            else:
                found += self._in_spread(spread, scope, key, expected[key], actual[key])
        return found

    def _in_spread(
        self, spread: Sequence[ast.expr], scope: Scope, key: Any, expected: Any, actual: Any
    ) -> List[Leaf]:
        if len(spread) != 1:
            raise Unclear("it is not clear where the key is written")
        return self._item(spread[0], scope, key, expected, actual)

    def _list(self, node: Any, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        if type(expected) is not type(actual) or not isinstance(expected, (list, tuple)):
            raise Unclear(f"it gives a {type(actual).__name__} now")
        if not len(expected) == len(actual) == len(node.elts):
            raise Unclear("it has another number of items now")
        parts = zip(node.elts, expected, actual)
        return [leaf for one, was, now in parts for leaf in self.leaves(one, scope, was, now)]

    def _call(self, node: ast.Call, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "approx" and node.args and hasattr(expected, "expected"):
            return self._approximate(node.args[0], scope, expected, actual)
        if name == type(expected).__name__:
            if type(actual) is not type(expected):
                raise Unclear(f"it gives a {type(actual).__name__} now")
            if len(node.args) == 1 and not node.keywords and isinstance(self._text(node, scope), str):
                was = self._text(node, scope)
                return self.leaves(node.args[0], scope, was, from_text(expected, actual))
            return self._made(node, scope, expected, actual)
        if isinstance(expected, (dict, list)) and expected:
            return self._documents.leaves(expected, actual)
        raise Unclear("the expected value is the result of a call")

    def _text(self, node: ast.Call, scope: Scope) -> Any:
        """The text that a class is called with."""
        given = node.args[0]
        known = value_of(given)
        return scope.value(given.id) if known is UNKNOWN and isinstance(given, ast.Name) else known

    def _approximate(self, node: ast.expr, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        """With as many digits as were written, or as many more as the tolerance asks for."""
        was = expected.expected
        if type(actual) is not type(was):
            raise Unclear(f"it gives a {type(actual).__name__} now")
        for more in range(_MORE_DIGITS):
            now = shortened(was, actual, more)
            if type(expected)(now, rel=expected.rel, abs=expected.abs, nan_ok=expected.nan_ok) == actual:
                return self.leaves(node, scope, was, now)
        raise Unclear("no short number comes near it")

    def _made(self, node: ast.Call, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        """Arguments of a class, held against attributes of the same names."""
        given = {one.arg: one.value for one in node.keywords if one.arg is not None}
        if len(given) != len(node.keywords):
            raise Unclear("not all arguments are written")
        if node.args:
            try:
                names = list(inspect.signature(type(expected)).parameters)
            except (TypeError, ValueError):
                raise Unclear("the arguments have no names") from None
            given.update(zip(names, node.args))
        was, now = attributes(expected, given), attributes(actual, given)
        found = [
            leaf for name, one in given.items() for leaf in self.leaves(one, scope, was[name], now[name])
        ]
        if not found:
            raise Unclear("what differs is not written in the call")
        return found

    # -- names --------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        known = scope.value(node.id)
        if known is not UNKNOWN and not same(known, expected):
            raise Unclear(f"{node.id} was changed on the way")
        if read_elsewhere(scope.function or scope.source.tree, node.id):
            raise Unclear(f"{node.id} is not only what is expected")
        value, inner = written(node.id, scope, self._root)
        return self.leaves(value, inner, expected, actual)

    # -- parts of something -------------------------------------------------------------------------

    def _subscript(self, node: ast.Subscript, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        key = value_of(node.slice)
        try:
            if key is UNKNOWN:
                raise Unclear("the key is not written")
            return self._item(node.value, scope, key, expected, actual)
        except Unclear:
            if not isinstance(expected, (dict, list)) or not expected:
                raise
        return self._documents.leaves(expected, actual)

    def _item(self, node: ast.expr, scope: Scope, key: Any, expected: Any, actual: Any) -> List[Leaf]:
        """``node[key]`` has to be ``actual``: the whole with that part changed."""
        whole = scope.value(node.id) if isinstance(node, ast.Name) else value_of(node)
        if isinstance(whole, dict) and key in whole:
            return self.leaves(node, scope, whole, {**whole, key: actual})
        if isinstance(whole, (list, tuple)) and isinstance(key, int) and -len(whole) <= key < len(whole):
            key %= len(whole)
            changed = [actual if number == key else one for number, one in enumerate(whole)]
            return self.leaves(node, scope, whole, type(whole)(changed))
        raise Unclear("the expected value is a part of something that is not written")

    def _merged(self, node: ast.BinOp, scope: Scope, expected: Any, actual: Any) -> List[Leaf]:
        """``{...} | {...}``: the right one has the last word."""
        if not isinstance(expected, dict) or not isinstance(actual, dict) or set(expected) != set(actual):
            raise Unclear("it has other keys now")
        right = scope.value(node.right.id) if isinstance(node.right, ast.Name) else UNKNOWN
        if isinstance(node.right, ast.Dict):
            keys = [value_of(key) for key in node.right.keys if key is not None]
            right = {key: expected[key] for key in keys if key in expected}
        if not isinstance(right, dict):
            raise Unclear("what is merged is not written")
        own = {key: actual[key] for key in right}
        found = self.leaves(node.right, scope, right, own) if not same(right, own) else []
        rest = [key for key in expected if key not in right and not same(expected[key], actual[key])]
        for key in rest:
            found += self._item(node.left, scope, key, expected[key], actual[key])
        return found
