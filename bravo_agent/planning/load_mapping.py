"""The mapping of one load: the source's columns, without what somebody still has to decide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bravo_agent import wire
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, ColumnType
from bravo_agent.model.change import Added, Altered, Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.undone import Undone, undo_open_renames
from bravo_agent.types import cast_between

_WHOLE_TABLE = ("table_added", "table_dropped", "primary_key_changed")


@dataclass(frozen=True)
class LoadMapping:
    """``mapping`` in the source's names; ``optional_targets``: (table, document key) that nothing feeds now.

    ``carried``: (change id, table, source column, document key) of open renames whose column feeds the old
    field on. ``held``: (table, change id) of tables that cannot be loaded at all.
    """

    mapping: Mapping
    optional_targets: tuple[tuple[str, str], ...] = ()
    carried: tuple[tuple[str, str, str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()


def mapping_for_load(
    changes: Sequence[Change], source: Catalog, models: ModelSet, config: Config
) -> LoadMapping:
    """What is loaded now, given decided ``changes`` and the ``models`` as they stand in the working tree.

    Columns of undecided changes, and of decided ones that the models do not show yet, stay out with the
    change's id as reason. A rename that identity proves goes on feeding the old field: it is the same
    column.
    """
    undone = undo_open_renames(source, changes)
    derived = derive_mapping(undone.catalog, models, config)
    entities, held = [], []
    for entity in derived.entities:
        own = [change for change in changes if _is_of(change, entity, undone) and _matters(change)]
        blocked = next((change for change in own if _holds_table(change, entity, undone)), None)
        if blocked is not None:
            held.append((undone.source_key(entity.table), blocked.id))
        else:
            entities.append(undone.translate(_without_undecided(entity, own, undone)))
    mapping = Mapping(tuple(sorted(entities, key=lambda entity: entity.table)))
    return LoadMapping(mapping, _unfed(mapping, models), undone.carried(mapping), tuple(sorted(held)))


def _is_of(change: Change, entity: EntityMapping, undone: Undone) -> bool:
    return undone.table_of(change) == entity.table or entity.table in _new_tables(change)


def _new_tables(change: Change) -> list[str]:
    """A new table that may be another one renamed is loaded under neither name until somebody says so."""
    return [fact.table for fact in change.facts if isinstance(fact, Added) and fact.new_table is not None]


def _matters(change: Change) -> bool:
    return change.state in ("open", "decided") and kinds()[change.kind].alters_values


def _loads(change: Change) -> bool:
    """Whether the column of an unsettled change may be loaded all the same."""
    if change.state != "decided" or change.answer is None:
        return False
    return change.answer.takes_hold == "at-once" or _custom(change) is not None


def _custom(change: Change) -> str | None:
    answer = change.answer
    if answer is None or answer.name != "custom" or answer.takes_hold != "standing":
        return None
    params = dict(change.params)
    function, digest = params.get("function"), params.get("sha256")
    return f"{function}#{digest}" if function and digest else function


def _holds_table(change: Change, entity: EntityMapping, undone: Undone) -> bool:
    """Without its key's column, or under another key, no document can be named."""
    if change.kind in _WHOLE_TABLE or _new_tables(change):
        return not _loads(change)
    return undone.column_in_doubt(change) in entity.key and not _loads(change)


def _without_undecided(entity: EntityMapping, changes: Sequence[Change], undone: Undone) -> EntityMapping:
    for change in changes:
        column = undone.column_in_doubt(change)
        if column is None:
            continue
        back = _converted_back(change, entity, column)
        instead = _instead_of_null(change, entity, column)
        if back is not None:
            entity = _by_cast(entity, column, back)
        elif instead is not None:
            entity = _by_default(entity, column, instead)
        elif not _loads(change):
            entity = _left_out(entity, column, change.id)
        elif _custom(change) is not None:
            entity = _by_function(entity, column, _custom(change) or "")
    return entity


def _converted_back(change: Change, entity: EntityMapping, column: str) -> ColumnType | None:
    """The type that an accepted ``keep`` wants, where values can be brought back to it.

    Not for a key, whose documents would get other names, nor where a rule of its own is at work: a masked value
    is none of the old type.
    """
    mapped = entity.target_of(column)
    standing = change.state == "decided" and change.option == "keep"
    if not standing or mapped is None or mapped.rule != "standard" or column in entity.key:
        return None
    types = [f for f in change.facts if isinstance(f, Altered) and f.aspect == "type" and f.old and f.new]
    for fact in types:
        if fact.old and fact.new and cast_between(fact.new.type, fact.old.type):
            return fact.old.type
    return None


def _instead_of_null(change: Change, entity: EntityMapping, column: str) -> str | None:
    """What a NULL becomes by an accepted ``default``; not where another rule is at work, which leaves NULLs alone."""
    mapped = entity.target_of(column)
    standing = change.answer is not None and change.answer.takes_hold == "standing"
    if change.state != "decided" or change.option != "default" or not standing:
        return None
    return dict(change.params).get("value") if mapped is not None and mapped.rule == "standard" else None


def _by_default(entity: EntityMapping, column: str, value: str) -> EntityMapping:
    columns = tuple(
        replace(mapped, rule="default", params=(("value", value),)) if mapped.column == column else mapped
        for mapped in entity.columns
    )
    return replace(entity, columns=columns)


def _by_cast(entity: EntityMapping, column: str, back: ColumnType) -> EntityMapping:
    params = (("type", json.dumps(wire.plain(back), sort_keys=True, separators=(",", ":"))),)
    columns = tuple(
        replace(mapped, rule="cast", params=params) if mapped.column == column else mapped
        for mapped in entity.columns
    )
    return replace(entity, columns=columns)


def _left_out(entity: EntityMapping, column: str, reason: str) -> EntityMapping:
    columns = tuple(mapped for mapped in entity.columns if mapped.column != column)
    was_there = len(columns) < len(entity.columns) or any(name == column for name, _ in entity.left_out)
    others = tuple((name, why) for name, why in entity.left_out if name != column)
    return replace(entity, columns=columns, left_out=(*others, (column, reason)) if was_there else others)


def _by_function(entity: EntityMapping, column: str, function: str) -> EntityMapping:
    """Privacy goes before: a masked column stays masked."""

    def changed(mapped: ColumnMapping) -> ColumnMapping:
        if mapped.column != column or mapped.rule == "masking":
            return mapped
        return replace(mapped, rule="custom", params=(("function", function),))

    return replace(entity, columns=tuple(changed(mapped) for mapped in entity.columns))


def _unfed(mapping: Mapping, models: ModelSet) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for entity in mapping.entities:
        model = models.entity(entity.entity) if entity.entity else None
        fed = {column.target for column in entity.columns} | {"_id"}
        fields = model.fields if model else ()
        found += [
            (entity.table, field.document_name)
            for field in fields
            if not field.computed and field.document_name not in fed
        ]
    return tuple(sorted(found))
