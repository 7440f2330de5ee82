"""What the variables of one file hold of the values that are followed, and whether they may hold others."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from codemods._around import last_name, plain_text
from codemods._variables import InFile, Key

DERIVED = "what is rounded here is worked out from it and from other values"
EITHER = "what is rounded here may be another value"
ITEM, ENTRY = "*", "v*"
Path = tuple[str | int, ...]
"""Where in a container: ``ITEM`` of a list, ``ENTRY`` of a dictionary, a number in a tuple, ``k:`` and a key."""

# Methods that put an argument of theirs, the one of that number, into the container.
PUTS = {"append": 0, "add": 0, "appendleft": 0, "insert": 1}
MUTATES = frozenset({*PUTS, "extend", "update", "setdefault"})


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
class At:
    """An expression on the way: ``path`` says where in it the value is."""

    node: cst.CSTNode
    path: Path
    doubt: str
    origin: int


class Holding:
    """Where the values have got to so far, with some variables in doubt from the start."""

    def __init__(
        self, file: InFile, seeds: tuple[Seed, ...], doubtful: set[Key], given: set[cst.CSTNode]
    ) -> None:
        self.found = Reach()
        self._file, self._seeds, self._doubtful = file, seeds, doubtful
        self._own = {seed.node for seed in seeds if not seed.doubt}
        self._sure: set[cst.CSTNode] = set(given)
        self._bound: dict[Key, set[Path]] = {}
        self._mixed: set[Key] = set()
        self._waiting: list[At] = []
        self._seen: set[tuple[cst.CSTNode, Path, str, int]] = set()

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

    def _put(self, at: At) -> None:
        if at.node not in self._own and self._new(at):
            self._waiting.append(at)

    def _new(self, at: At) -> bool:
        said = (at.node, at.path, at.doubt, at.origin)
        if said in self._seen or len(at.path) > 4:
            return False
        self._seen.add(said)
        return True

    def _bind(self, target: cst.CSTNode, at: At, path: Path, doubt: str) -> None:
        if isinstance(target, cst.Name):
            self._name(target, target, path, doubt, at.origin)
        elif isinstance(target, (cst.Tuple, cst.List)) and path:
            for number, element in enumerate(target.elements):
                if path[0] in (ITEM, number) and isinstance(element, cst.Element):
                    self._bind(element.value, at, path[1:], doubt)
        elif isinstance(target, cst.Attribute):
            for one in self._file.attributes(target.attr.value):
                self._put(At(one, path, doubt or EITHER, at.origin))
        elif isinstance(target, cst.Subscript) and isinstance(target.value, cst.Name):
            self._name(target.value, target, (key_of(target) or ENTRY, *path), doubt, at.origin)

    def _name(self, name: cst.Name, site: cst.CSTNode, path: Path, doubt: str, origin: int) -> None:
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
            self._put(At(read, path, unsure, origin))

    def _is_harmless(self, node: cst.CSTNode) -> bool:
        """Whether a variable is given a plain value here, an empty container, or nothing yet."""
        above = self._file.parent(node)
        statement = self._file.parent(above) if isinstance(above, cst.AssignTarget) else above
        if isinstance(statement, cst.AnnAssign) and statement.target is node:
            return statement.value is None or is_plain(statement.value)
        return isinstance(statement, cst.Assign) and is_plain(statement.value)

    def _is_read_only(self, read: cst.CSTNode, paths: set[Path]) -> bool:
        """Whether nothing that is unknown is put into the container here."""
        above = self._file.parent(read)
        if isinstance(above, cst.Attribute) and above.value is read and above.attr.value in MUTATES:
            return self._file.parent(above) in self._sure
        if isinstance(above, cst.Subscript) and above.value is read:
            outer = self._file.parent(above)
            stored = isinstance(outer, cst.AssignTarget) or (
                isinstance(outer, (cst.AugAssign, cst.AnnAssign)) and outer.target is above
            )
            key = key_of(above)
            other = key is not None and all(path and path[0] not in (key, ENTRY, ITEM) for path in paths)
            return not stored or above in self._sure or other
        return True


def key_of(node: cst.Subscript) -> str | int | None:
    """The step that a written key or number is."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    if not isinstance(index, cst.Index):
        return None
    text = plain_text(index.value)
    if text is not None:
        return f"k:{text}"
    return index.value.evaluated_value if isinstance(index.value, cst.Integer) else None


def is_plain(node: cst.BaseExpression) -> bool:
    """A number, None, nothing in brackets: no other value that anybody rounds."""
    if isinstance(node, cst.UnaryOperation):
        return is_plain(node.expression)
    if isinstance(node, cst.Call):
        empty = not node.args and last_name(node.func) in ("list", "dict", "set", "Decimal")
        made = last_name(node.func) in ("Decimal", "float") and len(node.args) == 1
        of = node.args[0].value if node.args else None
        return (
            empty
            or (made and (is_plain(node.args[0].value) or isinstance(of, cst.SimpleString)))
            or last_name(node.func) == "defaultdict"
        )
    if isinstance(node, (cst.List, cst.Set, cst.Tuple, cst.Dict)):
        return not node.elements
    return isinstance(node, (cst.Integer, cst.Float)) or (isinstance(node, cst.Name) and node.value == "None")
