"""What is published, held against the snapshot that it was loaded from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bravo_agent.model.check import CheckResult
from bravo_agent.usecases.validate import validate
from mcp_server._call import Call
from mcp_server._results import Foreign, ForeignLine, ForeignResult, Shown, fitting
from mcp_server._tool import Tool

_ROOM = 30_000


class CheckLine(Shown):
    """One kind of check, over all tables."""

    check: str = Field(description="The check's name.")
    passed: int = Field(description="Tables that passed it.")
    failed: int = Field(description="Tables that did not.")
    examined: int = Field(description="How much was looked at: rows, documents or indexes.")


class Fault(Shown):
    """One thing that does not hold."""

    check: str = Field(description="The check.")
    table: Foreign | None = Field(description="The table, if one is meant.")
    message: ForeignLine = Field(description="What does not hold, and where; never a value.")
    count: int = Field(description="How often.")


class ValidationResult(ForeignResult):
    """Every check on what readers see now."""

    status: Literal["valid", "faults"] = Field(description="faults: at least one check did not pass.")
    checks: tuple[CheckLine, ...] = Field(description="Counts by check.")
    faults: tuple[Fault, ...] = Field(description="What does not hold, the first of them.")
    faults_total: int = Field(description="How many there are.")


def validate_target(call: Call) -> ValidationResult:
    """Holds what readers see now against the snapshot that it was loaded from, with every check: counts, checksums,
    samples, nulls, indexes, validators. Reads only; on a big database it takes minutes. Shows progress and can be
    cancelled.
    """
    return _result(validate(call.workspace, emit=call.work.emit))


def _result(results: tuple[CheckResult, ...]) -> ValidationResult:
    faults = [
        Fault(check=one.check, table=one.table, message=f"{found.where}: {found.message}", count=found.count)
        for one in results
        if not one.passed
        for found in one.findings
    ]
    failed = any(not one.passed for one in results)
    shown = fitting(faults, _ROOM)
    rest = "faults holds the first of them: a person sees all with bravo-agent validate"
    return ValidationResult(
        status="faults" if failed else "valid",
        checks=tuple(_line(name, results) for name in sorted({one.check for one in results})),
        faults=shown,
        faults_total=len(faults),
        next_steps=(
            (
                "list_versions: an earlier version that a person may go back to",
                "make_plan: load it anew",
                *([rest] if len(shown) < len(faults) else []),
            )
            if failed
            else ("get_status: where things stand",)
        ),
    )


def _line(name: str, results: tuple[CheckResult, ...]) -> CheckLine:
    own = [one for one in results if one.check == name]
    passed = sum(one.passed for one in own)
    return CheckLine(
        check=name, passed=passed, failed=len(own) - passed, examined=sum(one.examined for one in own)
    )


KIND = Tool(validate_target, "Validate the target", long=True)
