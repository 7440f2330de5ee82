"""What an answer would lead to in the code, before anybody gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bravo_agent.events import Emit, ignore
from bravo_agent.model.change import Decision
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.stores.application import render_diff
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.decide import find_change
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Preview:
    """``diff`` is what this answer adds to the cascade of all that is decided; ``manual`` what it leaves to people."""

    diff: str
    manual: tuple[ManualWork, ...]


def preview(
    workspace: Workspace,
    found: Detection,
    change_id: str,
    option: str,
    *,
    params: Mapping[str, str],
    without: Cascade | None = None,
    emit: Emit = ignore,
) -> Preview:
    """The difference that one answer makes; writes nothing, neither the answer nor the report.

    The project's own type checkers are not asked. ``without`` is the cascade of what is decided already, where
    somebody has it: it is the same for every answer.

    Raises ``change-unknown``, ``change-ambiguous``, and ``StaleError`` ``decision-stale`` for an option that is not
    a legal one.
    """
    change = find_change(found, change_id)
    answer = Decision(
        change.id,
        option,
        tuple(sorted(params.items())),
        table=change.table,
        field=change.field,
        kind=change.kind,
    )
    assuming = replace(workspace, assumed=(*workspace.assumed, answer))
    assumed = detect(
        assuming, found.source, write_report=False, evidence=found.evidence, uses=found.uses, emit=emit
    )
    after = make_cascade(assuming, assumed, check=False, emit=emit)
    return _difference(without or make_cascade(workspace, found, check=False, emit=emit), after)


def _difference(without: Cascade, with_it: Cascade) -> Preview:
    already = {edit.file: edit.after for edit in without.patch.edits}
    edits = tuple(
        Edit(edit.file, already.get(edit.file, edit.before), edit.after)
        for edit in with_it.patch.edits
        if already.get(edit.file, edit.before) != edit.after
    )
    manual = tuple(work for work in with_it.patch.manual if work not in without.patch.manual)
    return Preview(render_diff(Patch(edits)), manual)
