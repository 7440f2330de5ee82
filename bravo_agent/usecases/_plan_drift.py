"""What is not any more as it was when a plan was made, looked up anew; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.inputs import Drifted
from bravo_agent.model.mapping import Mapping
from bravo_agent.model.plan import AdvanceBaseline, Edit, EditCode, Plan
from bravo_agent.planning.stale import drifted
from bravo_agent.stores.application import read_text
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.usecases._inputs import inputs_of
from bravo_agent.usecases._plan import Made
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Compared:
    """``made``: the plan with what it takes to carry it out. ``begun``: the baseline has moved already."""

    made: Made
    drifted: tuple[Drifted, ...]
    begun: bool


def compared(
    workspace: Workspace, target: MongoTarget, plan: Plan, catalog: Catalog | None, content: str
) -> Compared:
    """The plan held against what is there; ``catalog`` and ``content`` are those of its snapshot, as it is now."""
    edits = edits_of(plan)
    made = Made(plan, *_as_planned(workspace, plan, edits))
    now = inputs_of(
        workspace.with_edits({edit.file: edit.after for edit in edits}),
        target,
        catalog if catalog is not None else workspace.baseline(),
        made.models,
        made.mapping.entities,
        snapshot=plan.inputs.snapshot,
        content=content,
    )
    moved = next((step for step in plan.steps if isinstance(step, AdvanceBaseline)), None)
    begun = bool(moved and now.baseline == moved.after)
    if moved and begun:
        now = replace(now, baseline=moved.before)
    found = [one for edit in edits if (one := _edited(workspace, edit))]
    return Compared(made, (*found, *drifted(plan.inputs, now)), begun)


def edits_of(plan: Plan) -> list[Edit]:
    """Every edit of the working tree."""
    return [edit for step in plan.steps if isinstance(step, EditCode) for edit in step.patch.edits]


def _as_planned(workspace: Workspace, plan: Plan, edits: Sequence[Edit]) -> tuple[ModelSet, Mapping]:
    """The models as they are once the edits are in, however many of them are; and what is loaded."""
    models = workspace.models({edit.file: edit.after for edit in edits}).models
    return models, plan.load.mapping if plan.load else Mapping(())


def _edited(workspace: Workspace, edit: Edit) -> Drifted | None:
    """A file that is neither as before the edit nor as after it."""
    path = workspace.project / edit.file
    now = read_text(path) if path.is_file() else None
    if now in (edit.before, edit.after):
        return None
    return Drifted(edit.file, "as planned" if edit.before is not None else "not there", _is(now))


def _is(text: str | None) -> str:
    return "not there" if text is None else "edited"
