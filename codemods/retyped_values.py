"""Values that are written for a field, as values of its new type: in calls, dictionaries, JSON and YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from bravo_agent.model.code import Occurrence, Token
from bravo_agent.model.plan import Edit, ManualWork, ModelEdit, Patch, RetypeField
from bravo_agent.model.refactor import CodeChange
from codemods._around import Chain, around, last_name, nearest
from codemods._calls import calls_in
from codemods._conversions import Converted, in_data, in_python, literal_of
from codemods._data_nodes import data_tree
from codemods._everywhere import (
    DATA,
    PROSE,
    Code,
    CodeExample,
    Text,
    by_file,
    not_editable,
    ordered,
    treated,
    work,
)
from codemods._imports import Imports
from codemods._retyped_values_examples import EXAMPLES
from codemods._roundings import seed_of
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._values import Home, LeftAlone
from codemods._written_values import compared_with, given_value

_VALIDATING = ("field_validator", "validator", "field_serializer")
_SERIALIZERS = ("PlainSerializer", "WrapSerializer")
_DOUBT = ("unknown", "mixed")
_PLACE = re.compile(r": (\S+\.py):(\d+)")
_REQUEST = re.compile(r"\.(?:get|post|put|patch|delete|request)\(|\bjson=|\.json\(\)")


@dataclass(frozen=True)
class RetypedValuesKind:
    """The kind ``retyped-values``.

    A value that is written out is converted where nothing is lost; one that is worked out is left to the type checker.
    """

    title: str = "Write a field's values as those of its new type"
    examples: tuple[CodeExample[RetypeField], ...] = EXAMPLES

    def through(self, code: Code, edit: ModelEdit) -> CodeChange:
        """The patch of all files; a field whose kind of value stays needs none."""
        assert isinstance(edit, RetypeField)
        if edit.before.kind == edit.after.kind:
            return CodeChange(group=code.finding.group)
        converting = _Converting(code, edit)
        converting.run()
        return CodeChange(
            Patch(tuple(converting.edits), ordered(converting.manual)),
            code.finding.group,
            treated(code.finding, converting.edited, converting.by_hand),
        )


@dataclass
class _Converting:
    code: Code
    edit: RetypeField
    edits: list[Edit] = field(default_factory=list)
    manual: list[ManualWork] = field(default_factory=list)
    edited: list[Token] = field(default_factory=list)
    by_hand: list[Token] = field(default_factory=list)
    _serialized: bool = False

    def run(self) -> None:
        """File by file."""
        every = self.code.finding.occurrences
        targets = by_file(one for one in every if one.verdict == "target")
        self._serialized = any(self._is_serialized(file, found) for file, found in targets.items())
        maybe = (one for one in every if one.verdict in _DOUBT and one.form in ("keyword", "data-key"))
        for file, found in by_file(maybe).items():
            self._perhaps(file, found)
        for file, found in targets.items():
            whole = self.code.read(file)
            if whole is None:
                uses = [one for one in found if one.form not in PROSE and one.form != "declaration"]
                self.manual += not_editable(uses, self._advice)
                self.by_hand += [one.token for one in uses]
                continue
            text = Text(file, whole)
            try:
                if file.endswith(".py"):
                    after = self._python(text, found)
                elif file.endswith(DATA):
                    after = self._data(text, found)
                else:
                    continue
            except LeftAlone as left:
                self.manual.append(ManualWork(file, left.line, left.why, self._advice))
                continue
            if after != text.text:
                self.edits.append(Edit(file, text.whole, text.with_bom(after)))

    def _is_serialized(self, file: str, found: list[Occurrence]) -> bool:
        """Whether a method or a function of its type says how the field is dumped."""
        whole = self.code.read(file) if file.endswith(".py") else None
        if whole is None or "erializer" not in whole:
            return False
        text = Text(file, whole)
        try:
            source = Source(text.text)
        except LeftAlone:
            return False
        chains = around(source, [text.offset(one.token) for one in found]).values()
        declared = (nearest(chain, cst.AnnAssign) for chain in chains)
        return any(_validating(chain) == "serializer" for chain in chains) or any(
            isinstance(one, cst.AnnAssign) and any(calls_in(one.annotation, _SERIALIZERS)) for one in declared
        )

    def _perhaps(self, file: str, found: list[Occurrence]) -> None:
        """Values that are none of the new type, given to what may be the field."""
        whole = self.code.read(file)
        if whole is None:
            return
        text, places = Text(file, whole), dict[int, str]()
        if file.endswith(".py"):
            try:
                source = Source(text.text)
            except LeftAlone:
                return
            for at, chain in around(source, [text.offset(one.token) for one in found]).items():
                value = given_value(chain, found[0]) if found[0].form == "keyword" else None
                places[at] = source.code(value) if value is not None else ""
            unfit = {
                at
                for at, one in places.items()
                if literal_of(one) and in_python(one, self.edit.after) != Converted(one)
            }
        else:
            tree = data_tree(file, text.text)
            members = [one for node in tree.walk() for one in node.members] if tree else []
            unfit = {
                at
                for _, start, value in members
                if value.kind == "value" and in_data(value.value, self.edit.after) != (True, value.value)
                for at in (start, start + 1)
            }
        for one in found:
            if text.offset(one.token) in unfit:
                self._leave(
                    one, "nobody can tell whether this is the field, and its value is none of the new type"
                )

    @property
    def _advice(self) -> str:
        return f"Write a value of the new type ({self.edit.after.kind}), or convert it."

    def _leave(self, one: Occurrence, why: str) -> None:
        self.manual.append(work(one, why, self._advice))
        self.by_hand.append(one.token)

    # -- Python -------------------------------------------------------------------------------------

    def _python(self, text: Text, found: list[Occurrence]) -> str:
        source = Source(text.text)
        chains = around(source, [text.offset(one.token) for one in found])
        imports, imported = Imports(source, Home("")), dict[str, str]()
        splices: list[Splice] = []
        for one in found:
            chain = chains.get(text.offset(one.token), ())
            value = given_value(chain, one)
            if value is not None:
                compared = nearest(chain, cst.Comparison) is not None
                expected = isinstance(nearest(chain[1:], cst.Call, cst.Comparison), cst.Comparison)
                splices += self._converted(
                    source, one, value, imports, imported, compared=compared, expected=expected
                )
            elif one.form in ("attribute", "string") and _compared(source, chain, one, self.edit):
                self._leave(one, "it is held against a value of the old type")
            elif one.form == "string" and (what := _validating(chain)):
                self._leave(one, f"a {what} gets its values, and may be written for those of the old type")
        after = splice(text.text, [*splices, *imports.splices()])
        Source(after)
        return after

    def _converted(
        self,
        source: Source,
        one: Occurrence,
        value: cst.BaseExpression,
        imports: Imports,
        imported: dict[str, str],
        *,
        compared: bool,
        expected: bool,
    ) -> Iterator[Splice]:
        text = source.code(value)
        if literal_of(text) is None:
            return
        new = in_python(text, self.edit.after)
        if new is None:
            self._leave(one, f"{text} is no value of the new type")
            return
        if new.text == text:
            return
        if new.imports and self._is_json(one):
            if compared:
                self._leave(one, f"{text} is what an answer holds, which may be written otherwise now")
            return
        if expected and (self._serialized or in_python(text, self.edit.before) != Converted(text)):
            self._leave(one, f"{text} is expected of what JSON or a serializer may have made of the value")
            return
        written = new.text
        for line in new.imports:
            _, module, _, name = line.split()
            if name not in imported:
                imported[name] = imports.use(module, name)
            written = written.replace(f"{name}(", f"{imported[name]}(", 1)
        self.edited.append(one.token)
        yield Splice(source.start(value), source.end(value), written)

    def _is_json(self, one: Occurrence) -> bool:
        """Whether the dictionary is the body of a request or of its answer: it holds what JSON has alone."""
        place = _PLACE.search(one.why) if one.form == "string" else None
        text = self.code.read(place[1]) if place else None
        lines = text.splitlines() if text is not None else []
        number = int(place[2]) if place else 0
        return 0 < number <= len(lines) and _REQUEST.search(lines[number - 1]) is not None

    # -- data ---------------------------------------------------------------------------------------

    def _data(self, text: Text, found: list[Occurrence]) -> str:
        tree = data_tree(text.file, text.text)
        if tree is None:
            raise LeftAlone("the file cannot be read as what its name says")
        keys = {text.offset(one.token): one for one in found if one.form == "data-key"}
        splices: dict[int, Splice] = {}
        for node in tree.walk():
            for _, start, value in node.members:
                one = keys.get(start) or keys.get(start + 1)
                if one is None or value.kind != "value":
                    continue
                fine, new = in_data(value.value, self.edit.after)
                if not fine:
                    self._leave(one, f"{text.text[value.start : value.end]} is no value of the new type")
                elif new != value.value or type(new) is not type(value.value):
                    splices[value.start] = Splice(value.start, value.end, json.dumps(new, ensure_ascii=False))
                    self.edited.append(one.token)
        after = splice(text.text, splices.values())
        if data_tree(text.file, after) is None:
            raise LeftAlone("the edit would leave a file that cannot be read")
        return after


def _validating(chain: Chain) -> str:
    """What the text names the field for: a validator or serializer of it; "" where it is none."""
    decorator = nearest(chain, cst.Decorator)
    if not isinstance(decorator, cst.Decorator) or not isinstance(decorator.decorator, cst.Call):
        return ""
    name = last_name(decorator.decorator.func)
    return name.removeprefix("field_") if name in _VALIDATING else ""


def _compared(source: Source, chain: Chain, one: Occurrence, edit: RetypeField) -> bool:
    """Whether the value itself is compared with a written one that is none of the new type."""
    seed = seed_of(chain, one, "")
    if seed is None:
        return False
    for side in compared_with(seed.node, chain[chain.index(seed.node) + 1 :]):
        if literal_of(source.code(side)) is None:
            continue
        new = in_python(source.code(side), edit.after)
        if new is None or new.text != source.code(side):
            return True
    return False


KIND = RetypedValuesKind()
