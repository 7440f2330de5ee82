"""What a run did: the summary a person, a CI log and an agent get."""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.model.change import Change
from bravo_agent.model.check import CheckResult
from bravo_agent.model.plan import ManualWork


@dataclass(frozen=True)
class TableReport:
    """One table's way: ``left_out`` are (column, reason)."""

    table: str
    collection: str
    rows: int
    documents: int
    quarantined: int
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CodeReport:
    """The cascade: files edited in place, or the patch file that holds them, and what is left to people.

    ``manifest`` is the file that lists every place that was found, with what is known of it and what became of it.
    """

    edited: tuple[str, ...] = ()
    patch_file: str | None = None
    not_clean: tuple[str, ...] = ()
    manual: tuple[ManualWork, ...] = ()
    manifest: str | None = None


@dataclass(frozen=True)
class Metrics:
    """What varies from run to run, kept apart from what was done. Seconds, bytes, rows per second."""

    run_id: str
    version: str | None
    snapshot: str
    started_at: str
    seconds: dict[str, float]
    peak_memory: int
    bytes_written: int
    rows_per_second: float


@dataclass(frozen=True)
class RunReport:
    """The whole result; ``exit_code`` as in the contract of the command line."""

    exit_code: int
    outcome: str
    database: str
    refresh: str
    plan_hash: str
    catalog_fingerprint: str
    changes: tuple[Change, ...]
    code: CodeReport
    tables: tuple[TableReport, ...]
    checks: tuple[CheckResult, ...]
    masked: tuple[str, ...]
    unclassified: tuple[str, ...]
    notes: tuple[str, ...]
    next_steps: tuple[str, ...]
    published: bool
    run: Metrics
