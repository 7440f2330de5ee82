"""All that is known of the code besides the models, each thing asked for once: the checker and the outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bravo_agent.model.code import Point
from bravo_agent.model.entities import ModelSet
from codemods._finding.cache import Cache
from codemods._finding.lines import LINE_END
from codemods._finding.models import Decl, ModelIndex
from codemods._finding.reading import outlines
from codemods._finding.values import Candidate, Checker, ClassFact, ClassKey, FunctionFact, Outline, Spot


class Facts:
    """``texts``: all Python files; ``declared``: all candidates that are declarations, of all names."""

    def __init__(
        self,
        checker: Checker,
        texts: Mapping[str, str],
        declared: Iterable[Candidate],
        models: ModelSet,
        cache: Cache,
    ) -> None:
        self._checker = checker
        self._texts = texts
        self._cache = cache
        self._answers: dict[tuple[str, Point], tuple[Point, ...]] = {}
        self._outlines: dict[str, Outline] = {}
        self._classes: dict[str, dict[Spot, ClassFact]] = {}
        self._qualified: dict[str, dict[str, ClassFact]] = {}
        self._protocols: dict[str, set[str]] = {}
        self._functions: dict[str, dict[Spot, FunctionFact]] = {}
        self._ancestors: dict[ClassKey, tuple[ClassKey, ...]] = {}
        self._lines: dict[str, list[str]] = {}
        self.models = models
        self.index = ModelIndex(models)
        self.entities, self.named = self.index.entities, self.index.named
        self._own: dict[tuple[ClassKey, str], Decl] = {}
        self._having: dict[str, set[ClassKey]] = {}
        for one in declared:
            key = ClassKey(one.token.file, one.owner)
            self._own.setdefault((key, one.name), (one.token.file, one.token.line))
            self._having.setdefault(one.name, set()).add(key)
        self._owners = {(decl, name): key for (key, name), decl in self._own.items()}

    # -- the checker ------------------------------------------------------------------------------------

    def definitions(self, points: Sequence[Point]) -> list[tuple[Point, ...]]:
        """Where each name is defined."""
        return self._asked("definitions", points, self._checker.definitions)

    def types(self, points: Sequence[Point]) -> list[tuple[Point, ...]]:
        """Where the type of each expression is defined."""
        return self._asked("types", points, self._checker.types)

    def _asked(
        self,
        what: str,
        points: Sequence[Point],
        ask: Callable[[Sequence[Point]], tuple[tuple[Point, ...], ...]],
    ) -> list[tuple[Point, ...]]:
        new = [one for one in dict.fromkeys(points) if (what, one) not in self._answers]
        for point, answer in zip(new, ask(new) if new else (), strict=True):
            self._answers[what, point] = answer
        return [self._answers[what, one] for one in points]

    # -- files ------------------------------------------------------------------------------------------

    def text_at(self, point: Point) -> str:
        """What stands there, to the end of the line; nothing where it cannot be read."""
        if point.file not in self._lines:
            self._lines[point.file] = LINE_END.split(self._text(point.file))
        lines = self._lines[point.file]
        return lines[point.line - 1][point.column :] if point.line <= len(lines) else ""

    def _text(self, file: str) -> str:
        if file in self._texts:
            return self._texts[file]
        try:
            return Path(file).read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            return ""

    def outline(self, file: str) -> Outline:
        """Of a file of the project; empty for any other."""
        if file not in self._outlines:
            self.outline_all([file])
        return self._outlines[file]

    def outline_all(self, files: Iterable[str]) -> None:
        """Reads the outlines of many files at once."""
        new = [file for file in dict.fromkeys(files) if file not in self._outlines]
        known = {file: self._texts[file] for file in new if file in self._texts}
        if new:
            self.take(dict.fromkeys(new, Outline()) | outlines(known, self._cache))

    def take(self, found: Mapping[str, Outline]) -> None:
        """Outlines that were read elsewhere."""
        self._outlines.update(found)
        for file, one in found.items():
            self._index(file, one)

    def _index(self, file: str, found: Outline) -> None:
        self._classes[file] = {one.spot: one for one in found.classes}
        # Where a name is given to several classes, the first one counts.
        self._qualified[file] = {one.qualname: one for one in reversed(found.classes)}
        self._protocols[file] = {one.qualname for one in found.classes if one.protocol}
        self._functions[file] = {one.spot: one for one in found.functions}

    # -- classes ----------------------------------------------------------------------------------------

    def class_at(self, point: Point) -> ClassKey | None:
        """The class of the project whose name stands there."""
        self.outline(point.file)
        found = self._classes[point.file].get((point.line, point.column))
        return None if found is None else ClassKey(point.file, found.qualname)

    def classes_of(
        self, file: str, spots: Sequence[Spot], *, called: bool = False
    ) -> list[tuple[ClassKey, ...]]:
        """The classes that expressions are, or are of; ``called``: functions stand for what they return."""
        found: list[tuple[ClassKey, ...]] = []
        for landings in self.types([Point(file, *spot) for spot in spots]):
            keys: list[ClassKey] = []
            for one in landings:
                key = self.class_at(one)
                keys += [key] if key is not None else self._returned(one) if called else []
            found.append(tuple(dict.fromkeys(keys)))
        return found

    def _returned(self, point: Point) -> list[ClassKey]:
        self.outline(point.file)
        function = self._functions[point.file].get((point.line, point.column))
        if function is None:
            return []
        return [key for keys in self.classes_of(point.file, function.returns) for key in keys]

    def is_protocol(self, key: ClassKey) -> bool:
        """Whether other classes are of this type without saying so."""
        self.outline(key.file)
        return key.qualname in self._protocols[key.file]

    def climb(self, keys: Iterable[ClassKey]) -> None:
        """Asks for all that ``keys`` stand on, step by step: a question for every class would be a wait for each."""
        known: set[ClassKey] = set()
        step = list(dict.fromkeys(keys))
        while step:
            known.update(step)
            self.outline_all(one.file for one in step)
            facts = [(key.file, fact.bases) for key in step if (fact := self._fact(key)) is not None]
            self.types([Point(file, *spot) for file, bases in facts for spot in bases])
            above = [one for file, bases in facts for keys in self.classes_of(file, bases) for one in keys]
            step = [one for one in dict.fromkeys(above) if one not in known]

    def _fact(self, key: ClassKey) -> ClassFact | None:
        self.outline(key.file)
        return self._qualified[key.file].get(key.qualname)

    def ancestors(self, key: ClassKey) -> tuple[ClassKey, ...]:
        """The classes of the project that ``key`` stands on, near ones first."""
        if key not in self._ancestors:
            self._ancestors[key] = ()  # a class that stands on itself ends here
            self._ancestors[key] = self._found_ancestors(key)
        return self._ancestors[key]

    def _found_ancestors(self, key: ClassKey) -> tuple[ClassKey, ...]:
        fact = self._fact(key)
        if fact is None:
            return ()
        direct = [one for keys in self.classes_of(key.file, fact.bases) for one in keys]
        above = [one for base in direct for one in self.ancestors(base)]
        return tuple(dict.fromkeys(one for one in (*direct, *above) if one != key))

    # -- declarations -----------------------------------------------------------------------------------

    def own(self, key: ClassKey, name: str) -> Decl | None:
        """Where the class itself declares ``name``."""
        return self._own.get((key, name))

    def having(self, name: str) -> set[ClassKey]:
        """The classes that declare ``name``, models or not."""
        return self._having.get(name, set())

    def declaring(self, key: ClassKey, name: str) -> Decl | None:
        """Where what the class has as ``name`` is declared: by itself, or by the nearest that it stands on."""
        entity = self.entities.get(key)
        field = entity.field(name) if entity is not None else None
        place = (field.place.file, field.place.line) if field is not None else None
        if place is not None and (place, name) in self._owners:
            return place
        found = (self._own.get((one, name)) for one in (key, *self.ancestors(key)))
        return next((one for one in found if one is not None), place)

    def owner_of(self, decl: Decl, name: str) -> ClassKey | None:
        """The class that declares there."""
        return self._owners.get((decl, name))
