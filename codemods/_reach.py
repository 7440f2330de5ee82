"""Which expressions of one file hold a value: through locals, loops, comprehensions and containers.

Where a name holds other values too, what it is read for is in doubt. So is what an attribute holds that is given the
value, and what a function gives that returns it: others may do so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import libcst as cst

from codemods._around import last_name, plain_text
from codemods._holding import (
    DERIVED,
    EITHER,
    ENTRY,
    ITEM,
    MUTATES,
    PUTS,
    At,
    Handed,
    Held,
    Holding,
    Reach,
    Seed,
    is_plain,
    key_of,
)
from codemods._variables import InFile, Key

_SAME = frozenset({"Decimal", "float", "abs"})
_SAME_METHODS = frozenset({"quantize", "normalize", "copy_abs", "copy_negate", "round"})
_SAME_ITEMS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque"})
_SUMS = frozenset({"sum", "fsum", "mean", "fmean", "median"})
_NO_NUMBER = frozenset({
    "len", "bool", "isinstance", "range", "print", "str", "repr", "format", "hash", "type", "hasattr", "id", "int",
    "ValueError", "TypeError", "approx", "debug", "info", "warning", "error",
})  # fmt: skip


def reach(file: InFile, seeds: Iterable[Seed], given: Iterable[cst.CSTNode] = ()) -> Reach:
    """What the values get to; ``given``: parameters that hold it by themselves."""
    known, doubtful = tuple(seeds), set[Key]()
    while True:
        walk = _Walk(file, known, doubtful, set(given))
        walk.run()
        more = walk.doubtful() - doubtful
        if more:
            doubtful |= more
            continue
        proved = {one.node for one in walk.found.held if not one.doubt}
        if not any(seed.doubt and seed.node in proved for seed in known):
            return walk.found
        # What nobody could tell by its name alone is known by what it was given.
        known = tuple(Seed(one.node) if one.node in proved else one for one in known)


class _Walk(Holding):
    """One way through the file."""

    def run(self) -> None:
        """From every seed outwards, until nothing new is reached."""
        for number, seed in enumerate(self._seeds):
            self._waiting.append(At(seed.node, (), seed.doubt, number))
        while self._waiting:
            at: At | None = self._waiting.pop()
            while at is not None:
                if not at.path:
                    self.found.held.append(Held(at.node, at.doubt, at.origin))
                at = self._step(at)
                if at is not None and (at.node in self._own or not self._new(at)):
                    at = None

    # -- one step outwards --------------------------------------------------------------------------

    def _step(self, at: At) -> At | None:
        above = self._file.parent(at.node)
        for kinds, step in self._steps:
            if isinstance(above, kinds):
                return step(self, at, above)
        return None

    def _argument(self, at: At, arg: cst.Arg) -> At | None:
        call = self._file.parent(arg)
        if not isinstance(call, cst.Call) or arg.star:
            return None
        name, position = last_name(call.func), call.args.index(arg)
        if arg.keyword is not None:
            if name == "dict":
                return At(call, (f"k:{arg.keyword.value}", *at.path), at.doubt, at.origin)
            if not at.path and not at.doubt:
                self.found.handed.append(Handed(call, -1, arg.keyword.value, at.origin))
            return None
        if isinstance(call.func, cst.Attribute) and name in MUTATES:
            self._put_into(at, call, call.func, position)
            return None
        return (
            self._items_given(at, call, name, position) if at.path else self._given(at, call, name, position)
        )

    def _put_into(self, at: At, call: cst.Call, func: cst.Attribute, position: int) -> None:
        path = (ITEM, *at.path) if PUTS.get(func.attr.value) == position else at.path
        if isinstance(func.value, cst.Name) and path and func.attr.value != "setdefault":
            self._name(func.value, call, path, at.doubt, at.origin)

    def _given(self, at: At, call: cst.Call, name: str, position: int) -> At | None:
        """The value itself as an argument."""
        if position == 0 and (name == "round" or (name in _SAME and len(call.args) == 1)):
            return At(call, (), at.doubt, at.origin)
        if name == "str" and self._read_again(call):
            return At(call, (), at.doubt, at.origin)
        if name in _NO_NUMBER:
            return None
        if name in ("max", "min"):
            others = [one.value for one in call.args if one.value is not at.node]
            return self._beside(at, call, others, DERIVED)
        if not at.doubt:
            self.found.handed.append(Handed(call, position, "", at.origin))
        return self._derived(at, call)

    def _read_again(self, call: cst.Call) -> bool:
        """``Decimal(str(x))`` is the value once more."""
        arg = self._file.parent(call)
        outer = self._file.parent(arg) if isinstance(arg, cst.Arg) else None
        return isinstance(outer, cst.Call) and last_name(outer.func) in _SAME and len(outer.args) == 1

    def _items_given(self, at: At, call: cst.Call, name: str, position: int) -> At | None:
        """A container as an argument."""
        first, rest = at.path[0], at.path[1:]
        if name == "dict" and first != ITEM and position == 0:
            return At(call, at.path, at.doubt, at.origin)
        if first != ITEM:
            return None
        if name == "zip":
            return At(call, (ITEM, position, *rest), at.doubt, at.origin)
        if position:
            return None
        if name in _SAME_ITEMS:
            return At(call, at.path, at.doubt, at.origin)
        if name in ("next", "max", "min"):
            return At(call, rest, at.doubt, at.origin)
        if name == "enumerate":
            return At(call, (ITEM, 1, *rest), at.doubt, at.origin)
        return self._derived(at, call) if name in _SUMS and not rest else None

    def _attribute(self, at: At, above: cst.Attribute) -> At | None:
        call, name = self._file.parent(above), above.attr.value
        if not isinstance(call, cst.Call) or call.func is not above:
            return None
        if not at.path:
            return At(call, (), at.doubt, at.origin) if name in _SAME_METHODS else None
        first, rest = at.path[0], at.path[1:]
        if name == "copy":
            return At(call, at.path, at.doubt, at.origin)
        if name == "pop" and first == ITEM:
            return At(call, rest, at.doubt, at.origin)
        keyed = isinstance(first, str) and first.startswith("k:")
        if not keyed and first != ENTRY:
            return None
        unsure = at.doubt or (EITHER if keyed else "")
        if name == "values":
            return At(call, (ITEM, *rest), unsure, at.origin)
        if name == "items":
            return At(call, (ITEM, 1, *rest), unsure, at.origin)
        if name in ("get", "pop") and call.args:
            text = plain_text(call.args[0].value)
            if keyed and first != f"k:{text}":
                return None
            defaults = [one.value for one in call.args[1:]]
            return self._beside(At(call, rest, at.doubt, at.origin), call, defaults, EITHER)
        return None

    def _subscript(self, at: At, above: cst.Subscript) -> At | None:
        if above.value is not at.node or not at.path or len(above.slice) != 1:
            return None
        if isinstance(above.slice[0].slice, cst.Slice):
            return At(above, at.path, at.doubt, at.origin) if at.path[0] == ITEM else None
        first, rest, key = at.path[0], at.path[1:], key_of(above)
        if first in (ITEM, ENTRY) or key == first:
            return At(above, rest, at.doubt, at.origin)
        return At(above, rest, at.doubt or EITHER, at.origin) if key is None else None

    def _operation(self, at: At, above: cst.CSTNode) -> At | None:
        if isinstance(above, cst.UnaryOperation):
            return None if isinstance(above.operator, cst.Not) else At(above, at.path, at.doubt, at.origin)
        if isinstance(above, cst.BooleanOperation):
            return self._beside(at, above, [above.left, above.right], DERIVED)
        if isinstance(above, cst.IfExp):
            return (
                None if above.test is at.node else self._beside(at, above, [above.body, above.orelse], EITHER)
            )
        if isinstance(above, cst.BinaryOperation) and not at.path and plain_text(above.left) is None:
            return self._derived(at, above)
        return None

    def _derived(self, at: At, above: cst.CSTNode) -> At | None:
        """What is made of the value; not of one that nobody knows."""
        known = at.doubt in ("", DERIVED, EITHER)
        return At(above, (), at.doubt or DERIVED, at.origin) if known else None

    def _beside(self, at: At, above: cst.CSTNode, values: list[cst.BaseExpression], why: str) -> At:
        """``above`` is the value or one of ``values``."""
        fine = all(one is at.node or is_plain(one) or one in self._own for one in values)
        return At(above, at.path, at.doubt or ("" if fine else why), at.origin)

    def _element(self, at: At, above: cst.Element | cst.StarredElement) -> At | None:
        whole = self._file.parent(above)
        if not isinstance(whole, (cst.List, cst.Tuple, cst.Set)):
            return None
        if isinstance(above, cst.StarredElement):
            return At(whole, at.path, at.doubt or EITHER, at.origin) if at.path[:1] == (ITEM,) else None
        if isinstance(whole, cst.Tuple):
            return At(whole, (whole.elements.index(above), *at.path), at.doubt, at.origin)
        others = [one.value for one in whole.elements]
        return self._beside(At(at.node, (ITEM, *at.path), at.doubt, at.origin), whole, others, EITHER)

    def _entry(self, at: At, above: cst.DictElement) -> At | None:
        whole = self._file.parent(above)
        if above.value is not at.node or whole is None:
            return None
        text = plain_text(above.key)
        return At(whole, (ENTRY if text is None else f"k:{text}", *at.path), at.doubt, at.origin)

    def _comprehension(self, at: At, above: cst.BaseComp) -> At | None:
        if isinstance(above, cst.DictComp):
            return At(above, (ENTRY, *at.path), at.doubt, at.origin) if above.value is at.node else None
        whole = isinstance(above, (cst.ListComp, cst.SetComp, cst.GeneratorExp)) and above.elt is at.node
        return At(above, (ITEM, *at.path), at.doubt, at.origin) if whole else None

    def _loop(self, at: At, above: cst.For | cst.CompFor) -> None:
        if above.iter is at.node and at.path[:1] == (ITEM,):
            self._bind(above.target, at, at.path[1:], at.doubt)

    def _assigned(self, at: At, above: cst.CSTNode) -> At | None:
        if isinstance(above, cst.Assign):
            for one in above.targets:
                self._bind(one.target, at, at.path, at.doubt)
        elif isinstance(above, cst.AnnAssign) and above.value is at.node:
            self._bind(above.target, at, at.path, at.doubt)
        elif isinstance(above, cst.AugAssign) and above.value is at.node:
            made = self._derived(at, above)
            if made is not None and not at.path:
                self._bind(above.target, at, (), made.doubt)
        elif isinstance(above, cst.NamedExpr) and above.value is at.node:
            self._bind(above.target, at, at.path, at.doubt)
            return At(above, at.path, at.doubt, at.origin)
        return None

    def _returned(self, at: At, above: cst.Return) -> None:
        function = next((one for one in self._file.outside(above) if isinstance(one, cst.FunctionDef)), None)
        for call in self._file.calls(function.name.value) if function is not None else ():
            self._put(At(call, at.path, at.doubt or EITHER, at.origin))

    def _same(self, at: At, above: cst.CSTNode) -> At:
        return At(above, at.path, at.doubt, at.origin)

    _steps: tuple[tuple[type | tuple[type, ...], Callable[..., At | None]], ...] = (
        (cst.Arg, _argument),
        (cst.Attribute, _attribute),
        (cst.Subscript, _subscript),
        ((cst.UnaryOperation, cst.BinaryOperation, cst.BooleanOperation, cst.IfExp), _operation),
        ((cst.Element, cst.StarredElement), _element),
        (cst.DictElement, _entry),
        ((cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp), _comprehension),
        ((cst.For, cst.CompFor), _loop),
        ((cst.Assign, cst.AnnAssign, cst.AugAssign, cst.NamedExpr), _assigned),
        (cst.Return, _returned),
        (cst.Await, _same),
    )
