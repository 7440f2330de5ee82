"""Holding what was loaded against where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bravo_agent.artifacts.mongodb_validator import validator
from bravo_agent.checks import run_checks
from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, TableFinished, TableStarted, ignore
from bravo_agent.model.check import CheckResult
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.executor import side_by_side
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.usecases._checking import LoadedCollection
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.convert import convert
from bravo_agent.usecases.detect import detect, load_mapping
from bravo_agent.usecases.load import Loaded, surroundings
from bravo_agent.workspace import Workspace

ALL = frozenset({"pre-transform", "post-transform", "post-load"})


def validator_of(
    workspace: Workspace,
    mapping: EntityMapping,
    reader: SnapshotReader,
    models: ModelSet,
    optional: frozenset[str],
) -> Mapping[str, Any]:
    """The validator of a collection as it is loaded now; ``optional`` are fields that stay out of this load."""
    table = reader.table(mapping.table)
    entity = models.entity(mapping.entity) if mapping.entity else None
    return validator(mapping, table, entity, workspace.config.types, optional)


def check_collections(
    workspace: Workspace,
    reader: SnapshotReader,
    mappings: Iterable[EntityMapping],
    loaded: Mapping[str, Loaded],
    validators: Mapping[str, Mapping[str, Any]],
    target: MongoTarget,
    version: str | None,
    emit: Emit = ignore,
) -> tuple[CheckResult, ...]:
    """Every check on every collection, of a build (``version``) or of what is live (None)."""
    results: list[CheckResult] = []
    around = surroundings(workspace)
    contexts = [
        LoadedCollection(
            reader,
            mapping,
            TableEncoder(mapping, reader.table(mapping.table), around),
            loaded[mapping.table],
            target,
            version,
            validators[mapping.collection],
        )
        for mapping in mappings
    ]
    with stage("validate", emit) as found, side_by_side(workspace.config.load.workers) as executor:
        for context in contexts:
            context.begin(executor)
        for context in contexts:
            table, documents = context.mapping.table, loaded[context.mapping.table].documents
            emit(TableStarted("validate", table, documents))
            results.extend(run_checks(context, ALL))
            emit(TableFinished("validate", table, documents))
            found.rows += documents
    return tuple(results)


def validate(
    workspace: Workspace, *, database: str | None = None, emit: Emit = ignore
) -> tuple[CheckResult, ...]:
    """Every check on what is live now, against the snapshot that its version names, read and converted anew."""
    with workspace.target(database) as target:
        current = target.current()
        if current is None:
            raise UsageError(
                "no-current-version",
                "nothing is published yet",
                hint="Run `bravo-agent run` first.",
            )
        reader = _snapshot_of(workspace, current)
        found = detect(workspace, reader.snapshot.catalog, write_report=False, emit=emit)
        mapping = load_mapping(workspace, found)
        here = {one.name for one in current.collections}
        mappings = [one for one in mapping.mapping.entities if one.collection in here]
        results: list[CheckResult] = []
        with stage("validate", emit) as done:
            for one in mappings:
                optional = frozenset(key for table, key in mapping.optional_targets if table == one.table)
                validator = validator_of(workspace, one, reader, found.models, optional)
                results.extend(_check_live(workspace, reader, one, validator, target, emit))
                done.rows += results[-1].examined
    return tuple(results)


def _snapshot_of(workspace: Workspace, current: Version) -> SnapshotReader:
    local = workspace.snapshots()
    if current.snapshot not in local.ids():
        raise UsageError(
            "snapshot-not-here",
            f"version {current.id} was loaded from snapshot {current.snapshot}, which is not here",
            hint=f"Fetch it with `bravo-agent snapshot download --id {current.snapshot}`.",
        )
    return SnapshotReader(local.path / current.snapshot)


def _check_live(
    workspace: Workspace,
    reader: SnapshotReader,
    mapping: EntityMapping,
    validator: Mapping[str, Any],
    target: MongoTarget,
    emit: Emit,
) -> tuple[CheckResult, ...]:
    encoder = TableEncoder(mapping, reader.table(mapping.table), surroundings(workspace))
    emit(TableStarted("validate", mapping.table, None))
    loaded, keys = convert(reader, mapping, encoder)
    context = LoadedCollection(reader, mapping, encoder, loaded, target, None, validator, keys)
    with side_by_side(workspace.config.load.workers) as executor:
        context.begin(executor)
        results = run_checks(context, ALL)
    emit(TableFinished("validate", mapping.table, loaded.rows))
    return results


def failed_checks(results: Iterable[CheckResult], quarantine: int) -> tuple[CheckResult, ...]:
    """Those that did not pass; the ledger's only when it holds more rows than the project allows."""
    found = [one for one in results if not one.passed]
    quarantined = sum(finding.count for one in found if one.check == "ledger" for finding in one.findings)
    return tuple(one for one in found if one.check != "ledger" or quarantined > quarantine)
