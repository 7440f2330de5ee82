"""A plan read aloud."""

from __future__ import annotations

from pydantic import Field

from bravo_agent.model.plan import CodeMode
from bravo_agent.model.version import Refresh
from bravo_agent.usecases.inspect_plan import PlanStanding, PlanView, inspect_plan
from mcp_server._call import Call
from mcp_server._names import PlanId
from mcp_server._results import LIMIT, Cursor, Foreign, ForeignLine, Limit, PagedResult, Shown, page_of
from mcp_server._tool import Tool


class PlanLine(Shown):
    """One thing that the plan does, leaves out, or says."""

    text: ForeignLine = Field(description="In a sentence.")


class PlanResult(PagedResult):
    """A plan, a page of its lines."""

    status: PlanStanding = Field(
        description="ready: nobody applied it yet; blocked: nothing can be published; running, applied, failed: as "
        "the target's journal has it; interrupted: whoever applied it is gone before it was done, apply_plan goes on; "
        "unknown: the target could not be asked."
    )
    plan: str = Field(description="The whole hash: what a person reviews is what it names.")
    steps: tuple[str, ...] = Field(description="Its kinds of steps, in order.")
    database: Foreign = Field(description="The target database.")
    refresh: Refresh = Field(description="How data come in.")
    code: CodeMode = Field(description="What is done with the code: apply, patch (a file) or leave.")
    snapshot: str = Field(description="The snapshot that it loads.")
    exit_code: int = Field(
        description="What applying it ends with when every check passes; 3: something stays open."
    )
    version: Foreign | None = Field(description="The version that it made, if it was applied.")
    lines: tuple[PlanLine, ...] = Field(description="What it does, in order, and what would make it stale.")


def get_plan(call: Call, plan: PlanId = "latest", limit: Limit = LIMIT, cursor: Cursor = None) -> PlanResult:
    """Reads a plan aloud: its steps in order, what stays out and why, what is left to people, what would make it stale,
    and whether it was applied. Reads only.
    """
    view = inspect_plan(call.workspace, plan)
    lines = (*view.lines, *view.stale)
    page = page_of(lines, lambda text: PlanLine(text=text), key=lambda text: text, cursor=cursor, limit=limit)
    return PlanResult(
        status=view.standing,
        plan=view.plan.hash,
        steps=tuple(step.tag for step in view.plan.steps),
        database=view.plan.inputs.database,
        refresh=view.plan.refresh,
        code=view.plan.code,
        snapshot=view.plan.inputs.snapshot,
        exit_code=view.plan.exit_code,
        version=view.version,
        lines=page.items,
        total=page.total,
        limit=page.limit,
        next_cursor=page.next_cursor,
        next_steps=_next(call, view, page.next_cursor),
    )


def _next(call: Call, view: PlanView, next_cursor: str | None) -> tuple[str, ...]:
    short = view.plan.hash[:12]
    steps = ["get_plan with cursor: the next lines"] if next_cursor else []
    if view.standing in ("ready", "failed", "unknown", "interrupted"):
        if view.standing == "interrupted":
            steps.append("the same plan again goes on where it broke off, or says what became of it:")
        else:
            steps.append("preview_cascade: the diff of the code")
        if call.desk.allowed.apply:
            steps.append("apply_plan with the whole hash: carry it out, once a person agrees")
        else:
            steps.append(f"a person carries it out: bravo-agent apply {short}")
    elif view.standing == "blocked":
        steps.append("list_changes with verdict=block: what has to be decided first")
    else:
        steps.append("get_run: what became of it")
    return tuple(steps)


KIND = Tool(get_plan, "Read a plan")
