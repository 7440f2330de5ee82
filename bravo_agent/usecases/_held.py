"""Which accepted drops the code holds: what of it surely uses the field, and no edit can take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bravo_agent.changes._subjects import in_code
from bravo_agent.model.change import Change, Use
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.plan import DropField
from bravo_agent.planning.held import drops
from bravo_agent.usecases._whole_code import uses_left
from bravo_agent.workspace import Workspace


def held_by_code(
    workspace: Workspace,
    models: ModelSet,
    changes: Sequence[Change],
    overlay: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """``changes``, accepted drops with the uses that hold them; ``overlay`` as ``models`` were read with it."""
    return tuple(
        replace(change, held_by=in_code(_uses(workspace, models, edits, overlay or {}))) if edits else change
        for change in changes
        for edits in [drops(change)]
    )


def _uses(
    workspace: Workspace, models: ModelSet, edits: Sequence[DropField], overlay: Mapping[str, str]
) -> tuple[Use, ...]:
    found: list[Use] = []
    for edit in edits:
        entity = models.entity(edit.entity)
        if entity is not None and entity.field(edit.field) is not None and not entity.read_only:
            found += uses_left(workspace, models, entity, edit, overlay)
    return tuple(found)
