"""A plan carried out, step by step. Every step may be done again: what is done already is left as it is.

The code steps look at files: as before the step, it is done; as after it, it is left; anything else is stale. The data
steps look at versions: one that is being built from the same snapshot in the same way is gone on with.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from bravo_agent.errors import BravoError, StaleError
from bravo_agent.events import Emit
from bravo_agent.model.plan import (
    AdvanceBaseline,
    CheckData,
    CodeStep,
    DataStep,
    EditCode,
    LoadData,
    Publish,
    SavePatch,
)
from bravo_agent.model.run import CodeReport, RunReport
from bravo_agent.model.version import CollectionState, Version
from bravo_agent.stores.application import (
    apply_patch,
    branch,
    head_commit,
    models_fingerprint,
    only_writer,
    render_diff,
)
from bravo_agent.stores.mongodb import MongoTarget, PlanRecord, PlanState
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._inputs import baseline_fingerprint
from bravo_agent.usecases._masks import masking_hash
from bravo_agent.usecases._places import keep, keep_manifest
from bravo_agent.usecases._plan import Made
from bravo_agent.usecases._refresh import refresh_full, refresh_incremental
from bravo_agent.usecases._run_state import RunState, audit_line, finish
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.validate import failed_checks
from bravo_agent.workspace import BASELINE, Workspace, write_text


def carry_out(
    state: RunState, target: MongoTarget, made: Made, reader: SnapshotReader, resumable: Version | None
) -> RunReport:
    """The report of the plan, all of whose steps are done then; ``resumable`` is a build that a crash left.

    The caller holds the lease. The plan's line in the journal is written before the first step and after the last.
    """
    plan, workspace = made.plan, state.workspace
    state.plan = plan.hash
    code = CodeReport(manual=plan.told.manual)
    if not plan.steps:
        return finish(state, target, made, reader.snapshot, code)
    target.note_plan(record_of(state, "running"))
    with only_writer(workspace.private):
        code = _write_code(workspace, made, code, state.watch)
    try:
        for step in plan.steps:
            if isinstance(step, DataStep) and not _carry_data(state, target, made, reader, step, resumable):
                break
    except BaseException as error:
        _note_failure(state, target, error)
        raise
    report = finish(state, target, made, reader.snapshot, code)
    target.note_plan(record_of(state, "applied" if report.published else "failed", report))
    return report


def record_of(state: RunState, how_far: PlanState, report: RunReport | None = None) -> PlanRecord:
    """The plan's line in the journal, as it is now."""
    return PlanRecord(
        plan=state.plan or "",
        state=how_far,
        version=state.version.id if state.version else None,
        exit_code=report.exit_code if report else None,
        outcome=report.outcome if report else "",
        by=state.workspace.user,
        at=state.workspace.now().isoformat(timespec="seconds"),
    )


def _write_code(workspace: Workspace, made: Made, code: CodeReport, emit: Emit) -> CodeReport:
    with stage("cascade", emit):
        for step in made.plan.steps:
            if isinstance(step, CodeStep):
                code = _carry_code(workspace, step, code, made.manifest)
    return code


def _carry_code(
    workspace: Workspace, step: CodeStep, code: CodeReport, manifest: dict[str, Any] | None
) -> CodeReport:
    match step:
        case EditCode():
            if refused := apply_patch(workspace.project, step.patch):
                raise _stale(", ".join(refused), "there are uncommitted changes in files that the plan edits")
            kept = keep_manifest(workspace, step.patch, manifest) if manifest is not None else None
            return replace(code, edited=tuple(edit.file for edit in step.patch.edits), manifest=kept)
        case SavePatch():
            write_text(workspace.project / step.file, render_diff(step.patch))
            kept = keep(workspace, f"{step.file}.json", manifest) if manifest is not None else None
            return replace(code, patch_file=step.file, not_clean=step.not_clean, manifest=kept)
        case AdvanceBaseline():
            now = baseline_fingerprint(workspace)
            if now not in (step.before, step.after):
                raise _stale(BASELINE, f"{BASELINE} has changed since the plan was made")
            workspace.save_baseline(step.catalog)
            return code
        case _:
            assert_never(step)


def _stale(where: str, message: str) -> StaleError:
    return StaleError("plan-stale", message, hint="Plan again: bravo-agent plan", where=where)


def _carry_data(
    state: RunState,
    target: MongoTarget,
    made: Made,
    reader: SnapshotReader,
    step: DataStep,
    resumable: Version | None,
) -> bool:
    """Whether the next step may follow."""
    match step:
        case LoadData():
            _build(state, target, made, reader, step, resumable)
            return True
        case CheckData():
            # The checks ran while the load's sums were at hand and its build was warm; here they are judged.
            return _judge(state, target)
        case Publish():
            version = _version_of(state)
            with stage("publish", state.watch):
                target.stage_schema(version, reader.snapshot.catalog, made.models)
                target.publish(version.id, state.watch)
            state.published = True
            return True
        case _:
            assert_never(step)


def _build(
    state: RunState,
    target: MongoTarget,
    made: Made,
    reader: SnapshotReader,
    step: LoadData,
    resumable: Version | None,
) -> None:
    goes_on = resumable is not None and (resumable.snapshot, resumable.transform_hash) == (
        reader.snapshot.id,
        step.after,
    )
    if resumable is not None and not goes_on:
        target.abandon(resumable.id)
    today = state.workspace.now().date().isoformat()
    own = resumable.id if resumable is not None and goes_on else target.next_version_id(today)
    version = replace(_version(state, made, reader, step), id=own)
    state.version = version
    target.begin(version, emit=state.watch)
    target.note_plan(record_of(state, "running"))
    refresh = refresh_incremental if state.refresh == "incremental" else refresh_full
    state.loaded, state.checks = refresh(
        state.workspace,
        reader,
        step.mapping.entities,
        made.models,
        step.optional,
        target,
        version,
        state.watch,
        resumed=goes_on,
    )


def _judge(state: RunState, target: MongoTarget) -> bool:
    if failed_checks(state.checks, state.workspace.config.load.quarantine):
        # A build is dropped; an increment, which stands in the live collections already, is undone.
        target.recover(state.watch)
        return False
    target.mark_verified(_version_of(state).id)
    return True


def _version_of(state: RunState) -> Version:
    assert state.version is not None  # a load goes before
    return state.version


def _version(state: RunState, made: Made, reader: SnapshotReader, step: LoadData) -> Version:
    workspace = state.workspace
    return Version(
        id="",
        database=state.database,
        state="building",
        refresh=state.refresh,
        current=False,
        snapshot=reader.snapshot.id,
        catalog_fingerprint=made.plan.inputs.source,
        models_fingerprint=models_fingerprint(made.models),
        plan_hash=made.plan.hash,
        masking_hash=masking_hash(workspace, step.mapping),
        transform_hash=step.after,
        git_commit=head_commit(workspace.project),
        created_by=workspace.user,
        created_at=workspace.now().isoformat(timespec="seconds"),
        verified=False,
        collections=tuple(CollectionState(one.collection, 0) for one in step.mapping.entities),
        branch=branch(workspace.project),
    )


def _note_failure(state: RunState, target: MongoTarget, error: BaseException) -> None:
    """A failure leaves its line in the audit; the build stays, so that the next run can go on with it."""
    code = error.code if isinstance(error, BravoError) else type(error).__name__
    if state.version is None:
        return
    try:
        target.record_run({**audit_line(state), "outcome": "failed", "error": code})
    except BravoError:
        return  # the first failure is the one to be told
