"""What a JSON Schema of Pydantic says, as a small closed union: the emitters match it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True)
class Never:
    """No value at all."""


@dataclass(frozen=True)
class Null:
    """``null``."""


@dataclass(frozen=True)
class Truth:
    """``true`` or ``false``."""


@dataclass(frozen=True)
class Literals:
    """One of ``values``, in the order in which the schema has them."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Text:
    """A string; lengths count code points."""

    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Number:
    """A number, or a whole one; ``above`` and ``below`` are bounds that are not reached themselves."""

    whole: bool = False
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    multiple_of: float | None = None


@dataclass(frozen=True)
class Array:
    """A list of ``item``."""

    item: Node
    least: int | None = None
    most: int | None = None
    unique: bool = False


@dataclass(frozen=True)
class Row:
    """A tuple: ``first`` by place, of which ``least`` have to be there, then any number of ``rest``."""

    first: tuple[Node, ...]
    least: int
    rest: Node | None = None


@dataclass(frozen=True)
class Table:
    """An object with free keys, each fitting ``key`` (None: any text)."""

    value: Node
    key: Node | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Default:
    """What stands where a property is missing, as JSON."""

    text: str


@dataclass(frozen=True)
class Property:
    """A named value of an object; ``default`` only where it need not be there."""

    name: str
    node: Node
    required: bool
    default: Default | None = None
    description: str = ""
    deprecated: bool = False
    read_only: bool = False


@dataclass(frozen=True)
class Object:
    """An object with named properties. ``extra``: what other keys hold; None: they are ignored; Never: forbidden."""

    properties: tuple[Property, ...]
    extra: Node | None = None


@dataclass(frozen=True)
class Union:
    """One of ``members``; with ``tag`` that property tells which."""

    members: tuple[Node, ...]
    tag: str | None = None


@dataclass(frozen=True)
class Both:
    """All of ``members`` at once."""

    members: tuple[Node, ...]


@dataclass(frozen=True)
class Ref:
    """The definition called ``name``."""

    name: str


Node = (
    Anything
    | Never
    | Null
    | Truth
    | Literals
    | Text
    | Number
    | Array
    | Row
    | Table
    | Object
    | Union
    | Both
    | Ref
)


@dataclass(frozen=True)
class Definition:
    """A named schema."""

    name: str
    node: Node
    description: str = ""
    deprecated: bool = False


def refs(value: object) -> Iterator[str]:
    """The names that ``value`` (a node, or a part of one) refers to, in order, some twice."""
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, tuple):
        for one in value:
            yield from refs(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from refs(getattr(value, field.name))


def without_null(node: Node) -> tuple[Node, bool]:
    """``node`` without null, and whether null was in it."""
    if isinstance(node, Literals) and None in node.values and len(node.values) > 1:
        return Literals(tuple(value for value in node.values if value is not None)), True
    if not isinstance(node, Union) or node.tag is not None or Null() not in node.members:
        return node, False
    rest = tuple(member for member in node.members if member != Null())
    return (rest[0] if len(rest) == 1 else Union(rest)) if rest else Null(), bool(rest)
