"""Out of functions, back to arguments, and through attributes, modules and fixtures."""

from __future__ import annotations

from collections.abc import Iterator

from codemods._strings.calling import Calling, entered
from codemods._strings.found import Asked, Found, State, Thing, place
from codemods._strings.graph import Call, Class, Function, Node, Op
from codemods._strings.shapes import Shape, imported_module


class Passing(Calling):
    """Walks through calls, attributes and imports."""

    # --- forward ---

    def beyond(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Out of functions, modules and attributes."""
        if state.node.kind == "returned":
            yield from self._returned(state.node.fact, state, asked, found)
        elif state.node.kind == "global":
            yield from self._imported(state)
        elif state.node.kind == "attribute":
            owner, name = state.node.fact
            yield from self._readers(owner, name, state)
        elif state.node.kind == "member":
            lies = self.classes.attribute(*state.node.fact)
            if lies is not None:
                yield State(lies, True, state.path)

    def _returned(self, function: Function, state: State, asked: Asked, found: Found) -> Iterator[State]:
        if state.calls:
            call = state.calls[-1]
            if any(one.of is function for one in self.callees(call)):
                yield State(call.result, True, state.path, state.calls[:-1])
            return
        if function.is_property and function.owner is not None:
            yield from self._readers(function.owner, function.name, state)
        for call, _ in self.callers(function):
            yield State(call.result, True, state.path)
        for parameter in self.asking(function):
            yield State(parameter, True, state.path)
            if state.path and state.path[0][0] == "e":
                yield State(parameter, True, state.path[1:])

    def asking(self, fixture: Function) -> Iterator[Node]:
        """Parameters that are given what a fixture returns."""
        if not is_fixture(fixture):
            return
        for file in self.program.holding(fixture.name):
            facts = self.program.facts(file)
            for functions in facts.functions.values() if facts is not None else ():
                for one in functions:
                    if fixture.name in one.named and self.fixture(one, fixture.name, file) is fixture:
                        yield one.named[fixture.name]

    def fixture(self, function: Function, name: str, file: str) -> Function | None:
        """The fixture that gives a test its parameter ``name``: the nearest one."""
        if not (function.name.startswith("test") or is_fixture(function)):
            return None
        having = [one for one in self.program.functions(name) if is_fixture(one) and one is not function]
        near = [one for one in having if one.file == file or _is_above(one.file, file)]
        return max(near, key=lambda one: (one.file == file, one.file.count("/")), default=None)

    def _imported(self, state: State) -> Iterator[State]:
        name = state.node.fact
        if self.program.too_common(name):
            return
        for one in self.program.imports(name):
            if self.program.target(one) is state.node:
                yield State(one, True, state.path, state.calls)
        for target, base in self.program.loads(name):
            if any(thing.kind == "module" and thing.of == state.node.file for thing in self.things(base)):
                yield State(target, True, state.path, state.calls)

    def _readers(self, owner: Class, name: str, state: State) -> Iterator[State]:
        if self.program.too_common(name):
            return
        for target, base in self.program.loads(name):
            if self.is_one(base, owner):
                yield State(target, True, state.path)
                if self.classes.is_enum(owner):
                    yield from (
                        State(other, True, state.path)
                        for op, label, other in target.edges
                        if op is Op.LOAD and label == "a:value"
                    )

    def is_one(self, node: Node, owner: Class) -> bool:
        """Whether ``node`` can be an instance of the class or of an heir, or the class itself."""
        declared = self.shortcuts.instance(node)
        if declared is not None:
            return owner in self.classes.mro(declared) or declared in self.classes.mro(owner)
        return any(
            one.kind in ("instance", "class") and owner in self.classes.mro(one.of)
            for one in self.things(node)
        )

    # --- back ---

    def loaded(
        self, node: Node, label: str, base: Node, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        """Into the container."""
        yield State(base, False, ((label, False), *state.path), state.calls)

    def parameter(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back to the arguments."""
        function = state.node.fact
        if not isinstance(function, Function):
            return
        if state.node is function.keywords and state.path:  # a dictionary of its own
            yield State(state.node, True, state.path, state.calls)
            if state.path[0][1]:
                return
        name = next((name for name, node in function.named.items() if node is state.node), "")
        fixture = self.fixture(function, name, function.file) if name else None
        if fixture is not None:
            yield State(fixture.result, False, state.path)
            yield State(fixture.result, False, (("e", False), *state.path))
            return
        callers = self.callers(function)
        if state.calls:
            last = state.calls[-1]
            callers = [one for one in callers if one[0] is last] or self._bound_in(function, last)
        for call, bound in callers:
            yield from self._given(function, name, bound, call, state)
        if not callers:
            yield from self.unknown(state, f"a parameter of {function.name or 'a lambda'}", asked, found)
        elif not state.calls and self.is_called_elsewhere(function):
            found.unknown.setdefault(f"{function.name} may be called elsewhere too ({place(function.value)})")

    def _bound_in(self, function: Function, call: Call) -> list[tuple[Call, bool]]:
        bound = [one.bound for one in self.callees(call) if one.of is function]
        return [(call, bound[0])] if bound else []

    def _given(self, function: Function, name: str, bound: bool, call: Call, state: State) -> Iterator[State]:
        calls, path, node = state.calls[:-1], state.path, state.node
        top = path[0][0] if path else ""
        if node is function.keywords:
            for one in call.spread:
                yield State(one, False, path, calls)
            if top.startswith("k:") and top[2:] in call.named and top[2:] not in function.named:
                yield State(call.named[top[2:]], False, path[1:], calls)
            return
        if node is function.rest:
            for one in call.positional[len(function.positional) - bound :]:
                yield State(one, False, path[1:], calls)
            return
        at = next((at for at, one in enumerate(function.positional) if one is node), -1) - bound
        if 0 <= at < len(call.positional):
            yield State(call.positional[at], False, path, calls)
        elif name in call.named:
            yield State(call.named[name], False, path, calls)
        else:
            for one in call.spread:
                yield State(one, False, ((f"k:{name}", False), *path), calls)
            for one in call.rest:
                yield State(one, False, (("e", False), *path), calls)

    def result(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back into what was called."""
        call: Call = state.node.fact
        things = self.targets(call, state.calls)
        for one in things:
            if one.kind == "function":
                yield State(one.of.result, False, state.path, entered(state.calls, call))
            elif one.kind == "class":
                yield from self.of_class(one.of, False, state, asked, found)
        if not state.path and any(one.kind == "foreign" for one in things):
            found.things.setdefault(
                Thing("foreign instance", next(t.of for t in things if t.kind == "foreign"))
            )

    def attribute_origins(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back to what an attribute is given."""
        owner, name = state.node.fact
        if self.classes.is_enum(owner) and state.path[:1] in ((("a:value", True),), (("a:value", False),)):
            state = State(state.node, False, state.path[1:], state.calls)
        nothing = True
        for member in self._given_in_bodies(owner, name):
            nothing = False
            yield State(member, False, state.path)
        if not self.program.too_common(name):
            for value, base in self.program.stores(name):
                if self.is_one(base, owner):
                    nothing = False
                    yield State(value, False, state.path)
        if self.classes.has_fields(owner):
            for call in self.constructions(owner):
                nothing = False
                yield from self._filled(owner, name, call, state)
        if nothing:
            yield from self.unknown(state, f"{owner.name}.{name}", asked, found)

    def _given_in_bodies(self, owner: Class, name: str) -> Iterator[Node]:
        """What the bodies of the class and of its heirs give to the name."""
        if self.program.too_common(name):
            return
        for one in self.program.classes_with(name):
            member = one.members.get(name)
            if member is not None and member.kind == "member" and owner in self.classes.mro(one):
                yield member

    def _filled(self, owner: Class, name: str, call: Call, state: State) -> Iterator[State]:
        names = list(self.classes.members(owner))
        at = names.index(name) if name in names else len(call.positional)
        if name in call.named:
            yield State(call.named[name], False, state.path)
        elif at < len(call.positional):
            yield State(call.positional[at], False, state.path)
        for one in call.spread:
            yield State(one, False, ((f"k:{name}", False), *state.path))

    def import_origin(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back into the module that a name comes from."""
        module, name = state.node.fact
        target = self.program.target(state.node)
        if target is not None:
            yield State(target, False, state.path, state.calls)
            return
        file = imported_module(self.program, state.node.file, module, name)
        if file is not None:
            yield from self._of_module(file, state, found)
            return
        dotted = ".".join([*([module] if module != "builtins" else []), *([name] if name else [])])
        rest = [label[2:] for label, _ in state.path if label.startswith("a:")]
        if len(rest) == len(state.path):
            found.things.setdefault(Thing("foreign", ".".join([dotted, *rest])))
        else:
            yield from self.foreign_value(dotted, state, asked, found)

    def foreign_value(self, dotted: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """What lies in something foreign."""
        yield from self.unknown(state, dotted, asked, found)

    def _of_module(self, file: str, state: State, found: Found) -> Iterator[State]:
        if not state.path:
            found.things.setdefault(Thing("module", file))
            return
        label = state.path[0][0]
        facts = self.program.facts(file)
        if facts is None or not label.startswith("a:"):
            return
        name = label[2:]
        if name in facts.module.bound:
            yield State(facts.module.whatever(name), False, state.path[1:], state.calls)
            return
        inner = self.program.submodule(file, name)
        if inner is not None:
            rest = State(state.node, False, state.path[1:], state.calls)
            yield from self._of_module(inner, rest, found)

    def class_origin(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """At the class itself."""
        shape = Shape("type", state.node.fact)
        yield from (one for one in self.shaped((shape,), state, asked, found) if one is not state)


def is_fixture(function: Function) -> bool:
    """Whether pytest calls it."""
    return any(name.rpartition(".")[2] == "fixture" for name in function.decorators)


def _is_above(one: str, file: str) -> bool:
    folder, _, name = one.rpartition("/")
    return name == "conftest.py" and (not folder or file.startswith(f"{folder}/"))
