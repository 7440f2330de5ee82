"""Who calls what, and the way of an argument into a function or a class."""

from __future__ import annotations

from collections.abc import Iterator

from codemods._strings.declared import Declared
from codemods._strings.found import (
    Asked,
    Calls,
    Found,
    Path,
    Site,
    State,
    Step,
    Thing,
    all_forward,
    back,
    place,
)
from codemods._strings.graph import Call, Class, Function, Node
from codemods._strings.handed_on import is_handed_on, may_call
from codemods._strings.shapes import Shapes
from codemods._strings.shortcuts import Shortcuts


class Calling(Declared):
    """Walks into what is called."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._asking: set[int] = set()
        self.shortcuts = Shortcuts(self.program, self.classes, self.annotations)

    # --- who calls whom ---

    def callees(self, call: Call) -> list[Thing]:
        """The functions and classes that ``call`` may call."""
        key = id(call)
        known = self.memory.callees.get(key)
        if known is None:
            if key in self._asking:  # what rests on this is not kept
                self.cut.add(key)
                return []
            self._asking.add(key)
            before, self.cut = self.cut, set()
            known = [one for one in self._called(call) if one.kind in ("function", "class", "foreign")]
            self._asking.discard(key)
            self.cut.discard(key)
            if not self.cut:
                self.memory.callees[key] = known
            self.cut |= before
        return known

    def _called(self, call: Call) -> list[Thing]:
        plain = self.shortcuts.things(call.function)
        if plain is not None:
            return plain
        method = self.shortcuts.method(call.function)
        if method is None:
            return self.things(call.function)
        one, function = method
        every = (function, *self.overriding(one, function.name))
        return [Thing("function", each, bool(each.bound)) for each in every]

    def targets(self, call: Call, calls: Calls) -> list[Thing]:
        """The callees; where a parameter is called, those that ``calls`` hand in."""
        every = self.callees(call)
        if len(every) < 2 or not calls:
            return every
        given = [one for one in self.things(call.function, calls) if one.kind in ("function", "class")]
        return given or every

    def callers(self, function: Function) -> list[tuple[Call, bool]]:
        """The calls of ``function``, and whether its instance is given there."""
        known = self.memory.callers.get(id(function))
        if known is None:
            before, self.cut = self.cut, set()
            known = [
                (call, one.bound)
                for call in self.calls_of(function.name)
                for one in self.callees(call)
                if one.kind == "function" and one.of is function
            ]
            known += self._constructed(function)
            if not self.cut:
                self.memory.callers[id(function)] = known
            self.cut |= before
        return known

    def is_called_elsewhere(self, function: Function) -> bool:
        """Whether it may be called where we cannot see it: handed on as a value, or on an unknown receiver."""
        known = self.memory.elsewhere.get(id(function))
        if known is None:
            known = is_handed_on(self.program, function) or any(
                may_call(call, function) and not self.things(call.function)
                for call in self.calls_of(function.name)
            )
            self.memory.elsewhere[id(function)] = known
        return known

    def _constructed(self, function: Function) -> list[tuple[Call, bool]]:
        if function.name != "__init__" or function.owner is None:
            return []
        return [(call, True) for call in self.constructions(function.owner)]

    def constructions(self, one: Class) -> list[Call]:
        """The calls that make an instance of the class or of an heir that adds nothing."""
        return [
            call
            for call in self.calls_of(one.name)
            if any(thing.kind == "class" and thing.of is one for thing in self.callees(call))
        ]

    def calls_of(self, name: str) -> Iterator[Call]:
        """All calls of something of that name."""
        if name and not self.program.too_common(name):
            yield from self.program.calls(name)

    # --- forward ---

    def argument(self, call: Call, label: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """To the parameter, or to the field that the constructor fills."""
        self.handed(call, label, state, asked, found)
        for one in self.targets(call, state.calls):
            if one.kind == "function":
                yield from self._into(one.of, one.bound, call, label, state, asked, found)
            elif one.kind == "class":
                yield from self._into_class(one.of, call, label, state, asked, found)

    def handed(self, call: Call, label: str, state: State, asked: Asked, found: Found) -> None:
        """What the call itself says of the argument."""

    def _into(
        self,
        function: Function,
        bound: bool,
        call: Call,
        label: str,
        state: State,
        asked: Asked,
        found: Found,
    ) -> Iterator[State]:
        calls = entered(state.calls, call)
        path = state.path
        if label.isdigit():
            at = int(label) + bound
            if at < len(function.positional):
                self._declared_model(function.positional[at], path, asked, found)
                yield State(function.positional[at], True, path, calls)
            elif function.rest is not None:
                yield State(function.rest, True, (("e", True), *path), calls)
        elif label.startswith("="):
            if label[1:] in function.named:
                self._declared_model(function.named[label[1:]], path, asked, found)
            yield from self._by_keyword(function, label[1:], path, calls)
        elif label == "**" and path:
            top, rest = path[0][0], path[1:]
            if top == "K" and not rest and asked.name in function.named:
                found.others.setdefault(f"a parameter of {function.name} at {place(function.value)}")
            elif top.startswith("k:"):
                yield from self._by_keyword(function, top[2:], rest, calls)
            elif function.keywords is not None:
                yield State(function.keywords, True, path, calls)
        elif label == "*" and path and path[0][0][:1] in "ep":
            for one in function.positional[int(bound) :]:
                yield State(one, True, path[1:], calls)

    def _declared_model(self, parameter: Node, path: Path, asked: Asked, found: Found) -> None:
        """A dictionary where models alone are declared has their keys."""
        if not path or not all_forward(path) or parameter.annotation is None:
            return
        shapes = self.annotations.of(*parameter.annotation)
        if self._models_alone(shapes):
            site = Found()
            self.dumped_shapes(shapes, back(path), "I", parameter, asked, site)
            if site.names:
                found.sites.append(Site("equal", parameter, Found(names=site.names)))

    def _models_alone(self, shapes: Shapes) -> bool:
        """Whether nothing else may be given: no dictionary that the function takes as one."""
        return bool(shapes) and all(
            self.classes.is_model(one.of)
            if one.of is not None
            else bool(one.items) and all(self._models_alone(inner) for inner in one.items)
            for one in shapes
        )

    def _by_keyword(
        self, function: Function, name: str, path: tuple[Step, ...], calls: Calls
    ) -> Iterator[State]:
        if name in function.named:
            yield State(function.named[name], True, path, calls)
        elif function.keywords is not None:
            yield State(function.keywords, True, ((f"k:{name}", True), *path), calls)

    def _into_class(
        self, one: Class, call: Call, label: str, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        made = self.classes.function(one, "__init__")
        if made is not None:
            yield from self._into(made, True, call, label, state, asked, found)
            return
        if not self.classes.has_fields(one):
            return
        name, path = self._field(one, label, state), state.path
        if label == "**":
            path = path[1:]
        else:
            self._validated(one, name, call, path, asked, found)
        if name is None or name not in self.classes.members(one):
            return
        lies = self.classes.attribute(one, name)
        if lies is not None:
            yield State(lies, True, path)
        yield State(call.result, True, ((f"a:{name}", True), *path), state.calls)

    def _validated(
        self, one: Class, name: str | None, call: Call, path: Path, asked: Asked, found: Found
    ) -> None:
        """A model reads a dictionary that a field is given as what the field declares."""
        member = self.classes.member(one, name, "I") if name is not None else None
        if member is None or not path or not all_forward(path) or not self.classes.is_model(one):
            return
        site = Found()
        self._inside(one, member, back(path), "I", call.result, asked, site)
        if site.names or site.others:
            found.sites.append(Site("equal", call.result, site))

    def _field(self, one: Class, label: str, state: State) -> str | None:
        if label.startswith("="):
            return label[1:]
        if label.isdigit():
            names = list(self.classes.members(one))
            return names[int(label)] if int(label) < len(names) else None
        if label == "**" and state.path and state.path[0][0].startswith("k:"):
            return state.path[0][0][2:]
        return None


def entered(calls: Calls, call: Call) -> Calls:
    """``calls`` with one more; a function that calls itself is the same one again."""
    if call in calls:
        return calls[: calls.index(call) + 1]
    return (*calls, call)
