"""The digits of a decimal field through the whole code: its type, for it alone, and what rounds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from bravo_agent.model.code import FieldRef, Occurrence, Token
from bravo_agent.model.plan import Edit, ManualWork, ModelEdit, Patch, RetypeField
from bravo_agent.model.refactor import CodeChange
from codemods._around import around, last_name, nearest
from codemods._calls import calls_in
from codemods._decimal_alias import (
    Alias,
    Places,
    alias_of,
    beside,
    bounds_in,
    free_name,
    names_in,
    new_bounds,
)
from codemods._digits import Digits
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
from codemods._given_values import GivenValues, Limits, in_declaration
from codemods._imports import Imports
from codemods._modules import file_of_module
from codemods._optional import beside_none
from codemods._precision_examples import EXAMPLES
from codemods._removal import without
from codemods._rounded_in_file import FileRoundings
from codemods._source import Source, statements
from codemods._splice import Splice, splice
from codemods._values import Home, LeftAlone

_FUNCTIONS = ("AfterValidator", "PlainValidator", "WrapValidator", "PlainSerializer", "WrapSerializer")
"""What makes the value of a field or shows it; before its validation, values are read."""


@dataclass(frozen=True)
class PrecisionKind:
    """The kind ``precision``.

    A named type that other fields share stays as it is: the field gets one of its own beside it. A rounding follows
    where the code says that it is of this field and to its old number of digits. ``types``: whether declarations
    follow.
    """

    title: str = "Let the rounding of a decimal field follow its digits"
    examples: tuple[CodeExample[RetypeField], ...] = EXAMPLES
    types: bool = True

    def through(self, code: Code, edit: ModelEdit) -> CodeChange:
        """The patch of all files; a field whose digits are not known is left to retype-field."""
        assert isinstance(edit, RetypeField)
        before, after = edit.before, edit.after
        known = before.kind == after.kind == "decimal"
        if not known or after.decimal_places is None:
            return CodeChange(group=code.finding.group)
        return _Following(
            code,
            Places(before.max_digits, before.decimal_places),
            Places(after.max_digits, after.decimal_places),
            Limits(before, after),
            self.types,
        ).change()


@dataclass
class _Following:
    code: Code
    before: Places
    after: Places
    limits: Limits
    types: bool = True
    _sources: dict[str, tuple[Text, Source] | None] = field(default_factory=dict)
    _splices: dict[str, set[Splice]] = field(default_factory=dict)
    _aliases: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _manual: list[ManualWork] = field(default_factory=list)
    _edited: list[Token] = field(default_factory=list)
    _by_hand: list[Token] = field(default_factory=list)

    def change(self) -> CodeChange:
        """Declarations first, then what rounds; files that come out as they were are no edits."""
        finding = self.code.finding
        for file, found in by_file(finding.occurrences).items():
            meant = [one for one in found if one.verdict != "other"]
            if meant and file.endswith(".py"):
                self._in_file(file, meant)
            elif meant and file.endswith(DATA):
                self._in_data(file, meant)
        try:
            edits = tuple(self._edits())
        except LeftAlone as left:
            refused = ManualWork(self._file_of(finding.group.asked), left.line, left.why)
            return CodeChange(group=finding.group, treated=treated(finding, (), ()), refused=(refused,))
        return CodeChange(
            Patch(edits, ordered(self._manual)), finding.group, treated(finding, self._edited, self._by_hand)
        )

    def _in_file(self, file: str, found: list[Occurrence]) -> None:
        opened = self._open(file)
        if opened is None:
            self._cannot_open(
                file, [one for one in found if one.verdict == "target" and one.form not in PROSE]
            )
            return
        text, source = opened
        chains = around(source, [text.offset(one.token) for one in found])
        for one in found:
            chain = chains.get(text.offset(one.token), ())
            if one.form == "declaration" and one.verdict == "target":
                self._declared(source, chain, one)
                if self.types:
                    self._declaration(file, source, chain, one)
        following = FileRoundings(
            self.code, file, source, self._digits, self._names, self._constant, self.limits
        )
        told = following.told([(one, chains.get(text.offset(one.token), ())) for one in found])
        self._splices.setdefault(file, set()).update(told.splices)
        self._manual += told.manual
        self._edited += told.edited
        self._by_hand += told.by_hand

    def _in_data(self, file: str, found: list[Occurrence]) -> None:
        whole = self.code.read(file)
        if whole is not None:
            given = list(GivenValues(self.code, self.limits).in_data(Text(file, whole), found))
            self._manual += given
            lines = {one.line for one in given}
            self._by_hand += [one.token for one in found if one.token.line in lines]

    def _cannot_open(self, file: str, found: list[Occurrence]) -> None:
        if self.code.read(file) is None:
            self._manual += not_editable(found, f"See that it has {self.after.places} digits here.")
        else:
            found = [one for one in found if one.form == "declaration"]
            self._manual += [work(one, "the file cannot be edited safely") for one in found]
        self._by_hand += [one.token for one in found]

    @property
    def _digits(self) -> Digits:
        return Digits(self.before.places, self.after.places or 0)

    @property
    def _names(self) -> set[str]:
        return {ref.field for ref in _refs(self.code)}

    def _constant(self, file: str, source: Source, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """What a name stands for, through imports, where it is assigned in a module."""
        module = self._module(file, self.code.finding.group.asked)
        package = file.endswith("__init__.py")
        found = alias_of(source, module, package, node, self._source, self._file_of_module(file, module))
        return found.value if found else None

    # -- the type -----------------------------------------------------------------------------------

    def _declared(self, source: Source, chain: tuple[cst.CSTNode, ...], one: Occurrence) -> None:
        """What else the declaration says, and what does not go with the new digits."""
        statement = nearest(chain, cst.AnnAssign)
        if isinstance(statement, cst.AnnAssign):
            for node, why in in_declaration(self.limits, source, statement):
                advice = "Write what goes with the new digits."
                self._manual.append(ManualWork(one.token.file, source.line(node), why, advice))

    def _declaration(
        self, file: str, source: Source, chain: tuple[cst.CSTNode, ...], one: Occurrence
    ) -> None:
        statement = nearest(chain, cst.AnnAssign)
        ref = next((ref for ref in _refs(self.code) if self._is_of(ref, chain)), None)
        if not isinstance(statement, cst.AnnAssign) or ref is None:
            return
        try:
            splices = list(self._retyped(file, source, statement, ref))
        except LeftAlone as left:
            suggestion = f"Let it hold {self.after.places} digits behind the point."
            self._manual.append(work(one, f"its type does not follow: {left.why}", suggestion))
            self._by_hand.append(one.token)
            return
        if splices:
            self._splices.setdefault(file, set()).update(splices)
            self._edited.append(one.token)

    def _is_of(self, ref: FieldRef, chain: tuple[cst.CSTNode, ...]) -> bool:
        names = [node.name.value for node in reversed(chain) if isinstance(node, cst.ClassDef)]
        return ref.entity in (".".join(names), names[-1] if names else "")

    def _retyped(
        self, file: str, source: Source, statement: cst.AnnAssign, ref: FieldRef
    ) -> Iterator[Splice]:
        given = [*bounds_in(statement.annotation), *bounds_in(statement.value)]
        self._functions(file, source, statement.annotation, "its type calls")
        if given:
            yield from new_bounds(source, given, self.before, self.after)
            return
        if self.before.places is None:
            return
        package = file.endswith("__init__.py")
        module = self._module(file, ref)
        alias = alias_of(
            source,
            module,
            package,
            statement.annotation.annotation,
            self._source,
            self._file_of_module(file, module),
        )
        if alias is None or not bounds_in(alias.value) or self._holds(alias):
            return
        yield from self._own_type(file, source, statement, Home(ref.entity, module, package), alias)

    def _holds(self, alias: Alias) -> bool:
        """Whether the type takes the new digits as it is: of a coupled model it may be wider."""
        given = {arg.keyword.value: arg.value for arg in bounds_in(alias.value) if arg.keyword}
        places, digits = given.get("decimal_places"), given.get("max_digits")
        wide = not isinstance(digits, cst.Integer) or digits.evaluated_value >= (self.after.digits or 0)
        return wide and (
            not isinstance(places, cst.Integer) or places.evaluated_value >= (self.after.places or 0)
        )

    def _own_type(
        self, file: str, source: Source, statement: cst.AnnAssign, home: Home, alias: Alias
    ) -> Iterator[Splice]:
        name = last_name(statement.target)
        key = (alias.file, alias.name, name)
        if key not in self._aliases:
            self._aliases[key] = free_name(
                name, alias.name, home.model, names_in(alias.source) | names_in(source)
            )
            new = beside(alias, self._aliases[key], self.before, self.after)
            self._splices.setdefault(alias.file, set()).add(new)
            self._functions(
                alias.file, alias.source, alias.value, f"{self._aliases[key]} takes over from {alias.name}"
            )
        new_name = self._aliases[key]
        node, _ = beside_none(source, statement.annotation.annotation)
        yield Splice(source.start(node), source.end(node), new_name)
        if alias.file != file:
            imports = Imports(source, home)
            imports.use(alias.module, new_name)
            yield from imports.splices()
            yield from _without_import(source, source.code(node))

    def _functions(self, file: str, source: Source, node: cst.CSTNode, who: str) -> None:
        """What a type calls with the value is written elsewhere, and may round it."""
        for call in calls_in(node, _FUNCTIONS):
            why = f"{who} {source.code(call)}, which may round to the old digits"
            advice = f"See that it keeps {self.after.places} digits."
            self._manual.append(ManualWork(file, source.line(call), why, advice))

    # -- files --------------------------------------------------------------------------------------

    def _open(self, file: str) -> tuple[Text, Source] | None:
        if file not in self._sources:
            whole = self.code.read(file)
            try:
                self._sources[file] = None if whole is None else (Text(file, whole), Source(whole))
            except LeftAlone:
                self._sources[file] = None
        return self._sources[file]

    def _source(self, file: str) -> Source | None:
        opened = self._open(file)
        return opened[1] if opened else None

    def _module(self, file: str, ref: FieldRef) -> str:
        here = next((e.module for e in self.code.models.entities if e.place.file == file), None)
        return here or ref.module

    def _file_of_module(self, file: str, module: str) -> Callable[[str], str | None]:
        return lambda dotted: file_of_module(
            dotted, file, module, lambda one: self.code.read(one) is not None
        )

    def _file_of(self, ref: FieldRef) -> str:
        entities = self.code.models.entities
        return next((e.place.file for e in entities if (e.module, e.name) == (ref.module, ref.entity)), "")

    def _edits(self) -> Iterator[Edit]:
        for file in sorted(self._splices):
            opened = self._open(file)
            if opened is None:
                raise LeftAlone(f"{file} cannot be read")
            text = opened[0]
            try:
                after = splice(text.text, self._splices[file])
            except ValueError:
                raise LeftAlone(f"the edits of {file} are in each other's way") from None
            Source(after)
            if after != text.text:
                yield Edit(file, text.whole, text.with_bom(after))


def _refs(code: Code) -> list[FieldRef]:
    return [code.finding.group.asked, *(ref for ref, _ in code.finding.group.coupled)]


def _without_import(source: Source, name: str) -> Iterable[Splice]:
    """The import of a type that nothing else in the file names; kept where it is the only one of its statement."""
    if source.text.count(name) != 2:
        return
    for one in statements(source.module):
        if isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar):
            names = [alias.evaluated_alias or alias.evaluated_name for alias in one.names]
            if name in names and len(names) > 1:
                spans = [(source.start(alias), source.end(alias.asname or alias.name)) for alias in one.names]
                yield from without(source.text, spans, {names.index(name)})


KIND = PrecisionKind()
