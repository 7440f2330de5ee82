"""A table under another name: known by identity, declared in bravo.toml, or suspected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._likeness import TABLE_RENAMED
from bravo_agent.changes._samples import INT4, TIMESTAMP, column, field, numeric, table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.catalog import Table
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
)

_RENAME = Option("rename", "Rename model and collection", "Model, collection and code take the new name.")
_KEEP = Option(
    "keep-old-name",
    "Keep the old names",
    "The table feeds the old collection, until bravo.toml maps it for good.",
    takes_hold="standing",
)
_TWO = Option(
    "drop-and-add",
    "Two different tables",
    "The old model goes with its uses, and the new table becomes one of its own.",
)
_OWN = (
    column("flight_no", INT4, 2),
    column("altitude", INT4, 3),
    column("fuel", numeric(9, 2), 4),
    column("landed", TIMESTAMP, 5),
)


class TableRenamed:
    """Claims a table's name; else a missing and a new table as one, where they are alike. That blocks: there is
    nothing to load until somebody says what became of the table."""

    name = TABLE_RENAMED
    rank = 5
    summary = "A table was renamed, or it looks so."
    alters_values = True
    examples = (
        Example(
            "by identity",
            table(column("s")),
            table(column("s"), name="promotions"),
            (field("s"),),
            "breaking",
            "review",
            options=("rename", "keep-old-name"),
        ),
        Example(
            "the model's name fits",
            table(column("s")),
            table(column("s"), name="campaign"),
            (field("s"),),
            "info",
            "auto-approve",
            "settled",
        ),
        Example(
            "suspected",
            table(*_OWN),
            replace(table(*_OWN, name="journeys"), oid=None),
            (field("fuel"),),
            "breaking",
            "block",
            options=("rename", "drop-and-add", "keep-old-name"),
        ),
        Example(
            "declared",
            table(column("s")),
            replace(table(column("s"), name="promotions"), oid=None),
            (field("s"),),
            "info",
            "auto-approve",
            renames={"public.campaigns": "promotions"},
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "name"):
            yield _known(fact, context)
        gone = {fact.table: fact for fact in facts if isinstance(fact, Removed) and fact.old_table}
        come = {fact.table: fact for fact in facts if isinstance(fact, Added) and fact.new_table}
        for pair in context.suspicions.paired:
            if pair.old is None:
                yield _suspected(_Pair(gone[pair.table], come[pair.new_table], pair.score), context)


@dataclass(frozen=True)
class _Pair:
    gone: Removed
    come: Added
    score: float


def _known(fact: Altered, context: Context) -> Change:
    was, now = context.mapping.of_table(fact.table), context.target.of_table(fact.after or "")
    # Another model of the new name is not this table's model renamed.
    settled = now is not None and (was is None or was.entity == now.entity)
    declared = fact.table in context.config.renames
    plain = settled or (declared and now is None)
    rename = replace(_RENAME, safe=declared and now is None)
    return change(
        TableRenamed.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info" if plain else "breaking",
        verdict="auto-approve" if plain else "review",
        details=Details(
            before=fact.before, after=fact.after, note="declared in bravo.toml" if declared else None
        ),
        question=None
        if settled
        else Question(
            f"{fact.before} was renamed to {fact.after}. Do model and collection follow?", (rename, _KEEP)
        ),
        settled=settled,
        evidence=Evidence(identity=not _only_said(fact, context), similarity=1.0),
    )


def _only_said(fact: Altered, context: Context) -> bool:
    """Whether nothing but a declaration or an answer tells of the rename."""
    before, after = context.baseline, context.source
    old, new = before.table(fact.table), after.table(fact.after or "")
    one = before.system_identifier == after.system_identifier and before.database == after.database
    return not (one and old and new and old.oid is not None and old.oid == new.oid)


def _suspected(pair: _Pair, context: Context) -> Change:
    old, new = pair.gone.table, pair.come.table
    assert pair.gone.old_table is not None
    assert pair.come.new_table is not None
    return change(
        TableRenamed.name,
        table_subject(context, old),
        (pair.gone, pair.come),
        before=old,
        after=new,
        severity="breaking",
        verdict="block",
        details=Details(before=old, after=new, note=_differing(pair.gone.old_table, pair.come.new_table)),
        question=Question(
            f"{old} is missing, and looks like (score {pair.score:.2f}) {new}. Was it renamed?",
            (_RENAME, _TWO, _KEEP),
        ),
        evidence=Evidence(similarity=pair.score),
        candidates=context.suspicions.of_removed(old, None),
    )


def _differing(old: Table, new: Table) -> str | None:
    was, now = {column.name for column in old.columns}, {column.name for column in new.columns}
    if was == now:
        return None
    lost, come = (", ".join(sorted(names)) or "none" for names in (was - now, now - was))
    return f"columns differ: {lost} gone, {come} new"


KIND = TableRenamed()
