"""``decide --decider claude``: a model's proposals as text."""

from __future__ import annotations

from bravo_agent import wire
from bravo_agent.cli._session import Session
from bravo_agent.cli._tables import table
from bravo_agent.model.proposal import Cost, Proposal, Proposals
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.propose import propose
from bravo_agent.workspace import DECISIONS, Workspace

WAITS = 3


def propose_answers(session: Session, workspace: Workspace, found: Detection, change_id: str | None) -> int:
    """Asks the model; 3 (or 4, where something blocks) while anything is open, as a proposal decides nothing."""
    made = propose(workspace, found, change_id=change_id, emit=session.progress)
    session.result(wire.plain(made), proposals_text(made))
    return max(WAITS, found.exit_code) if made.proposals else found.exit_code


def proposals_text(made: Proposals) -> str:
    """A table of what was proposed, what was not and why, and what it cost; names and texts escaped."""
    if not made.proposals:
        return "nothing is open that a model could answer"
    answered = [one for one in made.proposals if one.option]
    heads = ("change", "what", "proposal", "sure", "cost", "why")
    lines = [table(heads, [_row(one) for one in made.proposals])]
    lines.append(
        f"\n{len(answered)} of {len(made.proposals)} proposed by {made.model}; {cost_text(made.cost)}"
    )
    if answered:
        lines.append(f"they wait in {DECISIONS}: bravo-agent decide CHANGE --accept, or --reject")
    return "\n".join(lines)


def cost_text(cost: Cost) -> str:
    """Tokens, and dollars by the configured prices."""
    usd = f"about ${cost.usd:.4f} by the prices of bravo.toml"
    return f"{cost.input_tokens} tokens in, {cost.output_tokens} out, {usd}"


def _row(one: Proposal) -> tuple[str, ...]:
    params = "".join(f" {name}={value}" for name, value in one.params)
    sure = "" if one.confidence is None else f"{one.confidence:.2f}"
    place = f"{one.table}.{one.field}" if one.field else one.table
    proposal = f"{one.option}{params}{' (as before)' if one.kept else ''}" if one.option else "undecided"
    why = one.rationale if one.option else ". ".join(filter(None, (one.why, one.rationale)))
    return (one.change_id[:12], f"{one.kind} {place}", proposal, sure, f"${one.cost.usd:.4f}", why)
