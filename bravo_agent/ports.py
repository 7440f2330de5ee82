"""The Protocols of the outside systems and of the kinds, as the use cases see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from bravo_agent.events import Emit
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.check import Finding, LedgerEntry, Stage
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.snapshot import Snapshot


class SnapshotStore(Protocol):
    """A place where snapshots are kept: a folder or a prefix of an S3 bucket."""

    def create(self) -> None:
        """Makes the place itself (the folder, the bucket), if it is not there."""
        ...

    def ids(self) -> tuple[str, ...]:
        """Ids of the complete snapshots, oldest first (an upload without its manifest is not one)."""
        ...

    def manifest(self, snapshot_id: str) -> Snapshot:
        """The manifest; raises ``UsageError`` ``snapshot-unknown``."""
        ...

    def download(self, snapshot_id: str, into: Path, emit: Emit) -> Path:
        """The folder below ``into`` with every file verified by checksum; raises ``snapshot-corrupt``."""
        ...

    def upload(self, folder: Path, emit: Emit) -> Snapshot:
        """Puts a local snapshot there, its manifest last; goes on where an earlier upload stopped."""
        ...

    def remove(self, snapshot_id: str) -> None:
        """Removes one snapshot, its manifest first."""
        ...


class Source(Protocol):
    """The production database, read only."""

    def catalog(self) -> Catalog:
        """The structure of the configured schemas."""
        ...

    def export(
        self, into: Path, *, snapshot_id: str, created_at: str, created_by: str, emit: Emit
    ) -> Snapshot:
        """Writes a consistent snapshot to ``into/snapshot_id``; every table of one PostgreSQL snapshot."""
        ...


@dataclass(frozen=True)
class RuleContext:
    """What a rule may know besides its column.

    ``arrow_type`` is the column's type in snapshots; ``values`` turns an array into Python values as the
    standard rule would store them.
    """

    table: str
    project: Path
    mask_key: bytes | None
    arrow_type: pa.DataType
    values: Callable[[ColumnType, pa.Array], Iterator[Any]]


@dataclass(frozen=True)
class CompiledRule:
    """``apply`` maps an array of the column to an array of ``type``, same length, nothing else touched.

    ``refused``: rows of the same array that have no such value, with the reason for the conversion ledger.
    """

    type: ColumnType
    apply: Callable[[pa.Array], pa.Array]
    refused: Callable[[pa.Array], Mapping[int, str]] | None = None


class RuleKind(Protocol):
    """One way from a column to a field: a file of rules/."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """Looks at the column once; raises ``UsageError`` where the rule is not for it."""
        ...


@dataclass(frozen=True)
class Checksum:
    """Order-independent: rows counted, and their hashes summed modulo 2**64; ``+`` joins those of two chunks."""

    count: int = 0
    sum: int = 0

    def __add__(self, other: Checksum) -> Checksum:
        return Checksum(self.count + other.count, (self.sum + other.sum) % 2**64)


class CheckContext(Protocol):
    """One collection that was loaded, held beside the table it came from. Everything is read when asked."""

    @property
    def mapping(self) -> EntityMapping:
        """What was loaded, and how."""
        ...

    @property
    def table(self) -> Table:
        """The table's structure in the snapshot."""
        ...

    def manifest_rows(self) -> int:
        """count(*) in the snapshot, as its manifest says."""
        ...

    def stored_rows(self) -> int:
        """Rows that are really in the snapshot's files."""
        ...

    def nulls(self, column: str) -> int:
        """NULLs of a column in the snapshot's files."""
        ...

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Rows that could not become documents."""
        ...

    def documents(self) -> int:
        """Documents in the collection that came from production."""
        ...

    def source_checksums(self) -> Mapping[str, Checksum]:
        """By document key, over what the snapshot's rows became."""
        ...

    def target_checksums(self) -> Mapping[str, Checksum]:
        """By document key, over what MongoDB gives back."""
        ...

    def violations(self) -> tuple[int, int]:
        """Documents looked at, and those that the collection's validator refuses."""
        ...

    def samples(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """Rows compared value by value by the slow exact way, and (document key, rows that differ)."""
        ...

    def indexes(self) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
        """Indexes wanted and indexes there, as tuples of document keys."""
        ...


class CheckKind(Protocol):
    """One validation: a file of checks/."""

    stage: Stage

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """How much was examined, and what does not hold."""
        ...
