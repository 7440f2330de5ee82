"""Keys of the rows that stand in the way of a change: shown to whoever asks, and written nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bravo_agent.config import Config
from bravo_agent.model.catalog import Table
from bravo_agent.model.change import Change
from bravo_agent.planning.measures import Measure, measures_of
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.evidence import Question, offending
from bravo_agent.types import printed_values
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.evidence import exported, question_of
from bravo_agent.workspace import Workspace

MOST_KEYS = 20


@dataclass(frozen=True)
class Offending:
    """The first keys in the snapshot's order, ``MOST_KEYS`` at most; ``note`` says why there are none to show."""

    keys: tuple[str, ...] = ()
    note: str | None = None


def offending_keys(
    workspace: Workspace, found: Detection, change: Change, reader: SnapshotReader
) -> Offending:
    """Keys of rows that do not fit what is expected, that hold a new label, or that are NULL, as the kind asks."""
    measure = _measure_of(found, change)
    table = reader.snapshot.catalog.table(measure.table) if measure else None
    column = exported(reader, measure.table, measure.column) if measure else None
    if measure is None or table is None or column is None:
        return Offending(note="nothing is measured row by row for this change")
    refusal = _refusal(table, change, workspace.config)
    if refusal is not None:
        return Offending(note=refusal)
    return Offending(tuple(_first(_keys(reader, table, question_of(measure, column)))))


def _measure_of(found: Detection, change: Change) -> Measure | None:
    renamed = [one for one in found.changes if one.kind == "table_renamed" and one.id != change.id]
    wanted = measures_of([replace(change, state="open"), *renamed], found.models, identity=True).now
    return next((one for one in wanted if one.key[0] == change.table), None)


def _refusal(table: Table, change: Change, config: Config) -> str | None:
    if not table.primary_key:
        return f"{table.key} has no primary key to name its rows by"
    names = [f"{key}.{name}" for key in (table.key, change.table) for name in table.primary_key]
    masked = sorted({name for name in names if config.privacy.columns.get(name) == "mask"})
    if masked:
        return f"keys are not shown: bravo.toml masks {', '.join(masked)}"
    return None


def _first(keys: Iterator[str]) -> Iterator[str]:
    for number, key in enumerate(keys):
        if number == MOST_KEYS:
            return
        yield key


def _keys(reader: SnapshotReader, table: Table, question: Question) -> Iterator[str]:
    names = tuple(dict.fromkeys([*table.primary_key, question.column]))
    for batch in reader.batches(table.key, names):
        rows = np.flatnonzero(offending(batch.column(question.column), question))[:MOST_KEYS]
        if len(rows):
            some = batch.take(rows)
            yield from _texts(table, [some.column(name) for name in table.primary_key])


def _texts(table: Table, arrays: Sequence[object]) -> Iterator[str]:
    types = [column.type for name in table.primary_key if (column := table.column(name)) is not None]
    parts = [printed_values(type_, array) for type_, array in zip(types, arrays, strict=True)]
    for row in zip(*parts, strict=True):
        yield ", ".join(f"{name}={value}" for name, value in zip(table.primary_key, row, strict=True))
