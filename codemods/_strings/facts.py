"""What one file has, as a graph and as lists by name."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field

from codemods._strings.graph import Call, Class, Function, Node
from codemods._strings.scopes import Scope


@dataclass(eq=False)
class Facts:
    """``nodes``: by ``id`` of the expression. Nothing here rests on other files, so that it can be kept."""

    file: str
    source: str
    tree: ast.Module
    module: Scope
    aliases: dict[str, ast.expr] = field(default_factory=dict)
    """What module-level names are given: it may be a type."""
    nodes: dict[int, Node] = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))
    loads: dict[str, list[tuple[Node, Node]]] = field(default_factory=lambda: defaultdict(list))
    stores: dict[str, list[tuple[Node, Node]]] = field(default_factory=lambda: defaultdict(list))
    imports: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    """By the name that is imported."""
    functions: dict[str, list[Function]] = field(default_factory=lambda: defaultdict(list))
    classes: dict[str, list[Class]] = field(default_factory=lambda: defaultdict(list))
