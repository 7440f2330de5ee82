"""What each text of the code that is named like a field means: by the flow of values through the whole program."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bravo_agent.model.code import FieldGroup, Token
from bravo_agent.model.entities import ModelSet
from codemods._strings.classes import Classes
from codemods._strings.conventions import Conventions, Meant
from codemods._strings.data_files import DataFiles
from codemods._strings.documents import Collections
from codemods._strings.facts import Facts
from codemods._strings.flow import Flow
from codemods._strings.found import Asked
from codemods._strings.graph import Node
from codemods._strings.group import Group
from codemods._strings.judge import Case, Judged, case_of, judged
from codemods._strings.program import Program
from codemods._strings.routes import Routes
from codemods._strings.shapes import Annotations
from codemods._strings.texts import Text


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

    ``files``: path -> text of all Python files of the project, since the flow passes through files that do not name
    the field. ``data``: JSON and YAML files, whose keys are judged too. ``collections``: MongoDB
    collection -> model, where the project says so.
    """
    return StringAnalysis(files, models, collections).verdicts(group, names, data or {})


class StringAnalysis:
    """Of one state of the files. What does not depend on the field is found out once, for however many fields.

    What a walk found for one field is not kept for the next one: how far it gets depends on what was walked before,
    and what is said of a field must not depend on which others were asked for.
    """

    def __init__(
        self, files: Mapping[str, str], models: ModelSet, collections: Mapping[str, str] | None = None
    ) -> None:
        self._program = Program(files)
        self._annotations = Annotations(self._program)
        self._classes = Classes(self._program, self._annotations, models)
        self._routes = Routes(self._program, self._classes, self._annotations)
        self._collections = Collections(self._program, self._classes, collections or {})

    def verdicts(
        self, group: FieldGroup, names: tuple[str, ...], data: Mapping[str, str]
    ) -> Mapping[Token, Judged]:
        """As ``string_verdicts``."""
        program, classes = self._program, self._classes
        asked = Group(program, classes, group)
        walk = Flow(program, classes, self._annotations, asked, self._routes, self._collections)
        verdicts = _Verdicts(program, asked, walk, names)
        verdicts.by_convention(asked.keys())
        found = judged(verdicts.cases)
        keys = DataFiles(program, classes, walk)
        for name in names:
            found |= keys.verdicts(data, name)
        return found


class _Verdicts:
    """The texts of all names, and what is known of them."""

    def __init__(self, program: Program, group: Group, walk: Flow, names: tuple[str, ...]) -> None:
        self._group = group
        self._walk = walk
        self._texts = list(_texts(program, names))
        self.cases = {text.token: self._case(text, node) for _, text, node, _ in self._texts}
        self._around: dict[str, Conventions] = {}

    def _case(self, text: Text, node: Node | None) -> Case:
        if node is None:  # in an annotation
            return Case(text)
        asked = Asked(text.name, None if text.whole else text.before)
        found = self._walk.from_text(node, asked, () if text.whole else (("P", True),))
        return case_of(text, found, self._group)

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
            self._around[facts.file] = Conventions(facts, self._walk)
        return self._around[facts.file]

    def _take(self, case: Case, meant: Meant) -> None:
        for one, why in meant:
            where = f"{one.name}.{case.text.name}, {why}"
            (case.ins if self._group.has(one, case.text.name) else case.outs).append(where)
            case.how = "convention"


def _texts(
    program: Program, names: tuple[str, ...]
) -> Iterator[tuple[Facts, Text, Node | None, ast.Constant]]:
    for file in sorted({file for name in names for file in program.holding(name)}):
        facts = program.facts(file)
        if facts is not None:
            yield from ((facts, *place) for name in names for place in program.texts(file, name))
