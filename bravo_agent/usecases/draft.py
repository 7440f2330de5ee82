"""Drafting a custom transformation: code of a model or a file, held against three gates before a person reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

import bson
from pydantic import BaseModel, ConfigDict, Field

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Altered, Change, Decision, Fact
from bravo_agent.model.entities import Field as ModelField
from bravo_agent.model.entities import Shape
from bravo_agent.model.proposal import Draft
from bravo_agent.planning.fits_shape import misfit
from bravo_agent.planning.privacy import MASKED, rule_for
from bravo_agent.planning.shown_change import shown_change, shown_column, shown_field
from bravo_agent.planning.synthetic import synthetic_values
from bravo_agent.planning.transform_code import BUILTINS, FUNCTION, MAX_BYTES, MODULES, refusals
from bravo_agent.planning.untrusted import visible
from bravo_agent.rules._bound import code_hash, normalised
from bravo_agent.stores.sandbox import SandboxReport, run_in_sandbox
from bravo_agent.usecases._prompts import RATIONALE_LENGTH, Prompt, prompt
from bravo_agent.usecases._transforms import FOLDER, FunctionCode, function_code, keep_draft
from bravo_agent.usecases.decide import find_change, record_decision
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace

_ZONES = ("UTC", "Asia/Kathmandu")
_FAULTS_SHOWN = 10
_ID = 8


class _Answer(BaseModel):
    """The form of a model's answer; an empty code says that it cannot tell."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(max_length=MAX_BYTES)]
    rationale: Annotated[str, Field(min_length=1, max_length=RATIONALE_LENGTH)]


def draft(
    workspace: Workspace, found: Detection, change_id: str, *, code: str | None = None, emit: Emit = ignore
) -> Draft:
    """Checked code for the change's ``custom`` answer: ``code`` of a person, or None to ask the model for it.

    What passes is kept in .bravo/drafts; a model's is recorded as a proposal. Nothing of it runs on a row before a
    person has accepted it. ``faults`` say why it did not pass. Raises ``UsageError`` ``draft-not-possible``,
    ``model-key-missing``.
    """
    change = find_change(found, change_id)
    column = _column(change)
    field = _field(found, change)
    empty = _empty(workspace, change)
    if code is not None:
        return _checked(workspace, replace(empty, code=normalised(code)), column, field)
    drafted = _asked(workspace, found, change, column, field, empty, emit)
    if drafted.faults:
        return drafted
    checked = _checked(workspace, drafted, column, field)
    if not checked.faults:
        _propose(workspace, found, checked)
    return checked


def code_to_read(workspace: Workspace, decision: Decision) -> FunctionCode | None:
    """What a person reads before they approve the answer, and what runs after that; None where it names no function."""
    return function_code(workspace, dict(decision.params))


def transform_prompt(found: Detection, change_id: str) -> Prompt:
    """What a model is told that shall write the function; raises ``UsageError`` ``draft-not-possible``."""
    change = find_change(found, change_id)
    return _prompt(change, _column(change), _field(found, change))


def _prompt(change: Change, column: Column, field: ModelField | None) -> Prompt:
    document = {
        "change": shown_change(change),
        "column": shown_column(column),
        "field": shown_field(field) if field else "no model: any value",
    }
    return prompt(
        "write_transform", document, modules=sorted(MODULES), builtins=BUILTINS, max_bytes=MAX_BYTES
    )


def _column(change: Change) -> Column:
    """The column as it is now, where an answer ``custom`` would be given its values at each run."""
    options = change.question.options if change.question else ()
    custom = any(one.name == "custom" and one.takes_hold == "standing" for one in options)
    column = next((one for one in map(_now, change.facts) if one is not None), None)
    if custom and column is not None and change.state in ("open", "decided"):
        return column
    raise UsageError(
        "draft-not-possible",
        f"{change.kind} of {change.table} takes no drafted function",
        hint="A function makes a field's value from its own column's: where a type changed, or what it may hold. "
        "`bravo-agent decide` lists the answers that this change takes.",
        where=change.id[:12],
    )


def _now(fact: Fact) -> Column | None:
    if isinstance(fact, Altered):
        return fact.new
    return fact.column if isinstance(fact, Added) else None


def _field(found: Detection, change: Change) -> ModelField | None:
    entity = found.models.entity(change.entity) if change.entity else None
    return entity.field(change.model_field) if entity and change.model_field else None


def _empty(workspace: Workspace, change: Change) -> Draft:
    name = module_name(change)
    notes: tuple[str, ...] = ()
    if rule_for(change.table, change.field or "", workspace.config, is_key=False) == MASKED:
        notes = ("the column is loaded masked: a function is given its values once it is classified keep",)
    return Draft(
        change.id,
        change.table,
        change.field,
        "",
        "",
        f"{FOLDER}.{name}:{FUNCTION}",
        f"{FOLDER}/{name}.py",
        notes=notes,
    )


def module_name(change: Change) -> str:
    """``orders_amount_1a2b3c4d``: of table and column what a module's name takes, and the change's id."""
    words = f"{change.table.removeprefix('public.')}_{change.field or ''}".lower()
    plain = re.sub(r"[^a-z0-9]+", "_", words).strip("_")[:40].rstrip("_")
    return f"{plain if plain[:1].isalpha() else f't_{plain}'.rstrip('_')}_{change.id[:_ID]}"


def _asked(
    workspace: Workspace,
    found: Detection,
    change: Change,
    column: Column,
    field: ModelField | None,
    empty: Draft,
    emit: Emit,
) -> Draft:
    question = _prompt(change, column, field)
    with workspace.claude() as model:
        emit(Noted("info", f"asking {model.name} for a function for {change.table}.{change.field}"))
        reply = model.ask(question.system, question.text(model.boundary()), _Answer)
    asked = replace(empty, model=model.name, prompt_hash=question.hash, cost=reply.cost)
    if reply.value is None:
        return replace(asked, faults=(f"the model gave no code: {reply.why}",))
    said = replace(asked, rationale=visible(reply.value.rationale, RATIONALE_LENGTH))
    if not reply.value.code.strip():
        return replace(said, faults=("the model cannot tell",))
    return replace(said, code=normalised(reply.value.code))


def _checked(workspace: Workspace, drafted: Draft, column: Column, field: ModelField | None) -> Draft:
    drafted = replace(drafted, sha256=code_hash(drafted.code))
    refused = refusals(drafted.code)
    if refused:
        faults = tuple(f"line {one.line}: {one.why}" if one.line else one.why for one in refused)
        return replace(drafted, faults=faults[:_FAULTS_SHOWN])
    rows = synthetic_values(column, workspace.config.types)
    if len(rows) < 2:
        return replace(drafted, faults=(f"there are no synthetic values of {column.type.sql} to try it on",))
    there, back = (_run(drafted.code, rows[::step], zone) for step, zone in zip((1, -1), _ZONES, strict=True))
    faults = _faults(there, back, rows, field.shape if field else Shape("any"))
    drafted = replace(drafted, trials=len(rows), isolation=there.isolation, faults=faults[:_FAULTS_SHOWN])
    if not faults:
        keep_draft(workspace, drafted.code)
    return drafted


def _run(code: str, rows: tuple[Any, ...], zone: str) -> SandboxReport:
    return run_in_sandbox(code, rows, builtins=BUILTINS, modules=sorted(MODULES), zone=zone)


def _faults(
    there: SandboxReport, back: SandboxReport, rows: tuple[Any, ...], shape: Shape
) -> tuple[str, ...]:
    """What the two runs show; the second went through the rows from behind, elsewhere, with other hashes."""
    failed = there.failed or back.failed
    if failed:
        return (f"on synthetic values {failed}",)
    found = []
    for row, one, other in zip(rows, there.results, reversed(back.results), strict=True):
        what = visible(ascii(row), 60)
        why = misfit(one.value, shape) if one.error is None else None
        if one.error is not None:
            found.append(f"it raises {one.error} for the synthetic value {what}")
        elif why:
            found.append(f"for the synthetic value {what} it gives {why}")
        elif other.error or bson.encode({"v": one.value}) != bson.encode({"v": other.value}):
            found.append(f"it is not deterministic: two runs differ for the synthetic value {what}")
    return tuple(found)


def _propose(workspace: Workspace, found: Detection, drafted: Draft) -> None:
    record_decision(
        workspace,
        found,
        drafted.change_id,
        "custom",
        params={"function": drafted.function, "sha256": drafted.sha256},
        rationale=drafted.rationale,
        via="api",
        decided_by="model",
        model=drafted.model,
        prompt_hash=drafted.prompt_hash,
        status="proposed",
    )
