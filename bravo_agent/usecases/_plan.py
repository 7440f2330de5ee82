"""Making a plan: everything that a run will do, worked out before any of it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bravo_agent import wire
from bravo_agent.checks import kinds
from bravo_agent.errors import FailedError
from bravo_agent.events import Emit, Noted
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import Mapping
from bravo_agent.model.plan import (
    AdvanceBaseline,
    CheckData,
    CodeMode,
    CodeStep,
    DataStep,
    EditCode,
    LoadData,
    Patch,
    Plan,
    PlannedChange,
    Publish,
    SavePatch,
    Told,
)
from bravo_agent.model.version import Refresh
from bravo_agent.planning.exit_code import BLOCKED, REVIEW, blocks_unanswered, exit_code
from bravo_agent.planning.load_mapping import LoadMapping
from bravo_agent.planning.plan_file import FORMAT, with_hash
from bravo_agent.stores.application import not_clean
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._inputs import baseline_fingerprint, content_of, inputs_of
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases._vanishing import vanishing
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.detect import Detection, detect, load_mapping, privacy_of
from bravo_agent.usecases.load import transform_hash
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Made:
    """A plan with what it takes to carry it out: the models as they will be, and what is loaded (or would be).

    ``manifest``: every place of the cascade; none of a plan that was begun before, which has written it.
    """

    plan: Plan
    models: ModelSet
    mapping: Mapping
    manifest: dict[str, Any] | None = None


def make_plan(
    workspace: Workspace,
    target: MongoTarget,
    source: Catalog,
    reader: SnapshotReader | None,
    *,
    refresh: Refresh,
    code: CodeMode,
    emit: Emit,
    write_report: bool = True,
) -> Made:
    """What has to be done for ``source``, whose rows ``reader`` has (None: a draft); writes nothing but the report.

    A change that blocks unanswered, or a wanted table that cannot be loaded at all, gives a plan without steps; an
    accepted drop that uses hold, one that edits code and loads nothing. Raises ``models-unread``, ``nothing-mapped``.
    """
    with stage("detect", emit):
        found = detect(workspace, source, write_report=write_report, reader=reader, emit=emit)
        cascade = Cascade(Patch(), Patch(), found)
        if code != "leave":
            cascade = make_cascade(workspace, found, emit=emit)
    maker = _Maker(workspace, target, source, reader, refresh, code, cascade)
    possible = load_mapping(workspace, found)
    if blocks_unanswered(found.changes) or possible.held:
        # A version without the collection of a wanted table would take it away from its readers.
        return maker.made((), found, possible, ends=(), ends_with=BLOCKED)
    edits = _code_steps(workspace, cascade, code)
    settled = found
    if any(isinstance(step, EditCode) for step in edits):
        settled = cascade.after
        workspace = workspace.with_edits({edit.file: edit.after for edit in cascade.code.edits})
        maker = replace(maker, workspace=workspace)
    ends_with = _ends_with(settled, edits)
    ends = vanishing(target, found, possible) if ends_with != BLOCKED else ()
    for line in ends:
        emit(Noted("warning", line))
    mapping = load_mapping(workspace, settled)
    steps = (*edits, *_baseline_step(workspace, settled, edits, code))
    return maker.made(steps, settled, mapping, ends=ends, ends_with=ends_with, before=found.changes)


def _ends_with(settled: Detection, edits: tuple[CodeStep, ...]) -> int:
    code = exit_code(settled.changes, after_cascade=True)
    waiting = any(isinstance(step, SavePatch) for step in edits)
    return REVIEW if waiting and code != BLOCKED else code


@dataclass(frozen=True)
class _Maker:
    """What every part of the plan is made with."""

    workspace: Workspace
    target: MongoTarget
    source: Catalog
    reader: SnapshotReader | None
    refresh: Refresh
    code: CodeMode
    cascade: Cascade

    def made(
        self,
        code_steps: tuple[CodeStep, ...],
        settled: Detection,
        mapping: LoadMapping,
        *,
        ends: tuple[str, ...],
        ends_with: int,
        before: tuple[Change, ...] = (),
    ) -> Made:
        """The plan of these steps, and of the data steps unless it is blocked."""
        snapshot = self.reader.snapshot if self.reader else None
        blocked = ends_with == BLOCKED
        inputs = inputs_of(
            self.workspace,
            self.target,
            self.source,
            settled.models,
            # What is not loaded runs no function.
            () if blocked else mapping.mapping.entities,
            snapshot=snapshot.id if snapshot else "",
            content=content_of(snapshot) if snapshot else "",
        )
        data = () if blocked else self._data_steps(mapping, inputs.content, inputs.current)
        changes = _told(before, settled.changes)
        masked, unclassified = privacy_of(self.workspace, mapping.mapping)
        plan = Plan(
            hash="",
            format=FORMAT,
            code=self.code,
            refresh=self.refresh,
            inputs=inputs,
            steps=(*code_steps, *data),
            changes=tuple(_planned(change) for change in changes),
            exit_code=ends_with,
            masked=masked,
            unclassified=unclassified,
            told=Told(
                changes,
                self.cascade.patch.manual,
                (*self.cascade.together, *self.cascade.notes, *settled.notes, *_carried(mapping)),
                ends,
            ),
        )
        return Made(with_hash(plan), settled.models, mapping.mapping, self.cascade.manifest)

    def _data_steps(self, mapping: LoadMapping, content: str, current: str | None) -> tuple[DataStep, ...]:
        mappings = mapping.mapping.entities
        if not mappings:
            raise FailedError(
                "nothing-mapped",
                "no table of the snapshot has a model",
                hint="Map tables to models in [entities] of bravo.toml, or run `bravo-agent init`.",
            )
        snapshot, database = self.reader.snapshot if self.reader else None, self.target.name
        data = [(one.table, snapshot.data(one.table)) for one in mappings] if snapshot else []
        hashed = transform_hash(self.workspace, mappings)
        load = LoadData(
            database,
            snapshot.id if snapshot else "",
            self.refresh,
            mapping.mapping,
            before=content,
            after=hashed,
            optional=mapping.optional_targets,
            rows=tuple((table, found.rows if found else 0) for table, found in data),
        )
        return load, CheckData(tuple(kinds())), Publish(database, current, hashed)


def _code_steps(workspace: Workspace, cascade: Cascade, code: CodeMode) -> tuple[CodeStep, ...]:
    patch = Patch(cascade.patch.edits)  # what is left to people has places, which move by themselves
    if not patch.edits:
        return ()
    dirty = not_clean(workspace.project, patch) if code == "apply" else ()
    if code == "apply" and not dirty:
        old = wire.fingerprint([edit.before for edit in patch.edits])
        new = wire.fingerprint([edit.after for edit in patch.edits])
        return (EditCode(patch, old, new),)
    after = wire.fingerprint(cascade.diff)
    return (SavePatch(patch, f".bravo/patches/cascade-{after[:12]}.patch", after, dirty),)


def _baseline_step(
    workspace: Workspace, settled: Detection, edits: tuple[CodeStep, ...], code: CodeMode
) -> tuple[CodeStep, ...]:
    """The baseline moves over what the models show; never while a patch still waits to be applied, or a file of

    theirs cannot be read: what it says of a change would be lost.
    """
    if code == "leave" or settled.reading.unread or any(isinstance(step, SavePatch) for step in edits):
        return ()
    catalog = settled.next_baseline
    before, after = baseline_fingerprint(workspace), wire.fingerprint(catalog)
    return (AdvanceBaseline(before, after, catalog),) if before != after else ()


def _told(before: tuple[Change, ...], now: tuple[Change, ...]) -> tuple[Change, ...]:
    """As they will stand, but what this plan carries out keeps its answer, and whose it was."""
    decided = {change.id: change for change in before if change.state == "decided"}
    return tuple(decided.get(change.id, change) if change.state == "settled" else change for change in now)


def _planned(change: Change) -> PlannedChange:
    return PlannedChange(
        change.id,
        change.kind,
        change.table,
        change.field,
        change.state,
        change.severity,
        change.verdict,
        change.option,
        change.params,
    )


def _carried(mapping: LoadMapping) -> tuple[str, ...]:
    return tuple(
        f"{table}.{column} feeds the field {key} on, under its old name, until change {change[:12]} is settled"
        for change, table, column, key in mapping.carried
    )
