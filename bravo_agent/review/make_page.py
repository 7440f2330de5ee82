"""Detection, plans, versions and runs -> the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bravo_agent.model.change import Change, Decision, Option
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.decisions_file import content_hash
from bravo_agent.planning.difference_text import difference_text
from bravo_agent.planning.evidence_text import evidence_text
from bravo_agent.planning.standing import Standing
from bravo_agent.review.charts import charts_of
from bravo_agent.review.page import Answer, Cascade, ChangeCard, Code, Count, Filters, Page, Record
from bravo_agent.review.surroundings import Surroundings
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.question import asked

Cascades = Mapping[tuple[str, str], Cascade]
"""What answers lead to, by change and option."""
Codes = Mapping[str, Code]
"""The functions that answers name, by the hash of their code."""

_WEIGHT = {"block": 0, "review": 1, "auto-approve": 2}
_SEVERITY = {"breaking": 0, "warning": 1, "info": 2}
_STATE = {"open": 0, "decided": 1, "settled": 2, "ahead-of-source": 3}


def make_page(
    project: str,
    found: Detection,
    records: Sequence[Standing],
    around: Surroundings,
    *,
    filters: Filters | None = None,
    cascades: Cascades | None = None,
    codes: Codes | None = None,
) -> Page:
    """The page of all changes; what blocks stands first."""
    ordered = in_order(found.changes)
    wanted = filters or Filters()
    cards = [card_of(change, records, cascades, codes) for change in ordered]
    return Page(
        project=project,
        total=len(cards),
        shown=tuple(card for card in cards if lets_through(wanted, card)),
        counts=_counts(ordered),
        notes=found.notes,
        plans=around.plans,
        plans_note=around.plans_note,
        database=around.database,
        versions=around.versions,
        runs=around.runs,
        database_note=around.database_note,
        filters=wanted,
        kinds=tuple(sorted({change.kind for change in ordered})),
    )


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Open before decided, what blocks first, then what breaks; else as detect has them."""
    return sorted(changes, key=lambda one: (_STATE[one.state], _WEIGHT[one.verdict], _SEVERITY[one.severity]))


def card_of(
    change: Change,
    records: Sequence[Standing],
    cascades: Cascades | None = None,
    codes: Codes | None = None,
    following: tuple[str, ...] = (),
) -> ChangeCard:
    """One change with its answers, and how they stand."""
    own = tuple(_record(one, codes or {}) for one in records if one.decision.change_id == change.id)
    options = change.question.options if change.question else ()
    asks = change.state in ("open", "decided")
    return ChangeCard(
        id=change.id,
        kind=change.kind,
        table=change.table,
        field=change.field,
        severity=change.severity,
        verdict=change.verdict,
        state=change.state,
        what=kinds()[change.kind].summary,
        told=tuple(_told(change)),
        reason=change.reason,
        answered=f"{change.option} by {change.decided_by}" if change.option else "",
        evidence=evidence_text(change),
        charts=charts_of(change),
        uses=change.uses,
        question=asked(change) if options and asks else "",
        answers=tuple(
            _answer(change, number, option, own, cascades or {}) for number, option in enumerate(options, 1)
        )
        if asks
        else (),
        records=own,
        following=following,
    )


def lets_through(filters: Filters, card: ChangeCard) -> bool:
    """Whether the filters show the change."""
    wanted = (
        (filters.severity, card.severity),
        (filters.decision, card.verdict),
        (filters.state, card.state),
        (filters.kind, card.kind),
    )
    text = f"{card.place} {card.kind} {card.state} {card.id}".casefold()
    return all(not one or one == there for one, there in wanted) and filters.text.casefold() in text


def _counts(changes: Sequence[Change]) -> tuple[Count, ...]:
    opened = [change for change in changes if change.state == "open"]
    return (
        Count("blocked", sum(change.verdict == "block" for change in opened)),
        Count("open", sum(change.verdict != "block" for change in opened)),
        *(Count(state, sum(one.state == state for one in changes)) for state in list(_STATE)[1:]),
    )


def _told(change: Change) -> Iterable[str]:
    """From what to what, and what else is known."""
    details = change.details
    if details.expected_type != details.current_type:
        yield f"{details.expected_type or 'not there'} -> {details.current_type or 'not there'}"
    elif details.before != details.after and (details.before or details.after):
        told = difference_text(details.before, details.after)
        yield from told or [f"{details.before or 'nothing'} -> {details.after or 'nothing'}"]
    if details.required is not None:
        yield "required" if details.required else "optional"
    if details.default is not None:
        yield f"default {details.default}"
    if change.entity:
        yield f"model {change.entity}{'.' + change.model_field if change.model_field else ''}"
    if details.note:
        yield details.note
    for one in change.candidates:
        yield f"maybe {'.'.join(filter(None, (one.table, one.field)))}: {'; '.join(one.reasons)}"


def _answer(
    change: Change, number: int, option: Option, records: Sequence[Record], cascades: Cascades
) -> Answer:
    given = [one for one in records if one.option == option.name and one.params]
    return Answer(
        number,
        option.name,
        option.label,
        option.consequence,
        option.params,
        option.safe,
        change.option == option.name,
        given[-1].params if given else (),
        cascades.get((change.id, option.name)),
    )


def _record(one: Standing, codes: Codes) -> Record:
    found: Decision = one.decision
    drafted = f", proposed by {found.model}" if found.model and found.status == "accepted" else ""
    changed = "measured now is not what it was when this was answered"
    why = one.why or (changed if one.change and one.change.evidence_changed else "")
    who = found.model if found.status == "proposed" and found.model else found.who
    return Record(
        one.state,
        found.option,
        f"{found.decided_by} {who or ''}".strip() + drafted,
        found.decided_at or "",
        found.rationale,
        found.params,
        why,
        content_hash(found),
        codes.get(dict(found.params).get("sha256", "")),
    )
