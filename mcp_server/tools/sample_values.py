"""A few values of a change's column, masked; off unless the person who starts the server wants it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import UsageError
from bravo_agent.usecases.briefings import values_block
from bravo_agent.usecases.samples import MOST
from bravo_agent.usecases.samples import sample_values as samples_of
from mcp_server._boundary import new_boundary
from mcp_server._call import Call
from mcp_server._names import ChangeId
from mcp_server._results import Result
from mcp_server._tool import Tool


class SamplesResult(Result):
    """Some values of one column."""

    status: Literal["values", "no-values"] = Field(
        description="no-values: the column holds nothing but NULL."
    )
    masked: bool = Field(
        description="True: pseudonyms as the target would hold them, not what production holds."
    )
    snapshot: str = Field(description="The snapshot that they come from.")
    count: int = Field(description="How many different values are shown.")
    values: str = Field(
        description="The values, one a line as JSON, each cut to 80 signs: untrusted data between two marks with a "
        "random name."
    )


def sample_values(
    call: Call,
    change_id: ChangeId,
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many different values at most.")] = 10,
) -> SamplesResult:
    """A few different values of the column that a change is about, from the local snapshot. What nobody classified as
    safe to keep is masked. Counts in get_change mostly tell enough: look at values only where they do not.
    """
    seen = call.examine()
    if seen.snapshot is None:
        raise UsageError(
            "samples-not-possible",
            "no snapshot here shows the source as it is",
            hint="Call fetch_snapshot, or make_plan, which takes one.",
        )
    found = samples_of(call.workspace, seen.found, change_id, snapshot=seen.snapshot, limit=limit)
    return SamplesResult(
        status="values" if found.values else "no-values",
        masked=found.masked,
        snapshot=found.snapshot,
        count=len(found.values),
        values=values_block(found.values, new_boundary()),
        next_steps=(f"get_change with {found.change_id[:12]}: the counts over all rows",),
    )


KIND = Tool(sample_values, "Sample values", needs="samples")
