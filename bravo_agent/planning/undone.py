"""The source with its undecided renames undone, so that names lead where they led at the baseline."""

from __future__ import annotations

from collections.abc import Mapping as Names
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Added, Altered, Change
from bravo_agent.model.mapping import EntityMapping, Mapping
from bravo_agent.planning.renaming import Renamed, follow

_SAME_COLUMN = ("rename", "keep-old-name")


@dataclass(frozen=True)
class Undone:
    """``catalog`` is the source in names of which only settled renames are new: the names *here*, below.

    ``tables``: key here -> key at the source, where they differ. ``columns``: (key here, name here) ->
    (name at the source, id of the rename). ``displaced``: (key here, name at the source) of new columns
    whose name is not free yet -> id of the rename they wait for. ``moved``: key at the baseline -> key
    here, of settled renames.
    """

    catalog: Catalog
    tables: Names[str, str]
    columns: Names[tuple[str, str], tuple[str, str]]
    displaced: Names[tuple[str, str], str]
    moved: Names[str, str]

    def table_of(self, change: Change) -> str:
        """The key here of the table that ``change`` is about."""
        return self.moved.get(change.table, change.table)

    def source_key(self, table: str) -> str:
        """The key at the source of the table that is ``table`` here."""
        return self.tables.get(table, table)

    def column_in_doubt(self, change: Change) -> str | None:
        """The column here that an unsettled ``change`` is about; None for an undone rename."""
        table = self.table_of(change)
        if change.kind == "renamed_field":
            return None if (table, change.details.before) in self.columns else change.details.after
        for fact in change.facts:
            if isinstance(fact, Altered) and fact.old and fact.new:
                return fact.old.name if (table, fact.old.name) in self.columns else fact.new.name
            if isinstance(fact, Added) and fact.column:
                return None if (table, fact.column.name) in self.displaced else fact.column.name
        return None

    def translate(self, entity: EntityMapping) -> EntityMapping:
        """``entity`` in the names of the source."""

        def new_name(column: str) -> str:
            return self.columns.get((entity.table, column), (column, ""))[0]

        waiting = tuple((name, why) for (table, name), why in self.displaced.items() if table == entity.table)
        return replace(
            entity,
            table=self.source_key(entity.table),
            columns=tuple(replace(mapped, column=new_name(mapped.column)) for mapped in entity.columns),
            key=tuple(new_name(column) for column in entity.key),
            left_out=tuple((new_name(column), why) for column, why in entity.left_out) + waiting,
        )

    def carried(self, mapping: Mapping) -> tuple[tuple[str, str, str, str], ...]:
        """(change id, table, source column, document key) of the columns that feed their old field on."""
        found = []
        for (table, _), (column, change_id) in self.columns.items():
            entity = mapping.of_table(self.source_key(table))
            mapped = entity.target_of(column) if entity else None
            if entity and mapped:
                found.append((change_id, entity.table, column, mapped.target))
        return tuple(sorted(found))


def undo_open_renames(source: Catalog, changes: Sequence[Change]) -> Undone:
    """Undoes what identity proves while nobody decided otherwise, and what is confirmed but not applied."""
    tables = {new: old for old, new, settled in _table_renames(changes) if not settled}
    moved = {old: new for old, new, settled in _table_renames(changes) if settled}
    columns = {
        (moved.get(change.table, change.table), change.details.before or ""): (
            change.details.after or "",
            change.id,
        )
        for change in changes
        if change.kind == "renamed_field" and _same_column(change)
    }
    renamed = Renamed(tables=tables)
    here, displaced = [], {}
    for table in source.tables:
        key = tables.get(table.key, table.key)
        undone, waiting = _undo(table, {old: new for (of, old), new in columns.items() if of == key})
        here.append(_named(follow(undone, renamed), key))
        displaced.update({(key, name): why for name, why in waiting.items()})
    back = {old: new for new, old in tables.items()}
    return Undone(replace(source, tables=tuple(here)), back, columns, displaced, moved)


def _table_renames(changes: Sequence[Change]) -> list[tuple[str, str, bool]]:
    """(old key, new key, settled)."""
    return [
        (change.details.before or "", change.details.after or "", change.state == "settled")
        for change in changes
        # One that is only suspected is undone once somebody says that it is one.
        if change.kind == "table_renamed" and any(isinstance(fact, Altered) for fact in change.facts)
    ]


def _same_column(change: Change) -> bool:
    if change.state == "decided":
        return change.option in _SAME_COLUMN
    return change.state == "open" and change.evidence.identity


def _undo(table: Table, renames: Names[str, tuple[str, str]]) -> tuple[Table, dict[str, str]]:
    """``table`` with old names, and new columns that stand in their way with the id they wait for."""
    if not renames:
        return table, {}
    old_name = {new: old for old, (new, _) in renames.items()}
    kept: list[Column] = []
    displaced: dict[str, str] = {}
    for column in table.columns:
        if column.name in old_name:
            kept.append(replace(column, name=old_name[column.name]))
        elif column.name in renames:
            displaced[column.name] = renames[column.name][1]
        else:
            kept.append(column)
    renamed = follow(table, Renamed(columns={table.key: old_name}))
    return replace(renamed, columns=tuple(kept)), displaced


def _named(table: Table, key: str) -> Table:
    schema, _, name = key.partition(".")
    return table if key == table.key else replace(table, schema=schema, name=name)
