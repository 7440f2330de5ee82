"""Expressions as nodes and edges of the value flow."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from codemods._strings.call_expressions import Calls
from codemods._strings.facts import Facts
from codemods._strings.graph import (
    Node,
    copy,
    equal,
    flow,
    load,
    look_up,
    merge,
    store,
)
from codemods._strings.scopes import Scope, bound_names

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp
_DICTIONARIES = ("model_fields", "model_computed_fields", "model_fields_set", "__fields__", "__fields_set__")
_OF_ATTRIBUTES = ("__dict__", "__annotations__", "__dataclass_fields__", "__slots__")


class Expressions(Calls):
    """Builds the graph of one file, expression by expression, in the order in which they run."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.stars: list[str] = []
        self._visit |= {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.Dict: self._dict,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Set: self._sequence,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._dict_comprehension,
            ast.BinOp: self._operation,
            ast.BoolOp: self._either,
            ast.IfExp: self._if,
            ast.Compare: self._compare,
            ast.JoinedStr: self._joined,
            ast.Await: lambda node: self.expr(node.value),
            ast.Starred: lambda node: self.expr(node.value),
            ast.NamedExpr: self._walrus,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield_from,
        }

    def _constant(self, node: ast.Constant) -> Node:
        return self.node("constant", node, node.value)

    def _name(self, node: ast.Name) -> Node:
        found = self.scope.read(node.id)
        if found is not None:
            return found
        if self.stars:
            found = self.node("variable", node)
            for module in self.stars:
                flow(self.imported(module, node.id, node), found)
            return found
        return self.node("import", node, ("builtins", node.id))

    def imported(self, module: str, name: str | None, at: ast.AST) -> Node:
        """What ``from module import name`` (or ``import module``) gives."""
        found = self.node("import", at, (module, name))
        self.facts.imports[name or module.rpartition(".")[2]].append(found)
        return found

    def _attribute(self, node: ast.Attribute) -> Node:
        base = self.expr(node.value)
        if node.attr == "__class__":
            return load(base, "T", self.node("plain", node))
        if node.attr in _DICTIONARIES or node.attr in _OF_ATTRIBUTES:
            return load(base, "D", self.node("plain", node))
        found = load(base, f"a:{node.attr}", self.node("plain", node))
        self.facts.loads[node.attr].append((found, base))
        return found

    def _subscript(self, node: ast.Subscript) -> Node:
        base, found = self.expr(node.value), self.node("plain", node)
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return self.expr(node.slice)
        match node.slice:
            case ast.Constant(value=str(key)):
                look_up(self.expr(node.slice), base)
                load(base, f"k:{key}", found)
            case ast.Constant(value=int(place)) if place >= 0:
                load(base, f"p{place}", found)
            case ast.Slice():
                self.expr(node.slice)
                copy(base, found)
                found.kind = "fresh"
            case ast.List(elts=columns):  # of a data frame
                for column in columns:
                    look_up(self.expr(column), base)
                copy(base, found)
                found.kind = "fresh"
            case _:
                look_up(self.expr(node.slice), base)
                load(base, "*", found)
        return found

    def _dict(self, node: ast.Dict) -> Node:
        found = self.node("fresh", node, node)
        spreads: list[Node] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                spread = self.expr(value)
                copy(spread, found)
                spreads.append(spread)
                continue
            store(found, "K", self.expr(key))
            constant = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
            store(found, "v" if constant is None else f"k:{constant}", self.expr(value))
        for spread in spreads:
            merge(found, spread)
        for place, spread in enumerate(spreads):
            for other in spreads[place + 1 :]:
                merge(spread, other)
        return found

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Node:
        found = self.node("fresh", node, node)
        certain = not isinstance(node, ast.Set)
        for place, one in enumerate(node.elts):
            value = self.expr(one)
            if isinstance(one, ast.Starred):
                certain = False
                copy(value, found)
            else:
                store(found, f"p{place}" if certain else "e", value)
        return found

    def generators(self, generators: Sequence[ast.comprehension], body: Callable[[], None]) -> None:
        """Runs ``body`` with the targets of the generators bound; they end with it."""
        outer = self.scope
        names = bound_names(one.target for one in generators)
        self.scope = Scope("comprehension", outer.file, outer, names, outer.function, outer.owner)
        self.scope.env = {name: node for name, node in outer.env.items() if name not in names}
        self.scope.elsewhere = set(outer.elsewhere)
        for one in generators:
            values = self.expr(one.iter)
            self.assign(one.target, load(values, "e", self.node("variable", one.target)))
            for condition in one.ifs:
                self.expr(condition)
        body()
        inner, self.scope = self.scope, outer
        for name, found in inner.env.items():
            if name not in names and outer.env.get(name) is not found:
                outer.bind(name, found)  # a walrus binds outside

    def _comprehension(self, node: Comprehension) -> Node:
        found = self.node("fresh", node)
        self.generators(node.generators, lambda: store(found, "e", self.expr(node.elt)))
        return found

    def _dict_comprehension(self, node: ast.DictComp) -> Node:
        found = self.node("fresh", node)

        def body() -> None:
            store(found, "K", self.expr(node.key))
            store(found, "v", self.expr(node.value))

        self.generators(node.generators, body)
        return found

    def _operation(self, node: ast.BinOp) -> Node:
        left, right, found = self.expr(node.left), self.expr(node.right), self.node("fresh", node)
        match node.op:
            case ast.BitOr():
                copy(left, found)
                copy(right, found)
                merge(left, right)
            case ast.Add():
                copy(left, found)
                copy(right, found)
                store(found, "P", left)
                store(found, "P", right)
            case ast.BitAnd() | ast.Sub() | ast.BitXor():
                copy(left, found)
                equal(load(left, "e", self.node("plain")), load(right, "e", self.node("plain")))
            case ast.Mult():
                copy(left, found)
            case ast.Div():  # of paths
                flow(left, found)
                flow(right, found)
            case ast.Mod():
                store(found, "P", left)
                store(found, "P", right)
                store(found, "P", load(right, "e", self.node("plain", node)))
        return found

    def _either(self, node: ast.BoolOp) -> Node:
        found = self.node("variable", node)
        for one in node.values:
            flow(self.expr(one), found)
        return found

    def _if(self, node: ast.IfExp) -> Node:
        found = self.node("variable", node)
        self.expr(node.test)
        for one in (node.body, node.orelse):
            flow(self.expr(one), found)
        return found

    def _compare(self, node: ast.Compare) -> Node:
        values = [self.expr(one) for one in (node.left, *node.comparators)]
        for op, left, right in zip(node.ops, values, values[1:], strict=False):
            if isinstance(op, (ast.Eq, ast.NotEq)):
                equal(left, right)
            elif isinstance(op, (ast.In, ast.NotIn)):
                look_up(left, right, "e")
            elif isinstance(op, (ast.LtE, ast.GtE, ast.Lt, ast.Gt)):  # sets of names
                equal(load(left, "e", self.node("plain")), load(right, "e", self.node("plain")))
        return self.node("constant", node)

    def _joined(self, node: ast.JoinedStr) -> Node:
        found = self.node("fresh", node, node)
        for one in node.values:
            if isinstance(one, ast.FormattedValue):
                store(found, "P", self.expr(one.value))
                if one.format_spec is not None:
                    self.expr(one.format_spec)
            else:
                flow(self.expr(one), found)
        return found

    def _walrus(self, node: ast.NamedExpr) -> Node:
        value = self.expr(node.value)
        self.assign(node.target, value)
        return value

    def _yield(self, node: ast.Yield) -> Node:
        function = self.function
        if node.value is not None:
            value = self.expr(node.value)
            if function is not None:
                store(function.result, "e", value)
        return self.node("plain", node)

    def _yield_from(self, node: ast.YieldFrom) -> Node:
        function, value = self.function, self.expr(node.value)
        if function is not None:
            copy(value, function.result)
        return self.node("plain", node)

    def assign(self, target: ast.expr, value: Node) -> None:
        """``target = value``."""
        match target:
            case ast.Name(id=name):
                version = self.node("variable", target)
                flow(value, version)
                self.scope.bind(name, version)
                self.facts.nodes[id(target)] = version
            case ast.Attribute():
                base = self.expr(target.value)
                store(base, f"a:{target.attr}", value)
                self.facts.stores[target.attr].append((value, base))
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                base, place = self.expr(target.value), self.expr(target.slice)
                look_up(place, base)
                store(base, "K", place)
                store(base, f"k:{key}", value)
            case ast.Subscript(slice=index):
                base = self.expr(target.value)
                store(base, "K", self.expr(index))
                store(base, "*", value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value)
            case ast.Starred():
                self.assign(target.value, value)

    def _unpack(self, targets: Iterable[ast.expr], value: Node) -> None:
        certain = True
        for place, one in enumerate(targets):
            if isinstance(one, ast.Starred):
                certain = False
                rest = self.node("fresh", one)
                copy(value, rest)
                self.assign(one.value, rest)
            else:
                self.assign(one, load(value, f"p{place}" if certain else "e", self.node("variable", one)))
