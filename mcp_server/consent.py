"""Consent, first layer: what the person who starts this server lets it do at all. Nothing, unless told.

A tool that needs a flag which was not given is not offered: what is not in the list is not called by mistake, asked
for in a permission prompt, or talked into. Called all the same (from a list that a client kept), it is refused by
name of the flag. The further layers: the target guard (in the use cases that write), the client's own prompt
(`_tool`), the question to a person (`_asking`), and where nobody can be asked the command line that a person may run.
docs/consent.md tells them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.errors import RefusedError

Need = Literal["decisions", "apply", "samples"]
Consent = Literal["given", "declined", "cancelled", "unavailable", "not-asked"]
"""What a person said. Only ``given`` is a yes; ``unavailable``: the client cannot ask; ``not-asked``: there was nothing
to ask about."""

FLAGS: dict[Need, str] = {
    "decisions": "--allow-decisions",
    "apply": "--allow-apply",
    "samples": "--allow-samples",
}
"""What each need is called on the command line."""


@dataclass(frozen=True)
class Allowed:
    """What this server may do besides reading and planning."""

    decisions: bool = False
    apply: bool = False
    samples: bool = False

    def takes(self, need: Need | None) -> bool:
        """Whether a tool that needs this is offered."""
        return need is None or bool(getattr(self, need))

    def check(self, need: Need | None) -> None:
        """Raises ``RefusedError`` ``not-allowed`` naming the flag."""
        if need is not None and not self.takes(need):
            raise RefusedError(
                "not-allowed",
                f"this server was started without {FLAGS[need]}",
                hint=f"A person starts it with `bravo-agent mcp {FLAGS[need]}`, or runs the command themselves.",
            )
