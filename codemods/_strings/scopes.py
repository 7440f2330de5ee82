"""Names and what they are bound to, version by version, so that a variable that is used anew is another one."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from codemods._strings.graph import Class, Function, Node, flow

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """``env``: what a name is bound to at this place; ``every``: whatever it is bound to at some place."""

    def __init__(
        self,
        kind: str,
        file: str,
        parent: Scope | None,
        bound: Iterable[str],
        function: Function | None = None,
        owner: Class | None = None,
    ) -> None:
        self.kind = kind
        self.file = file
        self.parent = parent
        self.bound = set(bound)
        self.function = function
        self.owner = owner
        self.env: dict[str, Node] = {}
        self.every: dict[str, Node] = {}
        self.elsewhere: set[str] = set()
        """Names declared ``global`` or ``nonlocal``."""

    def whatever(self, name: str) -> Node:
        """The node of all versions of ``name``."""
        found = self.every.get(name)
        if found is None:
            found = self.every[name] = Node("variable", self.file, fact=name)
        return found

    def bind(self, name: str, value: Node) -> None:
        """``name`` is ``value`` from here on."""
        home = self.home(name) if name in self.elsewhere else self
        if home is self:
            self.env[name] = value
        flow(value, home.whatever(name))

    def home(self, name: str) -> Scope:
        """The scope around this one that has ``name``, the module's if none has."""
        at = self.parent
        while at is not None and at.parent is not None:
            if at.kind != "class" and name in at.bound:
                return at
            at = at.parent
        return at or self

    def read(self, name: str) -> Node | None:
        """What ``name`` is here; None where no scope binds it."""
        if name in self.env and name not in self.elsewhere:
            return self.env[name]
        at: Scope | None = self
        while at is not None:
            if name in at.bound and name not in at.elsewhere and (at is self or at.kind != "class"):
                return at.whatever(name)
            at = at.parent
        return None

    def joined(self, envs: list[dict[str, Node]]) -> None:
        """Goes on with what ``envs`` have in common, or with either."""
        if not envs:
            return
        names = {name for env in envs for name in env}
        result: dict[str, Node] = {}
        for name in names:
            versions = list({id(env[name]): env[name] for env in envs if name in env}.values())
            result[name] = versions[0] if len(versions) == 1 else self._either(versions)
        self.env = result

    def _either(self, versions: list[Node]) -> Node:
        both = Node("variable", self.file)
        for version in versions:
            flow(version, both)
        return both


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """All names that ``nodes`` bind, those of inner functions and classes left out."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is ast.Name:
            if not isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
                found.add(node.id)  # type: ignore[attr-defined]
        elif kind in _COMPREHENSIONS:
            found |= {one.target.id for one in ast.walk(node) if isinstance(one, ast.NamedExpr)}
        elif kind is not ast.Constant:
            found.update(_own_names(node))
            if kind not in _SCOPES:
                waiting += ast.iter_child_nodes(node)
    return found


def _own_names(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [one.asname or one.name.partition(".")[0] for one in names]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
    return ()
