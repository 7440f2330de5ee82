"""``bravo-agent decide CHANGE_ID OPTION``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._interactive import Conversation, on_a_terminal
from bravo_agent.cli._session import Session, common
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect, source_catalog
from bravo_agent.workspace import DECISIONS


@click.command("decide")
@click.argument("change_id", required=False)
@click.argument("option", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the option.")
@click.option("--why", "rationale", default="", help="The reason, kept with the decision.")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@common
def command(
    session: Session,
    change_id: str | None,
    option: str | None,
    params: tuple[str, ...],
    rationale: str,
    source: str,
) -> int:
    """Records one answer in bravo.decisions.json; without arguments asks (terminal) or lists what is open."""
    workspace = session.workspace()
    # Whoever answers anew must get past the answer that is not legal any more.
    catalog = source_catalog(workspace, source)
    found = detect(workspace, catalog, stale="ask")
    if change_id is None and not session.json and on_a_terminal():
        session.progress.stop()
        return Conversation(workspace, found, lambda: detect(workspace, catalog, stale="ask")).run().exit_code
    if change_id is None or option is None:
        asked = [change for change in found.changes if change.state == "open"]
        session.result(
            {"open": [change.id for change in asked]}, changes_text(asked) if asked else "nothing is open"
        )
        return found.exit_code
    given = dict(_pair(text) for text in params)
    decision = record_decision(workspace, found, change_id, option, params=given, rationale=rationale)
    place = f"{decision.table}.{decision.field}" if decision.field else decision.table
    text = f"{place}: {decision.option}, recorded in {DECISIONS}; next: bravo-agent run"
    session.result(wire.plain(decision), text)
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise click.UsageError(f"--param takes NAME=VALUE, not {text!r}")
    return name, value
