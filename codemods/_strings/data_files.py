"""Keys of JSON and YAML files: those of objects that are a model's, and what lies inside of them.

An object is a model's where the model would take it: all required fields are there, and no key that it does not know
(unless the model says that it lets others pass). Where several do, the one with the most of its keys counts. A file
that the code loads and validates as a model is that model's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath

from bravo_agent.model.code import Token
from codemods._strings.classes import Classes, Member
from codemods._strings.data_values import NotReadable, Value, read_values
from codemods._strings.facts import Facts
from codemods._strings.flow import Flow
from codemods._strings.found import Asked, Path, State
from codemods._strings.graph import Class, Node
from codemods._strings.judge import Judged
from codemods._strings.program import Program
from codemods._strings.shapes import Shape

_LARGEST = 5_000_000
_MOST = 20
_DEEPEST = 5
_SURE = Judged("other", "flow", "")
Named = tuple[Class | None, str]
"""The class whose field a key is (None: none at all), and why."""
Where = tuple[str, ...]
"""How an object lies in its document: labels of the value flow."""
Loaded = Mapping[tuple[Where, Class], bool]
"""The models that objects are read as; whether that is certain, where no other file has that name."""


class Documents:
    """Data files read into values, and where the code names them; the same for every field."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._values: dict[str, list[Value]] = {}
        self._size = 0
        self._named: dict[str, list[tuple[str, Path, Node]]] = {}

    def values(self, file: str, text: str) -> list[Value]:
        """The documents in it; none where it cannot be read."""
        known = self._values.get(file)
        if known is not None:
            return known
        try:
            known = read_values(file, text)
        except NotReadable:
            known = []
        if self._size + len(text) <= _LARGEST:  # values take many times the room of their text
            self._values[file] = known
            self._size += len(text)
        return known

    def named(self, file: str) -> list[tuple[str, Path, Node]]:
        """Texts that name the file, and calls that are handed one; with what lies between them and what is read."""
        if file not in self._named:
            every = (self._program.facts(one) for one in self._program.holding(_stem(file)))
            self._named[file] = [one for facts in every if facts is not None for one in _named(facts, file)]
        return self._named[file]


class DataFiles:
    """Judges the keys of one name after the other."""

    def __init__(self, documents: Documents, classes: Classes, walk: Flow) -> None:
        self._documents = documents
        self._classes = classes
        self._walk = walk
        self._models = list(walk.collections.models())

    def verdicts(
        self, data: Mapping[str, str], name: str, texts: Mapping[Token, Judged]
    ) -> dict[Token, Judged]:
        """For every key called ``name``; ``texts``: what is known of those of the code."""
        found: dict[Token, Judged] = {}
        for file, text in sorted(data.items()):
            if name in text and len(text) <= _LARGEST:
                found |= self._of_file(file, text, name, data, texts)
        return found

    def _of_file(
        self, file: str, text: str, name: str, data: Mapping[str, str], texts: Mapping[Token, Judged]
    ) -> dict[Token, Judged]:
        documents = self._documents.values(file, text)
        if not documents:
            return {}
        named: dict[Token, list[Named]] = {}
        reading = _Reading(self._classes, self._models, name, named)
        wheres = list(dict.fromkeys(one for value in documents for one in _objects(value, name, ())))
        loaded, beside = self._loaded(file, name, wheres[:_MOST], alone=_is_alone(file, data))
        for value in documents:
            reading.top(value, loaded, ())
        doubt = next(
            (one for one in sorted(beside, key=str) if texts.get(one, _SURE).verdict == "unknown"), None
        )
        found = {token: self._judged(several, name) for token, several in named.items()}
        return found if doubt is None else {token: _doubted(one, doubt) for token, one in found.items()}

    def _judged(self, several: list[Named], name: str) -> Judged:
        known = [(one, why) for one, why in several if why]
        ins = [why for one, why in known if one is not None and self._in_group(one, name)]
        outs = [why for one, why in known if one is None or not self._in_group(one, name)]
        if ins and outs:
            return Judged("mixed", "flow", f"{ins[0]}, but also {outs[0]}")
        if ins:
            return Judged("target", "flow", ins[0])
        if outs:
            return Judged("other", "flow", outs[0])
        return Judged("unknown", "name", "the object around this key is no model's")

    def _in_group(self, one: Class, key: str) -> bool:
        member = self._classes.member(one, key, "I")
        return member is not None and self._walk.group.has(one, member.name)

    def _loaded(self, file: str, name: str, wheres: list[Where], *, alone: bool) -> tuple[Loaded, set[Token]]:
        """The models that the code validates objects as: it opens the file by its name, or hands that to a loader.

        And the texts of the code that its keys have to equal.
        """
        found: dict[tuple[Where, Class], bool] = {}
        beside: set[Token] = set()
        for written, before, node in self._documents.named(file):
            for one in self._validated(before, node, name, wheres, beside):
                found[one] = found.get(one, False) or alone or "/" in written
        return found, beside

    def _validated(
        self, before: Path, node: Node, name: str, wheres: list[Where], beside: set[Token]
    ) -> Iterator[tuple[Where, Class]]:
        for where in wheres:
            path = tuple((label, True) for label in (*where, "K"))
            used = self._walk.run(State(node, True, (*before, *path)), Asked(name))
            for site in used.sites:
                beside |= {one.token for one in site.found.texts if site.kind == "equal"}
                yield from ((where, one) for one, _ in site.found.names)


def _doubted(one: Judged, beside: Token) -> Judged:
    """A key that is compared with a text of which nobody can tell has to change with it, or not at all."""
    if one.verdict != "target":
        return one
    why = f"{one.why}, but it has to equal the text at {beside.file}:{beside.line}, of which nobody can tell"
    return Judged("unknown", "name", why)


def _named(facts: Facts, file: str) -> Iterator[tuple[str, Path, Node]]:
    """Texts that name the file, and calls that are handed one; with what lies between them and what is read."""
    base = file.rpartition("/")[2]
    bare = (base, base.rpartition(".")[0])
    for calls in facts.calls.values():
        for call in calls:
            for one in call.node.args:
                if isinstance(one, ast.Constant) and one.value in (file, *bare):
                    yield str(one.value), (), call.result
    for node in facts.nodes.values():
        if node.kind == "constant" and isinstance(node.fact, str) and node.fact.endswith(bare):
            written = normpath(node.fact).replace("../", "")
            if written in bare or f"/{file}".endswith(f"/{written}"):
                yield written, (("FILE", True), ("JS", True)), node


def _objects(value: Value, name: str, where: Where) -> Iterator[Where]:
    """Where objects lie that have the key."""
    if len(where) > _DEEPEST:
        return
    if any(key == name for key, _, _ in value.keys):
        yield where
    for key, _, inner in value.keys:
        yield from _objects(inner, name, (*where, f"k:{key}"))
    for one in value.items:
        yield from _objects(one, name, (*where, "e"))


def _is_alone(file: str, data: Mapping[str, str]) -> bool:
    """Whether no other file has its name, or one that differs by its ending alone."""
    return sum(_stem(one) == _stem(file) for one in data) == 1


def _stem(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


class _Reading:
    """One file, one name."""

    def __init__(
        self, classes: Classes, models: Iterable[Class], name: str, named: dict[Token, list[Named]]
    ) -> None:
        self._classes = classes
        self._models = list(models)
        self._name = name
        self._named = named

    def top(self, value: Value, loaded: Loaded, where: Where) -> None:
        """A value that nothing is known of, but for what it is loaded as."""
        if value.kind == "object":
            self._object(value, loaded, where)
        for one in value.items:
            self.top(one, loaded, (*where, "e"))

    def _object(self, value: Value, loaded: Loaded, where: Where) -> None:
        known = [one for (at, one), sure in loaded.items() if at == where and (sure or len(value.keys) > 1)]
        fitting = [one for one in known if self._fits(value, one)] or self._best(value)
        if not fitting:
            self._say(value, None, "")
            for key, _, inner in value.keys:
                self.top(inner, loaded, (*where, f"k:{key}"))
        for one in fitting:
            self._as(value, one)

    def _best(self, value: Value) -> list[Class]:
        keys = {key for key, _, _ in value.keys}
        if len(keys) < 2:
            return []
        scored = [(self._held(keys, one), one) for one in self._models if self._fits(value, one)]
        most = max((held for held, _ in scored), default=0)
        # All of them: a model with fewer fields besides is no likelier, and a guess would be told as certain.
        return [one for held, one in scored if held == most]

    def _held(self, keys: set[str], one: Class) -> int:
        return sum(self._classes.member(one, key, "I") is not None for key in keys)

    def _fits(self, value: Value, one: Class) -> bool:
        if value.kind != "object" or not self._classes.members(one):
            return False
        held: set[str] = set()
        for key, _, inner in value.keys:
            member = self._classes.member(one, key, "I")
            if member is None:
                if not self._classes.lets_pass(one):
                    return False
                continue
            if not self._takes(self._classes.shape_of(member), inner):
                return False
            held.add(member.name)
        needed = {member.name for member in self._classes.members(one).values() if member.required}
        return bool(held or not value.keys) and needed <= held

    def _takes(self, shapes: tuple[Shape, ...], value: Value) -> bool:
        """Whether a field of such a type takes the value, as far as objects and lists go."""
        if value.kind == "object":
            return not shapes or any(
                one.kind in ("any", "dict", "foreign") or (one.of is not None and self._fits(value, one.of))
                for one in shapes
            )
        if value.kind == "list":
            return not shapes or any(one.kind != "class" for one in shapes)
        return True

    def _as(self, value: Value, one: Class) -> None:
        known = self._classes.member(one, self._name, "I") is not None
        self._say(value, one, f"{one.name} takes this object" if known else "")
        for key, _, inner in value.keys:
            member = self._classes.member(one, key, "I")
            if member is not None:
                self._inside(inner, self._classes.shape_of(member), member)
            else:
                self.top(inner, {}, ())

    def _inside(self, value: Value, shapes: tuple[Shape, ...], member: Member) -> None:
        fitting = [one.of for one in shapes if one.of is not None and self._fits(value, one.of)]
        for one in fitting:
            self._as(value, one)
        if fitting:
            return
        free = any(one.kind in ("dict", "any") for one in shapes)
        if value.kind == "object":
            why = f"a free key inside of {member.owner.name}.{member.name}" if free else ""
            self._say(value, None, why)
        inner = tuple(shape for one in shapes if one.kind in ("list", "dict") for shape in one.items[0])
        for part in (*value.items, *(item for _, _, item in value.keys)):
            self._inside(part, inner or shapes, member)

    def _say(self, value: Value, one: Class | None, why: str) -> None:
        for key, token, _ in value.keys:
            if key == self._name and token is not None:
                self._named.setdefault(token, []).append((one, why))
