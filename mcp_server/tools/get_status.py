"""Where things stand: the first call of a session."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field

from bravo_agent.errors import BravoError, StoppedError
from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.usecases.doctor import Diagnosis, doctor
from bravo_agent.usecases.versions import list_versions
from bravo_agent.workspace import Workspace
from mcp_server._call import Call
from mcp_server._results import Foreign, ForeignLine, ForeignResult, Shown, shown_as
from mcp_server._tool import Tool
from mcp_server.consent import FLAGS

State = Literal["ready", "open", "blocked", "fault"]
_RUNNING = 50


class Part(Shown):
    """One thing that was looked at."""

    subject: str = Field(description="What was looked at.")
    mark: Literal["ok", "warning", "fault"] = Field(description="How it was found.")
    found: ForeignLine = Field(description="What was found.")
    hint: ForeignLine = Field(description="What to do about it; empty where nothing is to be done.")


class StatusResult(ForeignResult):
    """The project, its sides, and what this server may do."""

    status: State = Field(
        description="ready: nothing is open; open: changes wait for a decision; blocked: one of them blocks every "
        "run; fault: something that is needed is missing, see parts."
    )
    parts: tuple[Part, ...] = Field(description="Configuration, models, source, target and more, one by one.")
    changes: dict[str, int] = Field(description="Changes by state; empty where they could not be looked at.")
    current_version: Foreign | None = Field(description="The version that readers see, if any.")
    running: tuple[str, ...] = Field(description="Works under way in this server; see get_run.")
    allowed: tuple[str, ...] = Field(description="Flags that this server was started with.")
    not_allowed: tuple[str, ...] = Field(
        description="Flags it was started without: what they allow is refused."
    )


def get_status(call: Call) -> StatusResult:
    """Where things stand: faults of the setup, how many changes are open, the current version, what runs, and what
    this server is allowed to do. Reads only. Call it first.
    """
    diagnoses = doctor(call.workspace, emit=call.work.emit)
    state, changes, fault = _changes(call)
    running = tuple(work.id for work in call.desk.works.running())[:_RUNNING]
    allowed = call.desk.allowed
    return StatusResult(
        status=state,
        parts=tuple(shown_as(Part, one) for one in (*diagnoses, *fault)),
        changes=changes,
        current_version=_current(call.workspace),
        running=running,
        allowed=tuple(flag for need, flag in FLAGS.items() if allowed.takes(need)),
        not_allowed=tuple(flag for need, flag in FLAGS.items() if not allowed.takes(need)),
        next_steps=_next(state, bool(running)),
    )


def _changes(call: Call) -> tuple[State, dict[str, int], tuple[Diagnosis, ...]]:
    """The state, changes by state, and what stands in the way of looking."""
    try:
        found = call.found()
    except StoppedError:
        raise
    except BravoError as error:
        fault = Diagnosis("changes", "fault", f"[{error.code}] {error.message}", error.hint)
        return "fault", {}, (fault,)
    counts = dict(sorted(Counter(str(change.state) for change in found.changes).items()))
    ends = found.exit_code
    return "blocked" if ends == BLOCKED else "open" if ends else "ready", counts, ()


def _current(workspace: Workspace) -> str | None:
    try:
        return next((one.id for one in list_versions(workspace) if one.current), None)
    except BravoError:
        return None  # told by parts, as the target's fault


def _next(state: State, running: bool) -> tuple[str, ...]:
    steps = ["get_run: see how far the work under way is"] if running else []
    if state == "fault":
        steps.append("mend what parts marks as fault, as its hint says; a person sets environment variables")
    elif state == "ready":
        steps.append("make_plan: work out what a run would do")
    else:
        steps.append("list_changes with state=open: see what waits for a decision")
    return tuple(steps)


KIND = Tool(get_status, "Status")
