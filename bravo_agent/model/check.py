"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["pre-transform", "post-transform", "post-load", "api"]


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: where, how often, never a value."""

    where: str
    message: str
    count: int = 1


@dataclass(frozen=True)
class CheckResult:
    """``passed`` is False with findings; ``examined`` says how much was looked at, so that 0 stands out."""

    check: str
    stage: Stage
    table: str | None
    passed: bool
    examined: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class LedgerEntry:
    """A row that could not become a document: its place in the snapshot and why, never its values."""

    table: str
    chunk: int
    row: int
    column: str
    reason: str
    key_hash: str
