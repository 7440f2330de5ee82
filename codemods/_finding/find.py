"""The finder: every place that is named like a field, with what is known of it.

In this order: the files that hold the name, their tokens, what the type checker says defines each, the group of
declarations that only make sense together, and last the texts. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from bravo_agent import wire
from bravo_agent.config import ProjectSection
from bravo_agent.errors import BravoError, StoppedError, UsageError
from bravo_agent.model.code import FieldGroup, FieldRef, Finding, Occurrence, Point, Token, Unread
from bravo_agent.model.entities import ModelSet
from codemods._finding.apart import module_of
from codemods._finding.becoming import Becoming
from codemods._finding.cache import Cache, key_of
from codemods._finding.coupling import group_of
from codemods._finding.documents import scan_data, scan_document
from codemods._finding.facts import Facts
from codemods._finding.files import Repository, holding, lines_with, read_repository
from codemods._finding.keys import keys_in
from codemods._finding.models import Decl
from codemods._finding.reading import scans
from codemods._finding.values import (
    OWN,
    Candidate,
    ClassKey,
    OpenChecker,
    OpenStrings,
    Outline,
    Strings,
    Verdict,
)
from codemods._finding.verdicts import CODE, Judge

Named = Mapping[str, Sequence[Candidate]]
_FINDING: TypeAdapter[Finding] = TypeAdapter(Finding)


@dataclass(frozen=True)
class Surroundings:
    """What the finder is given besides the code.

    ``checker`` opens the type checker (None: only names tell); ``version`` says what its answers depend on besides
    the code. ``strings`` is the analysis of texts. ``overlay`` (file -> text) goes before the disk. ``listed``: the
    files that belong to the repository, where that is known. ``cache``: a folder of ours. ``apart``: classes that are
    not decided with a field. ``border``: told of each field that is begun, its number and how many there are; it may
    raise ``StoppedError``.
    """

    checker: OpenChecker | None = None
    version: str = ""
    strings: OpenStrings | None = None
    overlay: Mapping[str, str] | None = None
    listed: Collection[str] | None = None
    cache: Path | None = None
    apart: tuple[str, ...] = ()
    border: Callable[[int, int], None] = lambda number, total: None


def find_field(
    project: Path,
    section: ProjectSection,
    models: ModelSet,
    ref: FieldRef,
    around: Surroundings | None = None,
) -> Finding:
    """All places of one field; raises ``UsageError`` ``field-unknown``."""
    return find_fields(project, section, models, [ref], around)[0]


def find_fields(
    project: Path,
    section: ProjectSection,
    models: ModelSet,
    refs: Sequence[FieldRef],
    around: Surroundings | None = None,
) -> tuple[Finding, ...]:
    """All places of each field, in the order of ``refs``: the code is read once for all of them."""
    if not refs:
        return ()
    given = around or Surroundings()
    asked = [_with_alias(ref, models) for ref in refs]
    words = sorted({name for ref in asked for name in _names(ref)})
    files = read_repository(
        project, section.sources, section.exclude, words, overlay=given.overlay, listed=given.listed
    )
    with Cache(given.cache) as cache:
        keys = _keys(asked, files, models, given)
        known = cache.get(keys)
        open_ = [ref for ref, key in zip(asked, keys, strict=True) if key not in known]
        fresh = dict(zip(open_, _found(open_, words, files, models, given, cache), strict=True))
        done = [
            fresh[ref] if ref in fresh else _FINDING.validate_json(known[key])
            for ref, key in zip(asked, keys, strict=True)
        ]
        if given.checker is not None:
            texts = {
                key: _FINDING.dump_json(one).decode()
                for key, one, ref in zip(keys, done, asked, strict=True)
                if ref in fresh and not one.notes
            }
            cache.put(texts)
    return tuple(done)


def _with_alias(ref: FieldRef, models: ModelSet) -> FieldRef:
    entity = models.entity(f"{ref.module}:{ref.entity}")
    field = entity.field(ref.field) if entity is not None else None
    if ref.alias is not None or field is None or field.document_name == field.name:
        return ref
    return replace(ref, alias=field.document_name)


def _names(ref: FieldRef) -> tuple[str, ...]:
    return (ref.field,) if ref.alias in (None, ref.field) else (ref.field, ref.alias or "")


def _keys(refs: Iterable[FieldRef], files: Repository, models: ModelSet, given: Surroundings) -> list[str]:
    """Of each finding, over all that it depends on."""
    groups = (files.python, files.data, files.documents)
    texts = [one for group in groups for pair in group.items() for one in pair]
    unread = [f"{one.file}\0{one.why}\0{sorted(held.items())}" for one, held in files.unread]
    strings = getattr(given.strings, "__module__", "")
    around = key_of(given.version, strings, repr(given.apart), wire.fingerprint(models), *unread, *texts)
    return [key_of("finding", repr(ref), around) for ref in refs]


# -- one reading --------------------------------------------------------------------------------------------


def _found(
    refs: Sequence[FieldRef],
    words: Sequence[str],
    files: Repository,
    models: ModelSet,
    given: Surroundings,
    cache: Cache,
) -> list[Finding]:
    if not refs:
        return []
    given.border(0, len(refs))
    found, outlines = _candidates(files, words, cache)
    candidates: dict[str, list[Candidate]] = {}
    for one in found:
        candidates.setdefault(one.name, []).append(one)
    if given.checker is None:
        return [_by_name(ref, candidates, files, models, "") for ref in refs]
    hits = sorted({one.token.file for one in found if one.token.file in files.python})
    try:
        with given.checker(
            {file: files.python[file] for file in (*hits, *_changed(files, given))}
        ) as checker:
            declared = [one for one in found if one.form == "declaration"]
            facts = Facts(checker, files.python, declared, models, cache)
            facts.take(outlines)
            _ask_at_once(found, {ref.field for ref in refs}, facts)
            becoming = Becoming({ref.field for ref in refs}, facts, files.python)
            texts = _Texts(files, facts, given)
            # By name: what the texts of one name meet is found out for all fields that are called so.
            judged: dict[FieldRef, Finding] = {}
            for number, ref in enumerate(sorted(refs, key=_names), 1):
                given.border(number, len(refs))
                judged[ref] = _one(ref, candidates, files, facts, becoming, texts, given.apart)
            return [judged[ref] for ref in refs]
    except (UsageError, StoppedError):
        raise
    except BravoError as error:
        note = f"{error.message}: what is found rests on names alone"
        return [_by_name(ref, candidates, files, models, note) for ref in refs]


def _changed(files: Repository, given: Surroundings) -> list[str]:
    return [file for file in given.overlay or () if file in files.python]


def _candidates(
    files: Repository, words: Sequence[str], cache: Cache
) -> tuple[list[Candidate], dict[str, Outline]]:
    """Sorted by place, with the outlines read on the way; what turns out to be unreadable goes to ``files.unread``."""
    found: list[Candidate] = []
    read, outlines = scans({file: files.python[file] for file in files.hits}, words, cache)
    read |= {file: scan_data(file, text, words) for file, text in files.data.items()}
    read |= {file: scan_document(file, text, words) for file, text in files.documents.items()}
    for file, one in read.items():
        if one.left_alone:
            text = files.python.get(file) or files.data[file]
            held = holding(text, words)
            keys = keys_in(file, text, held) if file in files.data else lines_with(text, held)
            files.leave(file, one.left_alone, keys, may_use=True)
        found += one.candidates
    return sorted(found, key=_by_place), outlines


def _ask_at_once(found: Sequence[Candidate], names: Collection[str], facts: Facts) -> None:
    """What will be asked of the checker anyway: an answer costs little, and to wait for each by itself a lot."""
    asked = [one for one in found if one.form in CODE and one.form != "match"]
    answers = facts.definitions([_point(one) for one in asked])
    nowhere = [one for one, landings in zip(asked, answers, strict=True) if not landings]
    calls = [one for one in found if one.form == "match"] + nowhere
    facts.types([Point(one.token.file, *one.call) for one in calls if one.call is not None])
    classes = [ClassKey(one.token.file, one.owner) for one in found if one.form == "declaration"]
    facts.climb([*classes, *(key for name in sorted(names) for key in facts.index.of_several(name))])


def _one(
    ref: FieldRef,
    candidates: Named,
    files: Repository,
    facts: Facts,
    becoming: Becoming,
    texts: _Texts,
    apart: Sequence[str],
) -> Finding:
    own = [one for name in _names(ref) for one in candidates.get(name, ())]
    own.sort(key=_by_place)
    start = _declared(ref, own, facts.models)
    group, members = group_of(ref, facts, start, own, becoming, apart)
    told = texts.told(ref, own, group)
    declared = {(one.token.file, one.token.line) for one in own if one.form == "declaration"}
    parameters = {_point(one): one for one in own if one.parameter_of}
    judge = Judge(group, members, facts, parameters, told, alone=declared <= members.keys())
    return Finding(group, tuple(judge.occurrence(one) for one in own), _unread(ref, files, facts.models))


class _Texts:
    """The analysis of the program's flow; it reads the whole program, so it is begun where the first text is met."""

    def __init__(self, files: Repository, facts: Facts, given: Surroundings) -> None:
        self._files = files
        self._facts = facts
        self._begin = given.strings
        self._analysis: Strings | None = None

    def told(self, ref: FieldRef, own: Iterable[Candidate], group: FieldGroup) -> Mapping[Token, Verdict]:
        """What it says of the field."""
        if self._begin is None or not any(self._is_open(one) for one in own):
            return {}
        if self._analysis is None:
            self._analysis = self._begin(self._files.python, self._facts.models)
        return self._analysis.verdicts(group, _names(ref), self._files.data)

    def _is_open(self, one: Candidate) -> bool:
        """Whether it is a text, or an attribute of which the type checker knows nothing."""
        if one.form == "attribute":
            return self._facts.definitions([_point(one)]) == [()]
        return one.form in ("string", "data-key")


def _declared(ref: FieldRef, own: Iterable[Candidate], models: ModelSet) -> Decl:
    """Where the field is declared; raises ``UsageError`` ``field-unknown``."""
    entity = models.entity(f"{ref.module}:{ref.entity}")
    field = entity.field(ref.field) if entity is not None else None
    if field is not None:
        return field.place.file, field.place.line
    for one in own:
        if one.form == "declaration" and one.owner == ref.entity and module_of(one.token.file) == ref.module:
            return one.token.file, one.token.line
    raise UsageError(
        "field-unknown",
        f"{ref.module}:{ref.entity} has no field {ref.field}",
        hint="Name a field of a model as MODULE:Model.field; `bravo-agent doctor` lists the models that are read.",
    )


def _unread(ref: FieldRef, files: Repository, models: ModelSet) -> tuple[Unread, ...]:
    entity = models.entity(f"{ref.module}:{ref.entity}")
    settings = entity is not None and any("Settings" in one for one in entity.base_names)
    names = {*_names(ref), *(name.upper() for name in _names(ref) if settings)}
    found = [
        replace(one, keys=tuple(sorted({line for name in names & held.keys() for line in held[name]})))
        for one, held in files.unread
        if names & held.keys()
    ]
    return tuple(sorted(found, key=lambda one: one.file))


def _by_name(ref: FieldRef, candidates: Named, files: Repository, models: ModelSet, note: str) -> Finding:
    """Where there is no type checker: the declaration is known, and of all else only how it is called."""
    own = [one for name in _names(ref) for one in candidates.get(name, ())]
    own.sort(key=_by_place)
    start = _declared(ref, own, models)
    found = []
    for one in own:
        is_it = one.form == "declaration" and (one.token.file, one.token.line) == start
        found.append(
            Occurrence(
                one.token,
                one.form,
                one.role,
                "target" if is_it else "unknown",
                "types" if is_it else "name",
                OWN if is_it else "only its name is known",
                one.text,
            )
        )
    return Finding(FieldGroup(ref), tuple(found), _unread(ref, files, models), (note,) if note else ())


def _point(one: Candidate) -> Point:
    return Point(one.token.file, one.token.line, one.token.column)


def _by_place(one: Candidate) -> tuple[str, int, int]:
    return one.token.file, one.token.line, one.token.column
