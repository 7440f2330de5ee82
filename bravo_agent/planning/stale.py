"""What is not any more as it was when a plan was made, thing by thing and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from bravo_agent.model.inputs import Drifted, Inputs
from bravo_agent.model.plan import Plan, PlannedChange

_CUT = 60


def drifted(then: Inputs, now: Inputs) -> tuple[Drifted, ...]:
    """Every input that is another; ``now`` was taken for the same snapshot, database and edits."""
    return tuple(
        chain(
            _pairs("bravo.toml: {}", then.config, now.config, told=True),
            _decisions(then, now),
            _pairs("the models in {}", then.models, now.models),
            _pairs("the functions in {}", then.functions, now.functions),
            _one("bravo.catalog.json", then.baseline, now.baseline),
            _one("the masking key", then.masking, now.masking),
            _one(f"snapshot {then.snapshot}", then.content, now.content),
            _target(then, now),
        )
    )


def drifted_changes(then: Plan, now: Plan) -> tuple[Drifted, ...]:
    """What the same inputs lead to now: other verdicts (a waiver ran out, code uses a field), or other steps."""
    old, new = ({one.id: one for one in plan.changes} for plan in (then, now))
    found = [
        Drifted(f"the change {_name(old.get(key) or new[key])}", _say(old.get(key)), _say(new.get(key)))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
    found += _held(then, now)
    return tuple(found) or (Drifted("the steps", _steps(then), _steps(now)),)


def _held(then: Plan, now: Plan) -> Iterator[Drifted]:
    """Drops that code has come to use since, or has ceased to."""
    old, new = ({one.id for one in plan.told.changes if one.held_by} for plan in (then, now))
    for one in now.changes:
        if (one.id in old) != (one.id in new):
            states = ["held by uses in code" if one.id in ids else "not held" for ids in (old, new)]
            yield Drifted(f"the change {_name(one)}", states[0], states[1])


def _pairs(
    name: str,
    then: tuple[tuple[str, str], ...],
    now: tuple[tuple[str, str], ...],
    *,
    told: bool = False,
) -> Iterator[Drifted]:
    old, new = dict(then), dict(now)
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            before, after = ("as planned", "edited") if key in old and key in new else ("there", "there")
            yield Drifted(name.format(key), _state(old, key, told, before), _state(new, key, told, after))


def _state(values: Mapping[str, str], key: str, told: bool, word: str) -> str:
    if key not in values:
        return "left as it is by default" if told else "not there"
    if not told:
        return word
    return values[key] if len(values[key]) <= _CUT else values[key][:_CUT] + "..."


def _one(what: str, then: str, now: str) -> Iterator[Drifted]:
    if then != now:
        # What cannot be read has a word in place of its fingerprint.
        yield Drifted(what, "as planned", now if " " in now else "another" if now else "not there")


def _decisions(then: Inputs, now: Inputs) -> Iterator[Drifted]:
    old, new = ({key: (option, content) for key, option, content in one.decisions} for one in (then, now))
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key):
            continue
        before, after = (f"answered {one[key][0]}" if key in one else "not answered" for one in (old, new))
        more = "" if before != after else ", with other words"
        yield Drifted(f"bravo.decisions.json: change {key[:12]}", before, after + more)


def _target(then: Inputs, now: Inputs) -> Iterator[Drifted]:
    if (then.current, then.newest) == (now.current, now.newest):
        return
    old, new = (f"at version {one.current}" if one.current else "empty" for one in (then, now))
    if old == new:
        old, new = (f"{text}, {one.newest} the last" for text, one in ((old, then), (new, now)))
    yield Drifted(f"database {then.database}", old, new)


def _name(change: PlannedChange) -> str:
    return f"{change.id[:12]} ({change.kind} {'.'.join(filter(None, (change.table, change.field)))})"


def _say(change: PlannedChange | None) -> str:
    if change is None:
        return "not there"
    answer = f" as {change.option}" if change.option else ""
    return f"{change.state}{answer} ({change.severity}, {change.verdict})"


def _steps(plan: Plan) -> str:
    return ", ".join(step.tag for step in plan.steps) or "none"
