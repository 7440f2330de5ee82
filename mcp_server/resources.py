"""Resources: what the reading tools answer, under addresses that a client can pin; and what completes their ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import CapacityLimiter
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp_types import Completion, PromptReference, ResourceTemplateReference

from bravo_agent.errors import BravoError, UsageError
from bravo_agent.usecases.inspect_plan import known_plans
from mcp_server._call import Call, Desk
from mcp_server._errors import error_text
from mcp_server._results import Result, within_bounds
from mcp_server._threads import in_thread
from mcp_server._works import Work
from mcp_server.tools.get_change import get_change
from mcp_server.tools.get_plan import get_plan
from mcp_server.tools.get_run import get_run
from mcp_server.tools.get_status import get_status
from mcp_server.tools.list_changes import list_changes
from mcp_server.tools.list_snapshots import list_snapshots
from mcp_server.tools.list_versions import list_versions
from mcp_server.tools.preview_cascade import preview_cascade

JSON = "application/json"
_CONCRETE: tuple[tuple[str, str, str, Callable[[Call], Result]], ...] = (
    ("status", "Status", "Where things stand: setup, open changes, current version.", get_status),
    (
        "changes",
        "Open and answered changes",
        "What changed at the source that the models do not show, the first page.",
        list_changes,
    ),
    (
        "cascade",
        "Diff of the cascade",
        "The diff that all decided changes lead to, the first page.",
        preview_cascade,
    ),
    ("plan/current", "Latest plan", "The plan that was made last, read aloud.", get_plan),
    ("run/latest", "Latest run", "The work under way, or the latest run.", get_run),
    ("versions", "Versions", "The versions of the target database.", list_versions),
    ("snapshots", "Snapshots", "Snapshots here and in the shared place.", list_snapshots),
)
_UNKNOWN = ("change-unknown", "change-ambiguous", "plan-unknown", "plan-ambiguous", "run-unknown")
_SUGGESTED = 100
_SHORT = 12
_DIGITS = frozenset("0123456789abcdef")


def add_resources(server: MCPServer[Any], desk: Desk, threads: CapacityLimiter) -> None:
    """The concrete ones and the two templates."""

    async def read(answer: Callable[[Call], Result]) -> str:
        work = Work("", "resource")
        found = await in_thread(lambda: within_bounds(answer(desk.call(work))), work, threads)
        if isinstance(found, BravoError):
            kind = ResourceNotFoundError if found.code in _UNKNOWN else ResourceError
            raise kind(error_text(found))
        return found.model_dump_json(by_alias=True)

    for path, title, description, answer in _CONCRETE:
        server.resource(
            f"bravo://{path}",
            name=path.replace("/", "_"),
            title=title,
            description=description,
            mime_type=JSON,
        )(_reader(read, answer))

    @server.resource(
        "bravo://changes/{id}",
        name="change",
        title="One change",
        description="All about one change.",
        mime_type=JSON,
    )
    async def change(id: str) -> str:  # the name that the template gives it
        return await read(lambda call: get_change(call, _hexadecimal(id)))

    @server.resource(
        "bravo://plan/{id}",
        name="plan",
        title="One plan",
        description="One plan, read aloud.",
        mime_type=JSON,
    )
    async def plan(id: str) -> str:
        return await read(lambda call: get_plan(call, _hexadecimal(id)))


def _reader(read: Callable[[Callable[[Call], Result]], Any], answer: Callable[[Call], Result]) -> Any:
    async def reader() -> str:
        found: str = await read(answer)
        return found

    return reader


def _hexadecimal(text: str) -> str:
    """An id, or its beginning; anything else is none that this server gave out."""
    if not 8 <= len(text) <= 64 or not _DIGITS.issuperset(text):
        raise UsageError(
            "change-unknown",
            "this is no id of this server",
            hint="Ids are 8 to 64 of the digits 0-9 and a-f, as list_changes and make_plan give them.",
        )
    return text


def add_completions(server: MCPServer[Any], desk: Desk, threads: CapacityLimiter) -> None:
    """Ids for the templates and the prompts."""

    async def complete(ref: Any, argument: Any, context: Any) -> Completion | None:
        ids = _ids_for(ref, argument.name)
        if ids is None:
            return None
        work = Work("", "completion")
        found = await in_thread(lambda: ids(desk.call(work)), work, threads)
        # What cannot be looked at has nothing to suggest; the call itself will say why.
        known = () if isinstance(found, BravoError) else found
        matching = [one for one in known if one.startswith(argument.value)]
        return Completion(
            values=matching[:_SUGGESTED], total=len(matching), has_more=len(matching) > _SUGGESTED
        )

    register: Any = server.completion
    register()(complete)


def _ids_for(ref: Any, argument: str) -> Callable[[Call], tuple[str, ...]] | None:
    if isinstance(ref, ResourceTemplateReference):
        return {"bravo://changes/{id}": _changes, "bravo://plan/{id}": _plans}.get(ref.uri)
    if isinstance(ref, PromptReference) and argument == "change_id":
        return _changes
    return None


def _changes(call: Call) -> tuple[str, ...]:
    """Open ones first."""
    changes = sorted(call.found().changes, key=lambda one: one.state != "open")
    return tuple(change.id[:_SHORT] for change in changes)


def _plans(call: Call) -> tuple[str, ...]:
    return tuple(one[:_SHORT] for one in known_plans(call.workspace))
