"""What a walk through the value flow is asked, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from codemods._strings.graph import Call, Class, Node
from codemods._strings.texts import Text

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Step = tuple[str, bool]
"""A label, and whether the value inside went forward when it was laid there."""
Path = tuple[Step, ...]
Calls = tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where a walk is: at a node, forward (to uses) or back (to origins), inside of ``path``, through ``calls``."""

    node: Node
    forward: bool
    path: Path = ()
    calls: Calls = ()

    def __hash__(self) -> int:
        return hash((id(self.node), self.forward, self.path, tuple(map(id, self.calls))))


@dataclass(frozen=True)
class Asked:
    """The name that is looked for; ``before``: what stands before it in the text, where it is a part of one.

    ``stages``: those of a MongoDB pipeline that run before the one which the text is in; None: not known.
    """

    name: str
    before: str | None = None
    stages: tuple[str, ...] | None = ()
    call: Call | None = None
    """The call that the pipeline is given to."""


@dataclass
class Found:
    """``names``: fields that the text means, with why; ``others``: what else it certainly is.

    ``texts``: texts that have to be equal to it; ``unknown``: what could not be followed; ``heirs``: classes of which
    an heir may have the field, whatever else was found; ``things``: functions,
    classes and constants that a value can be; ``made``: the result of a MongoDB pipeline has it as a new key.
    """

    names: dict[tuple[Class, str], str] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    texts: dict[Text, None] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    heirs: dict[str, None] = field(default_factory=dict)
    things: dict[Thing, None] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    made: list[Call] = field(default_factory=list)
    tangled: bool = False

    def add(self, other: Found) -> None:
        """All of ``other`` but its sites."""
        _lay(self.names, other.names)
        _lay(self.others, other.others)
        _lay(self.texts, other.texts)
        _lay(self.unknown, other.unknown)
        _lay(self.heirs, other.heirs)
        _lay(self.things, other.things)
        self.made += other.made
        self.tangled = self.tangled or other.tangled


@dataclass
class Site:
    """A place where a text meets something: ``reads`` a key, ``keyed`` by somebody, ``equal``, ``merged``.

    ``inside``: what meets there is a container, and the text is in it.
    """

    kind: str
    node: Node
    found: Found
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Thing:
    """``kind``: function, class, instance, foreign, text, module or display; ``bound``: its instance is given."""

    kind: str
    of: Any
    bound: bool = False


def _lay(into: dict[_Key, _Value], more: dict[_Key, _Value]) -> None:
    for key, value in more.items():
        into.setdefault(key, value)


def place(node: Node) -> str:
    """``file:line``, for reasons."""
    return f"{node.file}:{node.line}" if node.line else node.file


def forward(path: Path) -> Path:
    """The same path, everything in it on its way to its uses."""
    return tuple((label, True) for label, _ in path)


def back(path: Path) -> Path:
    """The same path, everything in it on its way to its origins."""
    return tuple((label, False) for label, _ in path)


def labels(path: Path) -> tuple[str, ...]:
    """The labels alone."""
    return tuple(label for label, _ in path)


def all_forward(path: Path) -> bool:
    """Whether nothing in it is looked for."""
    return all(way for _, way in path)
