"""Asking a model for proposals; they wait in bravo.decisions.json until a person accepts or rejects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from bravo_agent.deciders._legal import faults
from bravo_agent.deciders.claude import Claude
from bravo_agent.errors import BravoError, UsageError
from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.change import Change, Decision, Option
from bravo_agent.model.proposal import Cost, Proposal, Proposals
from bravo_agent.planning.shown_change import shown_change
from bravo_agent.planning.untrusted import visible
from bravo_agent.usecases._prompts import RATIONALE_LENGTH, Prompt, prompt
from bravo_agent.usecases.decide import find_change, record_decision
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace

UNDECIDED = "undecided"
_VALUE_LENGTH = 500


def propose(
    workspace: Workspace, found: Detection, *, change_id: str | None = None, emit: Emit = ignore
) -> Proposals:
    """A model's proposals for what is open (or for one change), each recorded as proposed; nothing is decided.

    What it proposed before for the same question is kept, unless one change is named. Raises ``UsageError``
    ``model-key-missing``, ``change-unknown``, ``change-decided``; nothing that the API does raises.
    """
    asked = _asked(found, change_id)
    proposals = []
    with workspace.claude() as model:
        for number, change in enumerate(asked, 1):
            emit(Noted("info", f"asking {model.name} about {_place(change)} ({number} of {len(asked)})"))
            proposals.append(_propose(workspace, found, change, model, again=change_id is not None))
    return Proposals(model.name, tuple(proposals), sum((one.cost for one in proposals), Cost()))


def legal_options(change: Change) -> tuple[Option, ...]:
    """What a model may choose from: an answer that names a function of the project is not its to give."""
    options = change.question.options if change.question else ()
    return tuple(option for option in options if "function" not in option.params)


def _asked(found: Detection, change_id: str | None) -> list[Change]:
    if change_id is None:
        return [change for change in found.changes if change.state == "open" and legal_options(change)]
    change = find_change(found, change_id)
    if change.state != "open":
        raise UsageError(
            "change-decided",
            f"{change.kind} of {_place(change)} is {change.state}: {change.reason}",
            hint="A model is asked about open changes alone; a person can answer anew with `bravo-agent decide`.",
            where=change.id[:12],
        )
    return [change]


def _propose(
    workspace: Workspace, found: Detection, change: Change, model: Claude, *, again: bool
) -> Proposal:
    options = legal_options(change)
    empty = Proposal(change.id, change.table, change.field, change.kind)
    if not options:
        return replace(empty, why="it has no answer that a model could give")
    question = decision_prompt(found, change, options)
    before = None if again else _before(workspace, change, model.name, question.hash)
    if before is not None:
        return replace(
            empty, option=before.option, params=before.params, rationale=before.rationale, kept=True
        )
    reply = model.ask(question.system, question.text(model.boundary()), answer_form(options))
    if reply.value is None:
        return replace(empty, why=reply.why, cost=reply.cost)
    made = _judged(change, reply.value, replace(empty, cost=reply.cost))
    return made if made.option is None else _recorded(workspace, found, made, model.name, question.hash)


def decision_prompt(found: Detection, change: Change, options: Sequence[Option]) -> Prompt:
    """The change's question for a model that may choose one of ``options``."""
    entity = found.models.entity(change.entity) if change.entity else None
    field = entity.field(change.model_field) if entity and change.model_field else None
    document = shown_change(change, field)
    names = [option.name for option in options]
    document["options"] = [one for one in document["options"] if one["name"] in names]
    return prompt("decide_change", document, options=names)


def answer_form(options: Sequence[Option]) -> type[BaseModel]:
    """The form of the answer to one change: what is not legal cannot be said in it."""
    names = tuple(dict.fromkeys((*(option.name for option in options), UNDECIDED)))
    params = tuple(dict.fromkeys(name for option in options for name in option.params))
    strict = ConfigDict(extra="forbid")
    fields: dict[str, Any] = {"option": (Literal[names], ...)}
    if params:
        value = Annotated[str, Field(max_length=_VALUE_LENGTH)]
        pair: dict[str, Any] = {"name": (Literal[params], ...), "value": (value, ...)}
        param: Any = create_model("Param", __config__=strict, **pair)
        fields["params"] = (list[param], ...)
    fields["confidence"] = (Annotated[float, Field(ge=0, le=1)], ...)
    fields["rationale"] = (Annotated[str, Field(min_length=1, max_length=RATIONALE_LENGTH)], ...)
    form: type[BaseModel] = create_model("Answer", __config__=strict, **fields)
    return form


def _judged(change: Change, value: Any, made: Proposal) -> Proposal:
    """The answer as a proposal, if the question takes it."""
    said = replace(made, confidence=value.confidence, rationale=visible(value.rationale, RATIONALE_LENGTH))
    if value.option == UNDECIDED:
        return replace(said, why="the model cannot tell")
    given = [(one.name, one.value) for one in getattr(value, "params", ())]
    wanted = next(option.params for option in legal_options(change) if option.name == value.option)
    params = dict(given)
    if len(params) < len(given) or set(params) != set(wanted):
        return replace(
            said, why=f"the answer does not fit: {value.option} takes {', '.join(wanted) or 'no params'}"
        )
    wrong = faults(change, value.option, params)
    if wrong:
        return replace(said, why=f"the answer is not legal: {'; '.join(wrong)}")
    return replace(said, option=value.option, params=tuple(sorted(params.items())))


def _recorded(
    workspace: Workspace, found: Detection, made: Proposal, model: str, prompt_hash: str
) -> Proposal:
    assert made.option is not None
    assert made.confidence is not None
    try:
        record_decision(
            workspace,
            found,
            made.change_id,
            made.option,
            params=dict(made.params),
            rationale=f"confidence {made.confidence:.2f}: {made.rationale}",
            via="api",
            decided_by="model",
            model=model,
            prompt_hash=prompt_hash,
            status="proposed",
        )
    except BravoError as error:
        # The rules of an answer are the same for everybody; one that breaks them is none.
        return replace(made, option=None, params=(), why=f"the answer is not legal: {error.code}")
    return made


def _before(workspace: Workspace, change: Change, model: str, prompt_hash: str) -> Decision | None:
    same = (change.id, "proposed", model, prompt_hash)
    decisions = workspace.decisions()
    return next((d for d in decisions if (d.change_id, d.status, d.model, d.prompt_hash) == same), None)


def _place(change: Change) -> str:
    return f"{change.table}.{change.field}" if change.field else change.table
