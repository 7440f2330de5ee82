"""One edit of one field through the whole code: found, edited in memory, and checked before anybody writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from bravo_agent.model.change import Use
from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import DropField, ManualWork, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._code_checks import Decided, new_errors, other_differences
from bravo_agent.usecases._python_files import PythonFiles
from bravo_agent.usecases._settings_variables import variables_left
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace
from codemods import Code, CodeCodemod, LeftAlone, finding_uses, new_words, ordered

WholeEdit = RenameField | DropField
_VARIABLES = {
    "rename-field": "Let it be called after the field as it is now, or give the field a validation_alias.",
    "drop-field": "Nothing reads it any more.",
}
_KINDS = {"rename-field": "rename-everywhere", "drop-field": "drop-everywhere"}


def through_code(
    workspace: Workspace,
    models: ModelSet,
    entity: Entity,
    edit: WholeEdit,
    overlay: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    apart: Sequence[str] = (),
) -> CodeChange:
    """The edit with everything that depends on it; nothing is written.

    ``overlay`` (file -> text) goes before the disk, and ``models`` are as it leaves them; ``notes`` on how they were
    read. Where the type checker is
    missing, nothing is edited: a declaration alone is known then, and the rest of the code would break. ``apart``:
    classes that are not to change with the field. Raises ``UsageError`` ``field-unknown`` and ``class-not-apart``.
    """
    if entity.read_only:
        why = f"{entity.name} is read, never edited ({entity.form})"
        return CodeChange(refused=(ManualWork(entity.place.file, entity.place.line, why),))
    ref = FieldRef(entity.module, entity.name, edit.field)
    (finding,) = find_uses(workspace, models, [ref], overlay=overlay, apart=apart)
    if finding.notes:
        return _refused(CodeChange(group=finding.group), [_at(entity, edit, note) for note in finding.notes])
    code = code_over(workspace, models, finding, overlay or {})
    if isinstance(edit, RenameField) and entity.known_by == "import":
        code = replace(code, key=_key_made(workspace, code, entity, edit, overlay or {}))
    made = _checked(workspace, code, edit, _kind(edit).through(code, edit), overlay or {})
    if made.patch.edits:
        left = variables_left(workspace, models, finding, _VARIABLES[edit.tag])
        made = replace(made, patch=replace(made.patch, manual=ordered((*made.patch.manual, *left))))
    return with_doubts(code, edit, made, notes)


def uses_left(
    workspace: Workspace, models: ModelSet, entity: Entity, edit: DropField, overlay: Mapping[str, str]
) -> tuple[Use, ...]:
    """What surely uses the field and stays in the way of its drop, one per line and role.

    None where the type checker is missing: names alone are sure of nothing.
    """
    (finding,) = find_uses(
        workspace, models, [FieldRef(entity.module, entity.name, edit.field)], overlay=overlay
    )
    if finding.notes:
        return ()
    made = _kind(edit).through(code_over(workspace, models, finding, overlay), edit)
    return finding_uses(replace(finding, occurrences=made.uses, unread=()))


def _kind(edit: WholeEdit) -> CodeCodemod:
    return cast(CodeCodemod, shelf("codemods")[_KINDS[edit.tag]])


def _key_made(
    workspace: Workspace, code: Code, entity: Entity, edit: RenameField, overlay: Mapping[str, str]
) -> str | None:
    """The document key that the application itself gives the field under its new name: with a generator of its own."""
    declared = tuple(one for one in code.finding.occurrences if one.form == "declaration")
    alone = replace(code, finding=replace(code.finding, occurrences=declared))
    made = _kind(edit).through(alone, edit)
    texts = {**overlay, **{one.file: one.after for one in made.patch.edits}}
    now = workspace.models(texts).models.entity(f"{entity.module}:{entity.name}")
    before = {field.name for field in entity.fields}
    new = [field for field in now.fields if field.name not in before] if now and made.patch.edits else []
    return new[0].document_name if len(new) == 1 else None


def not_understood(made: CodeChange) -> tuple[ManualWork, ...]:
    """What keeps the change from being made without a person: one place is enough."""
    return (*made.refused, *made.patch.manual, *made.unread)


def code_over(
    workspace: Workspace,
    models: ModelSet,
    finding: Finding,
    overlay: Mapping[str, str],
    files: PythonFiles | None = None,
) -> Code:
    """The application as a codemod of the whole code gets it; ``overlay`` (file -> text) goes before the disk."""
    known = files or PythonFiles(workspace)

    def read(file: str) -> str | None:
        try:
            return overlay[file] if file in overlay else read_text(workspace.project / file)
        except (UnicodeDecodeError, OSError):
            return None

    return Code(finding, models, read, lambda word: known.holding(word, overlay))


def _checked(
    workspace: Workspace, code: Code, edit: WholeEdit, made: CodeChange, overlay: Mapping[str, str]
) -> CodeChange:
    """``made``, or why it may not be written: it would break what stood, or change another model."""
    if made.refused or not made.patch.edits:
        return made
    words = _words(edit, code)
    decided = [Decided(code.finding.group, edit, words)]
    wrong = other_differences(workspace, code.models, decided, made.patch, overlay)
    wrong += new_errors(workspace, code.finding, made, words, overlay)
    return _refused(made, wrong) if wrong else made


def with_doubts(code: Code, edit: WholeEdit, made: CodeChange, notes: Sequence[str]) -> CodeChange:
    """A new name may make another document key than anybody knows.

    A generator may give a field more than one key, and only the first is known; of a model that is known in part
    alone, none is.
    """
    if not isinstance(edit, RenameField) or not made.patch.edits:
        return made
    group = [code.finding.group.asked, *(ref for ref, _ in code.finding.group.coupled)]
    named = {(ref.module, ref.entity, ref.field) for ref in group}
    generated = any(True for _ in code.named("alias_generator"))
    why = "{} is not understood from its source alone (an alias generator?): its document key may change with the name"
    doubts = {
        field.place: ManualWork(field.place.file, field.place.line, why.format(entity.name))
        for entity in code.models.entities
        for field in entity.fields
        if (entity.module, entity.name, field.name) in named
        and (
            (generated and entity.known_by == "import" and field.document_name == field.name)
            or any(one.startswith(_in_part(entity)) for one in notes)
        )
    }
    if not doubts:
        return made
    manual = (*made.patch.manual, *doubts.values())
    return replace(
        made, patch=replace(made.patch, manual=tuple(sorted(manual, key=lambda one: (one.file, one.line))))
    )


def _in_part(entity: Entity) -> str:
    return f"{entity.place.file}:{entity.place.line}: {entity.name} is known in part"


def _words(edit: WholeEdit, code: Code) -> dict[str, str]:
    try:
        return new_words(edit, code.finding.group.asked, code.key) if isinstance(edit, RenameField) else {}
    except LeftAlone:
        return {}


def _refused(made: CodeChange, why: list[ManualWork]) -> CodeChange:
    left = tuple(replace(one, fate="left") if one.fate == "edited" else one for one in made.treated)
    return replace(made, patch=Patch((), made.patch.manual), refused=tuple(why), treated=left)


def _at(entity: Entity, edit: WholeEdit, why: str) -> ManualWork:
    field = entity.field(edit.field)
    place = field.place if field else entity.place
    return ManualWork(place.file, place.line, why)
