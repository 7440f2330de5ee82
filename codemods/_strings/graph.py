"""The value flow of a program as nodes and directed edges: what is handed on, stored, read and compared.

A **label** says where inside of a container something lies: ``K`` a key, ``k:x`` the value of key ``x``, ``v`` the
value of some key, ``e`` an element, ``p0`` the first one, ``*`` any of these; ``a:x`` an attribute, ``N`` the names of
all; ``D`` and ``A`` the dictionary that a model is dumped to (by name, by alias), ``I`` what it accepts (``IT`` as JSON
text), ``NEW`` an instance of a class, ``T`` the class of an instance; ``P`` a part of a text, ``W`` what is written to
a stream, ``FN`` its columns, ``FILE`` what the file of a path holds, ``JS`` a value as JSON text; ``J`` the body of a
response, ``ERR`` what an error names; ``G`` and ``GI`` what a getter reads. ``M:...`` and ``O:...`` are MongoDB's: the
parts of a query and of an operation.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codemods._strings.scopes import Scope


class Op(IntEnum):
    """What an edge at a node says of the other end."""

    FLOW = 0  # this value goes there
    FROM = 1
    LOAD = 2  # that is what lies here under the label
    LOADED = 3
    STORE = 4  # this lies there under the label
    STORED = 5
    COPY = 6  # what lies in this lies in that one too
    COPIED = 7
    EQUAL = 8  # compared, or held against
    HAS_KEY = 9  # that is looked up in this
    KEY_OF = 10
    MERGED = 11  # that one's keys are laid over this one's, or the other way round
    ARGUMENT = 12  # of that call; the label says which


@dataclass(eq=False, slots=True)
class Node:
    """A value at a place. ``fact`` depends on ``kind``; ``annotation`` is its declared type."""

    kind: str
    file: str
    line: int = 0
    fact: Any = None
    annotation: tuple[ast.expr, Scope] | None = None
    edges: list[tuple[Op, str, Node]] = field(default_factory=list)


def flow(source: Node, target: Node) -> None:
    """``target`` can be ``source``."""
    source.edges.append((Op.FLOW, "", target))
    target.edges.append((Op.FROM, "", source))


def load(base: Node, label: str, target: Node) -> Node:
    """``target`` is what lies in ``base``."""
    base.edges.append((Op.LOAD, label, target))
    target.edges.append((Op.LOADED, label, base))
    return target


def store(base: Node, label: str, source: Node) -> None:
    """``source`` is laid into ``base``."""
    source.edges.append((Op.STORE, label, base))
    base.edges.append((Op.STORED, label, source))


def copy(source: Node, target: Node) -> None:
    """What lies in ``source`` lies in ``target``, which is another object."""
    source.edges.append((Op.COPY, "", target))
    target.edges.append((Op.COPIED, "", source))


def equal(one: Node, other: Node) -> None:
    """The two are held against each other."""
    one.edges.append((Op.EQUAL, "", other))
    other.edges.append((Op.EQUAL, "", one))


def look_up(key: Node, container: Node, label: str = "K") -> None:
    """``key`` is looked up in ``container``."""
    key.edges.append((Op.KEY_OF, label, container))
    container.edges.append((Op.HAS_KEY, label, key))


def merge(one: Node, other: Node) -> None:
    """The keys of both end in one dictionary."""
    one.edges.append((Op.MERGED, "", other))
    other.edges.append((Op.MERGED, "", one))


def fits(wanted: str, stored: str) -> bool:
    """Whether what is stored under one label can be read under the other."""
    if wanted == stored:
        return True
    if "*" in (wanted, stored):
        other = stored if wanted == "*" else wanted
        return other[0] in "evpk" or other == "*"
    pair = {wanted[0], stored[0]}
    if pair == {"e", "p"} or pair == {"v", "k"}:
        return True
    return pair == {"e", "K"}  # a dictionary's elements are its keys


@dataclass(eq=False, slots=True)
class Function:
    """A function or lambda: ``self_name`` is set where the first parameter is the instance (or the class)."""

    name: str
    file: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    value: Node
    result: Node
    positional: list[Node] = field(default_factory=list)
    named: dict[str, Node] = field(default_factory=dict)
    rest: Node | None = None
    keywords: Node | None = None
    owner: Class | None = None
    bound: str = ""
    """``self``, ``cls`` or nothing."""
    decorators: tuple[str, ...] = ()
    is_property: bool = False


@dataclass(eq=False, slots=True)
class Class:
    """A class: ``fields`` are its annotated names, ``members`` what its body binds."""

    name: str
    file: str
    node: ast.ClassDef
    scope: Scope
    value: Node
    bases: list[Node] = field(default_factory=list)
    fields: dict[str, ast.AnnAssign] = field(default_factory=dict)
    members: dict[str, Node] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)


@dataclass(eq=False, slots=True)
class Call:
    """A call; ``function`` is what is called, ``inside`` the function that it stands in."""

    node: ast.Call
    file: str
    result: Node
    function: Node
    positional: list[Node]
    named: dict[str, Node]
    rest: list[Node]
    spread: list[Node]
    scope: Scope
    known: bool = False
    """Whether its edges say all about it."""
    is_request: bool = False
    """Whether it asks an API."""
    body: list[ast.stmt] | None = None
    """Of the ``with`` statement that it opens."""

    @property
    def name(self) -> str:
        """The last name of what is called."""
        match self.node.func:
            case ast.Attribute(attr=name) | ast.Name(id=name):
                return name
        return ""
