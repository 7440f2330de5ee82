"""Decided changes carried into the code: one patch over models and generated artifacts.

In this order: every codemod works on the text that the one before left; the artifacts are made from the models as
they will be, before anything is written. What no codemod understands is listed as manual work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bravo_agent import wire
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.model.plan import Patch
from bravo_agent.stores.application import apply_patch, commit_patch, only_writer, render_diff
from bravo_agent.usecases._model_edits import edit_models
from bravo_agent.usecases._places import Carried, keep_manifest, manifest_of_changes, own_folder
from bravo_agent.usecases.artifacts import artifacts_of
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.usecases.recompute import recompute, recompute_uncommitted
from bravo_agent.usecases.refactor import Refactored
from bravo_agent.workspace import Workspace, write_text


@dataclass(frozen=True)
class Cascade:
    """``code`` edits the application, ``artifacts`` are generated from it; ``after`` is what detect finds then.

    ``together``: fields that only make sense with one that was decided, and so are changed with it. ``carried``: every
    decided change with the places that were found for it.
    """

    code: Patch
    artifacts: Patch
    after: Detection
    together: tuple[str, ...] = ()
    carried: tuple[Carried, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def patch(self) -> Patch:
        """Both, sorted by file."""
        edits = sorted((*self.code.edits, *self.artifacts.edits), key=lambda edit: edit.file)
        manual = (*self.code.manual, *self.artifacts.manual)
        return Patch(tuple(edits), manual, self.code.recomputed)

    @property
    def diff(self) -> str:
        """As ``git apply`` takes it."""
        return render_diff(self.patch)

    @property
    def manifest(self) -> dict[str, Any]:
        """Every place of every decided change: what is known of it, and what becomes of it."""
        generated = (edit.file for edit in self.artifacts.edits)
        return {**manifest_of_changes(self.carried, self.patch, generated), "notes": list(self.notes)}


def make_cascade(
    workspace: Workspace, found: Detection, *, check: bool = True, emit: Emit = ignore
) -> Cascade:
    """The patch that carries every decided change as far as its codemod understands the code; writes nothing.

    ``check``: with the type checkers that the project has configured, which takes its time.
    """
    made = edit_models(workspace, found, check=check, emit=emit)
    code = made.patch
    overlay = {edit.file: edit.after for edit in code.edits}
    after, edited = found, workspace.with_edits(overlay)
    if overlay:
        after = detect(
            edited,
            found.source,
            overlay=overlay,
            write_report=False,
            evidence=found.evidence,
            uses=found.uses,
            emit=emit,
        )
    emit(PartReached("artifacts"))
    artifacts = artifacts_of(edited, after.next_baseline, after.models, overlay)
    return Cascade(code, artifacts, after, made.together, made.carried, made.notes)


def recompute_cascade(workspace: Workspace, cascade: Cascade) -> Cascade:
    """With proposals for what tests expect, from their run on a copy; raises ``FailedError`` ``tests-not-run``.

    Where there is nothing to edit any more, the working tree is held against the last commit.
    """
    if not cascade.patch.edits:
        made = recompute_uncommitted(workspace).patch
        return replace(cascade, code=replace(made, manual=(*cascade.code.manual, *made.manual)))
    made = recompute(workspace.project, workspace.config.project, cascade.patch).patch
    generated = {edit.file for edit in cascade.artifacts.edits}
    own = tuple(edit for edit in made.edits if edit.file not in generated)
    manual = tuple(one for one in made.manual if one not in cascade.artifacts.manual)
    return replace(cascade, code=Patch(own, manual, made.recomputed))


def apply_cascade(workspace: Workspace, cascade: Cascade, *, allow_dirty: bool = False) -> Refactored:
    """Writes the patch to the working tree, all of it or, where a file holds uncommitted changes, nothing."""
    if not cascade.patch.edits:
        return Refactored()
    own_folder(workspace)
    with only_writer(workspace.private):
        refused = apply_patch(workspace.project, cascade.patch, allow_dirty=allow_dirty)
    if refused:
        return Refactored(not_clean=refused)
    return Refactored(_files(cascade), manifest=keep_manifest(workspace, cascade.patch, cascade.manifest))


def commit_cascade(
    workspace: Workspace, cascade: Cascade, branch: str, *, allow_dirty: bool = False
) -> Refactored:
    """Commits the patch on a new ``branch`` from where HEAD is; the working tree stays as it is.

    Raises as ``commit_refactoring``.
    """
    if not cascade.patch.edits:
        return Refactored()
    refused = commit_patch(
        workspace.project, cascade.patch, branch=branch, message=_message(cascade), allow_dirty=allow_dirty
    )
    if refused:
        return Refactored(not_clean=refused)
    kept = keep_manifest(workspace, cascade.patch, cascade.manifest)
    return Refactored(_files(cascade), branch=branch, manifest=kept)


def save_cascade(cascade: Cascade, path: Path) -> Refactored:
    """Writes the patch to ``path``, an empty one too, and its manifest beside it (``path``.json)."""
    write_text(path, cascade.diff)
    beside = path.with_name(f"{path.name}.json")
    write_text(beside, wire.dumps(cascade.manifest))
    return Refactored(_files(cascade), manifest=str(beside))


def _files(cascade: Cascade) -> tuple[str, ...]:
    return tuple(edit.file for edit in cascade.patch.edits)


def _message(cascade: Cascade) -> str:
    done = [one.change for one in cascade.carried if one.made.patch.edits]
    lines = [f"- {one.kind} {one.table}{f'.{one.field}' if one.field else ''}: {one.option}" for one in done]
    told = "\n".join(dict.fromkeys(lines))
    return "Carry decided schema changes into the code" + (f"\n\n{told}\n" if told else "")
