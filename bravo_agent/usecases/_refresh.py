"""The two ways to bring a snapshot's rows in: everything anew and aside, or what changed, in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, TableFinished, TableStarted
from bravo_agent.model.catalog import ColumnType, Table
from bravo_agent.model.check import CheckResult
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import ChunkRef, SnapshotReader
from bravo_agent.transfer.delta import Side, deletions, upserts
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.usecases._checking import wanted_indexes
from bravo_agent.usecases._incremental import check_delta, ids, owned
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.load import Loaded, build_tables, surroundings
from bravo_agent.usecases.validate import check_collections, validator_of
from bravo_agent.workspace import Workspace

Optional = Sequence[tuple[str, str]]
Result = tuple[dict[str, Loaded], tuple[CheckResult, ...]]


def refresh_full(
    workspace: Workspace,
    reader: SnapshotReader,
    mappings: Sequence[EntityMapping],
    models: ModelSet,
    optional: Optional,
    target: MongoTarget,
    version: Version,
    emit: Emit,
    *,
    resumed: bool = False,
) -> Result:
    """Builds every collection aside and checks it there; nothing that readers see is touched."""
    validators = {
        one.collection: validator_of(workspace, one, reader, models, _optional(one, optional))
        for one in mappings
    }
    with stage("load", emit, sum(_rows(reader, one) for one in mappings)) as found:
        loaded = build_tables(
            workspace, reader, mappings, target, version.id, validators, emit, resumed=resumed
        )
        found.rows = sum(one.rows for one in loaded.values())
    with stage("index", emit):
        for one in mappings:
            target.create_indexes(version.id, one.collection, wanted_indexes(one, reader.table(one.table)))
    checks = check_collections(workspace, reader, mappings, loaded, validators, target, version.id, emit)
    return loaded, checks


def refresh_incremental(
    workspace: Workspace,
    reader: SnapshotReader,
    mappings: Sequence[EntityMapping],
    models: ModelSet,
    optional: Optional,
    target: MongoTarget,
    version: Version,
    emit: Emit,
    *,
    resumed: bool = False,  # merging again changes nothing, so it makes no difference here
) -> Result:
    """Merges what changed since the current version's snapshot; fields and documents of others stay."""
    current = target.current()
    before = former_snapshot(workspace, current)
    _refuse_left_behind(current, mappings)
    _refuse_other_keys(current, version, mappings)
    same_way = current is not None and current.transform_hash == version.transform_hash
    loaded: dict[str, Loaded] = {}
    checks: list[CheckResult] = []
    with stage("load", emit) as found:
        for one in mappings:
            emit(TableStarted("load", one.table, None))
            former = one if same_way else _keys_only(one)
            old, new = _sides(workspace, before, reader, one, former if _holds(current, one) else None)
            # Under another mapping every document changes: of the former snapshot only the keys are of use.
            known = old if same_way else _nothing(new)
            validator = validator_of(workspace, one, reader, models, _optional(one, optional))
            fields = owned(one, target.collection_validator(one.collection))
            touched = target.apply_delta(
                version.id,
                one.collection,
                upserts=upserts(known, new),
                deletes=ids(deletions(old, new)),
                owned_fields=fields,
                validator=validator,
                emit=emit,
            )
            rejected = list(new.rejected.values())
            loaded[one.table] = Loaded(_rows(reader, one), touched, rejected=rejected)
            found.rows += touched
            checks.append(check_delta(one, known, old, new, target, fields))
            emit(TableFinished("load", one.table, touched))
    return loaded, tuple(checks)


def former_snapshot(workspace: Workspace, current: Version | None) -> SnapshotReader:
    """What an increment starts from; raises ``no-current-version``, ``former-snapshot-missing``."""
    local = workspace.snapshots()
    if current is None:
        raise UsageError(
            "no-current-version",
            "an incremental refresh needs a version to start from",
            hint="Run a full refresh first: bravo-agent run --refresh full",
        )
    if current.snapshot not in local.ids():
        raise UsageError(
            "former-snapshot-missing",
            f"what changed since version {current.id} cannot be told: its snapshot {current.snapshot} is not here",
            hint=f"Fetch it with `bravo-agent snapshot download --id {current.snapshot}`, or run a full refresh.",
        )
    return SnapshotReader(local.path / current.snapshot)


def _sides(
    workspace: Workspace,
    before: SnapshotReader,
    after: SnapshotReader,
    mapping: EntityMapping,
    former: EntityMapping | None,
) -> tuple[Side, Side]:
    """The old side and the new one; ``former``: how the old one is read, None where it was not loaded."""
    new = _side(workspace, after, mapping, after.table(mapping.table))
    old_table = before.snapshot.catalog.table(mapping.table)
    if old_table is None or former is None:
        return _nothing(new), new
    old = _side(workspace, before, former, old_table)
    if former != mapping or not _rows_tell(workspace, mapping, old_table, after.table(mapping.table)):
        return old, new
    return (
        replace(old, key=mapping.key, marks=_marks(before, mapping)),
        replace(new, key=mapping.key, marks=_marks(after, mapping)),
    )


def _rows_tell(workspace: Workspace, mapping: EntityMapping, old: Table, new: Table) -> bool:
    """Whether equal rows are equal documents. Where rows may be quarantined, all are encoded, to name them anew."""
    columns = [one.column for one in mapping.columns]
    keys = [mapping.target_of(name) for name in mapping.key]
    return (
        not workspace.config.load.quarantine
        and bool(keys)
        and all(one is not None and one.rule == "standard" for one in keys)
        and [_type(old, name) for name in columns] == [_type(new, name) for name in columns]
    )


def _type(table: Table, name: str) -> ColumnType | None:
    column = table.column(name)
    return column.type if column else None


def _marks(reader: SnapshotReader, mapping: EntityMapping) -> dict[int, str]:
    data = reader.snapshot.data(mapping.table)
    sums = {file.path: file.sha256 for file in data.files} if data else {}
    return {one.index: f"{sums[one.file]} {one.row_group}" for one in reader.chunks(mapping.table)}


def _keys_only(mapping: EntityMapping) -> EntityMapping:
    return replace(mapping, columns=tuple(one for one in mapping.columns if one.column in mapping.key))


def _nothing(side: Side) -> Side:
    return Side((), lambda chunk: _no_chunk(chunk), side.encoder)


def _no_chunk(chunk: int) -> Any:
    raise AssertionError(chunk)


def _holds(current: Version | None, mapping: EntityMapping) -> bool:
    """Whether the current version loaded the collection: a snapshot also has tables that no load has taken."""
    return current is not None and mapping.collection in {one.name for one in current.collections}


def _refuse_left_behind(current: Version | None, mappings: Sequence[EntityMapping]) -> None:
    """A collection that an increment passes over would stay as it is, and nobody would know of which day."""
    kept = {one.name for one in current.collections} if current else set()
    left = sorted(kept - {one.collection for one in mappings})
    if left:
        raise UsageError(
            "increment-leaves-behind",
            f"no table feeds {', '.join(left)} any more, and an increment takes no collection away",
            hint="Run a full refresh: bravo-agent run --refresh full",
        )


def _side(workspace: Workspace, reader: SnapshotReader, mapping: EntityMapping, table: Table) -> Side:
    encoder = TableEncoder(mapping, table, surroundings(workspace))
    chunks: Mapping[int, ChunkRef] = {chunk.index: chunk for chunk in reader.chunks(mapping.table)}
    return Side(
        tuple((chunk.index, chunk.rows) for chunk in chunks.values()),
        lambda index: reader.read(chunks[index], encoder.columns),
        encoder,
    )


def _refuse_other_keys(current: Version | None, version: Version, mappings: Sequence[EntityMapping]) -> None:
    """Under another masking key old documents have other ``_id``s than their rows give now: they would stay."""
    if current is None or current.masking_hash == version.masking_hash:
        return
    other_key = current.masking_hash.partition(":")[0] != version.masking_hash.partition(":")[0]
    sealed = sorted(one.table for one in mappings if _masked_key(one) or (other_key and not one.key))
    if sealed:
        raise UsageError(
            "increment-other-masks",
            f"what is masked, or its key, has changed, and documents of {', '.join(sealed)} are named by it",
            hint="Run a full refresh: bravo-agent run --refresh full",
        )


def _masked_key(mapping: EntityMapping) -> bool:
    return any(one.rule == "masking" for one in mapping.columns if one.column in mapping.key)


def _rows(reader: SnapshotReader, mapping: EntityMapping) -> int:
    data = reader.snapshot.data(mapping.table)
    return data.rows if data else 0


def _optional(mapping: EntityMapping, optional: Optional) -> frozenset[str]:
    return frozenset(key for table, key in optional if table == mapping.table)
