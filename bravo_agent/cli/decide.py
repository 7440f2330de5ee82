"""``bravo-agent decide CHANGE_ID OPTION``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._interactive import Conversation, on_a_terminal
from bravo_agent.cli._propose import propose_answers
from bravo_agent.cli._records import (
    prune_records,
    record_document,
    record_lines,
    reject_record,
    show_records,
)
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, one_line
from bravo_agent.model.change import Change, Decision
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.held import held_text
from bravo_agent.usecases.decide import (
    accept_proposal,
    answered,
    find_change,
    list_decisions,
    record_decision,
)
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.examine import examine
from bravo_agent.workspace import DECISIONS, Workspace


@click.command("decide")
@click.argument("change_id", required=False)
@click.argument("option", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the option.")
@click.option("--why", "rationale", default="", help="The reason, kept with the decision.")
@click.option("--accept", is_flag=True, help="Accepts what a model proposed for the change.")
@click.option("--reject", is_flag=True, help="Removes what a model proposed for the change.")
@click.option(
    "--proposal", "read", metavar="HASH", help="With --accept or --reject: the proposal that you have read."
)
@click.option("--list", "listed", is_flag=True, help="Lists every record and how it stands.")
@click.option("--prune", is_flag=True, help="Removes the records whose change is not there any more.")
@click.option(
    "--decider", type=click.Choice(["claude"]), help="Lets the model propose answers to what is open."
)
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@common
def command(
    session: Session,
    change_id: str | None,
    option: str | None,
    params: tuple[str, ...],
    rationale: str,
    accept: bool,
    reject: bool,
    read: str | None,
    listed: bool,
    prune: bool,
    decider: str | None,
    source: str,
) -> int:
    """Records one answer in bravo.decisions.json; without arguments asks (terminal) or lists what is open."""
    _check_usage(change_id, option, (accept, reject, listed, prune))
    if read is not None and not (accept or reject):
        raise click.UsageError("--proposal goes with --accept or --reject")
    if decider and (option is not None or accept or reject or listed or prune):
        raise click.UsageError("--decider goes with at most a CHANGE_ID")
    workspace = session.workspace()

    def look() -> Detection:
        # Whoever answers anew must get past the answer that is not legal any more.
        return examine(workspace, source=source, stale="ask").found

    found = look()
    if decider:
        return propose_answers(session, workspace, found, change_id)
    if listed:
        return show_records(session, workspace, found)
    if prune:
        return prune_records(session, workspace, found)
    if change_id is not None and reject:
        return reject_record(session, workspace, found, change_id, rationale, read)
    if change_id is not None and accept:
        accepted = accept_proposal(workspace, found, change_id, rationale=rationale, read=read)
        return _tell(session, workspace, found, accepted)
    if change_id is None and not session.json and on_a_terminal():
        session.progress.stop()
        return Conversation(workspace, found, look).run().exit_code
    if change_id is None:
        return _list_open(session, found)
    if option is None:
        return _show(session, workspace, found, find_change(found, change_id))
    given = dict(_pair(text) for text in params)
    recorded = record_decision(workspace, found, change_id, option, params=given, rationale=rationale)
    return _tell(session, workspace, found, recorded)


def _check_usage(change_id: str | None, option: str | None, flags: tuple[bool, ...]) -> None:
    accept, reject, listed, prune = flags
    if sum(flags) > 1 or (option is not None and any(flags)) or (change_id is not None and (listed or prune)):
        raise click.UsageError("give an OPTION, or one of --accept, --reject, --list, --prune")
    if change_id is None and (accept or reject):
        raise click.UsageError("--accept and --reject need the CHANGE_ID")


def _list_open(session: Session, found: Detection) -> int:
    asked = [change for change in found.changes if change.state == "open"]
    text = changes_text(asked) if asked else "nothing is open"
    session.result({"open": [change.id for change in asked]}, text)
    return found.exit_code


def _show(session: Session, workspace: Workspace, found: Detection, change: Change) -> int:
    """The change, and what is recorded of it: nobody accepts what they were not shown."""
    records = [one for one in list_decisions(workspace, found) if one.decision.change_id == change.id]
    lines = [line for one in records for line in record_lines(one)]
    document = {
        "open": [change.id] if change.state == "open" else [],
        "records": [record_document(one) for one in records],
    }
    session.result(document, changes_text([change]) + (f"\n{lines_text(lines)}" if lines else ""))
    return exit_code([change])


def _tell(session: Session, workspace: Workspace, found: Detection, decision: Decision) -> int:
    """What was recorded, and what holds it: an answer alone takes no use out of the code."""
    place = f"{decision.table}.{decision.field}" if decision.field else decision.table
    change = answered(workspace, found, decision)
    held = held_text(change) if change else ""
    follows = f"blocked: {held}" if held else "next: bravo-agent run"
    params = "".join(f", {name} = {value}" for name, value in decision.params)
    text = f"{place}: {decision.option}{params}, recorded in {DECISIONS}; {follows}"
    uses = wire.plain(change.held_by) if change else []
    session.result({**wire.plain(decision), "held_by": uses}, one_line(text))
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise click.UsageError(f"--param takes NAME=VALUE, not {text!r}")
    return name, value
