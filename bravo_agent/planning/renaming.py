"""What a rename drags along: PostgreSQL shows the new name in keys, indexes and checks at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bravo_agent.model.catalog import ForeignKey, Index, Table


@dataclass(frozen=True)
class Renamed:
    """Old -> new: keys of tables, and names of columns by the old key of their table."""

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def follow(table: Table, renamed: Renamed) -> Table:
    """``table`` with every mention of a renamed table or column in its keys, indexes and checks renamed.

    In texts (checks, definitions of indexes) whole words are replaced. Where that is not what PostgreSQL made
    of it, compare finds a difference and says so; the law holds either way.
    """
    if not renamed.tables and not renamed.columns:
        return table
    own = renamed.columns.get(table.key, {})
    words = {**own, **_table_words(table, renamed)}
    return replace(
        table,
        primary_key=_names(table.primary_key, own),
        foreign_keys=tuple(_foreign_key(key, own, renamed) for key in table.foreign_keys),
        indexes=tuple(_index(index, own, words) for index in table.indexes),
        checks=tuple(_text(check, own) for check in table.checks),
    )


def _table_words(table: Table, renamed: Renamed) -> dict[str, str]:
    new = renamed.tables.get(table.key)
    return {} if new is None else {table.key: new}


def _names(names: tuple[str, ...], own: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(own.get(name, name) for name in names)


def _foreign_key(key: ForeignKey, own: Mapping[str, str], renamed: Renamed) -> ForeignKey:
    return replace(
        key,
        columns=_names(key.columns, own),
        ref_table=renamed.tables.get(key.ref_table, key.ref_table),
        ref_columns=_names(key.ref_columns, renamed.columns.get(key.ref_table, {})),
    )


def _index(index: Index, own: Mapping[str, str], words: Mapping[str, str]) -> Index:
    return replace(index, columns=_names(index.columns, own), definition=_text(index.definition, words))


def _text(text: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    any_word = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{any_word})(?!\w)", lambda found: words[found.group()], text)
