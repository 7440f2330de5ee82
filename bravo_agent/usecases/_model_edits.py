"""The edits of decided changes, carried into the models' texts in an order in which none is in another's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from bravo_agent.config import FILE
from bravo_agent.model.change import Change
from bravo_agent.model.code import FieldRef
from bravo_agent.model.plan import (
    AddModel,
    DropField,
    InsertField,
    MakeOptional,
    ManualWork,
    ModelEdit,
    Patch,
    RenameField,
    RetypeField,
    SetEnumValues,
)
from bravo_agent.model.refactor import CodeChange
from bravo_agent.planning.model_edits import model_edits
from bravo_agent.planning.naming import field_name
from bravo_agent.registry import shelf
from bravo_agent.usecases._added_fields import round_field
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._calculated_fields import broken_by, calculate_column
from bravo_agent.usecases._edit_homes import Homes
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._named_tables import name_tables
from bravo_agent.usecases._new_models import fixture_file, made_known
from bravo_agent.usecases._own_checkers import OwnCheckers, objected, own_checkers
from bravo_agent.usecases._places import Carried, not_made
from bravo_agent.usecases._texts import Texts
from bravo_agent.usecases._value_changes import ValueChange
from bravo_agent.usecases._whole_code import not_understood, through_code
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import Home, LeftAlone, ModelCodemod, RegisterModel, new_words, parses

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


def edit_models(workspace: Workspace, found: Detection, *, check: bool = True) -> ModelEdits:
    """The code with every decided change that waits for the models; what is left to people beside it.

    ``check``: the type checkers that the project has configured look at it too. What they object to is not made.
    """
    waiting = [change for change in found.changes if _waits_for_models(change)]
    pairs = [(change, edit) for change in waiting for edit in model_edits(change)]
    pairs.sort(key=lambda pair: _ORDER.index(pair[1].tag))
    by_hand = [_by_hand(change, found) for change in waiting if not model_edits(change)]
    made = _Making(workspace, found, tuple(pairs), list(by_hand)).made()
    if not check or not made.patch.edits:
        return made
    with own_checkers(workspace, made.patch.edits) as checkers:
        if checkers is None:
            return made
        left = {(one.file, one.line) for one in made.patch.manual}
        if checkers.new_errors(made.patch.edits, _words(edit for _, edit in pairs), left):
            # One after the other, so that the change that is objected to keeps none of the others from being made.
            made = _Making(workspace, found, tuple(pairs), list(by_hand), checkers).made()
        return replace(made, notes=(*made.notes, *checkers.notes))


@dataclass
class _Making:
    """One change after the other; where there are ``checkers``, each of them is looked at by itself."""

    workspace: Workspace
    found: Detection
    pairs: tuple[tuple[Change, ModelEdit], ...]
    manual: list[ManualWork]
    checkers: OwnCheckers | None = None

    def made(self) -> ModelEdits:
        texts = Texts(self.workspace)
        homes = Homes(self.workspace, self.found, tuple(edit for _, edit in self.pairs), texts.before)
        together: list[str] = []
        carried: list[Carried] = []
        notes: list[str] = []
        for change, edit in self.pairs:
            made = self._looked_at(texts, edit, _carry(homes, texts, change, edit))
            texts.take(made.patch)
            together += _together(homes, change, edit, made)
            self.manual += _left(change, edit, made)
            carried.append(Carried(change, made))
            notes += [f"{_what(change)}: {note}" for note in made.notes if isinstance(edit, InsertField)]
        self.manual += _name(homes, texts)
        ordered = tuple(sorted(self.manual, key=lambda work: (work.file, work.line, work.why)))
        edits = tuple(texts.edits())
        for edited in edits:
            if edited.file.endswith(".py") and not parses(edited.after):
                raise ValueError(f"{edited.file} would not parse")
        return ModelEdits(Patch(edits, ordered), tuple(together), tuple(carried), tuple(notes))

    def _looked_at(self, texts: Texts, edit: ModelEdit, made: CodeChange) -> CodeChange:
        if self.checkers is None or not made.patch.edits:
            return made
        trial = texts.copy()
        trial.take(made.patch)
        edits = tuple(trial.edits())
        left = {(one.file, one.line) for one in made.patch.manual}
        errors = self.checkers.new_errors(edits, _words([edit]), left)
        listed = isinstance(edit, (RetypeField, MakeOptional, SetEnumValues))
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


def _carry(homes: Homes, texts: Texts, change: Change, edit: ModelEdit) -> CodeChange:
    """The share of one edit, on what those before it left; it is not taken over yet."""
    file = ""
    try:
        _refuse_name_not_free(homes.found, change, edit)
        if isinstance(edit, (RenameField, DropField)) and not _names_stay(homes, edit):
            return _through(homes, texts, edit)
        file = homes.file_of(edit)
        texts.read(file)
        home = homes.home(change, edit, file)
        if isinstance(edit, (RetypeField, MakeOptional, SetEnumValues)):
            made = _values(homes, texts, edit, home, file)
            if made is not None:
                return made
        return _in_model(homes, texts, edit, home, file)
    except ByHand as left:
        return CodeChange(refused=(ManualWork(left.file, left.line, left.why),))
    except LeftAlone as left:
        return CodeChange(refused=(ManualWork(file, left.line, left.why),))


def _in_model(homes: Homes, texts: Texts, edit: ModelEdit, home: Home, file: str) -> CodeChange:
    """The edit of the model's own file, and what a new field or model needs elsewhere."""
    layers = Layers(texts.workspace, texts.changed())
    calculated = _calculated(homes, texts, edit, home)
    layers.apply(calculated.patch.edits)
    manual = list(calculated.patch.manual)
    if not calculated.patch.edits:
        result = _codemods()[edit.tag].carry(texts.read(file), edit, home, file)
        layers.write(file, result.text)
        manual += result.manual
    if isinstance(edit, InsertField) and not manual:
        rounded = round_field(texts.workspace, homes.found.models, edit, layers.overlay, texts.files)
        layers.apply(rounded.patch.edits)
        manual += rounded.patch.manual
    if isinstance(edit, AddModel) and not manual and (wish := homes.new.registration(edit, home.model, file)):
        manual += _made_known(homes, texts, layers, wish, file)
    made = CodeChange(layers.patch(manual), notes=calculated.notes)
    return _type_checked(homes, texts, edit, made)


def _calculated(homes: Homes, texts: Texts, edit: ModelEdit, home: Home) -> CodeChange:
    """A function for a field that is worked out, where its neighbours have one."""
    if not isinstance(edit, InsertField) or edit.expression is None:
        return CodeChange()
    entity, reading = homes.entity_of_new(edit), homes.found.reading
    return calculate_column(texts.workspace, reading, entity, edit, home, texts.changed())


def _type_checked(homes: Homes, texts: Texts, edit: ModelEdit, made: CodeChange) -> CodeChange:
    """An expression that somebody gave may say what the type checker knows to be wrong."""
    if not isinstance(edit, InsertField) or edit.expression is None or not made.patch.edits:
        return made
    entity, reading = homes.entity_of_new(edit), homes.found.reading
    errors = broken_by(texts.workspace, reading, entity, made, texts.changed())
    return objected(made, errors, listed=False)


def _made_known(
    homes: Homes, texts: Texts, layers: Layers, wish: RegisterModel, file: str
) -> tuple[ManualWork, ...]:
    """The new model where its neighbours are; tests that walk over all models find a document of it, too."""
    made = made_known(texts.workspace, homes.found.models, wish, layers.overlay, file)
    layers.apply(made.patch.edits)
    model = texts.workspace.models(layers.overlay).models.entity(f"{wish.module}:{wish.model}")
    fixture = fixture_file(texts.workspace, model, wish) if model and made.patch.edits else None
    layers.apply([fixture] if fixture else [])
    return made.patch.manual


def _values(
    homes: Homes, texts: Texts, edit: RetypeField | MakeOptional | SetEnumValues, home: Home, file: str
) -> CodeChange | None:
    """The edit with what follows from it; None where no type checker can say what does: then uses are in its way."""
    overlay = texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    entity = models.entity(edit.entity)
    if entity is None:
        return None
    module = homes.module_of(edit) if isinstance(edit, SetEnumValues) else None
    made = ValueChange(texts.workspace, models, entity, edit, home, file, module, overlay).made()
    return None if made.notes else made


def _through(homes: Homes, texts: Texts, edit: RenameField | DropField) -> CodeChange:
    """The edit with its uses, where every one of them is understood; else nothing but those that are not."""
    entity, overlay = homes.entity_of(edit), texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    # An edit before this one may have moved the model; its name is the same.
    now = models.entity(f"{entity.module}:{entity.name}") or entity
    made = through_code(texts.workspace, models, now, edit, overlay, homes.found.reading.notes)
    return not_made(made) if not_understood(made) else made


def _together(homes: Homes, change: Change, edit: ModelEdit, made: CodeChange) -> list[str]:
    if made.group is None or not isinstance(edit, (RenameField, DropField)):
        return []
    entity = homes.entity_of(edit)
    return [
        f"{change.table}.{change.field}: {ref.entity}.{ref.field} is changed with {entity.name}.{edit.field}: {why}"
        for ref, why in made.group.coupled
    ]


def _left(change: Change, edit: ModelEdit, made: CodeChange) -> list[ManualWork]:
    """What is left to people, said with the change that it is left of."""
    whole = isinstance(edit, (RenameField, DropField))
    left = (*not_understood(made), *made.mentions) if whole else (*made.refused, *made.patch.manual)
    return [
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion or _AGAIN)
        for work in left
    ]


def _names_stay(homes: Homes, edit: RenameField | DropField) -> bool:
    """Whether a rename leaves every name in the code, or makes two of one: then the model alone is looked at."""
    field = homes.field_of(edit)
    ref = FieldRef("", "", edit.field, field.document_name if field.document_name != field.name else None)
    try:
        return isinstance(edit, RenameField) and not new_words(edit, ref)
    except LeftAlone:
        return True


@cache
def _codemods() -> dict[str, ModelCodemod]:
    return cast(dict[str, ModelCodemod], shelf("codemods"))


def _refuse_name_not_free(found: Detection, change: Change, edit: ModelEdit) -> None:
    """The baseline knows the new name as another column's: both would be taken for one until it moves on."""
    new = {RenameField: lambda e: e.after, InsertField: lambda e: e.column.name}.get(type(edit))
    table = found.baseline.table(change.table)
    if new is None or table is None or table.column(new(edit)) is None:
        return
    entity = found.models.entity(change.entity) if change.entity else None
    place = entity.place if entity else None
    why = f"another column was called {new(edit)}: this follows once that one's change is settled"
    raise ByHand(why, place.file if place else "", place.line if place else 0)


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
