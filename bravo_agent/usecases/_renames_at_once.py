"""Many decided renames in one go: the code is searched, edited and checked once for all that are in nobody's way.

What comes out is what comes out one after the other. Renames that share a word wait for one another; one that is not
understood, and all of them where a check objects, are made by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bravo_agent.model.change import Change
from bravo_agent.model.code import FieldGroup, FieldRef, Finding
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import Edit, ModelEdit, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._code_checks import Decided, new_errors, other_differences
from bravo_agent.usecases._edit_homes import Homes
from bravo_agent.usecases._one_edit import names_stay, refuse_name_not_free
from bravo_agent.usecases._texts import Texts
from bravo_agent.usecases._whole_code import code_over, not_understood, with_doubts
from bravo_agent.usecases.uses import find_uses
from codemods import Code, LeftAlone, new_words
from codemods.rename_everywhere import KIND, renamed_together

_NOTHING = Finding(FieldGroup(FieldRef("", "", "")), ())


@dataclass(frozen=True)
class _Wanted:
    """A rename, and where it stands among those that were asked for; ``alone``: it is made by itself."""

    number: int
    entity: Entity
    edit: RenameField
    alone: bool = False


@dataclass(frozen=True)
class _Share:
    """What one of them does, made for itself of the texts before all of them."""

    wanted: _Wanted
    made: CodeChange
    decided: Decided


def renames_at_once(
    homes: Homes, texts: Texts, pairs: Sequence[tuple[Change, ModelEdit]]
) -> dict[int, CodeChange]:
    """By number in ``pairs`` what became of those that were made together; ``texts`` have them."""
    wanted = list(_wanted(homes, pairs))
    tried = {one.number for one in wanted if one.alone}
    done: dict[int, CodeChange] = {}
    while True:
        first = [
            one for one in _first(one for one in wanted if one.number not in done) if one.number not in tried
        ]
        if len(first) < 2:
            return done
        tried |= {one.number for one in first}
        done |= _together(homes, texts, first)


def _together(homes: Homes, texts: Texts, wanted: Sequence[_Wanted]) -> dict[int, CodeChange]:
    overlay = texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    shares = _shares(homes, texts, models, wanted, overlay)
    try:
        edits = renamed_together(
            code_over(texts.workspace, models, _NOTHING, overlay, texts.files),
            [(one.made, one.decided.words) for one in shares],
        )
    except LeftAlone:
        return {}
    if len(shares) < 2 or _objected(texts, models, shares, edits, overlay):
        return {}
    texts.take(Patch(edits))
    return {one.wanted.number: one.made for one in shares}


def _wanted(homes: Homes, pairs: Sequence[tuple[Change, ModelEdit]]) -> Iterator[_Wanted]:
    """Those that are made at all; alone where a model is not known from its source, or no name changes."""
    for number, (change, edit) in enumerate(pairs):
        try:
            assert isinstance(edit, RenameField)
            refuse_name_not_free(homes.found, change, edit)
            entity = homes.entity_of(edit)
            yield _Wanted(number, entity, edit, entity.known_by == "import" or names_stay(homes, edit))
        except ByHand:
            continue


def _first(wanted: Iterable[_Wanted]) -> list[_Wanted]:
    """Those that share no word with one before them."""
    taken: set[str] = set()
    found = []
    for one in wanted:
        words = _names(one)
        if not words & taken:
            found.append(one)
        taken |= words
    return found


def _names(one: _Wanted) -> set[str]:
    ref = _ref(one)
    words = {} if one.alone else new_words(one.edit, ref)
    return {one.edit.field, ref.alias or ref.field, one.edit.before, one.edit.after, *words, *words.values()}


def _ref(one: _Wanted) -> FieldRef:
    field = one.entity.field(one.edit.field)
    key = field.document_name if field is not None and field.document_name != field.name else None
    return FieldRef(one.entity.module, one.entity.name, one.edit.field, key)


def _shares(
    homes: Homes, texts: Texts, models: ModelSet, wanted: Sequence[_Wanted], overlay: Mapping[str, str]
) -> list[_Share]:
    """Of those that are understood, and rename no field that another one renames."""
    refs = [replace(_ref(one), alias=None) for one in wanted]
    found: list[_Share] = []
    taken: set[tuple[str, str, str]] = set()
    for one, finding in zip(wanted, find_uses(texts.workspace, models, refs, overlay=overlay), strict=True):
        if finding.notes:
            continue
        group = [finding.group.asked, *(ref for ref, _ in finding.group.coupled)]
        fields = {(ref.module, ref.entity, ref.field) for ref in group}
        code = code_over(texts.workspace, models, finding, overlay, texts.files)
        made = _made(code, one, homes.found.reading.notes)
        if made.patch.edits and not not_understood(made) and not fields & taken:
            words = new_words(one.edit, finding.group.asked)
            found.append(_Share(one, made, Decided(finding.group, one.edit, words)))
        taken |= fields
    return found


def _made(code: Code, one: _Wanted, notes: Sequence[str]) -> CodeChange:
    return with_doubts(code, one.edit, KIND.through(code, one.edit, verified=False), notes)


def _objected(
    texts: Texts,
    models: ModelSet,
    shares: Sequence[_Share],
    edits: Sequence[Edit],
    overlay: Mapping[str, str],
) -> bool:
    """Whether the result would change another model, or the type checker finds something wrong in it."""
    patch = Patch(tuple(edits))
    if other_differences(texts.workspace, models, [one.decided for one in shares], patch, overlay):
        return True
    words = {old: new for one in shares for old, new in one.decided.words.items()}
    every = tuple(place.occurrence for one in shares for place in one.made.treated)
    return bool(
        new_errors(texts.workspace, replace(_NOTHING, occurrences=every), CodeChange(patch), words, overlay)
    )
