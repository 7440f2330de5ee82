"""What each text of the code that is named like a field means: by the flow of values through the whole program."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bravo_agent.model.code import FieldGroup, Token
from bravo_agent.model.entities import ModelSet
from codemods._strings.class_made import ClassMade
from codemods._strings.classes import Classes
from codemods._strings.conventions import Conventions, Meant, Parents, parents_in
from codemods._strings.data_files import DataFiles, Documents
from codemods._strings.documents import Collections
from codemods._strings.facts import Facts
from codemods._strings.flow import Flow
from codemods._strings.found import Asked, Found
from codemods._strings.graph import Node
from codemods._strings.group import Group
from codemods._strings.judge import Case, Judged, case_of, judged
from codemods._strings.program import Program
from codemods._strings.routes import Routes
from codemods._strings.shapes import Annotations
from codemods._strings.texts import Text
from codemods._strings.uncollected import uncollected
from codemods._strings.walk import Memory

Written = tuple[Facts, Text, Node | None, ast.Constant]
"""A text, in which file, at which node of the flow (None: in an annotation) and of the tree."""


def string_verdicts(
    files: Mapping[str, str],
    group: FieldGroup,
    models: ModelSet,
    names: tuple[str, ...],
    *,
    data: Mapping[str, str] | None = None,
    collections: Mapping[str, str] | None = None,
) -> Mapping[Token, Judged]:
    """A verdict for each text of ``files`` that is, or holds, one of ``names``; docstrings are no such texts.

    For some attributes too: those of what a class makes where no type says so.

    ``files``: path -> text of all Python files of the project, since the flow passes through files that do not name
    the field. ``data``: JSON and YAML files, whose keys are judged too. ``collections``: MongoDB
    collection -> model, where the project says so.
    """
    return StringAnalysis(files, models, collections).verdicts(group, names, data or {})


class StringAnalysis:
    """Of one state of the files. What does not depend on the field is found out once, for however many fields.

    What is said of a field does not depend on which others were asked for: a walk is used again only where it would
    go the same way.
    """

    def __init__(
        self, files: Mapping[str, str], models: ModelSet, collections: Mapping[str, str] | None = None
    ) -> None:
        self._program = Program(files)
        self._annotations = Annotations(self._program)
        self._classes = Classes(self._program, self._annotations, models)
        self._routes = Routes(self._program, self._classes, self._annotations)
        self._collections = Collections(self._program, self._classes, collections or {})
        self._documents = Documents(self._program)
        self._last: _Followed | None = None

    def verdicts(
        self, group: FieldGroup, names: tuple[str, ...], data: Mapping[str, str]
    ) -> Mapping[Token, Judged]:
        """As ``string_verdicts``; quickest where fields of the same names come one after the other."""
        with uncollected():
            return self._verdicts(group, names, data)

    def _verdicts(
        self, group: FieldGroup, names: tuple[str, ...], data: Mapping[str, str]
    ) -> Mapping[Token, Judged]:
        asked = Group(self._program, self._classes, group)
        followed = self._follow(asked, names)
        walk = self._walk(asked, followed.memory.copy())
        verdicts = _Verdicts(followed, asked, walk)
        verdicts.by_convention(asked.keys())
        found = judged(verdicts.cases)
        keys, made = DataFiles(self._documents, self._classes, walk), ClassMade(walk)
        for name in names:
            found |= {**keys.verdicts(data, name, found), **made.verdicts(name)}
        return found

    def _follow(self, group: Group, names: tuple[str, ...]) -> _Followed:
        """What the texts meet, as the last time where the names are the same and the group answers alike."""
        last = self._last
        if (
            last is None
            or last.names != names
            or any(group.has(*one) is not answer for one, answer in last.memory.meant.items())
        ):
            walk = self._walk(group, Memory())
            last = self._last = _Followed(names, list(_texts(self._program, names)), walk)
        return last

    def _walk(self, group: Group, memory: Memory) -> Flow:
        return Flow(
            self._program, self._classes, self._annotations, group, self._routes, self._collections, memory
        )


class _Followed:
    """The texts of some names, and what each meets."""

    def __init__(self, names: tuple[str, ...], texts: list[Written], walk: Flow) -> None:
        self.names = names
        self.texts = texts
        self.found = {
            text.token: self._met(text, node, walk) for _, text, node, _ in texts if node is not None
        }
        self.memory = walk.memory
        self._parents: dict[str, Parents] = {}

    def _met(self, text: Text, node: Node, walk: Flow) -> Found:
        asked = Asked(text.name, None if text.whole else text.before)
        return walk.from_text(node, asked, () if text.whole else (("P", True),))

    def parents(self, facts: Facts) -> Parents:
        """What each node of a file stands in."""
        if facts.file not in self._parents:
            self._parents[facts.file] = parents_in(facts.tree)
        return self._parents[facts.file]


class _Verdicts:
    """The texts of all names, and what is known of them."""

    def __init__(self, followed: _Followed, group: Group, walk: Flow) -> None:
        self._group = group
        self._walk = walk
        self._followed = followed
        self._texts = followed.texts
        self.cases = {text.token: self._case(text) for _, text, _, _ in self._texts}
        self._around: dict[str, Conventions] = {}

    def _case(self, text: Text) -> Case:
        found = self._followed.found.get(text.token)
        return Case(text) if found is None else case_of(text, found, self._group)  # None: in an annotation

    def by_convention(self, own: frozenset[str]) -> None:
        """Where the flow says nothing, neither of the text nor of one that it has to equal."""
        for convention in (Conventions.near, Conventions.in_message):
            known = judged(self.cases)
            for facts, text, _, at in self._texts:
                if known[text.token].verdict == "unknown" and not self.cases[text.token].tangled:
                    self._take(self.cases[text.token], convention(self._conventions(facts), text, at))
        known = judged(self.cases)
        for facts, text, _, at in self._texts:
            case = self.cases[text.token]
            if known[text.token].verdict != "unknown" or case.own is not None:
                continue
            if why := self._conventions(facts).among_strangers(text, at, own):
                case.outs.append(why)
                case.how = "convention"

    def _conventions(self, facts: Facts) -> Conventions:
        if facts.file not in self._around:
            self._around[facts.file] = Conventions(facts, self._walk, self._followed.parents(facts))
        return self._around[facts.file]

    def _take(self, case: Case, meant: Meant) -> None:
        for one, why in meant:
            where = f"{one.name}.{case.text.name}, {why}"
            (case.ins if self._group.has(one, case.text.name) else case.outs).append(where)
            case.how = "convention"


def _texts(program: Program, names: tuple[str, ...]) -> Iterator[Written]:
    for file in sorted({file for name in names for file in program.holding(name)}):
        facts = program.facts(file)
        if facts is not None:
            yield from ((facts, *place) for name in names for place in program.texts(file, name))
