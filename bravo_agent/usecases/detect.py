"""What changed at the source that the models do not show yet, classified and, where possible, decided."""

from __future__ import annotations

import json
from collections.abc import Mapping as Names
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal

from bravo_agent import wire
from bravo_agent.config import Config, EntitySection
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change, Evidence, Use
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import Mapping
from bravo_agent.planning.advance import accepted, advance_baseline
from bravo_agent.planning.decide import decide
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.planning.identity import same_database
from bravo_agent.planning.load_mapping import LoadMapping, mapping_for_load
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.measures import Key, measures_of
from bravo_agent.planning.named import without_gone
from bravo_agent.planning.privacy import unclassified
from bravo_agent.planning.recognise import Recognition, recognise
from bravo_agent.planning.report import report, report_text
from bravo_agent.planning.standing import obsolete_note
from bravo_agent.planning.waivers import check_waivers
from bravo_agent.stores.application import ModelReading, models_fingerprint
from bravo_agent.stores.snapshot import SnapshotReader, resolve
from bravo_agent.usecases._held import held_by_code
from bravo_agent.usecases._transforms import check_transforms
from bravo_agent.usecases.evidence import measure
from bravo_agent.usecases.uses import uses_of_fields
from bravo_agent.workspace import REPORT, Workspace, write_text


@dataclass(frozen=True)
class Detection:
    """The three sides and what they say together; ``changes`` are sorted, and decided where somebody could tell."""

    baseline: Catalog
    source: Catalog
    reading: ModelReading
    recognition: Recognition
    changes: tuple[Change, ...]
    decision_notes: tuple[str, ...] = ()
    """On waivers and recorded answers that nothing needs any more."""
    evidence: Names[Key, Evidence] = field(default_factory=dict)
    """What was measured; the same snapshot need not be read again for the same sides."""
    evidence_notes: tuple[str, ...] = ()
    """Why something was not measured."""
    uses: Names[Key, tuple[Use, ...]] = field(default_factory=dict)
    """Where code uses the fields of the changes, by (entity as the mapping names it, field)."""
    use_notes: tuple[str, ...] = ()
    """What the uses suffer from."""

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
        models = (*self.reading.imported, *self.reading.notes)
        return (
            *self.recognition.notes,
            *self.decision_notes,
            *self.evidence_notes,
            *self.use_notes,
            *models,
        )

    def fingerprints(self) -> dict[str, str]:
        """Of the three sides."""
        return dict(self._fingerprints)

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
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
    reader: SnapshotReader | None = None,
    evidence: Names[Key, Evidence] | None = None,
    uses: Names[Key, tuple[Use, ...]] | None = None,
    emit: Emit = ignore,
) -> Detection:
    """Compares baseline, ``source`` and models; ``overlay`` (file -> text) are edits that are not written yet.

    With ``reader``, a snapshot that shows ``source``, its rows are measured as far as the changes ask for it
    (``evidence``: what was measured already); without one evidence is missing, which makes no answer illegal.
    ``uses``: what was found already; where nothing changed the code is not searched at all.

    Writes schema-change-report.json unless told not to. Raises ``StaleError`` ``decision-stale`` and
    ``transform-changed``; with ``ask`` the question of an answer that is not legal any more is open again. Raises
    ``UsageError`` ``waiver-unmatched``.
    """
    emit(PartReached("models"))
    baseline = workspace.baseline()
    reading = workspace.models(overlay)
    config = without_gone(workspace.config, source, reading.models)
    mapping = derive_mapping(baseline, reading.models, config)
    decisions = workspace.decisions()
    recognised = partial(recognise, baseline, source, reading.models, mapping, config, decisions=decisions)
    recognition = recognised({})
    known, use_notes = (
        (uses, ())
        if uses is not None
        else _uses(workspace, reading.models, recognition, overlay, mapping, emit)
    )
    measured = (
        evidence if evidence is not None else _measured(workspace, recognition, reading, source, reader, emit)
    )
    emit(PartReached("decide"))
    if known or measured:
        recognition = recognised(known, evidence=measured)
    today = workspace.now().date()
    notes = check_waivers(config.policy, recognition.changes, (baseline, source), today)
    changes = decide(recognition.changes, decisions, config, stale=stale, today=today)
    if stale == "raise":
        check_transforms(workspace, changes)
    changes = held_by_code(workspace, reading.models, changes, overlay)
    notes += obsolete_note(decisions, changes)
    found = Detection(
        baseline, source, reading, recognition, changes, notes, measured, uses=known, use_notes=use_notes
    )
    if write_report:
        write_text(workspace.project / REPORT, report_text(found.report()))
    return found


def _measured(
    workspace: Workspace,
    recognition: Recognition,
    reading: ModelReading,
    source: Catalog,
    reader: SnapshotReader | None,
    emit: Emit,
) -> Names[Key, Evidence]:
    """What the rows say of the changes that nobody has settled; nothing where there is no snapshot."""
    if reader is None:
        return {}
    identity = same_database(workspace.baseline(), source)
    wanted = measures_of(recognition.changes, reading.models, identity=identity)
    return measure(workspace, wanted, reader, emit) if wanted else {}


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


def _uses(
    workspace: Workspace,
    models: ModelSet,
    recognition: Recognition,
    overlay: Names[str, str] | None,
    mapping: Mapping,
    emit: Emit,
) -> tuple[dict[Key, tuple[Use, ...]], tuple[str, ...]]:
    """Where code uses the fields of the changes, and what is worth a note about it."""
    wanted = {
        (change.entity, change.model_field)
        for change in recognition.changes
        if change.entity is not None and change.model_field is not None
    }
    return uses_of_fields(workspace, models, sorted(wanted), overlay, mapping, emit)


@dataclass(frozen=True)
class Comparison:
    """What two catalogs alone say: there are no models, so every column counts and no code uses any."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, 3 or 4, by what is open."""
        return exit_code(self.changes)


def compare_files(before: Path, after: Path) -> Comparison:
    """The changes between two catalogs (or snapshot manifests) in files; raises ``file-unreadable``."""
    return compare_catalogs(_catalog_in(before), _catalog_in(after))


def compare_catalogs(old: Catalog, new: Catalog) -> Comparison:
    """The changes between two catalogs."""
    # A table that is new has no section: with one it would be taken for mapped already, and its change for settled.
    config = Config(entities={table.key: EntitySection() for table in old.tables})
    nothing = ModelSet(())
    found = recognise(old, new, nothing, derive_mapping(old, nothing, config), config, {})
    return Comparison(decide(found.changes, (), config), found.notes)


@dataclass(frozen=True)
class _Holder:
    """A document that has a catalog among other things: a manifest, or what ``schema show --json`` gives."""

    catalog: Catalog


def _catalog_in(path: Path) -> Catalog:
    text = path.read_bytes()
    try:
        held = "catalog" in json.loads(text)
    except (ValueError, TypeError):
        held = False  # no JSON, or no object: the error is told by what reads a catalog
    if held:
        return wire.loads(_Holder, text, where=str(path)).catalog
    return wire.loads(Catalog, text, where=str(path))
