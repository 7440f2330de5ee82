"""Statements as nodes and edges of the value flow, in the order in which they run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from codemods._strings.expressions import Expressions
from codemods._strings.facts import Facts
from codemods._strings.graph import Class, Node, copy, equal, flow, load, look_up
from codemods._strings.scopes import bound_names

_ENDS = (ast.Return, ast.Raise)


class Statements(Expressions):
    """Assignments, branches, loops and imports."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._statements: dict[type, Callable[..., None]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.If: self._branch,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.Try: self._try,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Match: self._match,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Global: self._elsewhere,
            ast.Nonlocal: self._elsewhere,
            ast.Expr: self._expression,
        }

    def run(self) -> None:
        """The whole module, what is deferred too."""
        self.block(self.facts.tree.body)
        while self.later:
            self.scope, build = self.later.pop(0)
            build()

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Statements one after the other."""
        for one in body:
            visit = self._statements.get(type(one))
            if visit is not None:
                visit(one)
                continue
            for child in ast.iter_child_nodes(one):
                if isinstance(child, ast.expr):
                    self.expr(child)

    def _expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a text alone is a comment
            self.expr(node.value)

    # --- assignments ---

    def _assign(self, node: ast.Assign) -> None:
        value = self.expr(node.value)
        for target in node.targets:
            self.assign(target, value)
            if isinstance(target, ast.Name) and self.scope.kind == "module":
                self.facts.aliases[target.id] = node.value

    def _annotated(self, node: ast.AnnAssign) -> None:
        self._declare(node)
        owner = self.scope.owner if self.scope.kind == "class" else None
        if owner is not None:
            self._aliases(node, owner)

    def _declare(self, node: ast.AnnAssign) -> None:
        owner = self.scope.owner if self.scope.kind == "class" else None
        if owner is not None and isinstance(node.target, ast.Name):
            owner.fields[node.target.id] = node
        self._calls_in(node.annotation)
        if node.value is None:
            if isinstance(node.target, ast.Name) and owner is None:
                version = self.node("variable", node)
                version.annotation = (node.annotation, self.scope)
                self.scope.bind(node.target.id, version)
            return
        if isinstance(node.target, ast.Name) and self.scope.kind == "module":
            self.facts.aliases[node.target.id] = node.value
        value = self.node("variable", node)
        flow(self.expr(node.value), value)
        value.annotation = (node.annotation, self.scope)
        self.assign(node.target, value)

    def _calls_in(self, annotation: ast.expr) -> None:
        """``Annotated[X, Field(alias="x")]``."""
        for one in ast.walk(annotation):
            if isinstance(one, ast.Call):
                self.expr(one)

    def _aliases(self, node: ast.AnnAssign, owner: Class) -> None:
        """``Field(alias="x")`` is the name of the field's key."""
        for part in (node.annotation, *([node.value] if node.value is not None else [])):
            for one in ast.walk(part):
                if isinstance(one, ast.keyword) and (one.arg or "").endswith("alias"):
                    key = self.facts.nodes.get(id(one.value))
                    if key is not None:
                        look_up(key, load(owner.value, "A", self.node("plain", node)))

    def _augmented(self, node: ast.AugAssign) -> None:
        operation = ast.BinOp(left=_loaded(node.target), op=node.op, right=node.value)
        ast.copy_location(operation, node)
        value = self.expr(operation)
        old = self.facts.nodes[id(operation.left)]
        if isinstance(node.op, (ast.Add, ast.BitOr)):
            copy(self.facts.nodes[id(node.value)], old)
            flow(old, value)
        self.assign(node.target, value)

    def _elsewhere(self, node: ast.Global | ast.Nonlocal) -> None:
        self.scope.elsewhere |= set(node.names)

    # --- control ---

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        before, after = self.scope.env, []
        for body in bodies:
            self.scope.env = dict(before)
            self.block(body)
            if not (body and isinstance(body[-1], _ENDS)):
                after.append(self.scope.env)
        self.scope.env = dict(before)
        self.scope.joined(after)

    def _branch(self, node: ast.If) -> None:
        self.expr(node.test)
        self._branches([node.body, node.orelse])

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, start: Callable[[], None]) -> None:
        """What the body binds is there at its beginning as well."""
        around: dict[str, Node] = {}
        for name in sorted(bound_names(node.body) - self.scope.elsewhere):
            if name in self.scope.env:
                around[name] = self.node("variable", node)
                flow(self.scope.env[name], around[name])
                self.scope.env[name] = around[name]
        before = dict(self.scope.env)
        start()
        self.block(node.body)
        for name, version in around.items():
            if self.scope.env[name] is not version:
                flow(self.scope.env[name], version)
        self.scope.joined([before, self.scope.env])
        self.block(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        values = self.expr(node.iter)
        self._loop(
            node, lambda: self.assign(node.target, load(values, "e", self.node("variable", node.target)))
        )

    def _while(self, node: ast.While) -> None:
        def start() -> None:
            self.expr(node.test)

        self._loop(node, start)

    def _try(self, node: ast.Try) -> None:
        before = dict(self.scope.env)
        self.block(node.body)
        done = self.scope.env
        handlers = []
        for handler in node.handlers:
            self.scope.env = {}
            self.scope.joined([before, done])
            if handler.name:
                caught = self.node("raised", handler, node.body)
                if handler.type is not None:
                    self.expr(handler.type)
                self.scope.bind(handler.name, caught)
            self.block(handler.body)
            if not (handler.body and isinstance(handler.body[-1], _ENDS)):
                handlers.append(self.scope.env)
        self.scope.env = done
        self.block(node.orelse)
        self.scope.joined([self.scope.env, *handlers])
        self.block(node.finalbody)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.expr(item.context_expr)
            if value.kind == "result":
                value.fact.body = node.body
            if item.optional_vars is not None:
                entered = self.node("variable", item.context_expr)
                flow(value, entered)
                load(value, "e", entered)  # a generator as a context manager
                self.assign(item.optional_vars, entered)
        self.block(node.body)

    def _match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        before, after = self.scope.env, [dict(self.scope.env)]
        for case in node.cases:
            self.scope.env = dict(before)
            self._pattern(case.pattern, subject)
            if case.guard is not None:
                self.expr(case.guard)
            self.block(case.body)
            if not (case.body and isinstance(case.body[-1], _ENDS)):
                after.append(self.scope.env)
        self.scope.joined(after)

    def _pattern(self, pattern: ast.pattern, subject: Node) -> None:
        match pattern:
            case ast.MatchValue(value=value):
                equal(self.expr(value), subject)
            case ast.MatchMapping(keys=keys, patterns=patterns):
                for key, inner in zip(keys, patterns, strict=True):
                    look_up(self.expr(key), subject)
                    text = key.value if isinstance(key, ast.Constant) else None
                    self._inside(inner, subject, f"k:{text}" if isinstance(text, str) else "v")
                self._capture(pattern.rest, subject)
            case ast.MatchSequence(patterns=patterns):
                for place, inner in enumerate(patterns):
                    self._inside(inner, subject, f"p{place}")
            case ast.MatchClass(kwd_attrs=names, kwd_patterns=patterns):
                self.expr(pattern.cls)
                for name, inner in zip(names, patterns, strict=True):
                    self._inside(inner, subject, f"a:{name}")
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self._pattern(inner, subject)
                self._capture(name, subject)
            case ast.MatchStar(name=name):
                self._capture(name, self.node("fresh", pattern))
            case ast.MatchOr(patterns=patterns):
                for inner in patterns:
                    self._pattern(inner, subject)

    def _inside(self, pattern: ast.pattern, subject: Node, label: str) -> None:
        self._pattern(pattern, load(subject, label, self.node("variable", pattern)))

    def _capture(self, name: str | None, value: Node) -> None:
        if name is not None:
            self.scope.bind(name, value)

    # --- names from elsewhere ---

    def _import(self, node: ast.Import) -> None:
        for one in node.names:
            if one.asname is not None:
                self.scope.bind(one.asname, self.imported(one.name, None, node))
            else:
                head = one.name.partition(".")[0]
                self.scope.bind(head, self.imported(head, None, node))

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for one in node.names:
            if one.name == "*":
                self.stars.append(module)
            else:
                self.scope.bind(one.asname or one.name, self.imported(module, one.name, node))


def _loaded(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), target)
        case ast.Attribute(value=value, attr=attr):
            return ast.copy_location(ast.Attribute(value=value, attr=attr, ctx=ast.Load()), target)
        case ast.Subscript(value=value, slice=place):
            return ast.copy_location(ast.Subscript(value=value, slice=place, ctx=ast.Load()), target)
    return target
