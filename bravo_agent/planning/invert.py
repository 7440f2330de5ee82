"""The way back: facts that undo facts, and edits that undo edits.

Law: ``apply_facts(apply_facts(before, facts), invert(before, facts))`` is ``before``, but for identities and the order
of columns. ``before`` is asked for, because names in checks and indexes follow a rename with loss: of two columns that
a check names alike afterwards, nobody could tell which it meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.change import Added, Altered, Fact, Removed
from bravo_agent.model.plan import (
    AddModel,
    DropField,
    DropModel,
    InsertField,
    ModelEdit,
    RenameField,
    RetypeField,
    SetEnumValues,
)
from bravo_agent.planning.apply import apply_facts
from bravo_agent.planning.naming import class_names, field_name
from bravo_agent.planning.renaming import Renamed, follow
from bravo_agent.planning.table_text import TABLE_ASPECTS


def invert(before: Catalog, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that lead from what ``facts`` made of ``before`` back to it."""
    given = tuple(facts)
    keys = {f.table: f.after or "" for f in given if _renames_table(f) and isinstance(f, Altered)}
    back = tuple(found for fact in given for found in _inverse(fact, keys.get(fact.table, fact.table)))
    return (*back, *_aspects(before, apply_facts(before, given), given, keys))


def inverse_edit(edit: ModelEdit) -> ModelEdit | None:
    """The edit that undoes ``edit``; None where what it took away is known to version control alone."""
    match edit:
        case RenameField(entity, field, before, after):
            named = field in (before, field_name(before))
            return RenameField(entity, field_name(after) if named else field, after, before)
        case RetypeField(entity, field, before, after):
            return RetypeField(entity, field, after, before)
        case SetEnumValues(entity, field, before, after):
            return SetEnumValues(entity, field, after, before)
        case InsertField(entity, column):
            return DropField(entity, field_name(column.name))
        case AddModel(table):
            (name,) = class_names([(table.schema, table.name)]).values()
            return DropModel(name, table)
    return None


def _renames_table(fact: Fact) -> bool:
    return isinstance(fact, Altered) and fact.aspect == "name" and fact.old is None


def _inverse(fact: Fact, table: str) -> Iterator[Fact]:
    """``table`` is its key afterwards. Keys, indexes and checks are left out: see ``_aspects``."""
    match fact:
        case Added(column=None, new_table=new):
            yield Removed(fact.table, old_table=new)
        case Removed(column=None, old_table=old):
            yield Added(fact.table, new_table=old)
        case Added(column=column):
            yield Removed(table, column)
        case Removed(column=column):
            yield Added(table, column)
        case Altered():
            if fact.old is not None or fact.aspect == "name":
                turned = replace(fact, before=fact.after, after=fact.before, old=fact.new, new=fact.old)
                yield replace(turned, table=table)


def _aspects(
    before: Catalog, after: Catalog, facts: Sequence[Fact], keys: dict[str, str]
) -> Iterator[Altered]:
    """What the tables' own aspects differ by once the renames are undone."""
    renamed = Renamed(
        tables={new: old for old, new in keys.items()},
        columns=_old_names(facts, keys),
    )
    for table in before.tables:
        now = _partner(table, after, facts, keys)
        if now is None:
            continue
        undone = follow(now, renamed)
        for aspect, as_text in TABLE_ASPECTS.items():
            if as_text(undone) != as_text(table):
                yield Altered(now.key, aspect, as_text(undone), as_text(table))


def _old_names(facts: Sequence[Fact], keys: dict[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old and fact.new:
            names = found.setdefault(keys.get(fact.table, fact.table), {})
            names[fact.new.name] = fact.old.name
    return found


def _partner(table: Table, after: Catalog, facts: Sequence[Fact], keys: dict[str, str]) -> Table | None:
    gone = any(isinstance(fact, Removed) and fact.old_table and fact.table == table.key for fact in facts)
    return None if gone else after.table(keys.get(table.key, table.key))
