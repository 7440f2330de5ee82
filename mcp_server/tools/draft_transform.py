"""Code for the answer ``custom``: checked, kept under its hash, and proposed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.model.proposal import Draft
from bravo_agent.planning.untrusted import visible
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.draft import draft
from mcp_server._answers import accept_command
from mcp_server._call import Call
from mcp_server._names import ChangeId
from mcp_server._results import Foreign, ForeignLine, ForeignResult, fitting
from mcp_server._tool import Tool

_CODE = 8_000
_REASON = 600
_ROOM = 15_000


class DraftResult(ForeignResult):
    """What the checks made of the code."""

    status: Literal["proposed", "approved", "refused"] = Field(
        description="proposed: it passed and waits for a person; approved: this very code counts already; refused: "
        "see faults."
    )
    change_id: str = Field(description="The change that it answers.")
    sha256: str | None = Field(
        description="Binds the code; give it to approve_transform. Null where it was refused."
    )
    draft: str | None = Field(description="The file that a person reads. Null where the code was refused.")
    file: Foreign = Field(description="Where approving writes it, relative to the project.")
    faults: tuple[ForeignLine, ...] = Field(description="Why it was refused, by line or by synthetic value.")
    trials: int = Field(description="Synthetic values that it was run on, twice, in a sandbox.")
    isolation: str = Field(
        description="namespaces: without a network; process: the network was forbidden by an audit hook alone."
    )
    notes: tuple[ForeignLine, ...] = Field(description="What else is worth knowing.")


def draft_transform(
    call: Call,
    change_id: ChangeId,
    code: Annotated[
        str,
        Field(
            min_length=1,
            max_length=_CODE,
            description="One Python module with def transform(value), which makes the field's value from the column's.",
        ),
    ],
    rationale: Annotated[
        str, Field(max_length=_REASON, description="What it does and why, in a sentence or two.")
    ] = "",
) -> DraftResult:
    """Checks a function for a change's answer `custom`: against an allow-list of syntax, imports and methods, then on
    synthetic values in a sandbox. What passes is kept under its hash and recorded as a proposal; nothing of it runs on
    a row before a person approves it. Imports: datetime, decimal, json, math, re, string, unicodedata, uuid, BSON's
    value types. The value may be None, and must be one that the field takes. It must be deterministic.
    """
    found = call.found()
    made = draft(call.workspace, found, change_id, code=code, emit=call.work.emit)
    if made.faults:
        return _result(made, "refused", ("mend what faults says, and draft it again",))
    params = {"function": made.function, "sha256": made.sha256}
    standing = (one for one in call.workspace.decisions() if one.change_id == made.change_id)
    if any(one.status == "accepted" and dict(one.params) == params for one in standing):
        return _result(made, "approved", ("preview_cascade: what the decided changes do to the code",))
    proposal = record_decision(
        call.workspace,
        found,
        made.change_id,
        "custom",
        params=params,
        rationale=visible(rationale, _REASON),
        via="mcp",
        decided_by="model",
        model=call.client,
        status="proposed",
    )
    steps = (
        f"approve_transform with change_id={made.change_id} and sha256: a person is asked, who has read the code",
        f"or a person reads it and runs: {accept_command(proposal)}",
    )
    return _result(made, "proposed", steps)


def _result(
    made: Draft, status: Literal["proposed", "approved", "refused"], steps: tuple[str, ...]
) -> DraftResult:
    passed = status != "refused"
    return DraftResult(
        status=status,
        change_id=made.change_id,
        sha256=made.sha256 if passed else None,
        draft=f".bravo/drafts/{made.sha256}.py" if passed else None,
        file=made.file,
        faults=fitting(made.faults, _ROOM),
        trials=made.trials,
        isolation=made.isolation,
        notes=fitting(made.notes, _ROOM),
        next_steps=steps,
    )


KIND = Tool(draft_transform, "Draft a transformation", needs="decisions", reads=False)
