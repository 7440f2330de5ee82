"""Evidence for changes: statistics of a snapshot's columns, in one pass over the few tables and columns concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from bravo_agent.events import Emit, PartReached, RowsDone, ignore
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.change import Evidence
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.planning.measures import Key, Measure, Measures, Pair
from bravo_agent.stores.snapshot import SnapshotReader, resolve
from bravo_agent.transfer.equal_by_key import KeySample, compare
from bravo_agent.transfer.evidence import ColumnTally, Question, comparable
from bravo_agent.types import cast_between
from bravo_agent.usecases._former import FormerSnapshots
from bravo_agent.usecases.acquire import acquire
from bravo_agent.workspace import Workspace

Found = Mapping[Key, Evidence]


@dataclass
class _Reading:
    """What is read of one table of one snapshot: everything that is asked of it, at once."""

    tallies: list[tuple[Key, ColumnTally]] = field(default_factory=list)
    samples: list[KeySample] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        """Those to read."""
        names = [tally.question.column for _, tally in self.tallies]
        return tuple(dict.fromkeys([*names, *(name for sample in self.samples for name in sample.needs)]))

    @property
    def only_nulls(self) -> bool:
        """Whether the files' own statistics say it all."""
        return not self.samples and all(tally.question.only_nulls for _, tally in self.tallies)


Readings = dict[tuple[SnapshotReader, str], _Reading]
Compared = tuple[list[Pair], KeySample, KeySample]


def snapshot_at_hand(
    workspace: Workspace, source: str, snapshot: str, catalog: Catalog, emit: Emit = ignore
) -> SnapshotReader | None:
    """The snapshot whose rows show ``catalog``, where one lies here; nothing is exported or downloaded for it.

    Of the source itself (``direct``) that is the newest one here, if it has the very structure of ``catalog``.
    """
    local = workspace.snapshots()
    ids = local.ids()
    if source == "s3":
        wanted = resolve(workspace.shared_snapshots(), snapshot)
        return SnapshotReader(local.path / wanted) if wanted in ids else None
    if source != "direct" or snapshot != "latest":
        return acquire(workspace, source=source, snapshot=snapshot, emit=emit)
    if not ids or local.manifest(ids[-1]).fingerprint != structure_fingerprint(catalog):
        return None
    return SnapshotReader(local.path / ids[-1])


def measure(workspace: Workspace, wanted: Measures, reader: SnapshotReader, emit: Emit = ignore) -> Found:
    """The answers to ``wanted``, as far as the snapshot and earlier ones here have the columns; sorted by key."""
    emit(PartReached("evidence"))
    former = FormerSnapshots(workspace, reader)
    readings: Readings = {}
    for one in wanted.last:
        _enter(one, former.with_column(one.table, one.column, one.number, one.labels), readings)
    for one in wanted.now:
        _enter(one, reader, readings)
    compared = list(_samples(wanted.pairs, former, reader, readings))
    found: dict[Key, Evidence] = {}
    for (snapshot, table), reading in readings.items():
        found.update(_read(snapshot, table, reading, emit))
    for pairs, old, new in compared:
        shares = compare(old, new, [(pair.old.name, pair.new.name) for pair in pairs])
        found.update(
            {p.key: shares[p.old.name, p.new.name] for p in pairs if (p.old.name, p.new.name) in shares}
        )
    return {key: found[key] for key in sorted(found)}


def _enter(measure: Measure, reader: SnapshotReader | None, into: Readings) -> None:
    column = exported(reader, measure.table, measure.column) if reader else None
    if reader is not None and column is not None:
        reading = into.setdefault((reader, measure.table), _Reading())
        reading.tallies.append((measure.key, ColumnTally(question_of(measure, column))))


def exported(reader: SnapshotReader, table: str, name: str) -> Column | None:
    """The column as the snapshot has it, if its files hold values of it."""
    found = reader.snapshot.catalog.table(table)
    column = found.column(name) if found else None
    if column is None or reader.snapshot.data(table) is None:
        return None
    return column if name in reader.schema(table).names else None


def question_of(measure: Measure, column: Column) -> Question:
    """What is counted of ``column`` for a measure."""
    cast = cast_between(column.type, measure.expected) if measure.expected is not None else None
    return Question(column.name, column.type, "distinct" in measure.asks, cast, measure.labels)


def _samples(
    pairs: Iterable[Pair], former: FormerSnapshots, reader: SnapshotReader, into: Readings
) -> Iterator[Compared]:
    """Enters both sides of the pairs into what is read; gives the pairs with the two samples they end up in."""
    by_place: dict[tuple[SnapshotReader, str, str], list[Pair]] = {}
    for pair in pairs:
        before = former.with_column(pair.table, pair.old.name, pair.old.number)
        if before is not None:
            by_place.setdefault((before, pair.table, pair.table_now), []).append(pair)
    for (before, table, table_now), own in by_place.items():
        was, now = before.snapshot.catalog.table(table), reader.snapshot.catalog.table(table_now)
        if was is None or now is None or not _same_key(was, now):
            continue
        alike = [pair for pair in own if _comparable(pair, before, reader)]
        if alike:
            old = KeySample(_types(was, was.primary_key), _types(was, [pair.old.name for pair in alike]))
            new = KeySample(_types(now, now.primary_key), _types(now, [pair.new.name for pair in alike]))
            into.setdefault((before, table), _Reading()).samples.append(old)
            into.setdefault((reader, table_now), _Reading()).samples.append(new)
            yield alike, old, new


def _same_key(was: Table, now: Table) -> bool:
    """Whether a row of one can be found in the other: by a key of equal columns."""
    pairs = [(was.column(name), now.column(name)) for name in was.primary_key]
    same = all(one and other and comparable(one.type, other.type) for one, other in pairs)
    return bool(was.primary_key) and was.primary_key == now.primary_key and same


def _comparable(pair: Pair, before: SnapshotReader, now: SnapshotReader) -> bool:
    one = exported(before, pair.table, pair.old.name)
    other = exported(now, pair.table_now, pair.new.name)
    return one is not None and other is not None and comparable(one.type, other.type)


def _types(table: Table, names: Iterable[str]) -> dict[str, ColumnType]:
    return {name: column.type for name in names if (column := table.column(name)) is not None}


def _read(reader: SnapshotReader, table: str, reading: _Reading, emit: Emit) -> Found:
    if reading.only_nulls:
        return {key: _from_footers(reader, table, tally.question) for key, tally in reading.tallies}
    for batch in reader.batches(table, reading.columns):
        _add(batch, reading)
        emit(RowsDone("evidence", table, batch.num_rows))
    return {key: tally.evidence for key, tally in reading.tallies}


def _add(batch: pa.RecordBatch, reading: _Reading) -> None:
    for _, tally in reading.tallies:
        tally.add(batch.column(tally.question.column))
    for sample in reading.samples:
        sample.add(batch)


def _from_footers(reader: SnapshotReader, table: str, question: Question) -> Evidence:
    data = reader.snapshot.data(table)
    return Evidence(rows=data.rows if data else 0, nulls=reader.null_count(table, question.column))
