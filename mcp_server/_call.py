"""What a tool is given: the project as it is now, and what this server shares between calls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import anyio

from bravo_agent.config import read_config
from bravo_agent.usecases.cascade import Cascade
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.examine import Examination
from bravo_agent.workspace import Workspace
from mcp_server._looks import Looks
from mcp_server._works import Work, Works
from mcp_server.consent import Allowed, Consent


@dataclass(frozen=True)
class Desk:
    """One server's state, shared by its calls; ``base`` is the workspace that it was started with."""

    base: Workspace
    allowed: Allowed = field(default_factory=Allowed)
    source: str = "direct"
    """``direct`` or ``s3``: where production is looked at. The person who starts the server says so, no call does."""
    looks: Looks = field(init=False)
    works: Works = field(default_factory=Works)
    writing: anyio.Lock = field(default_factory=anyio.Lock)
    """Held by the one call that changes the target."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "looks", Looks(self.source))

    def workspace(self) -> Workspace:
        """With bravo.toml as it is now: a server lives longer than a command."""
        return replace(self.base, config=read_config(self.base.project))

    def call(self, work: Work, consent: Consent = "not-asked", client: str | None = None) -> Call:
        """A call's view of it; raises ``UsageError`` where bravo.toml is missing or wrong."""
        return Call(self, self.workspace(), work, consent, client)


@dataclass(frozen=True)
class Call:
    """One call: hand ``work.emit`` to the use case, so that it shows progress and can be stopped.

    ``consent``: what a person said to the tool's question. ``client``: the name that the client gives of itself.
    """

    desk: Desk
    workspace: Workspace
    work: Work
    consent: Consent = "not-asked"
    client: str | None = None

    def examine(self) -> Examination:
        """What detection finds now, with the evidence at hand; stale answers are open questions in it."""
        return self.desk.looks.look(self.workspace, self.work)

    def found(self) -> Detection:
        """The detection of it."""
        return self.examine().found

    def cascade(self, *, check: bool = True) -> Cascade:
        """What the decided changes do to the code; ``check``: with the project's own type checkers."""
        return self.desk.looks.cascade(self.workspace, self.work, check=check)
