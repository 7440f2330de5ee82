"""Places in the application's code that are named like a field, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.change import Role

TokenForm = Literal[
    "declaration",  # the field in its class, or an override in a subclass
    "attribute",  # x.field
    "keyword",  # f(field=...)
    "match",  # case Model(field=...)
    "name",  # a plain name: a parameter, a local, a name in the class body
    "string",  # a text that is the name, or holds it as a part: "$field", "a.field", "-field", "field__gte"
    "comment",
    "docstring",
    "data-key",  # a key in a JSON or YAML file
    "text",  # a word in a file of documentation
]
Known = Literal["types", "flow", "convention", "name"]
TokenVerdict = Literal["target", "other", "mixed", "unknown"]


@dataclass(frozen=True)
class Token:
    """A place: path relative to the project, line from 1, columns in code points from 0, end exclusive.

    Of a string the columns are those of the name inside of it, not of its quotes.
    """

    file: str
    line: int
    column: int
    end: int


@dataclass(frozen=True)
class Point:
    """Where a name begins: path relative to the project (absolute outside of it), line from 1, column from 0."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class FieldRef:
    """A field of a class: ``module`` dotted, ``alias`` the document key where it differs."""

    module: str
    entity: str
    field: str
    alias: str | None = None


@dataclass(frozen=True)
class Occurrence:
    """One token that is named like a field. ``how`` and ``why`` tell what ``verdict`` rests on.

    ``target``: it means the field (or one that is decided with it); ``other``: something else of that name; ``mixed``:
    both, on different ways; ``unknown``: nobody can tell, so that a person has to look.
    """

    token: Token
    form: TokenForm
    role: Role
    verdict: TokenVerdict
    how: Known
    why: str = ""
    text: str = ""
    """The line, stripped, 200 characters at most."""


@dataclass(frozen=True)
class Beside:
    """A class that carries the field's value under the same name and is not decided with it: why, and where.

    ``by_name``: the value passes from one to the other by its name there, so that a person has to look at the place.
    """

    ref: FieldRef
    why: str
    file: str
    line: int
    by_name: bool = False


@dataclass(frozen=True)
class FieldGroup:
    """Declarations that only make sense together, the asked one first, with why each of the others belongs to it.

    Base declarations and overrides; models that are dumped and validated into one another; the table's model and the
    API's for the same column. ``beside``: what carries the same value and goes its own way.
    """

    asked: FieldRef
    coupled: tuple[tuple[FieldRef, str], ...] = ()
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A file that holds the name and was left alone: a syntax error, an unknown encoding, generated, too large."""

    file: str
    why: str
    may_use: bool = False
    """Whether the application may use the field in it all the same: nobody could read it."""
    keys: tuple[int, ...] = ()
    """The lines on which the name is written as a key, or as what a template or a notebook asks for.

    Of Python that nobody could read, those on which it stands at all.
    """


@dataclass(frozen=True)
class Finding:
    """All that was found for one field: the group, each token once, sorted by place, and files left alone."""

    group: FieldGroup
    occurrences: tuple[Occurrence, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    """What the finding suffers from: a type checker that is missing or failed."""
