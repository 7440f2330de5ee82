"""The versions of the target database."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bravo_agent.model.version import Refresh, Version, VersionState
from bravo_agent.usecases.versions import list_versions as versions_of
from mcp_server._call import Call
from mcp_server._results import LIMIT, Cursor, Foreign, Limit, PagedResult, Shown, page_of, shown_as
from mcp_server._tool import Tool


class VersionLine(Shown):
    """One version."""

    id: Foreign = Field(description="What it is named by, as 2025-06-28-001.")
    current: bool = Field(description="True of the one that readers see.")
    state: VersionState = Field(description="published and retired ones can be gone back to.")
    refresh: Refresh = Field(description="How data came in.")
    snapshot: Foreign = Field(description="The snapshot that it was loaded from.")
    plan: Foreign = Field(description="The hash of the plan that made it.")
    documents: int = Field(description="Documents in all of its collections.")
    collections: int = Field(description="How many collections it has.")
    verified: bool = Field(description="Whether every check passed before it was published.")
    created_at: Foreign = Field(description="When it was begun.")
    created_by: Foreign = Field(description="By whom.")
    branch: Foreign | None = Field(description="The branch of the code, if any.")


class VersionsResult(PagedResult):
    """A page of versions, the newest first."""

    status: Literal["versions", "no-versions"] = Field(description="no-versions: nothing was published yet.")
    database: Foreign = Field(description="The database.")
    versions: tuple[VersionLine, ...] = Field(description="The versions of this page.")


def list_versions(call: Call, limit: Limit = LIMIT, cursor: Cursor = None) -> VersionsResult:
    """The versions of the target database, newest first: which one readers see, what each was made from, and which
    can be gone back to. Reads only.
    """
    found = versions_of(call.workspace)
    page = page_of(found, _line, key=lambda one: f"{one.id} {one.state}", cursor=cursor, limit=limit)
    return VersionsResult(
        status="versions" if found else "no-versions",
        database=call.workspace.config.target.database,
        versions=page.items,
        total=page.total,
        limit=page.limit,
        next_cursor=page.next_cursor,
        next_steps=_next(call, found, page.next_cursor),
    )


def _line(one: Version) -> VersionLine:
    documents = sum(collection.documents for collection in one.collections)
    return shown_as(
        VersionLine, one, plan=one.plan_hash, documents=documents, collections=len(one.collections)
    )


def _next(call: Call, found: tuple[Version, ...], next_cursor: str | None) -> tuple[str, ...]:
    steps = ["list_versions with cursor: the next page"] if next_cursor else []
    if not found:
        return (*steps, "make_plan: work out the first run")
    steps.append("validate_target: hold the current version against its snapshot")
    if call.desk.allowed.apply:
        steps.append("rollback_version: make an earlier version current again, once a person agrees")
    else:
        steps.append("a person goes back with: bravo-agent rollback --version ID")
    return tuple(steps)


KIND = Tool(list_versions, "List versions")
