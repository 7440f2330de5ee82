"""What the finder passes on inside of itself: plain values, so that a cache can keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from bravo_agent.model.change import Role
from bravo_agent.model.code import FieldGroup, Known, Point, Token, TokenForm, TokenVerdict
from bravo_agent.model.entities import ModelSet

Spot = tuple[int, int]
"""A place in a file that is known from elsewhere: line from 1, column from 0."""


OWN = "the field itself"
"""Why the asked declaration belongs to its group."""


@dataclass(frozen=True, order=True)
class Edge:
    """Two declarations that have to do with one another, why, and where that is seen.

    ``how``: ``inherits``; ``filled``, a dump or an object of one becomes the other; ``given``, a model is made with the
    value of the other; ``alike``, a value is handed on, by a name that either side may change alone.
    """

    one: tuple[str, int]
    other: tuple[str, int]
    why: str
    file: str
    line: int
    how: Literal["inherits", "filled", "given", "alike"]


@dataclass(frozen=True)
class Candidate:
    """A token that is named like a field, and what its surroundings say.

    ``owner``: the qualified name of the class in whose body it stands. ``call``: where to ask for the class that a
    keyword or a pattern belongs to. ``reads``: attributes of the same name whose value this one is given as it is.
    ``position``: how Pydantic uses a text here (``names``: in a validator's decorator or info.data; ``alias``),
    or ``super``, a keyword of ``super().__init__``;
    ``field``: the field whose alias it is. ``key``: the text is the name and nothing else (or ``$`` and the name).
    """

    token: Token
    name: str
    form: TokenForm
    role: Role
    text: str
    owner: str = ""
    call: Spot | None = None
    reads: tuple[Spot, ...] = ()
    position: str = ""
    field: str = ""
    key: bool = False
    before: str = ""
    after: str = ""
    """Of what is no name: what stands right before and behind the word."""
    parameter_of: str = ""
    """Of a parameter of a method: the method's name."""


@dataclass(frozen=True)
class Scan:
    """All candidates of one file, or why it was left alone."""

    candidates: tuple[Candidate, ...] = ()
    left_alone: str = ""


@dataclass(frozen=True)
class ClassFact:
    """A class: the place of its name, and of the names of its bases."""

    qualname: str
    spot: Spot
    bases: tuple[Spot, ...] = ()
    protocol: bool = False


@dataclass(frozen=True)
class FunctionFact:
    """A function: the place of its name, and of all names in what it says it returns."""

    spot: Spot
    returns: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Given:
    """What is turned into a model: where to ask for its type; ``only`` and ``without``: the keys that come along."""

    spot: Spot
    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A place where instances of some models become instances of others."""

    line: int
    into: tuple[Spot, ...]
    given: tuple[Given, ...]


@dataclass(frozen=True)
class Outline:
    """Classes, functions and flows of one file, whatever they are called."""

    classes: tuple[ClassFact, ...] = ()
    functions: tuple[FunctionFact, ...] = ()
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True)
class ClassKey:
    """A class of the project."""

    file: str
    qualname: str


class Verdict(Protocol):
    """What an analysis says of one token."""

    @property
    def verdict(self) -> TokenVerdict: ...
    @property
    def how(self) -> Known: ...
    @property
    def why(self) -> str: ...


class Checker(Protocol):
    """A type checker that has files open; columns in code points."""

    def definitions(self, tokens: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
        """For each token the places that define it; none where it cannot tell."""

    def types(self, tokens: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
        """For each expression (by its last name) the places that define its type."""


OpenChecker = Callable[[Mapping[str, str]], AbstractContextManager[Checker]]
"""Opens a checker over files (path -> text)."""


class Strings(Protocol):
    """The analysis of texts, over all Python files and the models."""

    def verdicts(
        self, group: FieldGroup, names: tuple[str, ...], data: Mapping[str, str]
    ) -> Mapping[Token, Verdict]:
        """Of the texts that hold one of ``names``, and of the keys in the data files that do."""


OpenStrings = Callable[[Mapping[str, str], ModelSet], Strings]
"""Begins the analysis of all Python files (path -> text), once for all fields."""
