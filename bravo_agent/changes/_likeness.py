"""How much an added column looks like a removed one. Thin on purpose: types, names, what else is equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import change_id
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Removed

RENAMED = "renamed_field"


def likeness(old: Column, new: Column) -> float:
    """0 to 1: names count most; null, default and comment the rest; another type halves it."""
    names = SequenceMatcher(None, old.name, new.name, autojunk=False).ratio()
    rest = (old.nullable == new.nullable) + (old.default == new.default) + (old.comment == new.comment)
    score = 0.7 * names + 0.1 * rest
    return round(score if old.type == new.type else score / 2, 2)


def rename_id(table: str, old: Column, new: Column, *, certain: bool = False) -> str:
    """The id of a rename: the same whether identity proves it, the configuration declares it or it is suspected."""
    return change_id(RENAMED, table, old.name, *rename_content(old, new, certain=certain))


def rename_content(old: Column, new: Column, *, certain: bool) -> tuple[list[object], list[object]]:
    """Before and after, as a rename's id is made of them; by identity, another type is a change of its own."""
    after: list[object] = [new.name] if certain or old.type == new.type else [new.name, new.type]
    return [old.name, old.type], after


def suspected_pairs(
    removed: Sequence[Removed], added: Sequence[Added], context: Context
) -> Iterator[tuple[Removed, Added]]:
    """Each column in one pair at most: what is declared or accepted, then the most alike of equal type.

    However unlike the names are, equal types are asked about: nobody may lose a column to a low score.
    """
    pairs = sorted(_candidates(removed, added, context), key=lambda pair: pair[0])
    gone: set[str] = set()
    come: set[str] = set()
    for _, old, new in pairs:
        if old.column and new.column and old.column.name not in gone and new.column.name not in come:
            gone.add(old.column.name)
            come.add(new.column.name)
            yield old, new


def _candidates(
    removed: Sequence[Removed], added: Sequence[Added], context: Context
) -> Iterator[tuple[tuple[bool, float, str, str], Removed, Added]]:
    for old in removed:
        for new in added:
            assert old.column is not None
            assert new.column is not None
            known = (old.table, old.column.name, new.column.name) in context.confirmed
            if (
                known
                or _same_field(old, new, context)
                or (old.column.type == new.column.type and _may_be(new, context))
            ):
                score = likeness(old.column, new.column)
                yield (not known, -score, old.column.name, new.column.name), old, new


def _same_field(old: Removed, new: Added, context: Context) -> bool:
    """Whether both names lead to one field, as ``dailyBudget`` and ``daily_budget`` do."""
    assert old.column is not None
    assert new.column is not None
    was, now = context.mapped(old.table, old.column.name), context.shown(new.table, new.column.name)
    return was is not None and now is not None and was.target == now.target


def _may_be(new: Added, context: Context) -> bool:
    """A column that the models have a field of its own for is no rename of another field's."""
    assert new.column is not None
    return context.field_of(new.table, context.shown(new.table, new.column.name)) is None
