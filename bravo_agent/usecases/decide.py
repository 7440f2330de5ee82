"""Answers to changes' questions: recorded, proposed, accepted, rejected, listed, removed when nothing asks any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bravo_agent.deciders._defaults import default_fault
from bravo_agent.deciders._legal import param_fault
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Change, Decision, Option
from bravo_agent.planning.decisions_file import content_hash, evidence_hash, record, remove
from bravo_agent.planning.standing import Standing, standings
from bravo_agent.stores.application import only_writer
from bravo_agent.usecases._transforms import install_transform
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import Workspace

DecidedBy = Literal["person", "model"]
Via = Literal["cli", "mcp", "elicitation", "api"]
_SHORTEST = 8


def find_change(found: Detection, change_id: str) -> Change:
    """The change of that id, or of that beginning of an id; raises ``change-unknown``, ``change-ambiguous``."""
    matching = [change for change in found.changes if change.id.startswith(change_id)]
    if len(matching) == 1:
        return matching[0]
    known = ", ".join(change.id[:12] for change in found.changes) or "none"
    raise UsageError(
        "change-ambiguous" if matching else "change-unknown",
        f"{change_id} is the beginning of {len(matching)} changes",
        hint=f"`bravo-agent detect` lists them. There are: {known}.",
        where=change_id,
    )


def check_answer(
    found: Detection, change_id: str, option: str, params: Mapping[str, str], *texts: str
) -> Change:
    """The change that this would be a legal answer to, ``texts`` kept with it; else raises as ``record_decision``."""
    change = find_change(found, change_id)
    _check(found, change, option, params)
    _check_text(*texts, *params.values())
    return change


def record_decision(
    workspace: Workspace,
    found: Detection,
    change_id: str,
    option: str,
    *,
    params: Mapping[str, str],
    rationale: str = "",
    via: Via = "cli",
    decided_by: DecidedBy = "person",
    model: str | None = None,
    prompt_hash: str | None = None,
    status: Literal["proposed", "accepted"] = "accepted",
) -> Decision:
    """Writes an answer to bravo.decisions.json; raises ``UsageError`` where it is not a legal one.

    A person's answer is accepted, a model's is proposed: nothing else is recorded. What stands there already stays
    as it is when it says the same.
    """
    if (decided_by == "model") != (status == "proposed"):
        raise UsageError(
            "decision-without-person",
            f"an answer of a {decided_by} cannot be {status}",
            hint="A model proposes, a person accepts: `bravo-agent decide CHANGE --accept`.",
            where=change_id,
        )
    change = check_answer(found, change_id, option, params, rationale)
    return _write(
        workspace,
        Decision(
            change.id,
            option,
            tuple(sorted(params.items())),
            decided_by=decided_by,
            via=via,
            rationale=rationale,
            status=status,
            evidence_hash=evidence_hash(change.evidence),
            table=change.table,
            field=change.field,
            kind=change.kind,
            # Who ran the program is not who answered, where a model did.
            who=workspace.user if decided_by == "person" else "",
            model=model,
            prompt_hash=prompt_hash,
        ),
    )


def accept_proposal(
    workspace: Workspace,
    found: Detection,
    change_id: str,
    *,
    rationale: str = "",
    via: Via = "cli",
    sha256: str | None = None,
    read: str | None = None,
) -> Decision:
    """The proposal as a person's answer; model and prompt stay named, its rationale where no other is given.

    ``sha256``: of the code that the person agreed to. ``read``: ``content_hash`` of the proposal that they read. Raises
    ``UsageError`` ``proposal-none`` (also where another code is proposed by now), ``StaleError`` ``proposal-changed``,
    and ``option-unknown`` or ``option-params`` where it is not legal (any more).
    """
    change, proposal = find_proposal(workspace, found, change_id, sha256=sha256, read=read)
    _check(found, change, proposal.option, dict(proposal.params))
    _check_text(rationale)
    accepted = replace(
        proposal,
        status="accepted",
        decided_by="person",
        who=workspace.user,
        via=via,
        rationale=rationale or proposal.rationale,
        evidence_hash=evidence_hash(change.evidence),
    )
    return _write(workspace, accepted, agreed_to=proposal)


def find_proposal(
    workspace: Workspace,
    found: Detection,
    change_id: str,
    *,
    sha256: str | None = None,
    read: str | None = None,
) -> tuple[Change, Decision]:
    """The change and what is proposed for it, bound to the code of that hash; raises ``proposal-none``.

    A model may replace what it proposed: where it is not the proposal that was ``read``, raises ``StaleError``
    ``proposal-changed``.
    """
    change = find_change(found, change_id)
    for one in workspace.decisions():
        fits = sha256 in (None, dict(one.params).get("sha256"))
        if fits and (one.change_id, one.status) == (change.id, "proposed"):
            if read is not None and (len(read) < _SHORTEST or not content_hash(one).startswith(read)):
                raise _changed(change)
            return change, one
    what = "no code of that hash" if sha256 else "nothing"
    raise UsageError(
        "proposal-none",
        f"{what} is proposed for {change.kind} of {change.table}",
        hint="`bravo-agent decide --list` shows what is; `bravo-agent decide CHANGE OPTION` answers without one.",
        where=change.id[:12],
    )


def _changed(change: Change) -> StaleError:
    return StaleError(
        "proposal-changed",
        f"another answer is proposed for {change.kind} of {change.table} than the one that was read",
        hint=f"Read what is proposed now, and accept it by its own hash: bravo-agent decide {change.id[:12]}",
        where=change.id[:12],
    )


def reject_proposal(
    workspace: Workspace, found: Detection, change_id: str, *, read: str | None = None
) -> Decision:
    """Removes the proposal and gives it back; the change stays as it is. Raises as ``find_proposal``."""
    _, proposal = find_proposal(workspace, found, change_id, read=read)
    with only_writer(workspace.private, wait=True):
        workspace.save_decisions(remove(workspace.decisions(), (proposal,)))
    return proposal


def answered(workspace: Workspace, found: Detection, decision: Decision) -> Change | None:
    """The change as the recorded ``decision`` leaves it; None where it is not there any more. Writes nothing."""
    now = detect(
        workspace, found.source, write_report=False, stale="ask", evidence=found.evidence, uses=found.uses
    )
    return next((change for change in now.changes if change.id == decision.change_id), None)


def list_decisions(workspace: Workspace, found: Detection) -> tuple[Standing, ...]:
    """Every record with how it stands to what was found (with ``stale="ask"``, or there is nothing to list)."""
    return standings(workspace.decisions(), found.changes)


def prune_decisions(workspace: Workspace, found: Detection) -> tuple[Decision, ...]:
    """Removes the records whose change is not there, and gives them back.

    Those of settled changes stay until the baseline has moved over them: a rename is known by its answer.
    """
    with only_writer(workspace.private, wait=True):
        gone = tuple(one.decision for one in list_decisions(workspace, found) if one.state == "obsolete")
        if gone:
            workspace.save_decisions(remove(workspace.decisions(), gone))
    return gone


def _write(workspace: Workspace, decision: Decision, agreed_to: Decision | None = None) -> Decision:
    if decision.status == "accepted":
        install_transform(workspace, dict(decision.params))
    now = workspace.now().isoformat(timespec="seconds")
    # Read and written in one: of two answers given at once both count.
    with only_writer(workspace.private, wait=True):
        if agreed_to is not None and agreed_to not in workspace.decisions():
            raise StaleError(
                "proposal-changed",
                "the proposal was replaced or removed in this very moment",
                hint="Read what is proposed now: bravo-agent decide --list",
                where=decision.change_id[:12],
            )
        decisions = record(workspace.decisions(), (replace(decision, decided_at=now),))
        workspace.save_decisions(decisions)
    key = (decision.change_id, decision.status)
    return next(one for one in decisions if (one.change_id, one.status) == key)


def _check(found: Detection, change: Change, option: str, params: Mapping[str, str]) -> None:
    if change.state in ("settled", "ahead-of-source"):
        raise UsageError(
            "change-settled",
            f"{change.kind} of {change.table} asks nothing: {change.reason}",
            hint="There is nothing to decide; `bravo-agent run` goes on.",
            where=change.id[:12],
        )
    options = {one.name: one for one in change.question.options} if change.question else {}
    answer = options.get(option)
    if answer is None:
        raise UsageError(
            "option-unknown",
            f"{option!r} is no answer to {change.kind} of {change.table}",
            hint=f"Answers are: {', '.join(options) or 'none: nothing is asked'}.",
            where=change.id[:12],
        )
    missing = [name for name in answer.params if name not in params]
    # A function may be bound by the hash of its file (usecases/_transforms.py).
    bound = ("sha256",) if "function" in answer.params else ()
    unknown = [name for name in params if name not in (*answer.params, *bound)]
    if missing or unknown:
        raise UsageError(
            "option-params",
            f"{option} takes {', '.join(answer.params) or 'no parameters'}",
            hint="Give each as --param NAME=VALUE.",
            where=change.id[:12],
        )
    _check_values(found, change, answer, params)


def _check_values(found: Detection, change: Change, option: Option, params: Mapping[str, str]) -> None:
    for name in option.params:
        wrong = param_fault(change, name, params[name]) or _model_fault(found, change, name, params[name])
        if wrong:
            place = f"{change.table}.{change.field}" if change.field else change.table
            raise UsageError(
                "param-invalid",
                f"{option.name} of {place}: {name} {wrong}",
                hint=f"Give another with --param {name}=...",
                where=change.id[:12],
            )


def _model_fault(found: Detection, change: Change, name: str, text: str) -> str | None:
    """A default has to fit the model's field as well, where there is one."""
    entity = found.models.entity(change.entity) if change.entity else None
    field = entity.field(change.model_field) if entity and change.model_field else None
    fault = default_fault(text, field.shape) if field and name == "value" else None
    return f"does not fit the model's field {field.name}: it {fault}" if field and fault else None


def _check_text(*texts: str) -> None:
    # A lone surrogate (an argument that is not UTF-8) cannot be written to the file.
    if any("\ud800" <= sign <= "\udfff" for text in texts for sign in text):
        raise UsageError(
            "text-not-unicode",
            "a text of the answer is not valid Unicode",
            hint="Type it in a terminal that uses UTF-8.",
        )
