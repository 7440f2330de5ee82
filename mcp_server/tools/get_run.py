"""How far a run is, or what became of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bravo_agent.errors import BravoError, UsageError
from bravo_agent.usecases.runs import PastRun, list_runs
from mcp_server._call import Call
from mcp_server._names import RunId
from mcp_server._results import Foreign, ForeignResult, Shown, fitting, shown_as
from mcp_server._tool import Tool
from mcp_server._works import Work

_MOST, _ROOM = 50, 8_000


class Progress(Shown):
    """How far work in this server is."""

    id: str = Field(description="What cancel_run names it by.")
    tool: str = Field(description="The tool that was called.")
    state: str = Field(description="waiting (for another call), running, done, failed or cancelled.")
    stage: str = Field(description="The stage it is in, or ended in.")
    rows: int = Field(description="Rows of that stage that are done.")
    tables: int = Field(description="Tables of that stage that are done.")
    error: str | None = Field(description="The code of what went wrong, if anything.")


class CheckCount(Shown):
    """One check of a run."""

    check: Foreign = Field(description="The check's name.")
    passed: int = Field(description="How often it passed.")
    failed: int = Field(description="How often it did not.")


class RunLine(Shown):
    """One run as the audit trail of the target has it."""

    run: Foreign = Field(description="Its id.")
    what: Foreign = Field(description="run or rollback.")
    outcome: Foreign = Field(
        description="published, published-review, failed-checks, blocked, failed or done."
    )
    exit_code: int | None = Field(description="As the command would have ended.")
    error: Foreign | None = Field(description="The code of what went wrong, if anything.")
    who: Foreign = Field(description="Who ran it.")
    started_at: Foreign = Field(description="When it began.")
    finished_at: Foreign = Field(description="When it ended.")
    version: Foreign | None = Field(description="The version that it made, or went back to.")
    snapshot: Foreign | None = Field(description="The snapshot that it loaded.")
    plan: Foreign | None = Field(description="The hash of its plan.")
    checks: tuple[CheckCount, ...] = Field(description="How its checks ended.")
    seconds: dict[Foreign, float] = Field(description="Seconds by stage.")
    rows_per_second: float | None = Field(description="How fast it loaded.")


class RunResult(ForeignResult):
    """One run, and the ids of others."""

    status: Literal["running", "finished", "no-runs"] = Field(
        description="running: it is under way in this server; finished: it ended; no-runs: there is none."
    )
    work: Progress | None = Field(
        description="Work in this server, where that was asked for or is under way."
    )
    run: RunLine | None = Field(description="A run that the target's audit trail knows.")
    runs: tuple[Foreign, ...] = Field(description="Ids of the last runs, newest first.")


def get_run(call: Call, run_id: RunId = None) -> RunResult:
    """How far the work under way is, or what became of a run: outcome, checks, seconds, version. Without an id the
    work that is under way in this server, else the latest run. Reads only.
    """
    works = call.desk.works
    work = works.find(run_id) if run_id else next(iter(works.running()), None)
    if work is not None and run_id:
        return _result(work, None, ())
    past = _past(call, needed=work is None)
    if run_id is None:
        return _result(work, past[0] if past and work is None else None, past)
    found = next((one for one in past if one.run == run_id), None)
    if found is None:
        raise UsageError(
            "run-unknown",
            "neither this server nor the target's audit trail knows that run",
            hint="get_run without an id lists the last ones.",
        )
    return _result(None, found, past)


def _past(call: Call, *, needed: bool) -> tuple[PastRun, ...]:
    try:
        return list_runs(call.workspace, limit=_MOST)
    except BravoError:
        if needed:
            raise
        return ()


def _result(work: Work | None, run: PastRun | None, past: tuple[PastRun, ...]) -> RunResult:
    running = work is not None and not work.ended
    return RunResult(
        status="running" if running else "finished" if work or run else "no-runs",
        work=shown_as(Progress, work) if work else None,
        run=_line(run) if run else None,
        runs=fitting((one.run for one in past), _ROOM),
        next_steps=_next(work if running else None, run),
    )


def _line(run: PastRun) -> RunLine:
    checks = (CheckCount(check=name, passed=good, failed=bad) for name, good, bad in run.checks)
    return shown_as(RunLine, run, checks=fitting(checks, _ROOM), seconds=dict(run.seconds[:_MOST]))


def _next(work: Work | None, run: PastRun | None) -> tuple[str, ...]:
    if work is not None:
        return (
            f"get_run with {work.id}: look again",
            f"cancel_run with {work.id}: stop it at the next chunk",
        )
    if run is None:
        return ("make_plan: work out a run",)
    if run.outcome in ("published", "done"):
        return ("validate_target: hold it against its snapshot", "list_versions: what can be gone back to")
    return ("list_changes with state=open: what waits for a decision", "get_status: where things stand")


KIND = Tool(get_run, "Get a run", at_once=True)
