"""The edits of decided changes, carried into the models' texts in an order in which none is in another's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from bravo_agent.config import FILE
from bravo_agent.model.change import Change
from bravo_agent.model.code import FieldRef
from bravo_agent.model.plan import (
    AddModel,
    DropField,
    Edit,
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
from bravo_agent.registry import shelf
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._added_fields import round_field
from bravo_agent.usecases._edit_homes import ByHand, Homes
from bravo_agent.usecases._named_tables import name_tables
from bravo_agent.usecases._value_changes import ValueChange
from bravo_agent.usecases._whole_code import not_understood, through_code
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import Home, LeftAlone, ModelCodemod, new_words

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


@dataclass
class _Texts:
    """Files as they are on disk (None: not there), and as the edits so far leave them."""

    workspace: Workspace
    before: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    together: list[str] = field(default_factory=list)

    def read(self, file: str) -> str:
        """The text now; raises ``ByHand`` where it is in no encoding that is edited."""
        if file not in self.now:
            path = self.workspace.project / file
            try:
                self.before[file] = read_text(path) if path.exists() else ""
            except (UnicodeDecodeError, OSError):
                raise ByHand("the file cannot be read as UTF-8", file, 1) from None
            self.now[file] = self.before[file]
            if not path.exists():
                self.new.add(file)
        return self.now[file]

    def changed(self) -> dict[str, str]:
        """The files that an edit has changed, as they are now."""
        return {edit.file: edit.after for edit in self.edits()}

    def edits(self) -> Iterator[Edit]:
        """What differs, by file."""
        for file in sorted(self.now):
            if self.now[file] != self.before[file]:
                yield Edit(file, None if file in self.new else self.before[file], self.now[file])


@dataclass(frozen=True)
class ModelEdits:
    """``patch`` carries every decided change that waits for the models; ``together``: what is decided with a field."""

    patch: Patch
    together: tuple[str, ...] = ()


def edit_models(workspace: Workspace, found: Detection) -> ModelEdits:
    """The code with every decided change that waits for the models; what is left to people beside it."""
    texts = _Texts(workspace)
    waiting = [change for change in found.changes if _waits_for_models(change)]
    pairs = [(change, edit) for change in waiting for edit in model_edits(change)]
    manual = [_by_hand(change, found) for change in waiting if not model_edits(change)]
    homes = Homes(workspace, found, tuple(edit for _, edit in pairs), texts.before)
    for change, edit in sorted(pairs, key=lambda pair: _ORDER.index(pair[1].tag)):
        manual.extend(_carry(homes, texts, change, edit))
    manual.extend(_name(homes, texts))
    ordered = tuple(sorted(manual, key=lambda work: (work.file, work.line, work.why)))
    return ModelEdits(Patch(tuple(texts.edits()), ordered), tuple(texts.together))


def _name(homes: Homes, texts: _Texts) -> list[ManualWork]:
    """bravo.toml says of a new model whose it is, where its name does not."""
    changed = texts.changed()
    added = [
        (edit.table, homes.new_names[edit.table.key]) for edit in homes.edits if isinstance(edit, AddModel)
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


def _carry(homes: Homes, texts: _Texts, change: Change, edit: ModelEdit) -> tuple[ManualWork, ...]:
    file = ""
    try:
        _refuse_name_not_free(homes.found, change, edit)
        if isinstance(edit, (RenameField, DropField)) and not _names_stay(homes, edit):
            return _through(homes, texts, change, edit)
        file = homes.file_of(edit)
        text = texts.read(file)
        home = homes.home(change, edit, file)
        if isinstance(edit, (RetypeField, MakeOptional, SetEnumValues)):
            made = _values(homes, texts, edit, home, file)
            if made is not None:
                return _taken(texts, change, made)
        result = _codemod(edit).carry(text, edit, home, file)
    except ByHand as left:
        return (ManualWork(left.file, left.line, f"{_what(change)}: {left.why}", _AGAIN),)
    except LeftAlone as left:
        return (ManualWork(file, left.line, f"{_what(change)}: {left.why}", _AGAIN),)
    texts.now[file] = result.text
    manual = result.manual
    if isinstance(edit, InsertField) and not manual:
        manual = _rounded(homes, texts, edit)
    return tuple(
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion) for work in manual
    )


def _values(
    homes: Homes, texts: _Texts, edit: RetypeField | MakeOptional | SetEnumValues, home: Home, file: str
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


def _taken(texts: _Texts, change: Change, made: CodeChange) -> tuple[ManualWork, ...]:
    for one in made.patch.edits:
        texts.read(one.file)
        texts.now[one.file] = one.after
    return tuple(
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion or _AGAIN)
        for work in (*made.refused, *made.patch.manual)
    )


def _rounded(homes: Homes, texts: _Texts, edit: InsertField) -> tuple[ManualWork, ...]:
    """A decimal field stands in the table of digits that its neighbours stand in."""
    made = round_field(texts.workspace, homes.found.models, edit, texts.changed())
    for one in made.patch.edits:
        texts.read(one.file)
        texts.now[one.file] = one.after
    return made.patch.manual


def _through(
    homes: Homes, texts: _Texts, change: Change, edit: RenameField | DropField
) -> tuple[ManualWork, ...]:
    """The edit with its uses, where every one of them is understood; else the list of those that are not."""
    entity, overlay = homes.entity_of(edit), texts.changed()
    models = texts.workspace.models(overlay).models if overlay else homes.found.models
    # An edit before this one may have moved the model; its name is the same.
    now = models.entity(f"{entity.module}:{entity.name}") or entity
    made = through_code(texts.workspace, models, now, edit, overlay, homes.found.reading.notes)
    if made.group is not None:
        texts.together += [
            f"{change.table}.{change.field}: {ref.entity}.{ref.field} is changed with {entity.name}.{edit.field}: {why}"
            for ref, why in made.group.coupled
        ]
    left = not_understood(made)
    if not left:
        for one in made.patch.edits:
            texts.read(one.file)
            texts.now[one.file] = one.after
    return tuple(
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion or _AGAIN)
        for work in (*left, *made.mentions)
    )


def _names_stay(homes: Homes, edit: RenameField | DropField) -> bool:
    """Whether a rename leaves every name in the code, or makes two of one: then the model alone is looked at."""
    field = homes.field_of(edit)
    ref = FieldRef("", "", edit.field, field.document_name if field.document_name != field.name else None)
    try:
        return isinstance(edit, RenameField) and not new_words(edit, ref)
    except LeftAlone:
        return True


def _codemod(edit: ModelEdit) -> ModelCodemod:
    return cast(ModelCodemod, shelf("codemods")[edit.tag])


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
