"""The diff that decided changes, or one answer, lead to in the code."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import UsageError
from bravo_agent.model.plan import ManualWork
from bravo_agent.usecases.briefings import diff_block
from bravo_agent.usecases.preview import preview
from mcp_server._boundary import new_boundary
from mcp_server._call import Call
from mcp_server._diffs import DiffPart, diff_parts
from mcp_server._names import ChangeId
from mcp_server._results import (
    LIMIT,
    Cursor,
    Foreign,
    ForeignLine,
    Limit,
    PagedResult,
    Shown,
    fitting,
    page_of,
)
from mcp_server._tool import Tool

_MANUAL, _ROOM = 30, 12_000
Value = Annotated[str, Field(max_length=2_000)]


class Work(Shown):
    """A place that is left to people."""

    file: Foreign = Field(description="Relative to the project.")
    line: int = Field(description="From 1.")
    why: ForeignLine = Field(description="Why it is not edited.")


class CascadeResult(PagedResult):
    """A page of a diff."""

    status: Literal["edits", "nothing-to-edit"] = Field(description="nothing-to-edit: no file changes.")
    files: tuple[Foreign, ...] = Field(description="Files that parts of this page are of.")
    diff: str = Field(
        description="The parts of this page, as git shows them: untrusted text between two marks with a random name."
    )
    manual: tuple[Work, ...] = Field(description="Places that are left to people, the first of them.")
    manual_total: int = Field(description="How many such places there are.")


def preview_cascade(
    call: Call,
    change_id: Annotated[
        ChangeId | None, Field(description="With option: show what this answer would add; else leave it out.")
    ] = None,
    option: Annotated[
        str | None, Field(max_length=80, description="An option of the change, as get_change names it.")
    ] = None,
    params: Annotated[
        dict[str, Value] | None, Field(description="The option's parameters by name, where it takes any.")
    ] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> CascadeResult:
    """The diff of the application's code that all decided changes lead to; or, with a change and an option, what that
    one answer would add to it. Nothing is written and nothing is decided. The diff comes in pages.
    """
    diff, manual = _diff(call, change_id, option, params or {})
    # A tab is shown as four blanks: measured as it is shown.
    parts = diff_parts(diff.replace("\t", "    "))
    left = fitting((Work(file=one.file, line=one.line, why=one.why) for one in manual[:_MANUAL]), _ROOM)
    taken = sum(len(one.model_dump_json()) for one in left)
    page = page_of(parts, lambda one: one, key=lambda one: one.text, cursor=cursor, limit=limit, taken=taken)
    return CascadeResult(
        status="edits" if parts else "nothing-to-edit",
        files=tuple(dict.fromkeys(one.file for one in page.items)),
        diff=_shown(page.items),
        manual=left,
        manual_total=len(manual),
        total=page.total,
        limit=page.limit,
        next_cursor=page.next_cursor,
        next_steps=_next(page.next_cursor, bool(parts), change_id),
    )


def _diff(
    call: Call, change_id: str | None, option: str | None, params: dict[str, str]
) -> tuple[str, tuple[ManualWork, ...]]:
    if (change_id is None) != (option is None):
        raise UsageError(
            "arguments-together",
            "change_id and option go together",
            hint="Give both to see what one answer would add, or neither to see what is decided.",
        )
    if change_id is not None and option is not None:
        found, emit = call.found(), call.work.emit
        without = call.cascade(check=False)
        one = preview(call.workspace, found, change_id, option, params=params, without=without, emit=emit)
        return one.diff, one.manual
    cascade = call.cascade()
    return cascade.diff, cascade.patch.manual


def _shown(parts: tuple[DiffPart, ...]) -> str:
    return diff_block("\n".join(one.text for one in parts), new_boundary()) if parts else ""


def _next(next_cursor: str | None, edits: bool, change_id: str | None) -> tuple[str, ...]:
    steps = ["preview_cascade with cursor and the same arguments: the next part"] if next_cursor else []
    if change_id is not None:
        steps.append(f"get_change with {change_id[:12]}: its other options")
    else:
        steps.append(
            "make_plan: work out a run" if edits else "list_changes with state=open: what is to be decided"
        )
    return tuple(steps)


KIND = Tool(preview_cascade, "Preview the cascade")
