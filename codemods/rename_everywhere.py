"""Renames a field through the whole code: every token that is known to mean it, and no other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bravo_agent.model.code import Beside, FieldRef, Occurrence, Token
from bravo_agent.model.plan import Edit, ManualWork, ModelEdit, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from codemods._data_members import member_at, members
from codemods._declaration import lines_of, model_class
from codemods._everywhere import (
    OPEN,
    PROSE,
    Code,
    CodeExample,
    Text,
    by_file,
    left_alone,
    not_editable,
    not_known,
    ordered,
    treated,
    unread,
    work,
)
from codemods._prose import is_prose, names_field
from codemods._rename_conflicts import in_body, in_classes, in_models, in_places
from codemods._rename_everywhere_examples import EXAMPLES
from codemods._rename_words import new_words
from codemods._same_tokens import verify_python, verify_words
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._values import LeftAlone
from codemods._written_out import written_out

_PYTHON = (".py", ".pyi")
_DECLARED = "the field is declared here, and the file is not in UTF-8: without it nothing can be renamed"
_AS_UTF_8 = "Save the file as UTF-8, and rename again."
_DATA = (".json", ".jsonl", ".ndjson", ".yaml", ".yml")


@dataclass(frozen=True)
class RenameEverywhere:
    """The kind ``rename-everywhere``. A collision of the new name keeps all of it from being made."""

    title: str = "Rename a field through the whole code"
    examples: tuple[CodeExample[RenameField], ...] = EXAMPLES

    def through(self, code: Code, edit: ModelEdit, *, verified: bool = True) -> CodeChange:
        """The patch of all files that name the field; not ``verified``: somebody looks at the texts afterwards."""
        assert isinstance(edit, RenameField)
        asked = code.finding.group.asked
        try:
            words = new_words(edit, asked, code.key)
        except LeftAlone as left:
            return _refused(code, [_at_declaration(code, left.why)])
        return _Renaming(code, words, verified).change() if words else CodeChange(group=code.finding.group)


@dataclass(frozen=True)
class _Renaming:
    code: Code
    words: dict[str, str]
    verified: bool

    def change(self) -> CodeChange:
        code, edits = self.code, list[Edit]()
        refused, prose, by_hand = list(self._collisions()), list[Occurrence](), list[Occurrence]()
        done, told = list[Occurrence](), list[ManualWork]()
        for file, found in by_file(code.finding.occurrences).items():
            whole = code.read(file)
            if whole is None:
                refused += [work(one, _DECLARED, _AS_UTF_8) for one in found if _declares(one)]
                by_hand += [one for one in found if one.verdict == "target" and one.form not in PROSE]
                continue
            text = Text(file, whole)
            chosen = [one for one in found if self._is_ours(one, text)]
            prose += [one for one in found if one not in chosen and is_prose(one, text)]
            try:
                edits += self._edited(text, chosen)
            except LeftAlone as left:
                refused.append(ManualWork(file, left.line, left.why))
            done += chosen
            told += written_out(text, chosen) if file.endswith(_PYTHON) else ()
        if refused:
            return _refused(code, refused)
        open_ = [one for one in self._by_hand() if one not in prose]
        manual = [work(one, not_known(one), self._advice()) for one in open_]
        manual += self._by_name()
        manual += not_editable(by_hand, f"Write {' or '.join(sorted(set(self.words.values())))} here.")
        return CodeChange(
            Patch(tuple(edits), ordered(manual)),
            code.finding.group,
            treated(code.finding, [one.token for one in done], [one.token for one in (*open_, *by_hand)]),
            mentions=ordered(
                [*told, *(work(one, "its words name the field, perhaps", self._advice()) for one in prose)]
            ),
            unread=unread(code.finding),
            notes=left_alone(code.finding),
        )

    def _is_ours(self, one: Occurrence, text: Text) -> bool:
        if one.form in PROSE:
            return text.word(one.token) in self.words and self._names_field(one, text)
        return one.verdict == "target" and (
            text.word(one.token) in self.words or not self._is_known(one, text)
        )

    def _is_known(self, one: Occurrence, text: Text) -> bool:
        """Whether it is a word of the field that stays, such as ``_id``."""
        asked = self.code.finding.group.asked
        return text.word(one.token) in (asked.field, asked.alias)

    def _names_field(self, one: Occurrence, text: Text) -> bool:
        lines = range(0)
        if text.file.endswith(_PYTHON) and one.form == "docstring":
            for ref in _refs(self.code):
                found = _class_lines(text, ref)
                lines = found if one.token.line in found else lines
        return names_field(self.code.finding, one, text, lines)

    def _edited(self, text: Text, chosen: Sequence[Occurrence]) -> Iterator[Edit]:
        if not chosen:
            return
        splices = []
        for one in chosen:
            if text.word(one.token) not in self.words:
                raise LeftAlone("the place does not hold the name any more", one.token.line)
            start = text.offset(one.token)
            splices.append(Splice(start, start + len(text.word(one.token)), self.words[text.word(one.token)]))
        after = splice(text.text, splices)
        if self.verified:
            verify_renamed(text, after, {one.token.line for one in chosen}, self.words)
        yield Edit(text.file, text.whole, text.with_bom(after))

    def _collisions(self) -> Iterator[ManualWork]:
        code, refs = self.code, _refs(self.code)
        for new in sorted(set(self.words.values())):
            yield from in_models(code, refs, new)
            yield from in_classes(code, refs, new)
        targets = [
            one for one in code.finding.occurrences if one.verdict == "target" and one.form not in PROSE
        ]
        for file, found in by_file(targets).items():
            whole = code.read(file)
            if whole is not None and file.endswith(_PYTHON):
                yield from self._in_file(Text(file, whole), found, refs)
            elif whole is not None and file.endswith(_DATA):
                yield from self._in_data(Text(file, whole), found)

    def _in_file(self, text: Text, found: list[Occurrence], refs: Sequence[FieldRef]) -> Iterator[ManualWork]:
        try:
            source = Source(text.text)
        except LeftAlone as left:
            yield ManualWork(text.file, left.line, left.why)
            return
        # A name that the text does not say, and no escape can, stands beside nothing; to look takes its time.
        placed = [
            (one, new)
            for one in found
            if (new := self.words.get(text.word(one.token))) and (new in text.text or "\\" in text.text)
        ]
        yield from in_places(source, text, placed) if placed else ()
        for ref in refs:
            new = self.words.get(ref.field)
            declares = any(one.form == "declaration" for one in found)
            if declares and new is not None and source.classes(ref.entity):
                yield from in_body(source, text.file, model_class(source, ref.entity), new)

    def _in_data(self, text: Text, found: list[Occurrence]) -> Iterator[ManualWork]:
        """Keys that would stand twice in one object."""
        try:
            objects = members(text.file, text.text)
            for one in found:
                new = self.words.get(text.word(one.token))
                if new in member_at(objects, text.offset(one.token))[0].keys:
                    yield work(one, f"{new} stands beside it already")
        except LeftAlone as left:
            yield ManualWork(text.file, max(left.line, found[0].token.line), left.why)

    def _by_hand(self) -> Iterator[Occurrence]:
        for one in self.code.finding.occurrences:
            if one.verdict in OPEN and one.form not in PROSE:
                yield one

    def _by_name(self) -> Iterator[ManualWork]:
        """Where the value passes by its name to a class that keeps the old one."""
        asked = self.code.finding.group.asked
        for one in self.code.finding.group.beside:
            if one.by_name:
                own = f"{one.ref.entity}.{one.ref.field}"
                why = f"{one.why}, and {own} keeps its name: {asked.entity}.{asked.field} does not get there by itself"
                yield ManualWork(one.file, one.line, why, f"Hand the value over by name, {self._both(one)}.")

    def _both(self, one: Beside) -> str:
        new = " or ".join(sorted(set(self.words.values())))
        return f"{new} on one side and {one.ref.alias or one.ref.field} on the other"

    def _advice(self) -> str:
        new = " or ".join(sorted(set(self.words.values())))
        return f"Where it means the field, write {new}."


def _declares(one: Occurrence) -> bool:
    return one.verdict == "target" and one.form == "declaration"


def verify_renamed(text: Text, after: str, lines: Collection[int], words: Mapping[str, str]) -> None:
    """Raises ``LeftAlone`` where ``after`` differs from the text by more than ``words`` (old -> new) on ``lines``."""
    if text.file.endswith(_PYTHON):
        verify_python(text.text, after, lines)
    elif text.file.endswith(_DATA):
        verify_words(text.file, text.text, after, words)


def renamed_together(code: Code, renames: Sequence[tuple[CodeChange, Mapping[str, str]]]) -> tuple[Edit, ...]:
    """One edit of each file for several renames, each made for itself of the same texts; with the words of each.

    Raises ``LeftAlone`` where they are in one another's way.
    """
    places: dict[str, list[tuple[Token, Mapping[str, str]]]] = {}
    for made, words in renames:
        for one in made.treated:
            if one.fate == "edited":
                places.setdefault(one.occurrence.token.file, []).append((one.occurrence.token, words))
    return tuple(_merged(code, file, found) for file, found in sorted(places.items()))


def _merged(code: Code, file: str, places: Sequence[tuple[Token, Mapping[str, str]]]) -> Edit:
    text = Text(file, code.read(file) or "")
    splices = []
    for token, words in places:
        start, word = text.offset(token), text.word(token)
        if word not in words:
            raise LeftAlone("the place does not hold the name", token.line)
        splices.append(Splice(start, start + len(word), words[word]))
    try:
        after = splice(text.text, splices)
    except ValueError:
        raise LeftAlone("two renames mean the same place") from None
    every = {old: new for _, words in places for old, new in words.items()}
    verify_renamed(text, after, {token.line for token, _ in places}, every)
    return Edit(file, text.whole, text.with_bom(after))


def _refs(code: Code) -> list[FieldRef]:
    return [code.finding.group.asked, *(ref for ref, _ in code.finding.group.coupled)]


def _class_lines(text: Text, ref: FieldRef) -> range:
    try:
        return lines_of(text.text, ref.entity)
    except LeftAlone:
        return range(0)


def _at_declaration(code: Code, why: str) -> ManualWork:
    declared = next((one for one in code.finding.occurrences if one.form == "declaration"), None)
    return work(declared, why) if declared else ManualWork("", 0, why)


def _refused(code: Code, why: Sequence[ManualWork]) -> CodeChange:
    finding = code.finding
    return CodeChange(group=finding.group, treated=treated(finding, (), ()), refused=ordered(why))


KIND = RenameEverywhere()
