"""The edits of decided changes, carried into the models' texts in an order in which none is in another's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from bravo_agent.model.change import Change
from bravo_agent.model.plan import Edit, InsertField, ManualWork, ModelEdit, Patch, RenameField
from bravo_agent.planning.model_edits import model_edits
from bravo_agent.registry import shelf
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._edit_homes import ByHand, Homes
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace
from codemods import LeftAlone, ModelCodemod

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

    def edits(self) -> Iterator[Edit]:
        """What differs, by file."""
        for file in sorted(self.now):
            if self.now[file] != self.before[file]:
                yield Edit(file, None if file in self.new else self.before[file], self.now[file])


def edit_models(workspace: Workspace, found: Detection) -> Patch:
    """The models with every decided change that waits for them; what is left to people beside it."""
    texts = _Texts(workspace)
    waiting = [change for change in found.changes if _waits_for_models(change)]
    pairs = [(change, edit) for change in waiting for edit in model_edits(change)]
    manual = [_by_hand(change, found) for change in waiting if not model_edits(change)]
    homes = Homes(workspace, found, tuple(edit for _, edit in pairs), texts.before)
    for change, edit in sorted(pairs, key=lambda pair: _ORDER.index(pair[1].tag)):
        manual.extend(_carry(homes, texts, change, edit))
    return Patch(
        tuple(texts.edits()), tuple(sorted(manual, key=lambda work: (work.file, work.line, work.why)))
    )


def _waits_for_models(change: Change) -> bool:
    return change.state == "decided" and change.answer is not None and change.answer.takes_hold == "models"


def _carry(homes: Homes, texts: _Texts, change: Change, edit: ModelEdit) -> tuple[ManualWork, ...]:
    try:
        _refuse_name_not_free(homes.found, change, edit)
        file = homes.file_of(edit)
        text = texts.read(file)
        result = _codemod(edit).carry(text, edit, homes.home(change, edit, file), file)
    except ByHand as left:
        return (ManualWork(left.file, left.line, f"{_what(change)}: {left.why}", _AGAIN),)
    except LeftAlone as left:
        return (ManualWork(file, left.line, f"{_what(change)}: {left.why}", _AGAIN),)
    texts.now[file] = result.text
    return tuple(
        ManualWork(work.file, work.line, f"{_what(change)}: {work.why}", work.suggestion)
        for work in result.manual
    )


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
