"""KINDS: one file per validation; each holds what was loaded against where it came from."""

from __future__ import annotations

from functools import cache

from bravo_agent.model.check import CheckResult
from bravo_agent.ports import CheckContext, CheckKind
from bravo_agent.registry import shelf


@cache
def kinds() -> dict[str, CheckKind]:
    """The checks, by name."""
    return shelf(__name__)


def run_checks(context: CheckContext, stages: frozenset[str]) -> tuple[CheckResult, ...]:
    """The result of every check of ``stages`` on one collection, in the checks' order."""
    results = []
    for name, kind in kinds().items():
        if kind.stage in stages:
            examined, findings = kind.check(context)
            table = context.mapping.table
            results.append(CheckResult(name, kind.stage, table, not findings, examined, findings))
    return tuple(results)
