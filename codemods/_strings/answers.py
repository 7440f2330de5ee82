"""What an API answers and takes, and what errors of validation name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods._strings.found import Asked, Calls, Found, Path, State, labels, place
from codemods._strings.graph import Call, Node, Op
from codemods._strings.passing import Passing
from codemods._strings.routes import Route, Routes, path_text

_HTTP_ERROR = "HTTPException"


class Answers(Passing):
    """Walks through requests, responses and expected errors."""

    routes: Routes

    # --- the API ---

    def routes_of(self, call: Call, calls: Calls) -> list[Route]:
        given = [*call.node.args, *(one.value for one in call.node.keywords if one.arg == "url")]
        method = call.name
        if method == "request" and given:
            method = (path_text(given[0]) or "").lower()
            given = given[1:]
        texts = list(self._paths(call, given[0], calls)) if given else []
        return [route for text in texts for route in self.routes.meant(method, text)]

    def _paths(self, call: Call, given: ast.expr, calls: Calls) -> Iterator[str]:
        text = path_text(given)
        if text is not None:
            yield text
            return
        facts = self.program.facts(call.file)
        node = facts.nodes.get(id(given)) if facts is not None else None
        for one in self.things(node, calls) if node is not None else ():
            if one.kind == "text":
                yield one.of
            elif one.kind == "display":
                yield path_text(one.of.fact) or ""

    def response(self, call: Call, state: State, asked: Asked, found: Found) -> Iterator[State]:
        routes = self.routes_of(call, state.calls)
        path = state.path[1:]
        for route in routes:
            known = self.dumped_shapes(route.answer, path, "A", state.node, asked, found)
            if not known and path and path[0][0] == "k:detail":
                yield from self._details(route, path[1:])
            elif not known and any(shape.kind == "dict" for shape in route.answer):
                found.others.setdefault(f"the response of {route.label}")
        if not routes:
            found.unknown.setdefault(f"the response of an unknown route ({place(state.node)})")
        elif not (found.names or found.others) and not all(route.answer for route in routes):
            found.unknown.setdefault(f"{routes[0].label} declares no response ({place(state.node)})")

    def _details(self, route: Route, path: Path) -> Iterator[State]:
        facts = self.program.facts(route.function.file)
        for one in ast.walk(route.function.node):
            node = facts.nodes.get(id(one)) if facts is not None else None
            if isinstance(one, ast.Call) and node is not None and node.kind == "result":
                call: Call = node.fact
                if call.name == _HTTP_ERROR:
                    given = call.named.get("detail", call.positional[1] if len(call.positional) > 1 else None)
                    if given is not None:
                        yield State(given, False, path)

    def body(self, state: State, asked: Asked, found: Found) -> None:
        call: Call = state.node.fact
        routes = self.routes_of(call, state.calls)
        for route in routes:
            bodies = route.body
            path = state.path
            if len(bodies) > 1 and path:
                bodies = tuple(one for one in bodies if f"k:{one[0]}" == path[0][0])
                path = path[1:]
            for _, shapes in bodies:
                self.dumped_shapes(shapes, path, "I", state.node, asked, found)
        if not routes:
            found.unknown.setdefault(f"the body of a request to an unknown route ({place(state.node)})")

    def request_path(self, state: State, found: Found) -> None:
        if labels(state.path) in ((), ("P",)):
            found.others.setdefault(f"in the path of a request at {place(state.node)}")

    def error(self, body: object, state: State, asked: Asked, found: Found) -> None:
        """Fields of the models that are made in ``body``, where an error is expected."""
        if not isinstance(body, list) or "ERR" not in labels(state.path):
            return
        self.made_in(body, state.node, state.calls, asked, found)

    def made_in(self, body: list[ast.stmt], node: Node, calls: Calls, asked: Asked, found: Found) -> None:
        """The models that statements make or validate, with their field of the name."""
        facts = self.program.facts(node.file)
        inside = [one for statement in body for one in ast.walk(statement) if isinstance(one, ast.Call)]
        made = Found()
        for one in inside:
            result = facts.nodes.get(id(one)) if facts is not None else None
            if result is not None and result.kind == "result":
                self._model_of(result.fact, node, calls, asked, made)
        if not made.names:
            made.unknown.setdefault(f"an error ({place(node)})")
        found.add(made)

    def _model_of(self, call: Call, node: Node, calls: Calls, asked: Asked, found: Found) -> None:
        things = self.things(call.result, calls)
        if call.name in ("model_validate", "parse_obj", "validate_python", "model_validate_json"):
            for op, _, base in call.function.edges:
                things += self.things(base, calls) if op is Op.LOADED else []
        for one in things:
            if one.kind in ("instance", "class") and self.classes.is_model(one.of):
                self.dumped(one.of, (("K", False),), "I", node, asked, found)
