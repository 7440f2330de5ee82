"""Detection with the evidence that lies at hand: what a person looks at before answering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bravo_agent import wire
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.model.catalog import Catalog
from bravo_agent.planning.measures import measures_of
from bravo_agent.planning.report import report_text
from bravo_agent.stores.application import file_stamps
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases.detect import Detection, detect, source_catalog
from bravo_agent.usecases.evidence import snapshot_at_hand
from bravo_agent.usecases.offending import Offending, offending_keys
from bravo_agent.workspace import REPORT, Workspace, write_text

_NOT_MEASURED = (
    "evidence was not measured: no snapshot here shows the source as it is; make one with "
    "`bravo-agent snapshot export` (or fetch it: `bravo-agent snapshot download`) and look again"
)


@dataclass(frozen=True)
class Examination:
    """What was found, measured on ``snapshot``; ``offending`` by change id, where keys were asked for.

    Neither stands in a file: the report is the same for the same rows, and keys are for whoever asked.
    """

    found: Detection
    snapshot: str | None = None
    offending: tuple[tuple[str, Offending], ...] = ()


def examine(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    evidence: bool = True,
    keys: bool = False,
    stale: Literal["raise", "ask"] = "raise",
    write_report: bool = True,
    catalog: Catalog | None = None,
    emit: Emit = ignore,
) -> Examination:
    """Compares the source with the models, and measures the snapshot that shows the same, where one is here.

    Writes schema-change-report.json unless told not to; raises what ``detect`` raises. ``catalog``: the source's,
    where it was just read.
    """
    emit(PartReached("source"))
    catalog = source_catalog(workspace, source, snapshot) if catalog is None else catalog
    reader = snapshot_at_hand(workspace, source, snapshot, catalog, emit) if evidence else None
    found = detect(workspace, catalog, write_report=False, stale=stale, reader=reader, emit=emit)
    if evidence and reader is None and measures_of(found.recognition.changes, found.models):
        found = replace(found, evidence_notes=(_NOT_MEASURED,))
    if write_report:
        write_text(workspace.project / REPORT, report_text(found.report()))
    asked = _offending(workspace, found, reader) if keys else ()
    return Examination(found, reader.snapshot.id if reader and found.evidence else None, asked)


def ground_of(workspace: Workspace, catalog: Catalog) -> str:
    """The fingerprint of all that an examination of ``catalog`` is made from: as long as it stays, so does that."""
    return wire.fingerprint(
        [
            wire.fingerprint(catalog),
            wire.fingerprint(workspace.config),
            file_stamps(workspace.project, without=(REPORT,)),
            workspace.snapshots().ids(),
            workspace.now().date().isoformat(),
        ]
    )


def _offending(
    workspace: Workspace, found: Detection, reader: SnapshotReader | None
) -> tuple[tuple[str, Offending], ...]:
    asked = [change for change in found.changes if change.state in ("open", "decided")]
    if reader is None:
        return tuple((change.id, Offending(note=_NOT_MEASURED)) for change in asked)
    return tuple((change.id, offending_keys(workspace, found, change, reader)) for change in asked)
