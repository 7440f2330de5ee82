"""The edits of decided changes, carried into the models' texts in an order in which none is in another's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from bravo_agent.config import FILE
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.model.change import Change
from bravo_agent.model.plan import AddModel, InsertField, ManualWork, ModelEdit, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from bravo_agent.planning.model_edits import model_edits
from bravo_agent.planning.naming import field_name
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._edit_homes import Homes
from bravo_agent.usecases._named_tables import name_tables
from bravo_agent.usecases._one_edit import carry
from bravo_agent.usecases._own_checkers import OwnCheckers, objected, own_checkers
from bravo_agent.usecases._places import Carried
from bravo_agent.usecases._renames_at_once import renames_at_once
from bravo_agent.usecases._texts import Texts
from bravo_agent.usecases._value_changes import ValueEdit
from bravo_agent.usecases._whole_code import WholeEdit, not_understood
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import parses

# By the names that fields have before; a new field may take the place of one that goes.
_ORDER = (
    "retype-field",
    "make-optional",
    "enum-values",
    "drop-field",
    "rename-field",
    "add-field",
    "drop-model",
    "add-model",
)
_AGAIN = "Edit the model by hand, or run again; the next run sees whether it is settled."


@dataclass(frozen=True)
class ModelEdits:
    """``patch`` carries every decided change that waits for the models, and ``carried`` says how each of them fared.

    ``together``: what is decided with a field.
    """

    patch: Patch
    together: tuple[str, ...] = ()
    carried: tuple[Carried, ...] = ()
    notes: tuple[str, ...] = ()


def edit_models(
    workspace: Workspace, found: Detection, *, check: bool = True, emit: Emit = ignore
) -> ModelEdits:
    """The code with every decided change that waits for the models; what is left to people beside it.

    ``check``: the type checkers that the project has configured look at it too. What they object to is not made.
    """
    waiting = [change for change in found.changes if _waits_for_models(change)]
    pairs = [(change, edit) for change in waiting for edit in model_edits(change)]
    pairs.sort(key=lambda pair: _ORDER.index(pair[1].tag))
    by_hand = [_by_hand(change, found) for change in waiting if not model_edits(change)]
    made = _Making(workspace, found, tuple(pairs), list(by_hand), emit).made()
    if not check or not made.patch.edits:
        return made
    emit(PartReached("type checkers"))
    with own_checkers(workspace, made.patch.edits) as checkers:
        if checkers is None:
            return made
        left = {(one.file, one.line) for one in made.patch.manual}
        if checkers.new_errors(made.patch.edits, _words(edit for _, edit in pairs), left):
            # One after the other, so that the change that is objected to keeps none of the others from being made.
            made = _Making(workspace, found, tuple(pairs), list(by_hand), emit, checkers).made()
        return replace(made, notes=(*made.notes, *checkers.notes))


@dataclass
class _Making:
    """One change after the other; where there are ``checkers``, each of them is looked at by itself."""

    workspace: Workspace
    found: Detection
    pairs: tuple[tuple[Change, ModelEdit], ...]
    manual: list[ManualWork]
    emit: Emit
    checkers: OwnCheckers | None = None

    def made(self) -> ModelEdits:
        texts = Texts(self.workspace)
        homes = Homes(self.workspace, self.found, tuple(edit for _, edit in self.pairs), texts.before)
        together: list[str] = []
        carried: list[Carried] = []
        notes: list[str] = []
        grown: set[str] = set()
        for number, (change, edit, made) in enumerate(self._each(homes, texts), 1):
            self.emit(PartReached("cascade", number, len(self.pairs)))
            together += _together(homes, change, edit, made)
            self.manual += _left(change, made)
            carried.append(Carried(change, made))
            if isinstance(edit, InsertField):
                grown |= {one.file for one in made.patch.edits if one.file.endswith(".py")}
            notes += [f"{_what(change)}: {note}" for note in made.notes if isinstance(edit, InsertField)]
        self.manual += _name(homes, texts)
        ordered = tuple(sorted(self.manual, key=lambda work: (work.file, work.line, work.why)))
        edits = tuple(texts.edits())
        for edited in edits:
            if edited.file in grown and not parses(edited.after):
                raise ValueError(f"{edited.file} would not parse")
        return ModelEdits(Patch(edits, ordered), tuple(together), tuple(carried), tuple(notes))

    def _each(self, homes: Homes, texts: Texts) -> Iterator[tuple[Change, ModelEdit, CodeChange]]:
        """Every edit with its share, which ``texts`` have then."""
        for tag, group in groupby(self.pairs, key=lambda pair: pair[1].tag):
            pairs, done = list(group), dict[int, CodeChange]()
            if tag == "rename-field" and self.checkers is None:
                done = renames_at_once(homes, texts, pairs)
            for number, (change, edit) in enumerate(pairs):
                made = done.get(number)
                if made is None:
                    made = self._looked_at(texts, edit, carry(homes, texts, change, edit))
                    texts.take(made.patch)
                yield change, edit, made

    def _looked_at(self, texts: Texts, edit: ModelEdit, made: CodeChange) -> CodeChange:
        if self.checkers is None or not made.patch.edits:
            return made
        trial = texts.copy()
        trial.take(made.patch)
        edits = tuple(trial.edits())
        left = {(one.file, one.line) for one in made.patch.manual}
        errors = self.checkers.new_errors(edits, _words([edit]), left)
        listed = isinstance(edit, ValueEdit)
        if listed or not errors:
            self.checkers.accept(edits)
        return objected(made, errors, listed=listed)


def _words(edits: Iterable[ModelEdit]) -> dict[str, str]:
    return {edit.field: field_name(edit.after) for edit in edits if isinstance(edit, RenameField)}


def _name(homes: Homes, texts: Texts) -> list[ManualWork]:
    """bravo.toml says of a new model whose it is, where its name does not."""
    changed = texts.changed()
    added = [
        (edit.table, homes.new.names[edit.table.key]) for edit in homes.edits if isinstance(edit, AddModel)
    ]
    if not added:
        return []
    try:
        text, manual = name_tables(texts.workspace, homes.found, added, changed, texts.read(FILE))
    except ByHand as left:
        return [ManualWork(left.file, left.line, left.why, _AGAIN)]
    texts.now[FILE] = text
    return manual


def _waits_for_models(change: Change) -> bool:
    return change.state == "decided" and change.answer is not None and change.answer.takes_hold == "models"


def _together(homes: Homes, change: Change, edit: ModelEdit, made: CodeChange) -> list[str]:
    if made.group is None or not isinstance(edit, WholeEdit):
        return []
    entity = homes.entity_of(edit)
    return [
        f"{change.table}.{change.field}: {ref.entity}.{ref.field} is changed with {entity.name}.{edit.field}: {why}"
        for ref, why in made.group.coupled
    ]


def _left(change: Change, made: CodeChange) -> list[ManualWork]:
    """What is left to people, said with the change that it is left of."""
    return [
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion or _AGAIN)
        for work in (*not_understood(made), *made.mentions)
    ]


def _what(change: Change) -> str:
    place = change.table + (f".{change.field}" if change.field else "")
    return f"{change.kind} {place} with the answer {change.option}"


def _by_hand(change: Change, found: Detection) -> ManualWork:
    entity = found.models.entity(change.entity) if change.entity else None
    place = entity.place if entity else None
    return ManualWork(
        place.file if place else "",
        place.line if place else 0,
        f"there is no codemod yet for {_what(change)}",
        "Edit the model by hand; the next run sees that it is settled.",
    )
