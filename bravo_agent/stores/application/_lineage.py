"""A class and what it stands on, in method resolution order, each with what its type variables stand for."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from bravo_agent.model.entities import Shape
from bravo_agent.stores.application._annotations import Annotations, Key, Scope
from bravo_agent.stores.application._modules import ClassFound, External, enclosing

_DEPTH = 30
_GENERIC = frozenset(
    f"{home}.{name}" for home in ("typing", "typing_extensions") for name in ("Generic", "Protocol")
)


@dataclass(frozen=True)
class Ancestor:
    """A class of the application; ``given`` are the shapes of its type variables where it is a base."""

    found: ClassFound
    given: Mapping[Key, Shape] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """In which its annotations are read."""
        return Scope(enclosing(self.found), self.given)


class Lineages:
    """Finds the bases of classes."""

    def __init__(self, annotations: Annotations) -> None:
        self._annotations = annotations
        self._orders: dict[int, list[Ancestor | External]] = {}

    def bases(self, one: Ancestor) -> list[Ancestor | External]:
        """The direct bases, as far as they are known."""
        direct: list[Ancestor | External] = []
        bases = self._annotations.bases(one.found)
        for node, base in zip(one.found.node.bases, bases, strict=True):
            if isinstance(base, ClassFound):
                direct.append(Ancestor(base, self._given(one, node, base)))
            elif base is not None:
                direct.append(base)
        return direct

    def _given(self, one: Ancestor, node: ast.expr, base: ClassFound) -> dict[Key, Shape]:
        """``Page[Order]``: T of Page stands for Order."""
        module, _, inside = self._annotations.base(one.found.module, node)
        arguments = list(inside.elts) if isinstance(inside, ast.Tuple) else [inside] if inside else []
        scope = one.scope if module is one.found.module else Scope()
        shapes = [self._annotations.read(one_of, module, scope).shape for one_of in arguments]
        return dict(zip(self._parameters(base), shapes, strict=False))

    def _parameters(self, found: ClassFound) -> list[Key]:
        subscripts = [base for base in found.node.bases if isinstance(base, ast.Subscript)]
        stated = [one for one in subscripts if self._annotations.name_of(found.module, one.value) in _GENERIC]
        nodes = [one.slice for one in stated or subscripts]
        return self._annotations.type_variables(nodes, found.module)

    def order(self, one: Ancestor, depth: int = 0) -> list[Ancestor | External]:
        """The method resolution order, as far as the bases are known."""
        if depth > _DEPTH:
            return [one]
        known = None if one.given else self._orders.get(id(one.found.node))
        if known is None:
            known = [one, *self._above(one, depth)]
            if not one.given:
                self._orders[id(one.found.node)] = known
        return known

    def _above(self, one: Ancestor, depth: int) -> list[Ancestor | External]:
        bases = self.bases(one)
        lists: list[list[Ancestor | External]] = [
            [base] if isinstance(base, External) else self.order(base, depth + 1) for base in bases
        ]
        return _merged([*lists, bases])


def _merged(lists: list[list[Ancestor | External]]) -> list[Ancestor | External]:
    """The C3 merge of ``lists``; where they contradict each other, the first come first."""
    merged: list[Ancestor | External] = []
    rest = [list(one) for one in lists if one]
    while rest:
        tails = {_key(base) for one in rest for base in one[1:]}
        head = next((one[0] for one in rest if _key(one[0]) not in tails), rest[0][0])
        merged.append(head)
        rest = [[base for base in one if _key(base) != _key(head)] for one in rest]
        rest = [one for one in rest if one]
    return merged


def _key(base: Ancestor | External) -> tuple[str, str]:
    return base.found.key if isinstance(base, Ancestor) else ("", base.name)
