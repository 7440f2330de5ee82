"""A kept version becomes the current one again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.usecases.versions import current_version, refuse_other, rollback
from mcp_server._call import Call
from mcp_server._results import Foreign, Result
from mcp_server._tool import Tool

VersionId = Annotated[
    str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{3,6}$", description="As list_versions names it.")
]


class RollbackResult(Result):
    """Which version readers see."""

    status: Literal["rolled_back", "already_current", "needs_confirmation", "declined"] = Field(
        description="rolled_back: readers see the version; already_current: they did before, nothing was done; "
        "needs_confirmation: nobody could be asked, a person runs the command; declined: a person said no."
    )
    version: str = Field(description="The version that was asked for.")
    before: Foreign | None = Field(
        description="The version that readers saw before; null where nothing was done."
    )
    command: str | None = Field(description="What a person runs; null where nothing is to be confirmed.")


def rollback_version(call: Call, version: VersionId, current: VersionId) -> RollbackResult:
    """Makes a kept version of the configured database current again, at once for all its collections. `current` is the
    version that is current now; where another is by then, nothing is done. The person at the client is asked first. The
    code is not touched: models that fit the version again are in the project's history. The same call again changes
    nothing.
    """
    now = current_version(call.workspace, back_to=version)
    if now == version:
        return _told("already_current", version, steps=("list_versions: see all of them",))
    refuse_other(now, current)
    if call.consent != "given":
        return _not_confirmed(call, version)
    done = rollback(call.workspace, version=version, current=current, emit=call.work.emit)
    if done.before == version:
        return _told("already_current", version, steps=("list_versions: see all of them",))
    steps = (
        "validate_target: hold what readers see now against its snapshot",
        "list_versions: see all of them",
    )
    return _told("rolled_back", version, before=done.before, steps=steps)


def question(call: Call, version: str, current: str) -> str | None:
    """None where readers see that version already, or another than the one to be left; raises where it is not kept."""
    if current_version(call.workspace, back_to=version) != current or version == current:
        return None
    return "\n".join(
        [
            f"Go back from version {current} to version {version}?",
            "Readers of the configured database see the older data at once. Code is not touched.",
            "To look at both: bravo-agent versions",
        ]
    )


def _not_confirmed(call: Call, version: str) -> RollbackResult:
    command = f"bravo-agent rollback --version {version}"
    if call.consent == "declined":
        step = "the person said no: leave the version as it is"
        return _told("declined", version, command=command, steps=(step,))
    why = (
        "this client cannot ask a person" if call.consent == "unavailable" else "nobody answered the question"
    )
    return _told("needs_confirmation", version, command=command, steps=(f"{why}: a person runs the command",))


def _told(
    status: Literal["rolled_back", "already_current", "needs_confirmation", "declined"],
    version: str,
    *,
    before: str | None = None,
    command: str | None = None,
    steps: tuple[str, ...],
) -> RollbackResult:
    return RollbackResult(status=status, version=version, before=before, command=command, next_steps=steps)


KIND = Tool(
    rollback_version,
    "Roll back",
    needs="apply",
    reads=False,
    destroys=True,
    person=True,
    long=True,
    alone=True,
    asks=question,
)
