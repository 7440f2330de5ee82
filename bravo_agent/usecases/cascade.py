"""Decided changes carried into the code: one patch over models and generated artifacts.

In this order: every codemod works on the text that the one before left; the artifacts are made from the models as
they will be, before anything is written. What no codemod understands is listed as manual work.
"""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.model.plan import Patch
from bravo_agent.stores.application import apply_patch, render_diff
from bravo_agent.usecases._model_edits import edit_models
from bravo_agent.usecases.artifacts import artifacts_of
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import Workspace, write_text


@dataclass(frozen=True)
class Cascade:
    """``code`` edits the application, ``artifacts`` are generated from it; ``after`` is what detect finds then."""

    code: Patch
    artifacts: Patch
    after: Detection

    @property
    def patch(self) -> Patch:
        """Both, sorted by file."""
        edits = sorted((*self.code.edits, *self.artifacts.edits), key=lambda edit: edit.file)
        return Patch(tuple(edits), (*self.code.manual, *self.artifacts.manual))

    @property
    def diff(self) -> str:
        """As ``git apply`` takes it."""
        return render_diff(self.patch)


@dataclass(frozen=True)
class Applied:
    """``not_clean`` files hold uncommitted changes: nothing was written, the patch lies in ``patch_file``."""

    edited: tuple[str, ...] = ()
    patch_file: str | None = None
    not_clean: tuple[str, ...] = ()


def make_cascade(workspace: Workspace, found: Detection) -> Cascade:
    """The patch that carries every decided change as far as its codemod understands the code; writes nothing."""
    code = edit_models(workspace, found)
    overlay = {edit.file: edit.after for edit in code.edits}
    after = found
    if overlay:
        after = detect(workspace, found.source, overlay=overlay, write_report=False, evidence=found.evidence)
    return Cascade(code, artifacts_of(workspace, after.next_baseline, after.models, overlay), after)


def apply_cascade(workspace: Workspace, cascade: Cascade, *, name: str) -> Applied:
    """Writes the patch to the working tree, or, where a file is not clean, only beside it as ``name``.patch."""
    if not cascade.patch.edits:
        return Applied()
    refused = apply_patch(workspace.project, cascade.patch)
    if refused:
        return Applied(patch_file=save_patch(workspace, cascade, name=name), not_clean=refused)
    return Applied(edited=tuple(edit.file for edit in cascade.patch.edits))


def save_patch(workspace: Workspace, cascade: Cascade, *, name: str) -> str | None:
    """Writes the diff to .bravo/patches; gives its path relative to the project (None: there is nothing)."""
    if not cascade.patch.edits:
        return None
    path = workspace.private / "patches" / f"{name}.patch"
    write_text(path, cascade.diff)
    return path.relative_to(workspace.project).as_posix()
