"""Which expressions of one file hold a value: through locals, loops, comprehensions and containers.

Where a name holds other values too, what it is read for is in doubt. So is what an attribute holds that is given the
value, and what a function gives that returns it: others may do so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import libcst as cst

from codemods._around import last_name, plain_text
from codemods._variables import InFile, Key

DERIVED = "what is rounded here is worked out from it and from other values"
EITHER = "what is rounded here may be another value"
_ITEM, _ENTRY = "*", "v*"
_Path = tuple[str | int, ...]
"""Where in a container: ``_ITEM`` of a list, ``_ENTRY`` of a dictionary, a number in a tuple, ``k:`` and a key."""

_SAME = frozenset({"Decimal", "float", "abs"})
_SAME_METHODS = frozenset({"quantize", "normalize", "copy_abs", "copy_negate", "round"})
_SAME_ITEMS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque"})
_SUMS = frozenset({"sum", "fsum", "mean", "fmean", "median"})
_NO_NUMBER = frozenset({
    "len", "bool", "isinstance", "range", "print", "str", "repr", "format", "hash", "type", "hasattr", "id", "int",
    "ValueError", "TypeError", "approx", "debug", "info", "warning", "error",
})  # fmt: skip
_PUTS = {"append": 0, "add": 0, "appendleft": 0, "insert": 1}
_MUTATES = frozenset({*_PUTS, "extend", "update", "setdefault"})


@dataclass(frozen=True)
class Seed:
    """An expression that is the value; ``doubt`` where it may be another."""

    node: cst.CSTNode
    doubt: str = ""


@dataclass(frozen=True)
class Held:
    """An expression that is the value of seed ``origin``, or, where ``doubt`` says so, may be or is made of it."""

    node: cst.CSTNode
    doubt: str
    origin: int


@dataclass(frozen=True)
class Handed:
    """The value is given to a call, as its argument number ``position`` or as ``keyword``."""

    call: cst.Call
    position: int
    keyword: str
    origin: int


@dataclass
class Reach:
    """All that the values of the seeds get to."""

    held: list[Held] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)


@dataclass(frozen=True)
class _At:
    node: cst.CSTNode
    path: _Path
    doubt: str
    origin: int


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


class _Walk:
    """One way through the file, with some variables in doubt from the start."""

    def __init__(
        self, file: InFile, seeds: tuple[Seed, ...], doubtful: set[Key], given: set[cst.CSTNode]
    ) -> None:
        self.found = Reach()
        self._file, self._seeds, self._doubtful = file, seeds, doubtful
        self._own = {seed.node for seed in seeds if not seed.doubt}
        self._sure: set[cst.CSTNode] = set(given)
        self._bound: dict[Key, set[_Path]] = {}
        self._mixed: set[Key] = set()
        self._waiting: list[_At] = []
        self._seen: set[tuple[cst.CSTNode, _Path, str, int]] = set()

    def run(self) -> None:
        """From every seed outwards, until nothing new is reached."""
        for number, seed in enumerate(self._seeds):
            self._waiting.append(_At(seed.node, (), seed.doubt, number))
        while self._waiting:
            at: _At | None = self._waiting.pop()
            while at is not None:
                if not at.path:
                    self.found.held.append(Held(at.node, at.doubt, at.origin))
                at = self._step(at)
                if at is not None and (at.node in self._own or not self._new(at)):
                    at = None

    def doubtful(self) -> set[Key]:
        """Variables that something else is given to as well, or that are given it in doubt."""
        found = set(self._mixed)
        for key, paths in self._bound.items():
            for one in self._file.given(key):
                if one.node not in self._sure and not self._is_harmless(one.node):
                    found.add(key)
            if any(paths) and any(not self._is_read_only(read, paths) for read in self._file.read(key)):
                found.add(key)
        return found

    def _put(self, at: _At) -> None:
        if at.node not in self._own and self._new(at):
            self._waiting.append(at)

    def _new(self, at: _At) -> bool:
        said = (at.node, at.path, at.doubt, at.origin)
        if said in self._seen or len(at.path) > 4:
            return False
        self._seen.add(said)
        return True

    # -- variables ----------------------------------------------------------------------------------

    def _bind(self, target: cst.CSTNode, at: _At, path: _Path, doubt: str) -> None:
        if isinstance(target, cst.Name):
            self._name(target, target, path, doubt, at.origin)
        elif isinstance(target, (cst.Tuple, cst.List)) and path:
            for number, element in enumerate(target.elements):
                if path[0] in (_ITEM, number) and isinstance(element, cst.Element):
                    self._bind(element.value, at, path[1:], doubt)
        elif isinstance(target, cst.Attribute):
            for one in self._file.attributes(target.attr.value):
                self._put(_At(one, path, doubt or EITHER, at.origin))
        elif isinstance(target, cst.Subscript) and isinstance(target.value, cst.Name):
            self._name(target.value, target, (_key_of(target) or _ENTRY, *path), doubt, at.origin)

    def _name(self, name: cst.Name, site: cst.CSTNode, path: _Path, doubt: str, origin: int) -> None:
        """The variable ``name`` is given the value, or, in a container, more of it, at ``site``."""
        key = self._file.key(name)
        if key is None:
            return
        if doubt:
            self._mixed.add(key)
        else:
            self._sure.add(site)
        self._bound.setdefault(key, set()).add(path)
        unsure = doubt or (EITHER if key in self._doubtful else "")
        for read in self._file.read(key):
            self._put(_At(read, path, unsure, origin))

    def _is_harmless(self, node: cst.CSTNode) -> bool:
        """Whether a variable is given a plain value here, an empty container, or nothing yet."""
        above = self._file.parent(node)
        statement = self._file.parent(above) if isinstance(above, cst.AssignTarget) else above
        if isinstance(statement, cst.AnnAssign) and statement.target is node:
            return statement.value is None or _is_plain(statement.value)
        return isinstance(statement, cst.Assign) and _is_plain(statement.value)

    def _is_read_only(self, read: cst.CSTNode, paths: set[_Path]) -> bool:
        """Whether nothing that is unknown is put into the container here."""
        above = self._file.parent(read)
        if isinstance(above, cst.Attribute) and above.value is read and above.attr.value in _MUTATES:
            return self._file.parent(above) in self._sure
        if isinstance(above, cst.Subscript) and above.value is read:
            outer = self._file.parent(above)
            stored = isinstance(outer, cst.AssignTarget) or (
                isinstance(outer, (cst.AugAssign, cst.AnnAssign)) and outer.target is above
            )
            key = _key_of(above)
            other = key is not None and all(path and path[0] not in (key, _ENTRY, _ITEM) for path in paths)
            return not stored or above in self._sure or other
        return True

    # -- one step outwards --------------------------------------------------------------------------

    def _step(self, at: _At) -> _At | None:
        above = self._file.parent(at.node)
        for kinds, step in self._steps:
            if isinstance(above, kinds):
                return step(self, at, above)
        return None

    def _argument(self, at: _At, arg: cst.Arg) -> _At | None:
        call = self._file.parent(arg)
        if not isinstance(call, cst.Call) or arg.star:
            return None
        name, position = last_name(call.func), call.args.index(arg)
        if arg.keyword is not None:
            if name == "dict":
                return _At(call, (f"k:{arg.keyword.value}", *at.path), at.doubt, at.origin)
            if not at.path and not at.doubt:
                self.found.handed.append(Handed(call, -1, arg.keyword.value, at.origin))
            return None
        if isinstance(call.func, cst.Attribute) and name in _MUTATES:
            self._put_into(at, call, call.func, position)
            return None
        return (
            self._items_given(at, call, name, position) if at.path else self._given(at, call, name, position)
        )

    def _put_into(self, at: _At, call: cst.Call, func: cst.Attribute, position: int) -> None:
        path = (_ITEM, *at.path) if _PUTS.get(func.attr.value) == position else at.path
        if isinstance(func.value, cst.Name) and path and func.attr.value != "setdefault":
            self._name(func.value, call, path, at.doubt, at.origin)

    def _given(self, at: _At, call: cst.Call, name: str, position: int) -> _At | None:
        """The value itself as an argument."""
        if position == 0 and (name == "round" or (name in _SAME and len(call.args) == 1)):
            return _At(call, (), at.doubt, at.origin)
        if name == "str" and self._read_again(call):
            return _At(call, (), at.doubt, at.origin)
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

    def _items_given(self, at: _At, call: cst.Call, name: str, position: int) -> _At | None:
        """A container as an argument."""
        first, rest = at.path[0], at.path[1:]
        if name == "dict" and first != _ITEM and position == 0:
            return _At(call, at.path, at.doubt, at.origin)
        if first != _ITEM:
            return None
        if name == "zip":
            return _At(call, (_ITEM, position, *rest), at.doubt, at.origin)
        if position:
            return None
        if name in _SAME_ITEMS:
            return _At(call, at.path, at.doubt, at.origin)
        if name in ("next", "max", "min"):
            return _At(call, rest, at.doubt, at.origin)
        if name == "enumerate":
            return _At(call, (_ITEM, 1, *rest), at.doubt, at.origin)
        return self._derived(at, call) if name in _SUMS and not rest else None

    def _attribute(self, at: _At, above: cst.Attribute) -> _At | None:
        call, name = self._file.parent(above), above.attr.value
        if not isinstance(call, cst.Call) or call.func is not above:
            return None
        if not at.path:
            return _At(call, (), at.doubt, at.origin) if name in _SAME_METHODS else None
        first, rest = at.path[0], at.path[1:]
        if name == "copy":
            return _At(call, at.path, at.doubt, at.origin)
        if name == "pop" and first == _ITEM:
            return _At(call, rest, at.doubt, at.origin)
        keyed = isinstance(first, str) and first.startswith("k:")
        if not keyed and first != _ENTRY:
            return None
        unsure = at.doubt or (EITHER if keyed else "")
        if name == "values":
            return _At(call, (_ITEM, *rest), unsure, at.origin)
        if name == "items":
            return _At(call, (_ITEM, 1, *rest), unsure, at.origin)
        if name in ("get", "pop") and call.args:
            text = plain_text(call.args[0].value)
            if keyed and first != f"k:{text}":
                return None
            defaults = [one.value for one in call.args[1:]]
            return self._beside(_At(call, rest, at.doubt, at.origin), call, defaults, EITHER)
        return None

    def _subscript(self, at: _At, above: cst.Subscript) -> _At | None:
        if above.value is not at.node or not at.path or len(above.slice) != 1:
            return None
        if isinstance(above.slice[0].slice, cst.Slice):
            return _At(above, at.path, at.doubt, at.origin) if at.path[0] == _ITEM else None
        first, rest, key = at.path[0], at.path[1:], _key_of(above)
        if first in (_ITEM, _ENTRY) or key == first:
            return _At(above, rest, at.doubt, at.origin)
        return _At(above, rest, at.doubt or EITHER, at.origin) if key is None else None

    def _operation(self, at: _At, above: cst.CSTNode) -> _At | None:
        if isinstance(above, cst.UnaryOperation):
            return None if isinstance(above.operator, cst.Not) else _At(above, at.path, at.doubt, at.origin)
        if isinstance(above, cst.BooleanOperation):
            return self._beside(at, above, [above.left, above.right], DERIVED)
        if isinstance(above, cst.IfExp):
            return (
                None if above.test is at.node else self._beside(at, above, [above.body, above.orelse], EITHER)
            )
        if isinstance(above, cst.BinaryOperation) and not at.path and plain_text(above.left) is None:
            return self._derived(at, above)
        return None

    def _derived(self, at: _At, above: cst.CSTNode) -> _At | None:
        """What is made of the value; not of one that nobody knows."""
        known = at.doubt in ("", DERIVED, EITHER)
        return _At(above, (), at.doubt or DERIVED, at.origin) if known else None

    def _beside(self, at: _At, above: cst.CSTNode, values: list[cst.BaseExpression], why: str) -> _At:
        """``above`` is the value or one of ``values``."""
        fine = all(one is at.node or _is_plain(one) or one in self._own for one in values)
        return _At(above, at.path, at.doubt or ("" if fine else why), at.origin)

    def _element(self, at: _At, above: cst.Element | cst.StarredElement) -> _At | None:
        whole = self._file.parent(above)
        if not isinstance(whole, (cst.List, cst.Tuple, cst.Set)):
            return None
        if isinstance(above, cst.StarredElement):
            return _At(whole, at.path, at.doubt or EITHER, at.origin) if at.path[:1] == (_ITEM,) else None
        if isinstance(whole, cst.Tuple):
            return _At(whole, (whole.elements.index(above), *at.path), at.doubt, at.origin)
        others = [one.value for one in whole.elements]
        return self._beside(_At(at.node, (_ITEM, *at.path), at.doubt, at.origin), whole, others, EITHER)

    def _entry(self, at: _At, above: cst.DictElement) -> _At | None:
        whole = self._file.parent(above)
        if above.value is not at.node or whole is None:
            return None
        text = plain_text(above.key)
        return _At(whole, (_ENTRY if text is None else f"k:{text}", *at.path), at.doubt, at.origin)

    def _comprehension(self, at: _At, above: cst.BaseComp) -> _At | None:
        if isinstance(above, cst.DictComp):
            return _At(above, (_ENTRY, *at.path), at.doubt, at.origin) if above.value is at.node else None
        whole = isinstance(above, (cst.ListComp, cst.SetComp, cst.GeneratorExp)) and above.elt is at.node
        return _At(above, (_ITEM, *at.path), at.doubt, at.origin) if whole else None

    def _loop(self, at: _At, above: cst.For | cst.CompFor) -> None:
        if above.iter is at.node and at.path[:1] == (_ITEM,):
            self._bind(above.target, at, at.path[1:], at.doubt)

    def _assigned(self, at: _At, above: cst.CSTNode) -> _At | None:
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
            return _At(above, at.path, at.doubt, at.origin)
        return None

    def _returned(self, at: _At, above: cst.Return) -> None:
        function = next((one for one in self._file.outside(above) if isinstance(one, cst.FunctionDef)), None)
        for call in self._file.calls(function.name.value) if function is not None else ():
            self._put(_At(call, at.path, at.doubt or EITHER, at.origin))

    def _same(self, at: _At, above: cst.CSTNode) -> _At:
        return _At(above, at.path, at.doubt, at.origin)

    _steps: tuple[tuple[type | tuple[type, ...], Callable[..., _At | None]], ...] = (
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


def _key_of(node: cst.Subscript) -> str | int | None:
    """The step that a written key or number is."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    if not isinstance(index, cst.Index):
        return None
    text = plain_text(index.value)
    if text is not None:
        return f"k:{text}"
    return index.value.evaluated_value if isinstance(index.value, cst.Integer) else None


def _is_plain(node: cst.BaseExpression) -> bool:
    """A number, None, nothing in brackets: no other value that anybody rounds."""
    if isinstance(node, cst.UnaryOperation):
        return _is_plain(node.expression)
    if isinstance(node, cst.Call):
        empty = not node.args and last_name(node.func) in ("list", "dict", "set", "Decimal")
        made = last_name(node.func) in ("Decimal", "float") and len(node.args) == 1
        of = node.args[0].value if node.args else None
        return (
            empty
            or (made and (_is_plain(node.args[0].value) or isinstance(of, cst.SimpleString)))
            or last_name(node.func) == "defaultdict"
        )
    if isinstance(node, (cst.List, cst.Set, cst.Tuple, cst.Dict)):
        return not node.elements
    return isinstance(node, (cst.Integer, cst.Float)) or (isinstance(node, cst.Name) and node.value == "None")
