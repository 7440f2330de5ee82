"""A column under another name: known by identity, declared in bravo.toml, or suspected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import drop_field, insert, rename_field
from bravo_agent.changes._kind import Example, Subject, change
from bravo_agent.changes._likeness import RENAMED, rename_content
from bravo_agent.changes._measured import measured
from bravo_agent.changes._samples import INT4, TEXT, column, field, table
from bravo_agent.changes._subjects import subject_of
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import (
    Added,
    Altered,
    Change,
    Details,
    Evidence,
    Fact,
    Option,
    Question,
    Removed,
    Severity,
    Verdict,
)
from bravo_agent.model.plan import ModelEdit

_UNKNOWN = {"before": table(column("budget", TEXT, None)), "after": table(column("budget_total", TEXT, None))}


@dataclass(frozen=True)
class _Rename:
    table: str
    old: Column
    new: Column
    facts: tuple[Fact, ...]
    certain: bool
    score: float = 1.0


class RenamedField:
    """Claims the name by identity; else a removed and an added column as one, so that neither goes alone."""

    name = RENAMED
    rank = 10
    summary = "A column was renamed, or it looks so."
    alters_values = True
    examples = (
        Example(
            "by identity",
            table(column("a")),
            table(column("b")),
            (field("a"),),
            "breaking",
            "review",
            options=("rename", "drop-and-add", "keep-old-name"),
        ),
        Example(
            "suspected",
            _UNKNOWN["before"],
            _UNKNOWN["after"],
            (field("budget"),),
            "breaking",
            "review",
            options=("rename", "drop-and-add", "keep-old-name"),
        ),
        Example(
            "declared",
            table(column("a")),
            table(column("b")),
            (field("a"),),
            "info",
            "auto-approve",
            renames={"public.campaigns.a": "b"},
        ),
        Example(
            "declared, without identity",
            _UNKNOWN["before"],
            _UNKNOWN["after"],
            (field("budget"),),
            "info",
            "auto-approve",
            renames={"public.campaigns.budget": "budget_total"},
        ),
        Example(
            "declared, but the type is another",
            table(column("a", TEXT, None)),
            table(column("b", INT4, None)),
            (field("a"),),
            "breaking",
            "review",
            renames={"public.campaigns.a": "b"},
        ),
        Example(
            "the model has the new name",
            table(column("a")),
            table(column("b")),
            (field("b"),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """Certain renames, then declared ones, then one change per suspected pair."""
        for rename in (*_certain(facts), *_uncertain(facts, context)):
            yield _change(rename, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field follows; or goes, and the new column gets one of its own."""
        if change.option == "rename":
            return rename_field(change)
        added = (fact.column for fact in change.facts if isinstance(fact, Added) and fact.column)
        new = next(added, None) or next((f.new for f in change.facts if isinstance(f, Altered)), None)
        both = change.option == "drop-and-add" and new is not None
        return (*drop_field(change), *insert(change, new)) if both and new else ()


def _certain(facts: Sequence[Fact]) -> Iterator[_Rename]:
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old and fact.new:
            yield _Rename(fact.table, fact.old, fact.new, (fact,), True)


def _uncertain(facts: Sequence[Fact], context: Context) -> Iterator[_Rename]:
    gone = {(f.table, f.column.name): f for f in facts if isinstance(f, Removed) and f.column}
    come = {(f.table, f.column.name): f for f in facts if isinstance(f, Added) and f.column}
    for pair in context.suspicions.paired:
        if pair.old and pair.new and pair.table == pair.new_table:
            both = gone[pair.table, pair.old.name], come[pair.table, pair.new.name]
            yield _Rename(pair.table, pair.old, pair.new, both, False, pair.score)


def _change(rename: _Rename, context: Context) -> Change:
    table, old, new = rename.table, rename.old, rename.new
    settled = _settled(rename, context)
    declared = context.config.renames.get(f"{table}.{old.name}") == new.name
    before, after = rename_content(old, new, certain=rename.certain)
    same_type = rename.certain or old.type == new.type
    # With a field of each name there, one cannot take the other's: nothing is plain then.
    plain = same_type and (settled or context.shown(table, new.name) is None)
    severity: Severity = "info" if settled or (declared and plain) else "breaking"
    verdict: Verdict = "auto-approve" if settled or (declared and plain) else "review"
    return change(
        RenamedField.name,
        _subject(rename, context),
        rename.facts,
        before=before,
        after=after,
        severity=severity,
        verdict=verdict,
        details=Details(
            current_type=new.type.sql,
            expected_type=old.type.sql,
            required=not new.nullable,
            before=old.name,
            after=new.name,
            note="declared in bravo.toml" if declared else None,
        ),
        question=_question(rename, safe=plain and (declared or rename.certain)),
        settled=settled,
        evidence=_evidence(rename, context),
        candidates=() if rename.certain else context.suspicions.of_removed(table, old.name),
    )


def _evidence(rename: _Rename, context: Context) -> Evidence:
    """Of the new column, and how many values are equal by key, where that was measured."""
    known = Evidence() if rename.certain else measured(context, rename.table, rename.new.name)
    values = context.evidence.get((rename.table, f"{rename.old.name}->{rename.new.name}"))
    return replace(
        known,
        similarity=rename.score,
        identity=rename.certain,
        equal_by_key=values.equal_by_key if values else None,
    )


def _subject(rename: _Rename, context: Context) -> Subject:
    """Named after the old column where only the new one has a field too: models must not change the id."""
    known = context.mapped(rename.table, rename.old.name)
    found = subject_of(context, rename.table, rename.old.name if known else rename.new.name)
    return replace(found, column=rename.old.name)


def _settled(rename: _Rename, context: Context) -> bool:
    """The model reads the new name, and nothing of it waits for the old one."""
    new, old = context.shown(rename.table, rename.new.name), context.mapped(rename.table, rename.old.name)
    if rename.old.type != rename.new.type and not rename.certain:
        return False
    if new is None or context.had(rename.table, rename.new.name):
        return False
    return old is None or old.target == new.target


def _question(rename: _Rename, *, safe: bool) -> Question:
    table, old, new = rename.table, rename.old.name, rename.new.name
    how = "was renamed to" if rename.certain else f"is gone, and looks like (score {rename.score:.2f})"
    return Question(
        f"{table}.{old} {how} {new}. Is the field renamed too?",
        (
            Option("rename", "Rename the field", f"Field, code and documents say {new}.", safe=safe),
            Option(
                "drop-and-add",
                "Two different columns",
                f"The field of {old} goes with its uses, and {new} becomes a field of its own.",
            ),
            Option(
                "keep-old-name",
                "Keep the old name",
                f"Code and documents keep {old}; {new} feeds it, until bravo.toml maps it for good.",
                takes_hold="standing",
            ),
        ),
    )


KIND = RenamedField()
