"""Decided changes carried into the code: one patch over models and generated artifacts.

In this order: every codemod works on the text that the one before left; the artifacts are made from the models as
they will be, before anything is written. What no codemod understands is listed as manual work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bravo_agent.model.plan import Patch
from bravo_agent.stores.application import apply_patch, render_diff
from bravo_agent.usecases._model_edits import edit_models
from bravo_agent.usecases.artifacts import artifacts_of
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.usecases.recompute import recompute, recompute_uncommitted
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Cascade:
    """``code`` edits the application, ``artifacts`` are generated from it; ``after`` is what detect finds then.

    ``together``: fields that only make sense with one that was decided, and so are changed with it.
    """

    code: Patch
    artifacts: Patch
    after: Detection
    together: tuple[str, ...] = ()

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


def make_cascade(workspace: Workspace, found: Detection) -> Cascade:
    """The patch that carries every decided change as far as its codemod understands the code; writes nothing."""
    made = edit_models(workspace, found)
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
        )
    artifacts = artifacts_of(edited, after.next_baseline, after.models, overlay)
    return Cascade(code, artifacts, after, made.together)


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


def apply_cascade(workspace: Workspace, cascade: Cascade) -> tuple[str, ...]:
    """Writes the patch to the working tree; all or nothing: gives the files that hold uncommitted changes."""
    return apply_patch(workspace.project, cascade.patch)
