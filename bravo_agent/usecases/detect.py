"""What changed at the source that the models do not show yet, classified and, where possible, decided."""

from __future__ import annotations

from collections.abc import Mapping as Names
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bravo_agent import wire
from bravo_agent.config import Config, EntitySection
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import Mapping
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.planning.advance import accepted, advance_baseline
from bravo_agent.planning.decide import decide
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.planning.load_mapping import LoadMapping, mapping_for_load
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.privacy import unclassified
from bravo_agent.planning.recognise import Recognition, recognise
from bravo_agent.planning.report import report, report_text
from bravo_agent.stores.application import ModelReading, models_fingerprint
from bravo_agent.stores.snapshot import SnapshotReader, resolve
from bravo_agent.workspace import REPORT, Workspace, write_text
from codemods import find_uses


@dataclass(frozen=True)
class Detection:
    """The three sides and what they say together; ``changes`` are sorted, and decided where somebody could tell."""

    baseline: Catalog
    source: Catalog
    reading: ModelReading
    recognition: Recognition
    changes: tuple[Change, ...]

    @property
    def models(self) -> ModelSet:
        """The application's models."""
        return self.reading.models

    @property
    def exit_code(self) -> int:
        """0, 3 or 4, by what is open."""
        return exit_code(self.changes)

    @property
    def next_baseline(self) -> Catalog:
        """The baseline moved over what is accepted."""
        return advance_baseline(self.baseline, self.source, accepted(self.changes), self.recognition.ignored)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth saying besides the changes."""
        return (*self.recognition.notes, *self.reading.notes)

    def fingerprints(self) -> dict[str, str]:
        """Of the three sides."""
        return {
            "baseline": structure_fingerprint(self.baseline),
            "source": structure_fingerprint(self.source),
            "models": models_fingerprint(self.models),
        }

    def report(self) -> dict[str, Any]:
        """schema-change-report.json as plain data."""
        return report(self.changes, self.notes, self.fingerprints())


def source_catalog(workspace: Workspace, source: str, snapshot: str = "latest") -> Catalog:
    """The structure now: of the database itself (``direct``), or as a snapshot's manifest has it."""
    if source == "direct" and snapshot == "latest":
        return workspace.source().catalog()
    if source == "s3":
        shared = workspace.shared_snapshots()
        return shared.manifest(resolve(shared, snapshot)).catalog
    from bravo_agent.usecases.acquire import acquire

    return acquire(workspace, source=source, snapshot=snapshot, verified=False).snapshot.catalog


def detect(
    workspace: Workspace,
    source: Catalog,
    *,
    overlay: Names[str, str] | None = None,
    write_report: bool = True,
    stale: Literal["raise", "ask"] = "raise",
) -> Detection:
    """Compares baseline, ``source`` and models; ``overlay`` (file -> text) are edits that are not written yet.

    Writes schema-change-report.json unless told not to. Raises ``StaleError`` ``decision-stale``; with ``ask``
    the question of an answer that is not legal any more is open again.
    """
    baseline = workspace.baseline()
    reading = workspace.models(overlay)
    config = workspace.config
    mapping = derive_mapping(baseline, reading.models, config)
    uses, decisions = _uses(workspace, reading.models, mapping), workspace.decisions()
    recognition = recognise(baseline, source, reading.models, mapping, config, uses, decisions=decisions)
    changes = decide(recognition.changes, decisions, config, stale=stale)
    found = Detection(baseline, source, reading, recognition, changes)
    if write_report:
        write_text(workspace.project / REPORT, report_text(found.report()))
    return found


def load_mapping(workspace: Workspace, found: Detection) -> LoadMapping:
    """What is loaded now: the mapping without what somebody still has to decide."""
    return mapping_for_load(found.changes, found.source, found.models, workspace.config)


def privacy_of(workspace: Workspace, mapping: Mapping) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that are loaded masked, and those of them that nobody has classified yet."""
    masked = tuple(
        f"{entity.table}.{column.column}"
        for entity in mapping.entities
        for column in entity.columns
        if column.rule == "masking"
    )
    return masked, unclassified(mapping, workspace.config)


def latest_local(workspace: Workspace) -> SnapshotReader:
    """The newest local snapshot; raises ``snapshot-none``."""
    local = workspace.snapshots()
    return SnapshotReader(local.path / resolve(local, "latest"))


def _uses(workspace: Workspace, models: ModelSet, mapping: Mapping) -> dict[tuple[str, str], Any]:
    """Where code uses the mapped fields, by (entity as the mapping names it, field)."""
    wanted = [
        (entity.entity, column.field)
        for entity in mapping.entities
        if entity.entity
        for column in entity.columns
        if column.field
    ]
    declared = [field.place for entity in models.entities for field in entity.fields]
    section = workspace.config.project
    return find_uses(workspace.project, section.sources, section.exclude, wanted, declared)


def compare_files(before: Path, after: Path) -> tuple[Change, ...]:
    """The changes between two catalogs (or snapshot manifests) in files; without models every column counts."""
    old, new = _catalog_in(before), _catalog_in(after)
    config = Config(entities={table.key: EntitySection() for table in (*old.tables, *new.tables)})
    nothing = ModelSet(())
    found = recognise(old, new, nothing, derive_mapping(old, nothing, config), config, {})
    return decide(found.changes, (), config)


def _catalog_in(path: Path) -> Catalog:
    text = path.read_bytes()
    if b'"catalog"' in text[:4096] or b'"format_version"' in text:
        return wire.loads(Snapshot, text, where=str(path)).catalog
    return wire.loads(Catalog, text, where=str(path))
