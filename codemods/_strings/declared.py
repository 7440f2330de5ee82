"""What declared types say: the names that a model is dumped to, and where attributes lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemods._strings.classes import Classes, Member
from codemods._strings.found import Asked, Found, Path, State, Thing, forward, labels, place
from codemods._strings.graph import Class, Function, Node
from codemods._strings.group import Group
from codemods._strings.program import Program
from codemods._strings.shapes import Annotations, Shape, Shapes
from codemods._strings.walk import Memory, Walk

_FORMS = ("D", "A", "I", "IT")
_ELEMENTS = ("e", "p", "*")


class Declared(Walk):
    """Walks through declared types."""

    def __init__(
        self, program: Program, classes: Classes, annotations: Annotations, group: Group, memory: Memory
    ) -> None:
        super().__init__(memory)
        self.program = program
        self.classes = classes
        self.annotations = annotations
        self.group = group

    def declared(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """By the annotation at the node."""
        annotation = state.node.annotation
        assert annotation is not None
        yield from self.shaped(self.annotations.of(*annotation), state, asked, found)

    def shaped(self, shapes: Shapes, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """As if each of ``shapes`` was declared at the node of ``state``."""
        if not shapes:
            yield state
        for shape in shapes:
            yield from self._shaped(shape, state, asked, found)

    def _shaped(self, shape: Shape, state: State, asked: Asked, found: Found) -> Iterator[State]:
        label = state.path[0][0] if state.path else ""
        if shape.kind in ("class", "type"):
            assert shape.of is not None
            yield from self.of_class(shape.of, shape.kind == "type", state, asked, found)
        elif (shape.kind == "list" and label[:1] in _ELEMENTS and label) or (
            shape.kind == "dict" and (label[:2] in ("k:", "v") or label == "*")
        ):
            yield from self._inner(shape.items[0], state, asked, found)
        elif shape.kind == "tuple" and label[:1] in _ELEMENTS and label:
            yield from self._tuple(shape, label, state, asked, found)
        elif shape.kind == "foreign":
            yield from self.foreign(shape.name, state, asked, found)
        else:
            yield state

    def _tuple(self, shape: Shape, label: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        for at, items in enumerate(shape.items):
            if label in ("e", "*", f"p{at}"):
                yield from self._inner(items, state, asked, found)

    def _inner(self, shapes: Shapes, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """One label further in; where that says nothing, the whole says nothing."""
        inner = State(state.node, state.forward, state.path[1:], state.calls)
        if not inner.path and any(one.kind in ("any", "foreign") for one in shapes):
            yield state
            return
        for step in self.shaped(shapes, inner, asked, found):
            yield state if step is inner else step

    def foreign(self, name: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """A value of a class that is not the application's."""
        if not state.path:
            found.things.setdefault(Thing("foreign instance", name))
        yield state

    # --- classes ---

    def of_class(self, one: Class, itself: bool, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """An instance of the class, or the class ``itself``."""
        if not state.path:
            found.things.setdefault(Thing("class" if itself else "instance", one))
            return
        label, rest = state.path[0][0], state.path[1:]
        if label in ("T", "NEW"):  # the class of an instance, and an instance of a class
            inner = State(state.node, state.forward, rest, state.calls)
            yield from self.of_class(one, label == "T", inner, asked, found)
        elif label in _FORMS:
            known = self.dumped(one, rest, label, state.node, asked, found)
            if not known and self._may_be_more(one, asked):
                yield state
        elif label == "N":
            self._attribute_names(one, rest, state.node, asked, found)
        elif label.startswith("a:"):
            yield from self._attribute(one, label[2:], itself, state, asked, found)
        elif self.classes.is_typed_dict(one):
            self.dumped(one, state.path, "D", state.node, asked, found)
        elif label.startswith(("M:", "O:", "S:")) or self.classes.foreign_bases(one) & {
            "dict",
            "list",
            "tuple",
        }:
            yield state

    def _may_be_more(self, one: Class, asked: Asked) -> bool:
        """Whether an heir of the class has a field of that name."""
        having = self.memory.having.get(asked.name)
        if having is None:
            having = self.memory.having[asked.name] = [
                found
                for found in self.program.classes_with(asked.name)
                if self.classes.declares(found, asked.name)
            ]
        return any(one is not heir and one in self.classes.mro(heir) for heir in having)

    def _attribute_names(self, one: Class, path: Path, node: Node, asked: Asked, found: Found) -> None:
        if labels(path) in (("K",), ("e",)) and self.classes.has_attribute(one, asked.name):
            self.name(one, asked.name, node, found)

    def name(self, one: Class, field: str, node: Node, found: Found) -> None:
        """The text means that field."""
        found.names.setdefault((one, field), f"{one.name} at {place(node)}")

    def _attribute(
        self, one: Class, name: str, itself: bool, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        rest = state.path[1:]
        function = self.classes.function(one, name)
        if function is not None and not function.is_property:
            for each in (function, *self.overriding(one, name)) if not rest else ():
                bound = each.bound == "cls" or (each.bound == "self" and not itself)
                found.things.setdefault(Thing("function", each, bound))
            return
        if function is not None:
            for each in (function, *self.overriding(one, name)):
                yield State(each.result, False, rest, state.calls)
            return
        inside = State(state.node, state.forward, rest, state.calls)
        member = self.classes.members(one).get(name)
        if member is not None and not itself:
            steps = list(self.shaped(self.classes.shape_of(member), inside, asked, found))
            yield from (step for step in steps if step is not inside)
            if inside not in steps:
                return
        lies = self.classes.attribute(one, name)
        if lies is not None:
            way = state.path[0][1]  # stored there: on to its readers
            yield State(lies, way, rest)

    def overriding(self, one: Class, name: str) -> list[Function]:
        """The methods of heirs, which a value of the class may have."""
        if self.program.too_common(name):
            return []
        owned = [(each, each.owner) for each in self.program.functions(name) if each.owner is not None]
        return [each for each, owner in owned if owner is not one and one in self.classes.mro(owner)]

    # --- dictionaries of models ---

    def dumped(self, one: Class, path: Path, form: str, node: Node, asked: Asked, found: Found) -> bool:
        """Whether the class has what lies at ``path`` in its dictionary; a name goes into ``found``."""
        if not path:
            return True
        label = path[0][0]
        members = self.classes.members(one)
        if form == "IT":
            form, label = "I", "K"
        if label in ("K", "e"):
            member = self.classes.member(one, asked.name, form)
            if member is not None:
                self.name(one, member.name, node, found)
            return member is not None
        if label.startswith("k:"):
            member = self.classes.member(one, label[2:], form)
            return member is not None and self._inside(one, member, path[1:], form, node, asked, found)
        if label in ("v", "*"):
            for member in members.values():
                self._inside(one, member, path[1:], form, node, asked, found)
            return True
        return False

    def _inside(
        self, one: Class, member: Member, path: Path, form: str, node: Node, asked: Asked, found: Found
    ) -> bool:
        """In the value of a field. Only a model's free dictionary that nothing reads as the field is its own."""
        inner = Found()
        self.dumped_shapes(self.classes.shape_of(member), path, form, node, asked, inner)
        if inner.others and not self._is_its_own(one, member, path, asked):
            inner.others.clear()
        found.add(inner)
        return True

    def _is_its_own(self, one: Class, member: Member, path: Path, asked: Asked) -> bool:
        lies = self.classes.attribute(one, member.name)
        if not self.classes.is_model(one) or lies is None:
            return False
        used = self.run(State(lies, True, forward(path)), asked)
        meant = (key for site in used.sites if site.inside for key in site.found.names)
        return not any(self._is_meant(other, name) for other, name in meant)

    def _is_meant(self, one: Class, name: str) -> bool:
        """Whether the field is of the group; what is asked is noted."""
        self.memory.meant[one, name] = answer = self.group.has(one, name)
        return answer

    def dumped_shapes(
        self, shapes: Iterable[Shape], path: Path, form: str, node: Node, asked: Asked, found: Found
    ) -> bool:
        """As ``dumped``, of a value of one of ``shapes``."""
        known = [self._dumped_shape(shape, path, form, node, asked, found) for shape in shapes]
        return any(known)

    def _dumped_shape(
        self, shape: Shape, path: Path, form: str, node: Node, asked: Asked, found: Found
    ) -> bool:
        label = path[0][0] if path else ""
        if shape.kind == "class" and shape.of is not None:
            return self.dumped(shape.of, path, form, node, asked, found)
        if shape.kind == "list" and label[:1] in _ELEMENTS and label:
            return self.dumped_shapes(shape.items[0], path[1:], form, node, asked, found)
        if shape.kind == "dict":
            if label in ("K", "e"):
                found.others.setdefault(f"a key of a free dictionary at {place(node)}")
                return True
            inner = shape.items[0] if shape.items else ()
            if any(one.kind == "any" for one in inner) and labels(path)[-1:] in (("K",), ("e",)):
                found.others.setdefault(f"a key inside of a free dictionary at {place(node)}")
                return True
            return self.dumped_shapes(inner, path[1:], form, node, asked, found)
        if shape.kind == "tuple":
            return any(
                self.dumped_shapes(items, path[1:], form, node, asked, found)
                for at, items in enumerate(shape.items)
                if label in ("e", "*", f"p{at}")
            )
        return False
