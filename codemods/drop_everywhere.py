"""Takes a field out of the whole code: its declarations, and what only fills or lists it. All of it, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from bravo_agent.model.code import FieldRef, Occurrence
from bravo_agent.model.plan import DropField, Edit, ManualWork, ModelEdit, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._around import Chain, around
from codemods._data_members import Members, member_at, members, without_member
from codemods._declaration import Declaration, declaration_of
from codemods._drop_everywhere_examples import EXAMPLES
from codemods._drop_places import Gone, splices, taken_from
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
from codemods._field_lines import ORPHAN, comment_above, field_lines
from codemods._prose import is_prose
from codemods._same_tokens import verify_members, verify_shorter
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._unused import without_unused
from codemods._values import LeftAlone

_PYTHON = (".py", ".pyi")
_DATA = (".json", ".jsonl", ".ndjson", ".yaml", ".yml")
_AWAY = "Take it away here, and drop the field again."
_ADVICE = "Say what should be there instead, and drop the field again."


@dataclass
class _Left:
    """What keeps the field from being dropped: work for people, and the places of it that surely mean the field."""

    work: list[ManualWork]
    uses: list[Occurrence] = field(default_factory=list)

    def add(self, found: ManualWork, *uses: Occurrence) -> None:
        """One more; ``uses`` are none where nobody can tell."""
        self.work.append(found)
        self.uses += uses


@dataclass(frozen=True)
class DropEverywhere:
    """The kind ``drop-everywhere``. One place that reads the field keeps all of it from being made."""

    title: str = "Take a field out of the whole code"
    examples: tuple[CodeExample[DropField], ...] = EXAMPLES

    def through(self, code: Code, edit: ModelEdit) -> CodeChange:
        """The patch of all files that name the field; without edits where somebody has to settle a use first."""
        assert isinstance(edit, DropField)
        finding = code.finding
        edits, blocked, prose = list[Edit](), _Left(list(unread(finding))), list[ManualWork]()
        gone = list[Occurrence]()
        for file, found in by_file(finding.occurrences).items():
            whole = code.read(file)
            if whole is None:
                for one in (one for one in found if one.verdict == "target" and one.form not in PROSE):
                    blocked.add(not_editable([one], _AWAY)[0], one)
                continue
            text = Text(file, whole)
            said = [one for one in found if is_prose(one, text)]
            lines = _Lines()
            edits += _file(
                code,
                text,
                [one for one in found if one.form not in PROSE and one not in said],
                blocked,
                lines,
            )
            gone += [one for one in said if lines.hold(text.offset(one.token))]
            prose += [work(one, "its words name the field, perhaps") for one in said if one not in gone]
            named = {one.line for one in prose if one.file == file}
            prose += [one for one in lines.orphans if one.line not in named]
        group = finding.group
        if blocked.work:
            places = {(one.file, one.line) for one in blocked.work}
            by_hand = [one.token for one in finding.occurrences if (one.token.file, one.token.line) in places]
            return CodeChange(
                Patch((), ordered(blocked.work)),
                group,
                treated(finding, (), by_hand),
                mentions=ordered(prose),
                uses=tuple(blocked.uses),
            )
        done = [one.token for one in finding.occurrences if one.verdict == "target" and one.form not in PROSE]
        done += [one.token for one in gone]
        return CodeChange(
            Patch(tuple(edits)),
            group,
            treated(finding, done, ()),
            mentions=ordered(prose),
            notes=left_alone(finding),
        )


@dataclass
class _Lines:
    """The lines of declarations that go, and comments that would stand above nothing."""

    cut: list[Splice] = field(default_factory=list)
    orphans: list[ManualWork] = field(default_factory=list)

    def take(self, source: Source, file: str, declared: Declaration) -> Splice:
        """The edit that takes out the declaration."""
        above = comment_above(declared)
        if above.orphan:
            line = source.line(declared.line) - above.count
            self.orphans.append(ManualWork(file, line, ORPHAN.format(declared.name.value)))
        self.cut.append(field_lines(source, declared))
        return self.cut[-1]

    def hold(self, offset: int) -> bool:
        """Whether what stands at ``offset`` goes with a declaration."""
        return any(one.start <= offset < one.end for one in self.cut)


def _file(
    code: Code, text: Text, found: Sequence[Occurrence], blocked: _Left, lines: _Lines
) -> Iterator[Edit]:
    """The edit of one file; what keeps it from being made is added to ``blocked``."""
    ours = [one for one in found if one.verdict == "target"]
    for one in (one for one in found if one.verdict in OPEN):
        blocked.add(work(one, not_known(one), _ADVICE), *([one] if one.verdict == "mixed" else []))
    if not ours:
        return
    is_python = text.file.endswith(_PYTHON)
    try:
        after = _python(code, text, ours, blocked, lines) if is_python else _data(text, ours, blocked)
    except LeftAlone as left:
        # Of the whole file: none of its places could be taken away.
        blocked.add(ManualWork(text.file, left.line, left.why, _ADVICE), *ours)
        return
    if after != text.text:
        yield Edit(text.file, text.whole, text.with_bom(after))


def _python(code: Code, text: Text, ours: Sequence[Occurrence], blocked: _Left, lines: _Lines) -> str:
    source = Source(text.text)
    chains = around(source, [text.offset(one.token) for one in ours])
    names = _names(code)
    cut: list[Splice] = []
    gone: list[Gone] = []
    for one in ours:
        try:
            offset = text.offset(one.token)
            chain = chains.get(offset, ())
            declared = _declaration(source, chain) if one.form == "declaration" else None
            if declared is not None:
                cut.append(lines.take(source, text.file, declared))
            elif not _goes_with_declaration(source, chain, offset, ours, text):
                gone.append(taken_from(source, chain, offset, names))
        except LeftAlone as left:
            blocked.add(ManualWork(text.file, one.token.line, left.why, _ADVICE), one)
    cut += splices(source, gone)
    after = splice(text.text, cut)
    words = {word for one in cut for word in re.findall(r"\w+", text.text[one.start : one.end])}
    after, _ = without_unused(after, words, text.file)
    verify_shorter(text.text, after)
    return after


def _data(text: Text, ours: Sequence[Occurrence], blocked: _Left) -> str:
    if not text.file.endswith(_DATA):
        for one in ours:
            blocked.add(work(one, "it is named in a file of this kind", _ADVICE), one)
        return text.text
    objects = members(text.file, text.text)
    cut: list[Splice] = []
    for one in ours:
        try:
            found, number = _member(objects, text, one)
            cut += without_member(text.text, found, number)
        except LeftAlone as left:
            blocked.add(work(one, left.why, _ADVICE), one)
    after = splice(text.text, cut)
    verify_members(text.file, text.text, after, {text.word(one.token) for one in ours})
    return after


def _member(objects: list[Members], text: Text, one: Occurrence) -> tuple[Members, int]:
    if one.form != "data-key":
        raise LeftAlone("a value names it, not a key")
    found, number = member_at(objects, text.offset(one.token))
    if found.keys[number] != text.word(one.token):
        raise LeftAlone("the key is more than the field's name")
    return found, number


def _declaration(source: Source, chain: Chain) -> Declaration:
    """The declaration whose name is the innermost of ``chain``; raises ``LeftAlone``."""
    model = next((one for one in chain if isinstance(one, cst.ClassDef)), None)
    name = chain[0] if chain else None
    if model is None or not isinstance(name, cst.Name):
        raise LeftAlone("it is not declared as an ordinary field")
    found = declaration_of(source, model, name.value)
    if found is None or found.name is not name:
        raise LeftAlone("it is not declared as an ordinary field")
    if len(found.line.body) > 1:
        raise LeftAlone("other statements stand on its line")
    return found


def _goes_with_declaration(
    source: Source, chain: Chain, offset: int, ours: Iterable[Occurrence], text: Text
) -> bool:
    """Whether the token stands inside of a declaration that goes: its alias, its default."""
    statement = next((one for one in chain if isinstance(one, cst.AnnAssign)), None)
    if statement is None:
        return False
    start = source.start(statement)
    return any(one.form == "declaration" and text.offset(one.token) == start for one in ours)


def _names(code: Code) -> set[str]:
    """All fields of the models of the group, by name and by key."""
    refs: list[FieldRef] = [code.finding.group.asked, *(ref for ref, _ in code.finding.group.coupled)]
    wanted = {ref.entity.rpartition(".")[2] for ref in refs}
    entities = [one for one in code.models.entities if one.name in wanted]
    return {name for one in entities for field in one.fields for name in (field.name, field.document_name)}


KIND = DropEverywhere()
