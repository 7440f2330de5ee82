"""``bravo-agent doctor``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.usecases.doctor import doctor


@click.command("doctor")
@common
def command(session: Session) -> int:
    """Checks configuration, connections, rights and versions; says what to do about each fault."""
    found = doctor(session.workspace())
    lines = []
    for one in found:
        lines.append(f"{one.mark:8} {one.subject}: {one.found}")
        if one.hint:
            lines.append(f"         what to do: {one.hint}")
    session.result([wire.plain(one) for one in found], lines_text(lines))
    return 1 if any(one.mark == "fault" for one in found) else 0
