"""Gives a new field wherever its model is made whole: in calls of the class, in dictionaries, in JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import libcst as cst

from bravo_agent.model.code import Occurrence
from bravo_agent.model.entities import Entity
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._add_required_examples import EXAMPLES
from codemods._around import Chain, around
from codemods._class_names import class_names, family_of, is_imported
from codemods._data_nodes import DataNode, data_tree
from codemods._everywhere import Code, CodeExample, Text, by_file, ordered
from codemods._finding.roles import role_of_file
from codemods._imports import Imports, renamed
from codemods._insertion import newline_of, with_element, with_line
from codemods._made import Made, calls_of, whole_dict
from codemods._made_untouched import made_untouched
from codemods._requests import GiveField
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._values import Home, LeftAlone

_DATA = (".json", ".yaml", ".yml")
_TESTS = ("test", "fixture")
_BY_KEYS = "its keys say so, and nobody can tell whether it becomes one"


@dataclass(frozen=True)
class AddRequiredKind:
    """The kind ``add-required``.

    The finding is that of a field that the model demands already: where it is given, the model is made. A dictionary
    counts where it has all that the model demands and nothing that the model does not know.
    """

    title: str = "Give a new field wherever its model is made"
    examples: tuple[CodeExample[GiveField], ...] = EXAMPLES

    def through(self, code: Code, edit: GiveField) -> CodeChange:
        """The patch of all files in which the model is made."""
        asked = code.finding.group.asked
        entity = next(e for e in code.models.entities if (e.module, e.name) == (asked.module, asked.entity))
        giving = _Giving(code, edit, entity)
        giving.run()
        told = {one.file for one in edit.untouched if one.keys}
        notes = (
            f"{one.file} is left as it is: {one.why}" for one in code.finding.unread if one.file not in told
        )
        by_hand = made_untouched(edit.entity, edit.untouched, giving.advice)
        return CodeChange(Patch(tuple(giving.edits), ordered([*giving.manual, *by_hand])), notes=tuple(notes))


@dataclass
class _Giving:
    code: Code
    edit: GiveField
    entity: Entity
    edits: list[Edit] = field(default_factory=list)
    manual: list[ManualWork] = field(default_factory=list)
    _imported: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """File by file."""
        entities = family_of(self.code.models, self.entity)
        named = {file for one in entities for file in self.code.named(one.name)}
        found = by_file(one for one in self.code.finding.occurrences if one.verdict != "other")
        for file in sorted((named | found.keys()) - {one.file for one in self.edit.untouched}):
            whole = self.code.read(file)
            if whole is None:
                continue
            text = Text(file, whole)
            try:
                if file.endswith(".py"):
                    self._python(text, entities, found.get(file, []))
                elif file.endswith(_DATA):
                    self._data(text, entities, found.get(file, []))
            except LeftAlone as left:
                if file in found or any(f"{one.name}(" in text.text for one in entities):
                    self.manual.append(ManualWork(file, left.line, left.why, self.advice))

    @property
    def advice(self) -> str:
        """What a person may write."""
        return f"Give it {self.edit.field}={self.edit.value.python}, or what is right there."

    # -- Python -------------------------------------------------------------------------------------

    def _python(self, text: Text, entities: Sequence[Entity], found: list[Occurrence]) -> None:
        source = Source(text.text)
        names = class_names(source, text.file, entities, self.code.models, self.code.read)
        made = {source.start(one.node): one for one in calls_of(source, names, self.entity)}
        texts = [one for one in found if one.form == "string"]
        chains = around(source, [text.offset(one.token) for one in texts])
        # The place of a text is inside of its quotes.
        for one in texts:
            whole = self._whole(source, chains.get(text.offset(one.token), ()), entities)
            if whole is not None:
                made.setdefault(source.start(whole.node), self._understood(text.file, one, whole))
        imports = Imports(source, Home(""))
        self._imported = {}
        splices = [one for each in made.values() for one in self._given(text, source, each, imports)]
        if splices:
            after = splice(text.text, [*splices, *imports.splices()])
            Source(after)
            self.edits.append(Edit(text.file, text.whole, text.with_bom(after)))

    def _whole(self, source: Source, chain: Chain, entities: Sequence[Entity]) -> Made | None:
        """The dictionary around a key, where one of the models takes it."""
        every = (whole_dict(source, chain, one, _required(one)) for one in entities)
        return next((one for one in every if one is not None), None)

    def _understood(self, file: str, one: Occurrence, made: Made) -> Made:
        """In the application its keys alone do not make a dictionary a model: it may be what others are shown."""
        if one.verdict == "target" or role_of_file(file) in _TESTS:
            return made
        return replace(made, why=_BY_KEYS)

    def _given(self, text: Text, source: Source, made: Made, imports: Imports) -> Iterator[Splice]:
        key = self.edit.key or self.edit.field
        if made.names & {self.edit.field, key}:
            return
        line = source.line(made.node)
        if made.why or made.asserted or (isinstance(made.node, cst.Call) and key != self.edit.field):
            by_key = f"the field has the key {key} too, and nothing here says which name the call takes"
            why = made.why or ("it may be what a test expects" if made.asserted else by_key)
            self.manual.append(
                ManualWork(text.file, line, f"{self.entity.name} is made here: {why}", self.advice)
            )
            return
        if self.edit.made_up and role_of_file(text.file) not in _TESTS:
            why = f"nobody said what {self.edit.field} of this {self.entity.name} is: the value is made up"
            self.manual.append(ManualWork(text.file, line, why, self.advice))
        in_call = isinstance(made.node, cst.Call)
        value = self._value(made, imports)
        new = f"{key}={value}" if in_call else f"{self._quoted(source, made, key)}: {value}"
        spans = [span for _, _, span in made.elements]
        if not spans:
            end = source.end(made.node) - 1
            yield Splice(end, end, new)
            return
        yield from with_element(source.text, spans, self._place(made), new, newline_of(source.text))

    def _place(self, made: Made) -> int:
        """Behind the field that stands before it in the model, as far as it is given here."""
        places = {name: number for number, (name, _, _) in enumerate(made.elements) if name is not None}
        for one in reversed(self.entity.fields):
            for name in (one.name, one.document_name):
                if name in places:
                    return places[name]
        return len(made.elements) - 1

    def _value(self, made: Made, imports: Imports) -> str:
        value = self.edit.value
        if isinstance(made.node, cst.Dict) and all(_is_plain(one) for _, one, _ in made.elements):
            return _python_of(json.loads(value.data))
        python = value.python
        if "timezone.utc" in python and imports.local_name("datetime", "UTC"):
            python = python.replace("timezone.utc", "UTC")
        for line in value.imports:
            _, module, _, name = line.split()
            if name in python and name not in self._imported:
                there = is_imported(imports, name, module)
                self._imported[name] = name if there else imports.use(module, name)
        return renamed(python, self._imported)

    def _quoted(self, source: Source, made: Made, key: str) -> str:
        first = made.node.elements[0] if isinstance(made.node, cst.Dict) else None
        sign = source.code(first.key)[:1] if isinstance(first, cst.DictElement) else '"'
        return f"{sign}{key}{sign}" if sign in ("'", '"') else f'"{key}"'

    # -- data ---------------------------------------------------------------------------------------

    def _data(self, text: Text, entities: Sequence[Entity], found: list[Occurrence]) -> None:
        tree = data_tree(text.file, text.text)
        if tree is None:
            raise LeftAlone("the file cannot be read as what its name says")
        keys = [one for one in found if one.form == "data-key"]
        sure = {text.offset(one.token) for one in keys if one.verdict == "target"}
        wanted = sure | {text.offset(one.token) for one in keys}
        splices: list[Splice] = []
        for node in dict.fromkeys(tree.walk()):
            is_meant = any(start in wanted or start + 1 in wanted for _, start, _ in node.members)
            if not is_meant or not any(self._is_whole(node, one) for one in entities):
                continue
            if any(start in sure or start + 1 in sure for _, start, _ in node.members):
                splices += self._member(text, node)
            else:
                line = text.text.count("\n", 0, node.members[0][1]) + 1
                why = f"{self.entity.name} is made here: {_BY_KEYS}"
                self.manual.append(ManualWork(text.file, line, why, self.advice))
        if splices:
            after = splice(text.text, dict.fromkeys(splices))
            if data_tree(text.file, after) is None:
                raise LeftAlone("the edit would leave a file that cannot be read")
            self.edits.append(Edit(text.file, text.whole, text.with_bom(after)))

    def _is_whole(self, node: DataNode, entity: Entity) -> bool:
        keys = {key for key, _, _ in node.members}
        known = {name for one in entity.fields for name in (one.name, one.document_name)}
        fields = [one for one in entity.fields if one.name in _required(entity)]
        new = {self.edit.field, self.edit.key or self.edit.field}
        return (
            all(keys & {one.name, one.document_name} for one in fields) and keys <= known and not keys & new
        )

    def _member(self, text: Text, node: DataNode) -> list[Splice]:
        names = [key for key, _, _ in node.members]
        order = [name for one in reversed(self.entity.fields) for name in (one.document_name, one.name)]
        after = next((names.index(name) for name in order if name in names), len(names) - 1)
        key, newline = self.edit.key or self.edit.field, newline_of(text.text)
        value = self._data_value(node)
        start = node.members[after][1]
        if text.text[node.start : node.start + 1] != "{":
            return [with_line(text.text, start, node.members[after][2].end, f"{key}: {value}", newline)]
        spans = [(begin, one.end) for _, begin, one in node.members]
        sign = '"' if text.text[start] == '"' else ""
        return with_element(text.text, spans, after, f"{sign}{key}{sign}: {value}", newline)

    def _data_value(self, node: DataNode) -> str:
        """Decimals are texts or numbers as the object's other decimals are."""
        value = self.edit.value.data
        if self.edit.kind != "decimal":
            return value
        alike = {
            n
            for one in self.entity.fields
            if one.shape.kind == "decimal"
            for n in (one.name, one.document_name)
        }
        values: list[Any] = [
            one.value for name, _, one in node.members if name in alike and one.value is not None
        ]
        numbers = values and not any(isinstance(one, str) for one in values)
        return str(json.loads(value)) if numbers else value


def _required(entity: Entity) -> list[str]:
    return [one.name for one in entity.fields if one.required and not one.computed]


def _is_plain(node: cst.BaseExpression) -> bool:
    """Whether a value is written as JSON would have it."""
    if isinstance(node, cst.Name):
        return node.value in ("None", "True", "False")
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float)):
        return True
    if isinstance(node, cst.UnaryOperation):
        return _is_plain(node.expression)
    if isinstance(node, cst.Dict):
        return all(_is_plain(one.value) for one in node.elements)
    return isinstance(node, cst.List) and all(_is_plain(one.value) for one in node.elements)


def _python_of(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if '"' not in value and "\\" not in repr(value) else repr(value)
    return repr(value)


KIND = AddRequiredKind()
