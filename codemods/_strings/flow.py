"""Where the value flow begins: literals, calls of foreign code, requests and responses, documents, errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods._strings.answers import Answers
from codemods._strings.call_expressions import VERBS
from codemods._strings.classes import Classes
from codemods._strings.documents import (
    RESHAPING,
    Collections,
    all_stages,
    field_place,
    stages_before,
)
from codemods._strings.found import (
    Asked,
    Calls,
    Found,
    Path,
    Site,
    State,
    Thing,
    labels,
    place,
)
from codemods._strings.graph import Call, Class, Function, Node, Op
from codemods._strings.group import Group
from codemods._strings.program import Program
from codemods._strings.routes import Route, Routes
from codemods._strings.shapes import Annotations
from codemods._strings.texts import Text
from codemods._strings.walk import Memory


class Flow(Answers):
    """Walks through everything that is known."""

    def __init__(
        self,
        program: Program,
        classes: Classes,
        annotations: Annotations,
        group: Group,
        routes: Routes,
        collections: Collections,
        memory: Memory,
    ) -> None:
        super().__init__(program, classes, annotations, group, memory)
        self.routes = routes
        self.collections = collections

    # --- back, to origins ---

    def origin(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """By the kind of the node."""
        node = state.node
        if node.kind == "constant":
            self._text(state, asked, found)
        elif node.kind == "fresh":
            yield from self._fresh(state, found)
        elif node.kind == "parameter":
            yield from self.parameter(state, asked, found)
        elif node.kind in ("self", "cls"):
            yield from self._instance(state, asked, found)
        elif node.kind == "super":
            yield from self._super(state, asked, found)
        elif node.kind == "result":
            yield from self._result(state, asked, found)
        elif node.kind == "import":
            yield from self.import_origin(state, asked, found)
        elif node.kind == "attribute":
            yield from self.attribute_origins(state, asked, found)
        elif node.kind == "class":
            yield from self.class_origin(state, asked, found)
        elif node.kind == "function":
            if not state.path:
                found.things.setdefault(Thing("function", node.fact))
        elif node.kind == "body":
            self.body(state, asked, found)
        elif node.kind == "query":
            found.others.setdefault(f"sent as what is no model at {place(node)}")
        elif node.kind == "path":
            self.request_path(state, found)
        elif node.kind == "raised":
            self.error(node.fact, state, asked, found)

    def _instance(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Where the class itself says too little, what the method was called on may be of an heir."""
        node = state.node
        for step in self.of_class(node.fact, node.kind == "cls", state, asked, found):
            yield step
            if step is state and state.calls:
                call = state.calls[-1]
                entered = any(
                    one.of.positional[:1] == [node] for one in self.callees(call) if one.kind == "function"
                )
                for op, _, base in call.function.edges if entered else ():
                    if op is Op.LOADED:
                        yield State(base, False, state.path, state.calls[:-1])

    def _super(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Its attributes are those of the class above; its dictionary is the instance's own."""
        owner, itself = state.node.fact
        above = self.classes.mro(owner)[1:2]
        label = state.path[0][0] if state.path else ""
        function = self.classes.function(above[0], label[2:]) if above and label.startswith("a:") else None
        if function is not None and not function.is_property and len(state.path) == 1:
            for each in (function, *self._beside(owner, above[0], function.name)):
                found.things.setdefault(Thing("function", each, bool(each.bound)))
            return
        for one in above if label.startswith("a:") else (owner,):
            before = len(found.names) + len(found.others)
            yield from self.of_class(one, itself, state, asked, found)
            if label in ("D", "A", "I") and asked.name and before == len(found.names) + len(found.others):
                found.heirs.setdefault(f"an heir of {one.name}, perhaps ({place(state.node)})")

    def _beside(self, owner: Class, above: Class, name: str) -> Iterator[Function]:
        """Methods of classes beside ``owner``, which come next where a class stands on both."""
        for each in self.overriding(above, name):
            other = each.owner
            if other is None or owner in self.classes.mro(other):
                continue
            if self._have_a_common_heir(owner, other):
                yield each

    def _have_a_common_heir(self, one: Class, other: Class) -> bool:
        heirs, reached = {one}, [one]
        for heir in reached:
            if self.program.too_common(heir.name):
                return True
            new = [found for found in self.program.classes_with(heir.name) if heir in self.classes.mro(found)]
            reached += [found for found in new if found not in heirs]
            heirs.update(new)
        return any(other in self.classes.mro(heir) for heir in heirs)

    def _text(self, state: State, asked: Asked, found: Found) -> None:
        value, path = state.node.fact, labels(state.path)
        if not isinstance(value, str) or path not in ((), ("P",)):
            return
        if not path:
            found.things.setdefault(Thing("text", value))
        if asked.name and asked.name in value:
            for one in self.program.texts_at(state.node, asked.name):
                if path or one.whole:
                    found.texts.setdefault(one)

    def _fresh(self, state: State, found: Found) -> Iterator[State]:
        if state.path:
            yield State(state.node, True, state.path, state.calls)
        elif isinstance(state.node.fact, (ast.JoinedStr, ast.List, ast.Tuple)):
            found.things.setdefault(Thing("display", state.node))

    def _result(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        call: Call = state.node.fact
        top = state.path[0][0] if state.path else ""
        if top == "J" and call.name in VERBS:
            yield from self.response(call, state, asked, found)
            return
        if call.name == "raises" and "ERR" in labels(state.path):
            self.error(call.body, state, asked, found)
            return
        if call.name == "TypeAdapter" and top in ("I", "D", "A") and call.node.args:
            shapes = self.annotations.of(call.node.args[0], call.scope)
            self.dumped_shapes(shapes, state.path[1:], top, state.node, asked, found)
            return
        if call.name == "TypeAdapter" and top == "NEW" and call.node.args:
            shapes = self.annotations.of(call.node.args[0], call.scope)
            inner = State(state.node, state.forward, state.path[1:], state.calls)
            yield from (one for one in self.shaped(shapes, inner, asked, found) if one is not inner)
            return
        if call.name == "errors" and "k:loc" in labels(state.path):
            yield from self._locations(call, state)
            return
        yield from self.result(state, asked, found)
        ours = any(one.kind in ("function", "class") for one in self.callees(call))
        if ours or call.known:
            if state.path:
                yield State(state.node, True, state.path, state.calls)
        elif not self._documents(state, asked, found):
            yield from self.unknown(state, f"what {call.name or 'a call'}() gives", asked, found)

    def _locations(self, call: Call, state: State) -> Iterator[State]:
        """``error.errors()[0]["loc"]``: names of fields of what was validated."""
        for op, _, base in call.function.edges:
            if op is Op.LOADED:
                yield State(base, False, (("ERR", False),), state.calls)

    def loaded(
        self, node: Node, label: str, base: Node, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        """Into the container; what a pipeline made is looked for in the pipeline."""
        is_answer = node.kind == "result" and node.fact.name in VERBS and labels(state.path)[:1] == ("J",)
        if is_answer and self.routes_of(node.fact, state.calls):
            return
        if label == "M:made":
            yield from self._made(node.fact, base, state)
            return
        yield from super().loaded(node, label, base, state, asked, found)

    # --- MongoDB ---

    def foreign(self, name: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """A database gives collections."""
        if not self._documents(state, asked, found):
            yield from super().foreign(name, state, asked, found)

    def unknown(self, state: State, why: str, asked: Asked, found: Found) -> Iterator[State]:
        """A database that nobody declared is one still."""
        if not self._documents(state, asked, found):
            yield from super().unknown(state, why, asked, found)

    def _documents(self, state: State, asked: Asked, found: Found) -> bool:
        """Whether ``state`` is at a database, on the way to a collection's documents."""
        at = next((at for at, (label, _) in enumerate(state.path) if label.startswith("M:")), 0)
        if not at or state.path[at - 1][0][:2] not in ("k:", "a:"):
            return False
        collection, part = state.path[at - 1][0][2:], state.path[at][0][2:]
        model = self.collections.model(collection)
        where, path = field_place(part, state.path[at + 1 :], asked.before, asked.stages)
        if where == "new":
            if asked.call is not None:
                found.made.append(asked.call)
        elif where == "unknown" or model is None:
            why = (
                f"documents of {collection}"
                if model is not None
                else f"{collection}, whose model is not known"
            )
            found.unknown.setdefault(f"{why} ({place(state.node)})")
        else:
            self._of_document(model, path, state.node, asked, found)
        return True

    def _of_document(self, model: Class, path: Path, node: Node, asked: Asked, found: Found) -> None:
        before = len(found.names) + len(found.others)
        self.dumped(model, path, "A", node, asked, found)
        if before == len(found.names) + len(found.others):
            self.dumped(model, path, "D", node, Asked(""), found)

    def _made(self, call: Call, receiver: Node, state: State) -> Iterator[State]:
        pipelines = self._pipelines(call, state.calls)
        stages = all_stages(pipelines)
        if stages is None or not any(one in RESHAPING for one in stages):
            yield State(receiver, False, (("M:found", False), *state.path), state.calls)
            return
        last = max(at for at, one in enumerate(stages) if one in RESHAPING)
        if stages[last] in ("$group", "$project"):
            inside = ((f"p{last}", False), (f"k:{stages[last]}", False), *state.path)
            yield State(call.positional[0], False, inside, state.calls)

    def _pipelines(self, call: Call, calls: Calls) -> list[Node]:
        things = self.things(call.positional[0], calls) if call.positional else []
        return [one.of for one in things if one.kind == "display"]

    def staged(self, node: Node, path: Path, other: Node, calls: Calls, asked: Asked) -> Asked:
        """With the stages before the one that the text is in."""
        if other.kind != "database":
            return asked
        lists = [one.of for one in self.things(node, calls) if one.kind == "display"]
        return Asked(asked.name, asked.before, stages_before(lists, path), other.fact)

    # --- forward ---

    def handed(self, call: Call, label: str, state: State, asked: Asked, found: Found) -> None:
        """``pytest.raises(ValidationError, match="field")`` means a field of what is made there.

        A sentence that the application raises itself has to stay what that says.
        """
        expected = ast.unparse(call.node.args[0]) if call.node.args and label == "=match" else ""
        if call.name == "raises" and call.body is not None and "ValidationError" in expected:
            raised = self._raised(call, asked.name)
            if raised:
                found.texts.update(dict.fromkeys(raised))
                return
            site = Found()
            self.made_in(call.body, call.result, state.calls, asked, site)
            found.sites.append(Site("equal", call.result, site))

    def _raised(self, call: Call, name: str) -> list[Text]:
        """The texts of errors that a sentence in ``match`` repeats, or a part of."""
        given = next((one.value for one in call.node.keywords if one.arg == "match"), None)
        match = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""
        if " " not in match.strip():
            return []
        return [
            text
            for file in self.program.holding(name)
            for text, _, at in self.program.texts(file, name)
            if isinstance(at.value, str)
            and " " in at.value.strip()
            and (match in at.value or at.value.strip() in match)
            and self.program.is_raised(file, at)
        ]

    def beyond(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """What a route returns is what its response declares."""
        if state.node.kind == "returned" and not state.calls and state.path:
            for route in self.routes.of(state.node.fact):
                self._answered(route, state, asked, found)
        yield from super().beyond(state, asked, found)

    def _answered(self, route: Route, state: State, asked: Asked, found: Found) -> None:
        site = Found()
        known = self.dumped_shapes(route.answer, state.path, "I", state.node, asked, site)
        if not known and any(shape.kind == "dict" for shape in route.answer):
            site.others.setdefault(f"the response of {route.label}")
        if site.names or site.others:
            found.sites.append(Site("equal", state.node, site))
