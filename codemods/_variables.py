"""The variables of one file: what gives them a value, where they are read, and what stands around every node."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst.metadata import Assignment, MetadataWrapper, Scope, ScopeProvider

from codemods._around import Chain, last_name
from codemods._source import Source

Key = tuple[Scope, str]
"""A variable: its scope and its name."""


class InFile:
    """The tree of one file, with what stands around every node and what every name is given."""

    def __init__(self, source: Source) -> None:
        self._parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._scopes = MetadataWrapper(source.module, unsafe_skip_copy=True).resolve(ScopeProvider)
        waiting: list[cst.CSTNode] = [source.module]
        while waiting:
            node = waiting.pop()
            for child in node.children:
                self._parents[child] = node
                waiting.append(child)

    def outside(self, node: cst.CSTNode) -> Chain:
        """What stands around ``node``, from the innermost outwards."""
        found: list[cst.CSTNode] = []
        while (above := self._parents.get(node)) is not None:
            found.append(above)
            node = above
        return tuple(found)

    def reads(self, node: cst.Param) -> list[cst.CSTNode]:
        """Where a parameter's value is read."""
        scope = self._scopes.get(node.name) or self._scopes.get(node)
        return self.read((scope, node.name.value)) if isinstance(scope, Scope) else []

    def attributes(self, name: str) -> Iterator[cst.Attribute]:
        """Where an attribute of that name is read."""
        for one, above in self._parents.items():
            if (
                isinstance(one, cst.Attribute)
                and one.attr.value == name
                and not isinstance(above, cst.AssignTarget)
            ):
                yield one

    def calls(self, name: str) -> Iterator[cst.Call]:
        """Calls of what has that name."""
        return (one for one in self._parents if isinstance(one, cst.Call) and last_name(one.func) == name)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """What stands right around it."""
        return self._parents.get(node)

    def key(self, name: cst.Name) -> Key | None:
        """The variable that ``name`` is."""
        scope = self._scopes.get(name)
        return (scope, name.value) if isinstance(scope, Scope) else None

    def given(self, key: Key) -> tuple[Assignment, ...]:
        """All that gives the variable a value."""
        scope, name = key
        return tuple(one for one in scope[name] if isinstance(one, Assignment))

    def read(self, key: Key) -> list[cst.CSTNode]:
        """Where the variable is read; in its own scope also above what gives it a value."""
        accesses = [*key[0].accesses[key[1]], *(one for given in self.given(key) for one in given.references)]
        return list(dict.fromkeys(one.node for one in accesses if not one.is_annotation))
