"""A few values of a change's column, for whoever asked: masked unless somebody classified the column as keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Altered, Change, Fact
from bravo_agent.model.mapping import ColumnMapping
from bravo_agent.planning.privacy import MASKED, PLAIN, rule_for
from bravo_agent.planning.untrusted import visible
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.transform import compile_column
from bravo_agent.types import printed_values
from bravo_agent.usecases.decide import find_change
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.evidence import exported
from bravo_agent.usecases.load import surroundings
from bravo_agent.workspace import Workspace

MOST = 20
LONGEST = 80


@dataclass(frozen=True)
class Samples:
    """Different values in the order of ``snapshot``, each cut to ``LONGEST`` signs.

    ``masked``: as the target would have them.
    """

    change_id: str
    snapshot: str
    masked: bool
    values: tuple[str, ...]


def sample_values(
    workspace: Workspace, found: Detection, change_id: str, *, snapshot: str, limit: int = 10
) -> Samples:
    """At most ``limit`` values of the column as it is now, from the local ``snapshot``; NULLs are left out.

    What nobody classified is masked, keys too. Raises ``UsageError`` ``samples-not-possible``, ``mask-key-missing``.
    """
    change = find_change(found, change_id)
    reader = SnapshotReader(workspace.snapshots().path / snapshot)
    column = next((one for one in map(_now, change.facts) if one is not None), None)
    there = exported(reader, change.table, column.name) if column else None
    if there is None:
        raise UsageError(
            "samples-not-possible",
            f"the snapshot holds no values for {change.kind} of {change.table}",
            hint="Values are there of a column that the snapshot has: for a new, changed or renamed one.",
            where=change.id[:12],
        )
    masked = rule_for(change.table, there.name, workspace.config, is_key=False) == MASKED
    values = _values(workspace, reader, change, there, masked=masked)
    return Samples(change.id, snapshot, masked, _first(values, min(limit, MOST)))


def _now(fact: Fact) -> Column | None:
    if isinstance(fact, Altered):
        return fact.new
    return fact.column if isinstance(fact, Added) else None


def _values(
    workspace: Workspace, reader: SnapshotReader, change: Change, column: Column, *, masked: bool
) -> Iterator[str]:
    mapping = ColumnMapping(column.name, column.name, None, MASKED[0] if masked else PLAIN[0])
    shown = compile_column(change.table, column, mapping, surroundings(workspace)).apply if masked else None
    for batch in reader.batches(change.table, (column.name,)):
        array = batch.column(0).drop_null()[: MOST * 50]
        printed = printed_values(column.type, shown(array) if shown else array)
        yield from (value for value in printed if value is not None)


def _first(values: Iterator[str], limit: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        found[visible(value, LONGEST)] = None
        if len(found) == limit:
            break
    return tuple(found)
