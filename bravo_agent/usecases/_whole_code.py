"""One edit of one field through the whole code: found, edited in memory, and checked before anybody writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import DropField, ManualWork, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.stores.application import read_text
from bravo_agent.stores.application.discovery import python_files
from bravo_agent.usecases._code_checks import new_errors, other_differences
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace
from codemods import Code, CodeCodemod, LeftAlone, new_words

WholeEdit = RenameField | DropField
_KINDS = {"rename-field": "rename-everywhere", "drop-field": "drop-everywhere"}


def through_code(
    workspace: Workspace,
    models: ModelSet,
    entity: Entity,
    edit: WholeEdit,
    overlay: Mapping[str, str] | None = None,
) -> CodeChange:
    """The edit with everything that depends on it; nothing is written.

    ``overlay`` (file -> text) goes before the disk, and ``models`` are as it leaves them. Where the type checker is
    missing, nothing is edited: a declaration alone is known then, and the rest of the code would break. Raises
    ``UsageError`` ``field-unknown``.
    """
    if entity.read_only:
        why = f"{entity.name} is read, never edited ({entity.form})"
        return CodeChange(refused=(ManualWork(entity.place.file, entity.place.line, why),))
    ref = FieldRef(entity.module, entity.name, edit.field)
    (finding,) = find_uses(workspace, models, [ref], overlay=overlay)
    if finding.notes:
        return _refused(CodeChange(group=finding.group), [_at(entity, edit, note) for note in finding.notes])
    kind = cast(CodeCodemod, shelf("codemods")[_KINDS[edit.tag]])
    made = kind.through(code_over(workspace, models, finding, overlay or {}), edit)
    return _checked(workspace, models, finding, edit, made, overlay or {})


def not_understood(made: CodeChange) -> tuple[ManualWork, ...]:
    """What keeps the change from being made without a person: one place is enough."""
    return (*made.refused, *made.patch.manual, *made.unread)


def code_over(workspace: Workspace, models: ModelSet, finding: Finding, overlay: Mapping[str, str]) -> Code:
    """The application as a codemod of the whole code gets it; ``overlay`` (file -> text) goes before the disk."""

    def read(file: str) -> str | None:
        try:
            return overlay[file] if file in overlay else read_text(workspace.project / file)
        except (UnicodeDecodeError, OSError):
            return None

    def named(word: str) -> Iterator[str]:
        project = workspace.project.resolve()
        for source in workspace.config.project.sources:
            for path in python_files(project / source, project, workspace.config.project.exclude):
                file = path.relative_to(project).as_posix()
                if file in overlay or word.encode() in path.read_bytes():
                    yield file

    return Code(finding, models, read, named)


def _checked(
    workspace: Workspace,
    models: ModelSet,
    finding: Finding,
    edit: WholeEdit,
    made: CodeChange,
    overlay: Mapping[str, str],
) -> CodeChange:
    """``made``, or why it may not be written: it would break what stood, or change another model."""
    if made.refused or not made.patch.edits:
        return made
    words = _words(edit, finding)
    wrong = other_differences(workspace, models, finding.group, edit, words, made.patch, overlay)
    wrong += new_errors(workspace, finding, made, words, overlay)
    return _refused(made, wrong) if wrong else _with_doubts(models, finding, edit, made)


def _with_doubts(models: ModelSet, finding: Finding, edit: WholeEdit, made: CodeChange) -> CodeChange:
    """A model that had to be imported has keys that its source does not tell: a new name may make another key."""
    if not isinstance(edit, RenameField):
        return made
    group = [finding.group.asked, *(ref for ref, _ in finding.group.coupled)]
    named = {(ref.module, ref.entity, ref.field) for ref in group}
    why = "{} is not understood from its source alone (an alias generator?): its document key may change with the name"
    doubts = {
        field.place: ManualWork(field.place.file, field.place.line, why.format(entity.name))
        for entity in models.entities
        for field in entity.fields
        if entity.known_by == "import" and (entity.module, entity.name, field.name) in named
    }
    if not doubts:
        return made
    manual = (*made.patch.manual, *doubts.values())
    return replace(
        made, patch=replace(made.patch, manual=tuple(sorted(manual, key=lambda one: (one.file, one.line))))
    )


def _words(edit: WholeEdit, finding: Finding) -> dict[str, str]:
    try:
        return new_words(edit, finding.group.asked) if isinstance(edit, RenameField) else {}
    except LeftAlone:
        return {}


def _refused(made: CodeChange, why: list[ManualWork]) -> CodeChange:
    left = tuple(replace(one, fate="left") if one.fate == "edited" else one for one in made.treated)
    return replace(made, patch=Patch((), made.patch.manual), refused=tuple(why), treated=left)


def _at(entity: Entity, edit: WholeEdit, why: str) -> ManualWork:
    field = entity.field(edit.field)
    place = field.place if field else entity.place
    return ManualWork(place.file, place.line, why)
