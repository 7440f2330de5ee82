"""A change as lines of text, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from bravo_agent.model.change import (
    Added,
    Altered,
    Application,
    Change,
    Fact,
    Option,
    Removed,
    TakesHold,
    Use,
)
from bravo_agent.model.plan import Patch
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.difference_text import difference_text
from bravo_agent.planning.evidence_text import evidence_text
from bravo_agent.planning.held import held_text
from bravo_agent.planning.standing import Standing

_ID = 12
_APPLIED: dict[Application, str] = {
    "in-place": "in place, with the next load",
    "rebuild": "the collection is built anew aside, then published",
    "parallel-version": "beside the present documents, in another database (`bravo-agent run --refresh parallel`)",
}
_HOLDS: dict[TakesHold, str] = {
    "models": "the next run edits the models; the baseline moves on once they show it",
    "at-once": "nothing is to be edited: the next run moves the baseline on",
    "standing": "the answer is replayed at every run, for as long as source and models differ",
}


def about_lines(change: Change, summary: str) -> Iterator[str]:
    """What it is, how bad, what was decided and by which line, how it is applied."""
    place = f"{change.table}.{change.field}" if change.field else change.table
    yield f"{change.kind} {place}  [{change.id}]"
    yield f"what: {summary}"
    yield from (f"  {fact_line(fact)}" for fact in change.facts)
    if change.entity:
        field = f".{change.model_field}" if change.model_field else ""
        yield f"model: {change.entity}{field}"
    if change.details.note:
        yield f"note: {change.details.note}"
    yield f"severity: {change.severity} ({_hurts(change.uses)})"
    answer = f", {change.option} by {change.decided_by}" if change.option else ""
    yield f"decision: {change.verdict}, {change.state}{answer}"
    yield from (f"  {name} = {value}" for name, value in change.params)
    yield f"decided by the line: {change.reason}"
    yield f"applied: {_APPLIED[change.application]}"


def fact_line(fact: Fact) -> str:
    """One fact in a sentence."""
    match fact:
        case Added():
            if fact.column is None:
                return f"the table {fact.table} is new"
            null = "" if fact.column.nullable else ", not null"
            return f"{fact.table}.{fact.column.name} is new: {fact.column.type.sql}{null}"
        case Removed():
            name = f"{fact.table}.{fact.column.name}" if fact.column else f"the table {fact.table}"
            return f"{name} is not there any more"
        case Altered():
            column = f".{fact.old.name}" if fact.old else ""
            differs = difference_text(fact.before, fact.after)
            told = (
                "; ".join(differs)
                if differs
                else f"was {fact.before or 'nothing'}, is {fact.after or 'nothing'}"
            )
            return f"{fact.table}{column}: {fact.aspect} {told}"
        case _:
            assert_never(fact)


def evidence_lines(change: Change, records: Sequence[Standing]) -> Iterator[str]:
    """What was measured now, and whether it is what a recorded answer was given on; what else it may have been."""
    found = change.evidence
    yield f"evidence now: {evidence_text(change) or 'nothing was measured (a snapshot is needed)'}"
    if found.similarity is not None and not found.identity:
        yield f"  likeness {found.similarity:.2f}"
    for one in change.candidates:
        name = f"{one.table}.{one.field}" if one.field else one.table
        yield f"  candidate {name}, score {one.score:.2f}: {'; '.join(one.reasons)}"
    for record in records:
        if record.state == "replayed" and record.decision.evidence_hash:
            now = "another than" if change.evidence_changed else "the same, as far as it was measured, as"
            yield f"evidence: {now} when it was answered"


def use_lines(change: Change) -> Iterator[str]:
    """Every use, by role."""
    if not change.uses:
        yield "uses: none found in the code"
        return
    yield "uses:"
    for role in sorted({use.role for use in change.uses}):
        places = [use for use in change.uses if use.role == role]
        yield f"  {role}: " + ", ".join(f"{use.file}:{use.line} (by {use.how})" for use in places)


def option_lines(change: Change, not_offered: Sequence[str]) -> Iterator[str]:
    """What may be answered, each with its consequence, and what this kind of change has besides."""
    if change.question is None:
        yield "answers: none; nothing can be answered here"
        return
    yield f"question: {change.question.text}"
    for option in change.question.options:
        yield f"  {option.name}: {option.consequence}{_with(option)}"
    for name in not_offered:
        yield f"  not an answer here: {name}"


def record_lines(records: Sequence[Standing]) -> Iterator[str]:
    """What bravo.decisions.json says of it."""
    for one in records:
        found = one.decision
        who = f"{found.decided_by} {found.who}".strip()
        when = f" at {found.decided_at}" if found.decided_at else ""
        model = f", proposed by {found.model}" if found.model else ""
        why = f': "{found.rationale}"' if found.rationale else ""
        yield f"recorded, {one.state}: {found.option} by {who}, via {found.via}{when}{model}{why}"
        if one.why:
            yield f"  {one.why}"
        if found.supersedes:
            yield f"  it took the place of the answer {found.supersedes} (see the history of the file)"


def cascade_lines(patch: Patch) -> Iterator[str]:
    """Which files the answer edits, and what is left to people."""
    yield f"edits: {', '.join(edit.file for edit in patch.edits) or 'no file'}"
    for work in patch.manual:
        place = f"{work.file}:{work.line}: " if work.file else ""
        yield f"  by hand: {place}{work.why}"


def next_lines(change: Change, records: Sequence[Standing], patch: Patch | None = None) -> list[str]:
    """What happens, or is to be done, now; ``patch`` is what the answer edits, where it is known."""
    if change.state == "settled":
        return ["next: nothing to do; the next run moves the baseline over it"]
    if change.state == "ahead-of-source":
        return ["next: nothing to do; the models are ahead of the source"]
    if change.held_by:
        return ["next: blocked: nothing is published before this is settled", f"  {held_text(change)}"]
    if change.state == "decided":
        if patch is not None and patch.manual:
            return [
                "next: edit by hand what is listed, then run again: the next run sees whether it is settled"
            ]
        answer = change.answer
        return [f"next: {_HOLDS[answer.takes_hold]}" if answer else "next: nothing to do"]
    return list(_open_lines(change, records))


def _open_lines(change: Change, records: Sequence[Standing]) -> Iterator[str]:
    if change.verdict == "block":
        yield "next: blocked: nothing is published before this is settled"
    elif kinds()[change.kind].alters_values:
        yield "next: what it concerns stays out of the load until somebody answers"
    else:
        yield "next: somebody has to answer"
    if change.question is None:
        yield "  no answer settles it: the source or the models have to change"
        return
    for option in change.question.options:
        params = "".join(f" --param {name}=..." for name in option.params)
        yield f"  bravo-agent decide {change.id[:_ID]} {option.name}{params}"
    if any(one.state == "proposed" for one in records):
        yield f"  bravo-agent decide {change.id[:_ID]} --accept (or --reject)"


def _hurts(uses: Sequence[Use]) -> str:
    if not uses:
        return "no use found in the code"
    counts = [(role, sum(use.role == role for use in uses)) for role in sorted({use.role for use in uses})]
    return "used: " + ", ".join(f"{role} {count}" for role, count in counts)


def _with(option: Option) -> str:
    safe = " (safe)" if option.safe else ""
    return f"{safe} needs {', '.join(option.params)}" if option.params else safe
