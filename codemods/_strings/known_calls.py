"""What well-known calls do with names and dictionaries, by the name that is called.

A method is known by its name alone: where a class of the application has a method of that name, what it does is
followed as well. Only what hands names on is here; every other call of foreign code ends the way.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

from codemods._strings import known_containers, known_databases, known_models, known_texts
from codemods._strings.call_parts import Known
from codemods._strings.graph import Call, Node


def known_call(call: Call, nodes: Mapping[int, Node]) -> None:
    """Draws the edges of ``call`` where its name is known, and marks it."""
    match call.node.func:
        case ast.Attribute(attr=name, value=value):
            draws = _METHODS.get(name, [])
            receiver = nodes[id(value)]
        case ast.Name(id=name):
            draws = _FUNCTIONS.get(name, [])
            receiver = call.function
        case _:
            return
    for draw in draws:
        call.known = True
        draw(call, receiver)


def _joined(*tables: Mapping[str, Known]) -> Mapping[str, list[Known]]:
    """A name may be known to several: a list and a cursor are both sorted."""
    found: dict[str, list[Known]] = defaultdict(list)
    for table in tables:
        for name, draw in table.items():
            found[name].append(draw)
    return found


_METHODS = _joined(
    known_containers.METHODS,
    known_containers.FUNCTIONS,
    known_models.METHODS,
    known_models.FUNCTIONS,
    known_texts.METHODS,
    known_texts.FUNCTIONS,
    known_databases.DATABASE_CALLS,
)
_FUNCTIONS = _joined(
    known_containers.BUILTINS,
    known_containers.FUNCTIONS,
    known_models.BUILTINS,
    known_models.FUNCTIONS,
    known_texts.BUILTINS,
    known_texts.FUNCTIONS,
    known_databases.OPERATION_CALLS,
)
