"""Which columns are masked: what nobody classified is, and is listed."""

from __future__ import annotations

from collections import defaultdict

from bravo_agent.config import Config, EntitySection
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.mapping import Mapping

Rule = tuple[str, tuple[tuple[str, str], ...]]
PLAIN: Rule = ("standard", ())
MASKED: Rule = ("masking", ())


def unmasked_keys(catalog: Catalog) -> dict[str, set[str]]:
    """Table -> columns of a key, or of a foreign key on either side: masked, nothing would join."""
    keys: dict[str, set[str]] = defaultdict(set)
    for table in catalog.tables:
        keys[table.key].update(table.primary_key)
        for key in table.foreign_keys:
            keys[table.key].update(key.columns)
            keys[key.ref_table].update(key.ref_columns)
    return keys


def rule_for(table: str, column: str, config: Config, *, is_key: bool) -> Rule:
    """Privacy goes before any other rule; ``is_key`` excuses a column from masking that nobody asked for."""
    classified = config.privacy.columns.get(f"{table}.{column}")
    if classified == "mask" or (classified is None and config.privacy.mode == "mask" and not is_key):
        return MASKED
    rule = config.entities.get(table, EntitySection()).rules.get(column)
    return PLAIN if rule is None else parse_rule(rule)


def parse_rule(text: str) -> Rule:
    """``preserve`` -> that rule; ``custom:module:function`` -> the rule ``custom`` with its function."""
    name, _, function = text.partition(":")
    return name, ((("function", function),) if function else ())


def unclassified(mapping: Mapping, config: Config) -> tuple[str, ...]:
    """``schema.table.column`` of what is masked only because nobody classified it."""
    if config.privacy.mode == "keep":
        return ()
    masked = (
        f"{entity.table}.{column.column}"
        for entity in mapping.entities
        for column in entity.columns
        if column.rule == "masking"
    )
    return tuple(sorted(name for name in masked if name not in config.privacy.columns))
