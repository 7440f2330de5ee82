"""A plan applied by its hash, as long as everything it was made from is as it was; and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bravo_agent.errors import StaleError
from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.inputs import Drifted
from bravo_agent.model.plan import Edit, EditCode, Plan
from bravo_agent.model.run import RunReport
from bravo_agent.model.version import Version
from bravo_agent.planning.stale import drifted_changes
from bravo_agent.stores.application import not_clean, read_text
from bravo_agent.stores.mongodb import MongoTarget, PlanRecord
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._carry_out import carry_out, record_of
from bravo_agent.usecases._inputs import pinned
from bravo_agent.usecases._plan import Made, make_plan
from bravo_agent.usecases._plan_drift import compared, edits_of
from bravo_agent.usecases._plans_here import find_plan
from bravo_agent.usecases._run_state import RunState, audit_line
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.run import interrupted
from bravo_agent.workspace import Workspace

_SEEN = ("published", "retired", "dropped")


@dataclass(frozen=True)
class Application:
    """What became of the plan. ``report`` is None where it was ``already_applied``: then nothing was done now."""

    status: Literal["applied", "already_applied", "not_applied"]
    plan: str
    exit_code: int
    outcome: str
    database: str
    version: str | None
    notes: tuple[str, ...] = ()
    report: RunReport | None = None


def apply(workspace: Workspace, *, plan: str, emit: Emit = ignore) -> Application:
    """Carries out the plan of that hash (or of eight or more of its first digits).

    The journal is looked up first: a plan that was applied is not applied again. Everything it was made from is
    looked at again, the lease held: raises ``StaleError`` ``plan-stale`` with each thing that drifted, nothing
    written. Raises ``target-busy`` or ``project-busy`` where another run is at work.
    """
    planned = find_plan(workspace, plan)
    state = RunState(workspace, planned.inputs.database, planned.refresh, emit)
    state.started_at = workspace.now().isoformat(timespec="seconds")
    state.plan = planned.hash
    with workspace.target(state.database) as target:
        target.reserve()
        record = _resolved(state, target, planned)
        if record is not None and record.state == "applied":
            return _already(target, planned, record)
        made, reader = _verified(state, target, planned, begun=record is not None)
        resumable = interrupted(workspace, target, planned.refresh, planned.inputs.snapshot)
        target.recover(state.watch, resume=resumable.id if resumable else None)
        _refuse_other_version(target, planned)
        report = carry_out(state, target, made, reader, resumable)
    status: Literal["applied", "not_applied"] = "applied" if report.published else "not_applied"
    version = report.run.version
    return Application(
        status, planned.hash, report.exit_code, report.outcome, state.database, version, report=report
    )


def applied_before(workspace: Workspace, *, plan: str) -> Application | None:
    """What the journal says of a plan that was applied; None where it does not say so. Writes nothing, takes no lease.

    Raises as ``apply`` for a plan that is not here and for a target that may not be written to.
    """
    planned = find_plan(workspace, plan)
    with workspace.target(planned.inputs.database) as target:
        target.look()
        record = target.plan_record(planned.hash)
        return _already(target, planned, record) if record and record.state == "applied" else None


def _resolved(state: RunState, target: MongoTarget, plan: Plan) -> PlanRecord | None:
    """The journal's line. One that a crash left is resolved by what became of the version that it names."""
    record = target.plan_record(plan.hash)
    if record is None or record.state != "running" or record.version is None:
        return record
    building = next((one for one in target.versions() if one.id == record.version), None)
    # We hold the lease: whoever ran it is gone. A publish that it had begun is finished, an increment undone.
    resume = record.version if building and building.state == "building" else None
    target.recover(state.watch, resume=resume)
    version = next((one for one in target.versions() if one.id == record.version), None)
    if version is None or version.state not in _SEEN:
        return record
    return _applied_by_now(state, target, plan, record, version)


def _applied_by_now(
    state: RunState, target: MongoTarget, plan: Plan, record: PlanRecord, version: Version
) -> PlanRecord:
    """The run was broken off after its version was published: what it could not say any more is said."""
    state.version = version
    outcome = "published-review" if plan.exit_code else "published"
    line = {**audit_line(state), "outcome": outcome, "exit_code": plan.exit_code}
    if all(one["run"] != line["run"] for one in target.runs()):
        target.record_run(line)
    done = replace(record_of(state, "applied"), exit_code=plan.exit_code, outcome=outcome, by=record.by)
    target.note_plan(done)
    return done


def _already(target: MongoTarget, plan: Plan, record: PlanRecord) -> Application:
    current = target.current()
    notes: tuple[str, ...] = ()
    if current is None or current.id != record.version:
        now = f"version {current.id} is current now" if current else "no version is current now"
        notes = (f"it was applied as version {record.version}; {now}",)
    return Application(
        "already_applied",
        plan.hash,
        record.exit_code or 0,
        record.outcome,
        target.name,
        record.version,
        notes,
    )


def _verified(
    state: RunState, target: MongoTarget, plan: Plan, *, begun: bool
) -> tuple[Made, SnapshotReader]:
    """The plan with what it takes to carry it out; raises ``plan-stale``."""
    workspace, edits = state.workspace, edits_of(plan)
    with stage("verify", state.watch):
        reader, content = pinned(workspace, plan.inputs.snapshot, state.watch)
        found = compared(workspace, target, plan, reader.snapshot.catalog if reader else None, content)
        if found.drifted or reader is None:
            raise _stale(plan, found.drifted)
    made, begun = found.made, begun or found.begun
    if not begun and not any(_is_after(workspace, edit) for edit in edits):
        made = _made_again(state, target, plan, reader)
    message = f"snapshot {reader.snapshot.id} of {reader.snapshot.created_at}: what production got since is not in it"
    state.emit(Noted("info", message))
    return made, reader


def _made_again(state: RunState, target: MongoTarget, plan: Plan, reader: SnapshotReader) -> Made:
    """Planned anew from the same inputs: what code or a date have changed since shows in what is decided now.

    Not once the plan was begun: then its decisions are carried out in part, and stand.
    """
    workspace = state.workspace
    edits = [step.patch for step in plan.steps if isinstance(step, EditCode)]
    if dirty := [file for patch in edits for file in not_clean(workspace.project, patch)]:
        raise _stale(plan, [Drifted(file, "as committed", "with uncommitted changes") for file in dirty])
    made = make_plan(
        workspace,
        target,
        reader.snapshot.catalog,
        reader,
        refresh=plan.refresh,
        code=plan.code,
        emit=state.watch,
        write_report=False,
    )
    if made.plan.hash != plan.hash:
        raise _stale(plan, drifted_changes(plan, made.plan))
    return made


def _is_after(workspace: Workspace, edit: Edit) -> bool:
    path = workspace.project / edit.file
    return path.is_file() and read_text(path) == edit.after


def _refuse_other_version(target: MongoTarget, plan: Plan) -> None:
    """Recovery may just have finished a publish that somebody else had begun."""
    current = target.current()
    now = current.id if current else None
    if now != plan.inputs.current:
        then = plan.inputs.current
        names = [f"at version {one}" if one else "empty" for one in (then, now)]
        raise _stale(plan, [Drifted(f"database {target.name}", names[0], names[1])])


def _stale(plan: Plan, found: Sequence[Drifted]) -> StaleError:
    return StaleError(
        "plan-stale",
        f"plan {plan.hash[:12]} was made from something else than what is there now",
        hint="Plan again, and look at what it does: bravo-agent plan",
        details=tuple(one.line for one in found),
    )
