"""Functions and classes as nodes and edges of the value flow."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from codemods._strings.facts import Facts
from codemods._strings.graph import Class, Function, Node, equal, flow, load, look_up, store
from codemods._strings.scopes import Scope, bound_names
from codemods._strings.statements import Statements

Definition = ast.FunctionDef | ast.AsyncFunctionDef
_STATIC = "staticmethod"
_CLASS = ("classmethod", "validator", "root_validator", "field_validator")
_BY_FIELD = ("field_validator", "validator", "field_serializer", "serializer")


class Definitions(Statements):
    """Runs through a module, then through the bodies of its functions."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._visit[ast.Lambda] = self._lambda
        self._statements[ast.FunctionDef] = self._statements[ast.AsyncFunctionDef] = self._define
        self._statements[ast.ClassDef] = self._class
        self._statements[ast.Return] = self._return
        self._visit[ast.Call] = self._call_or_super

    # --- functions ---

    def _call_or_super(self, node: ast.Call) -> Node:
        """``super()`` is the instance, as the classes above see it."""
        function = self.function
        is_super = isinstance(node.func, ast.Name) and node.func.id == "super"
        if is_super and function is not None and function.owner is not None and function.bound:
            return self.node("super", node, (function.owner, function.bound == "cls"))
        return self._call(node)

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            value, function = self.expr(node.value), self.scope.function
            if function is not None:
                flow(value, function.result)

    def _define(self, node: Definition) -> None:
        decorators = [self.expr(one) for one in node.decorator_list]
        function = self._function(node, node.name)
        function.decorators = tuple(_dotted(one) for one in node.decorator_list)
        owner = self.scope.owner if self.scope.kind == "class" else None
        last = {name.rpartition(".")[2] for name in function.decorators}
        function.is_property = bool(last & {"property", "cached_property", "computed_field"})
        self._own(function, owner, last)
        self._decorated(function, node, decorators)
        self.scope.bind(node.name, function.value)
        self.later.append((function.scope, lambda: self._body(function, node)))

    def _own(self, function: Function, owner: Class | None, decorators: set[str]) -> None:
        if owner is None:
            return
        function.owner = owner
        owner.functions[function.name] = function
        if _STATIC not in decorators and function.positional:
            function.bound = "cls" if decorators & set(_CLASS) or function.name == "__new__" else "self"
            function.positional[0].kind = function.bound
            function.positional[0].fact = owner
        if decorators & {"field_validator", "validator", "model_validator", "root_validator"}:
            self._validator(function, owner, decorators)

    def _validator(self, function: Function, owner: Class, decorators: set[str]) -> None:
        names = load(owner.value, "D", self.node("plain", function.node))
        if decorators & {"field_validator", "validator"}:
            for one in function.positional[2:]:
                store(one, "a:data", names)
                flow(names, one)  # `values` of the first Pydantic
                one.fact = "given by Pydantic"
        elif function.bound == "cls":
            given = load(owner.value, "I", self.node("plain", function.node))
            for one in function.positional[1:2]:
                flow(given, one)
                one.fact = "given by Pydantic"

    def _decorated(self, function: Function, node: Definition, decorators: Sequence[Node]) -> None:
        for one, value in zip(node.decorator_list, decorators, strict=True):
            if not isinstance(one, ast.Call) or value.kind != "result":
                continue
            name, call = _dotted(one).rpartition(".")[2], value.fact
            if name in _BY_FIELD and function.owner is not None:
                for field in call.positional:
                    look_up(field, load(function.owner.value, "D", self.node("plain", one)))
            elif name == "parametrize" and len(call.positional) > 1:
                self._parametrized(function, one, call.positional[1])

    def _parametrized(self, function: Function, node: ast.Call, values: Node) -> None:
        names = _names(node.args[0])
        each = load(values, "e", self.node("plain", node))
        for place, name in enumerate(names):
            target = function.named.get(name)
            if target is None:
                continue
            if len(names) == 1:
                flow(each, target)
            else:
                load(each, f"p{place}", target)
            target.fact = "parametrized"

    def _function(self, node: Definition | ast.Lambda, name: str) -> Function:
        names = bound_names(node.body if not isinstance(node, ast.Lambda) else [node.body])
        args = node.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        every += [one for one in (args.vararg, args.kwarg) if one is not None]
        scope = Scope("function", self.facts.file, self.scope, {*names, *(one.arg for one in every)})
        value, result = self.node("function", node), self.node("returned", node)
        function = Function(name, self.facts.file, node, scope, value, result)
        value.fact = result.fact = scope.function = function
        for one in every:
            parameter = self.node("parameter", one, function)
            if one.annotation is not None and one not in (args.vararg, args.kwarg):
                parameter.annotation = (one.annotation, self.scope)
                for text in _literals(one.annotation):
                    equal(self.expr(text), parameter)
            function.named[one.arg] = parameter
            scope.bind(one.arg, parameter)
        function.positional = [function.named[one.arg] for one in (*args.posonlyargs, *args.args)]
        if args.vararg is not None:
            function.rest = function.named.pop(args.vararg.arg)
        if args.kwarg is not None:
            function.keywords = function.named.pop(args.kwarg.arg)
        self._defaults(function, args)
        if not isinstance(node, ast.Lambda) and node.returns is not None:
            result.annotation = (node.returns, self.scope)
        self.facts.functions[name].append(function)
        return function

    def _defaults(self, function: Function, args: ast.arguments) -> None:
        count = len(args.defaults)
        for parameter, default in zip(
            function.positional[len(function.positional) - count :], args.defaults, strict=True
        ):
            flow(self.expr(default), parameter)
        for one, given in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            if given is not None:
                flow(self.expr(given), function.named[one.arg])

    def _body(self, function: Function, node: Definition) -> None:
        self.block(node.body)

    def _lambda(self, node: ast.Lambda) -> Node:
        function = self._function(node, "")

        def build() -> None:
            flow(self.expr(node.body), function.result)

        self.later.append((function.scope, build))
        return function.value

    # --- classes ---

    def _class(self, node: ast.ClassDef) -> None:
        for one in node.decorator_list:
            self.expr(one)
        value = self.node("class", node)
        names = bound_names(node.body)
        outer = self.scope
        scope = Scope("class", self.facts.file, outer, names, outer.function)
        found = Class(node.name, self.facts.file, node, scope, value)
        value.fact = scope.owner = found
        found.bases = [self.expr(one) for one in node.bases]
        for keyword in node.keywords:
            self.expr(keyword.value)
        found.assigned = _assigned(node)
        self.facts.classes[node.name].append(found)
        self.scope = scope
        self.block(node.body)
        self._examples(found)
        self.scope = outer
        found.members = {name: scope.whatever(name) for name in names if name in scope.every}
        for name, member in found.members.items():
            if name not in found.functions:
                member.kind, member.fact = "member", (found, name)
        outer.bind(node.name, value)

    def _examples(self, found: Class) -> None:
        """``json_schema_extra={"example": {...}}`` holds what the model accepts."""
        accepted = load(found.value, "I", self.node("plain", found.node))
        for one in _extras(found.node) if "schema_extra" in self.facts.source else ():
            extra = self.facts.nodes.get(id(one))
            if extra is None:
                continue
            for name in ("example", "examples"):
                inner = load(extra, f"k:{name}", self.node("plain", one))
                equal(inner, accepted)
                equal(load(inner, "e", self.node("plain", one)), accepted)


def _extras(node: ast.ClassDef) -> Iterator[ast.expr]:
    for one in ast.walk(node):
        match one:
            case ast.keyword(arg="json_schema_extra" | "schema_extra", value=value):
                yield value
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "json_schema_extra":
                        yield value


def _assigned(node: ast.ClassDef) -> set[str]:
    """Attributes that methods give to their instance."""
    found = set()
    for method in node.body:
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.args.args:
            own = method.args.args[0].arg
            for one in ast.walk(method):
                match one:
                    case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Store()) if name == own:
                        found.add(attr)
    return found


def _literals(annotation: ast.expr) -> Iterator[ast.Constant]:
    """The texts of ``Literal[...]``."""
    for one in ast.walk(annotation):
        if isinstance(one, ast.Subscript) and _dotted(one.value).rpartition(".")[2] == "Literal":
            yield from (text for text in ast.walk(one.slice) if isinstance(text, ast.Constant))


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Call(func=func):
            return _dotted(func)
        case ast.Attribute(value=value, attr=attr):
            return f"{_dotted(value)}.{attr}".lstrip(".")
        case ast.Name(id=name):
            return name
    return ""


def _names(node: ast.expr) -> list[str]:
    """The names that ``parametrize`` gives."""
    match node:
        case ast.Constant(value=str(text)):
            return [one.strip() for one in text.split(",")]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [
                one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
    return []
