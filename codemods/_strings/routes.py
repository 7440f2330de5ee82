"""The API's routes, and which of them a call in a test means: by method and path."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemods._strings.classes import Classes
from codemods._strings.graph import Function
from codemods._strings.program import Program
from codemods._strings.shapes import Annotations, Shape, Shapes

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_ROUTE = re.compile(r"\.(?:get|post|put|patch|delete|api_route)\s*\(")
_PREFIX = re.compile(r"\bprefix\b|\bmount\(|\broot_path\b|\bbase_url\b")
_HERE = ("", "test", "testserver", "localhost", "127.0.0.1", "0.0.0.0", "{}")  # noqa: S104
_GIVEN = ("Depends", "Query", "Path", "Header", "Cookie", "Security", "Form", "File")


@dataclass(frozen=True)
class Route:
    """``answer`` is what the declared type of the response says, ``body`` what is taken."""

    methods: tuple[str, ...]
    path: tuple[str, ...]
    function: Function
    answer: Shapes
    body: tuple[tuple[str, Shapes], ...]

    @property
    def label(self) -> str:
        """``GET /campaigns/{id}``."""
        return f"{self.methods[0].upper()} /{'/'.join(self.path)}"


class Routes:
    """All routes, found once."""

    def __init__(self, program: Program, classes: Classes, annotations: Annotations) -> None:
        self._program = program
        self._classes = classes
        self._annotations = annotations
        self._found: list[Route] | None = None
        self._prefixes: set[str] | None = None

    def all(self) -> list[Route]:
        """Every route of the application."""
        if self._found is None:
            self._found = [
                route for file, text in self._program.files.items() for route in self._in(file, text)
            ]
        return self._found

    def of(self, function: Function) -> list[Route]:
        """The routes that a function answers."""
        if not any(name.rpartition(".")[2] in (*VERBS, "api_route") for name in function.decorators):
            return []
        return [route for route in self.all() if route.function is function]

    def meant(self, method: str, path: str) -> list[Route]:
        """The routes that a request can mean: those with the longest path that fits its end."""
        host = re.match(r"^[a-z]+://([^/:]*)", path)
        if host is not None and host.group(1) not in _HERE:
            return []
        parts = segments(path)
        fitting = [
            route
            for route in self.all()
            if method in route.methods and len(route.path) <= len(parts) and _fits(route.path, parts)
            if self._are_prefixes(parts[: len(parts) - len(route.path)])
        ]
        longest = max((len(route.path) for route in fitting), default=0)
        fitting = [route for route in fitting if len(route.path) == longest]
        literal = max((_literal(route) for route in fitting), default=0)
        return [route for route in fitting if _literal(route) == literal]

    def _are_prefixes(self, parts: tuple[str, ...]) -> bool:
        """Whether routers are put under each of ``parts`` somewhere."""
        if parts and self._prefixes is None:
            texts = [text for text in self._program.files.values() if _PREFIX.search(text)]
            self._prefixes = {word for text in texts for word in re.findall(r"/([\w.-]+)", text)}
        return all(part in (self._prefixes or ()) or part == "{}" for part in parts)

    def _in(self, file: str, text: str) -> Iterator[Route]:
        if not _ROUTE.search(text):
            return
        facts = self._program.facts(file)
        for functions in facts.functions.values() if facts is not None else ():
            for function in functions:
                for decorator in getattr(function.node, "decorator_list", ()):
                    yield from self._route(function, decorator)

    def _route(self, function: Function, decorator: ast.expr) -> Iterator[Route]:
        match decorator:
            case ast.Call(func=ast.Attribute(attr=verb), args=[ast.Constant(value=str(path)), *_]):
                if verb not in VERBS and verb != "api_route":
                    return
                methods = (verb,) if verb != "api_route" else _methods(decorator)
                answer = self._answer(function, decorator)
                yield Route(methods, segments(path), function, answer, tuple(self._body(function)))

    def _answer(self, function: Function, decorator: ast.Call) -> Shapes:
        outer = function.scope.parent
        assert outer is not None
        for keyword in decorator.keywords:
            if keyword.arg == "response_model":
                if isinstance(keyword.value, ast.Constant):
                    return ()
                return self._annotations.of(keyword.value, outer)
        returns = getattr(function.node, "returns", None)
        return self._annotations.of(returns, outer) if returns is not None else ()

    def _body(self, function: Function) -> Iterator[tuple[str, Shapes]]:
        for name, node in function.named.items():
            if node.annotation is None or any(word in ast.unparse(node.annotation[0]) for word in _GIVEN):
                continue
            shapes = self._annotations.of(*node.annotation)
            if any(self._is_body(shape) for shape in shapes) and not self._is_dependency(function, name):
                yield name, shapes

    def _is_body(self, shape: Shape) -> bool:
        if shape.kind == "class" and shape.of is not None:
            return self._classes.is_model(shape.of) or self._classes.has_fields(shape.of)
        return shape.kind in ("list", "dict") and any(self._is_body(one) for one in shape.items[0])

    def _is_dependency(self, function: Function, name: str) -> bool:
        """``x: Annotated[X, Depends(...)]`` by an alias, or ``x: X = Depends(...)``."""
        args = function.node.args
        positional = [one.arg for one in (*args.posonlyargs, *args.args)]
        with_default = positional[len(positional) - len(args.defaults) :]
        defaults = dict(zip(with_default, args.defaults, strict=True))
        defaults |= {
            one.arg: given
            for one, given in zip(args.kwonlyargs, args.kw_defaults, strict=True)
            if given is not None
        }
        if name in defaults and any(word in ast.unparse(defaults[name]) for word in _GIVEN):
            return True
        annotation = function.named[name].annotation
        return annotation is not None and self._alias_depends(annotation[0], function)

    def _alias_depends(self, node: ast.expr, function: Function) -> bool:
        if not isinstance(node, ast.Name):
            return False
        facts = self._program.facts(function.file)
        at = facts.aliases.get(node.id) if facts is not None else None
        if at is None and facts is not None:
            at = next(self._imported_alias(node.id, function), None)
        return at is not None and any(word in ast.unparse(at) for word in _GIVEN)

    def _imported_alias(self, name: str, function: Function) -> Iterator[ast.expr]:
        facts = self._program.facts(function.file)
        found = facts.module.env.get(name) if facts is not None else None
        if found is not None and found.kind == "import" and found.fact[1] is not None:
            file = self._program.module(found.fact[0], function.file)
            other = self._program.facts(file) if file is not None else None
            if other is not None and found.fact[1] in other.aliases:
                yield other.aliases[found.fact[1]]


def segments(path: str) -> tuple[str, ...]:
    """The parts of a path, without host and query."""
    path = re.sub(r"^[a-z]+://[^/]*", "", path).partition("?")[0].partition("#")[0]
    return tuple(part for part in path.split("/") if part)


def _fits(route: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    ends = parts[len(parts) - len(route) :]
    return all("{" in one or other == "{}" or one == other for one, other in zip(route, ends, strict=True))


def _literal(route: Route) -> int:
    return sum(1 for part in route.path if "{" not in part)


def _methods(decorator: ast.Call) -> tuple[str, ...]:
    for keyword in decorator.keywords:
        if keyword.arg == "methods" and isinstance(keyword.value, (ast.List, ast.Tuple, ast.Set)):
            named = [one.value for one in keyword.value.elts if isinstance(one, ast.Constant)]
            return tuple(str(one).lower() for one in named)
    return ("get",)


def path_text(node: ast.expr) -> str | None:
    """The path that a request names; ``{}`` stands for what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values)
    return None
