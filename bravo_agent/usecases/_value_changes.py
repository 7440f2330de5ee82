"""Changes of what a field holds, through the whole code: its type, its digits, None, the labels of its enum.

The model is edited in any case, for the new values are what production has. What the rest of the code makes of them is
edited where it is understood; the rest, and every place that the type checker finds broken by it, is manual work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from bravo_agent.model.code import FieldGroup, FieldRef, Finding
from bravo_agent.model.entities import Entity, Field, ModelSet, Place
from bravo_agent.model.plan import MakeOptional, ManualWork, ModelEdit, Patch, RetypeField, SetEnumValues
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace
from codemods import (
    EditResult,
    Home,
    ModelCodemod,
    NewLabels,
    formatted_reads,
    members_of,
    named_type,
    unknown_reads,
    unread,
)

ValueEdit = RetypeField | MakeOptional | SetEnumValues


@dataclass(frozen=True)
class ValueChange:
    """One edit of a field that keeps its name; ``home``: where it is declared, ``file`` too.

    ``enum_module``: the module of the Enum or alias that ``home.definition`` names.
    """

    workspace: Workspace
    models: ModelSet
    entity: Entity
    edit: ValueEdit
    home: Home
    file: str
    enum_module: str | None = None
    overlay: Mapping[str, str] | None = None

    def made(self) -> CodeChange:
        """The patch; nothing is written. Without a type checker nothing is edited, and ``notes`` say so."""
        finding = self._finding()
        if finding.notes:
            line = field.place.line if (field := self._field) else 0
            refused = tuple(ManualWork(self.file, line, note) for note in finding.notes)
            return CodeChange(
                group=finding.group, refused=refused, unread=unread(finding), notes=finding.notes
            )
        layers = Layers(self.workspace, self.overlay)
        match self.edit:
            case RetypeField():
                made = self._retyped(layers, finding, self.edit)
            case MakeOptional():
                made = self._optional(layers, finding)
            case SetEnumValues():
                made = self._labelled(layers, finding, self.edit)
        if made.refused:
            return made
        patch = layers.patch(made.patch.manual)
        errors = new_errors(
            self.workspace,
            finding,
            CodeChange(patch),
            {},
            self.overlay,
            also=tuple(self._files_of_enum(finding)),
        )
        patch = layers.patch((*made.patch.manual, *map(self._explained, errors)))
        return replace(made, patch=patch, unread=unread(finding))

    @property
    def _field(self) -> Field | None:
        return self.entity.field(self.edit.field)

    def _finding(self) -> Finding:
        ref = FieldRef(self.entity.module, self.entity.name, self.edit.field)
        (finding,) = find_uses(self.workspace, self.models, [ref], overlay=self.overlay)
        return finding

    def _explained(self, error: ManualWork) -> ManualWork:
        if isinstance(self.edit, MakeOptional):
            why = f"{self.edit.field} may be None now: {error.why}"
            return replace(error, why=why, suggestion="Say what is to be done without a value.")
        return replace(error, suggestion=f"{self.entity.name}.{self.edit.field} is of another type now.")

    # -- types --------------------------------------------------------------------------------------

    def _retyped(self, layers: Layers, finding: Finding, edit: RetypeField) -> CodeChange:
        digits = edit.before.kind == edit.after.kind == "decimal"
        kind: Any = shelf("codemods")["precision" if digits else "retyped-values"]
        if digits and self.home.annotation is not None:
            kind = replace(kind, types=False)
        made: CodeChange = kind.through(self._code(finding, layers), edit)
        if made.refused:
            return made
        layers.apply(made.patch.edits)
        # By hand means that its type does not follow there: then the model's own codemod knows no better.
        settled = any(
            one.occurrence.form == "declaration" and one.fate != "left" and self._is_own(one.occurrence.token.file)
            and one.occurrence.token.line == (self._field.place.line if self._field else 0)
            for one in made.treated
        )  # fmt: skip
        own = (
            EditResult("")
            if settled
            else self._carry(layers, edit, self._at_home(layers, self.home, self.file))
        )
        if own.manual:
            return CodeChange(group=finding.group, refused=own.manual)
        manual = [*made.patch.manual, *own.lost]
        manual += () if digits else self._coupled(layers, finding.group, edit)
        if edit.before.kind != edit.after.kind:
            manual += unknown_reads(
                self._code(finding, Layers(self.workspace, self.overlay)), "Its type is another now."
            )
        return replace(made, patch=Patch((), tuple(manual)))

    def _is_own(self, file: str) -> bool:
        return file == self.file

    def _coupled(self, layers: Layers, group: FieldGroup, edit: RetypeField) -> Iterator[ManualWork]:
        """Models that are decided with it follow where they had the same kind of value."""
        for ref, why in group.coupled:
            other = self.models.entity(f"{ref.module}:{ref.entity}")
            field = other.field(ref.field) if other else None
            if other is None or field is None or field.shape.kind != edit.before.kind or self._is_same(field):
                continue
            home = replace(self.home, model=ref.entity, module=other.module, inside=(), outside=())
            own = replace(edit, entity=ref.entity, field=ref.field)
            home = self._at_home(layers, home, field.place.file, ref.field)
            carried = self._carry(layers, own, home, field.place.file)
            for left in (*carried.manual, *carried.lost):
                yield replace(left, why=f"{ref.entity}.{ref.field} goes with it ({why}): {left.why}")

    def _at_home(self, layers: Layers, home: Home, file: str, field: str = "") -> Home:
        """With what the project's own name for the field's type stands for."""
        return replace(home, stands_for=named_type(layers.read, home, file, field or self.edit.field))

    # -- None ---------------------------------------------------------------------------------------

    def _optional(self, layers: Layers, finding: Finding) -> CodeChange:
        refused = self._carry(layers, self.edit).manual
        if refused:
            return CodeChange(group=finding.group, refused=refused)
        manual = []
        for ref, why in finding.group.coupled:
            other = self.models.entity(f"{ref.module}:{ref.entity}")
            field = other.field(ref.field) if other else None
            takes = field is None or field.shape.optional or field.shape.kind in ("any", "unknown")
            if field is not None and not takes and not self._is_same(field):
                reason = f"{ref.entity}.{ref.field} takes no None, and is decided with it ({why})"
                manual.append(
                    ManualWork(
                        field.place.file, field.place.line, reason, "Let it take None where it gets it."
                    )
                )
        code, advice = self._code(finding, Layers(self.workspace, self.overlay)), "It may be None now."
        manual += [*unknown_reads(code, advice), *formatted_reads(code, advice)]
        return CodeChange(Patch((), tuple(manual)), finding.group)

    def _is_same(self, field: Field) -> bool:
        """Whether it is the same declaration: of a class that this one is built on."""
        return self._field is not None and field.place == self._field.place

    # -- labels -------------------------------------------------------------------------------------

    def _labelled(self, layers: Layers, finding: Finding, edit: SetEnumValues) -> CodeChange:
        refused = self._carry(layers, edit).manual
        if refused:
            return CodeChange(group=finding.group, refused=refused)
        kind = cast(Any, shelf("codemods")["enum-tables"])
        code = code_over(self.workspace, self.models, finding, layers.overlay)
        listed: CodeChange = kind.through(code, self._labels(layers, edit))
        return CodeChange(Patch((), listed.patch.manual), finding.group)

    def _labels(self, layers: Layers, edit: SetEnumValues) -> NewLabels:
        members = (
            members_of(layers.read(self.file) or "", self.home.definition) if self.home.definition else ()
        )
        enum = None
        if members and self.home.definition and self.enum_module:
            enum = Entity(self.home.definition, self.enum_module, Place(self.file, 1), ())
        return NewLabels(self.entity.name, edit.field, edit.before, edit.after, enum, members)

    def _files_of_enum(self, finding: Finding) -> Iterable[str]:
        """Where the Enum is named: a match over its members need not name the field."""
        if not isinstance(self.edit, SetEnumValues) or self.home.definition is None:
            return ()
        code = code_over(self.workspace, self.models, finding, self.overlay or {})
        return [file for file in code.named(self.home.definition) if file.endswith(".py")]

    # -- parts --------------------------------------------------------------------------------------

    def _code(self, finding: Finding, layers: Layers) -> Any:
        return code_over(self.workspace, self.models, finding, layers.overlay)

    def _carry(
        self, layers: Layers, edit: ModelEdit, home: Home | None = None, file: str | None = None
    ) -> EditResult:
        """Edits a declaration; gives what keeps it from being edited, and what it loses, with lines of before."""
        file = file or self.file
        text = layers.read(file)
        if text is None:
            return EditResult("", (ManualWork(file, 1, "the file cannot be read as UTF-8"),))
        # What depends on the values is looked at by the type checker, so that uses are no reason to refuse.
        bare = replace(home or self.home, inside=())
        if not isinstance(edit, SetEnumValues):
            bare = replace(bare, outside=())
        result = cast(ModelCodemod, shelf("codemods")[edit.tag]).carry(text, edit, bare, file)
        manual, lost = (
            tuple(replace(one, line=layers.line(file, one.line)) for one in told)
            for told in (result.manual, result.lost)
        )
        if not manual:
            layers.write(file, result.text)
        return EditResult(result.text, manual, lost)
