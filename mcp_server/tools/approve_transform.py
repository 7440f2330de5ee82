"""A drafted function becomes a person's answer, bound by its hash."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import StaleError
from bravo_agent.model.change import Decision
from bravo_agent.usecases.decide import accept_proposal, find_change, find_proposal
from mcp_server._answers import accept_command
from mcp_server._call import Call
from mcp_server._names import ChangeId
from mcp_server._results import Foreign, ForeignResult
from mcp_server._tool import Tool

Sha256 = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="Of the code, as draft_transform gave it.")
]


class ApproveResult(ForeignResult):
    """What became of it."""

    status: Literal["approved", "needs_confirmation", "declined"] = Field(
        description="approved: it counts; needs_confirmation: nobody could be asked, a person runs the command; "
        "declined: a person said no, and the change stays undecided."
    )
    change_id: str = Field(description="The change's whole id.")
    sha256: str = Field(description="Of the code.")
    file: Foreign | None = Field(
        description="Where the code stands now, to be committed; null where it was not approved."
    )
    command: str | None = Field(description="What a person runs to approve it; null where it counts.")


def approve_transform(call: Call, change_id: ChangeId, sha256: Sha256) -> ApproveResult:
    """Makes a drafted function the accepted answer to its change: the person at the client is asked, who has read the
    code. Approving writes it into the application, never over uncommitted work, and binds it by its hash: every run
    ends where the file is another. The same call again changes nothing.
    """
    found = call.found()
    change = find_change(found, change_id)
    if standing := _approved(call, change.id, sha256):
        return _result(standing, sha256)
    _, proposal = find_proposal(call.workspace, found, change.id, sha256=sha256)
    if call.consent == "given":
        done = accept_proposal(call.workspace, found, change.id, via="elicitation", sha256=sha256)
        return _result(done, sha256)
    command = accept_command(proposal)
    if call.consent == "declined":
        step = "the person said no: leave the change open, and ask in the conversation what the code should do instead"
        return ApproveResult(
            status="declined",
            change_id=change.id,
            sha256=sha256,
            file=None,
            command=command,
            next_steps=(step,),
        )
    if call.consent == "not-asked":
        # Proposed and not approved, and yet there was nothing to ask: it has just changed under us.
        raise StaleError("proposal-changed", "the proposal changed meanwhile", hint="Call again.")
    steps = (f"a person reads .bravo/drafts/{sha256}.py, and runs the command",)
    return ApproveResult(
        status="needs_confirmation",
        change_id=change.id,
        sha256=sha256,
        file=None,
        command=command,
        next_steps=steps,
    )


def question(call: Call, change_id: str, sha256: str) -> str | None:
    """None where it is approved already; raises where it was not proposed."""
    found = call.found()
    change = find_change(found, change_id)
    if _approved(call, change.id, sha256):
        return None
    find_proposal(call.workspace, found, change.id, sha256=sha256)
    return "\n".join(
        [
            f"Approve a function that a model wrote as your answer to change {change_id}?",
            f"sha256 of its code: {sha256}",
            f"Read it first: .bravo/drafts/{sha256}.py",
            "It passed its checks on synthetic values. Once approved it is given every value of its column, without a "
            "sandbox.",
        ]
    )


def _approved(call: Call, change_id: str, sha256: str) -> Decision | None:
    standing = (
        one for one in call.workspace.decisions() if (one.change_id, one.status) == (change_id, "accepted")
    )
    return next((one for one in standing if dict(one.params).get("sha256") == sha256), None)


def _result(done: Decision, sha256: str) -> ApproveResult:
    module = dict(done.params)["function"].partition(":")[0]
    return ApproveResult(
        status="approved",
        change_id=done.change_id,
        sha256=sha256,
        file=f"{module.replace('.', '/')}.py",
        command=None,
        next_steps=(
            "a person commits the file with bravo.decisions.json",
            "preview_cascade: what the decided changes do to the code",
        ),
    )


KIND = Tool(
    approve_transform, "Approve a transformation", needs="decisions", reads=False, person=True, asks=question
)
