"""What one edit of the models does to the code, on what those before it left."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import cast

from bravo_agent.model.change import Change
from bravo_agent.model.code import FieldRef
from bravo_agent.model.plan import AddModel, InsertField, ManualWork, ModelEdit, RenameField, SetEnumValues
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.usecases._added_fields import round_field
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._calculated_fields import broken_by, calculate_column
from bravo_agent.usecases._edit_homes import Homes
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._new_models import fixture_file, made_known
from bravo_agent.usecases._own_checkers import objected
from bravo_agent.usecases._places import not_made
from bravo_agent.usecases._texts import Texts
from bravo_agent.usecases._value_changes import ValueChange, ValueEdit
from bravo_agent.usecases._whole_code import WholeEdit, not_understood, through_code
from bravo_agent.usecases.detect import Detection
from codemods import Home, LeftAlone, ModelCodemod, RegisterModel, new_words


def carry(homes: Homes, texts: Texts, change: Change, edit: ModelEdit) -> CodeChange:
    """The share of one edit, on what those before it left; it is not taken over yet."""
    file = ""
    try:
        refuse_name_not_free(homes.found, change, edit)
        if isinstance(edit, WholeEdit) and not names_stay(homes, edit):
            return _through(homes, texts, edit)
        file = homes.file_of(edit)
        texts.read(file)
        home = homes.home(change, edit, file)
        if isinstance(edit, ValueEdit):
            made = _values(homes, texts, edit, home, file)
            if not made.notes:
                return made
            return replace(_in_model(homes, texts, edit, home, file), unread=made.unread)
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


def _values(homes: Homes, texts: Texts, edit: ValueEdit, home: Home, file: str) -> CodeChange:
    """The edit with what follows from it; ``notes`` where nobody can say what does: then uses are in its way."""
    overlay = texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    entity = models.entity(edit.entity)
    if entity is None:
        return CodeChange(notes=(f"{edit.entity} cannot be read after the edits before this one",))
    module = homes.module_of(edit) if isinstance(edit, SetEnumValues) else None
    return ValueChange(texts.workspace, models, entity, edit, home, file, module, overlay).made()


def _through(homes: Homes, texts: Texts, edit: WholeEdit) -> CodeChange:
    """The edit with its uses, where every one of them is understood; else nothing but those that are not."""
    entity, overlay = homes.entity_of(edit), texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    # An edit before this one may have moved the model; its name is the same.
    now = models.entity(f"{entity.module}:{entity.name}") or entity
    made = through_code(texts.workspace, models, now, edit, overlay, homes.found.reading.notes)
    return not_made(made) if not_understood(made) else made


def names_stay(homes: Homes, edit: WholeEdit) -> bool:
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


def refuse_name_not_free(found: Detection, change: Change, edit: ModelEdit) -> None:
    """Raises ``ByHand`` where the baseline knows the new name as another column's.

    Both would be taken for one until it moves on.
    """
    new = {RenameField: lambda e: e.after, InsertField: lambda e: e.column.name}.get(type(edit))
    table = found.baseline.table(change.table)
    if new is None or table is None or table.column(new(edit)) is None:
        return
    entity = found.models.entity(change.entity) if change.entity else None
    place = entity.place if entity else None
    why = f"another column was called {new(edit)}: this follows once that one's change is settled"
    raise ByHand(why, place.file if place else "", place.line if place else 0)
