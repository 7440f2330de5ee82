"""What bravo.toml names and no catalog has: a wrong letter there must not decide anything in silence."""

from __future__ import annotations

from collections.abc import Iterator

from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet


def check_named(config: Config, baseline: Catalog, source: Catalog) -> tuple[str, ...]:
    """Notes on names that match nothing; raises ``mask-unmatched`` where a column would go unmasked by it."""
    columns = {
        f"{table.key}.{column.name}"
        for catalog in (baseline, source)
        for table in catalog.tables
        for column in table.columns
    }
    tables = {table.key for catalog in (baseline, source) for table in catalog.tables}
    _refuse_unmasked(config, columns)
    return tuple(
        f"bravo.toml names {name}, which is not there" for name in _unmatched(config, tables, columns)
    )


def without_gone(config: Config, source: Catalog, models: ModelSet) -> Config:
    """``config`` without the sections of tables that the source has dropped and whose model was dropped with them.

    The baseline has such a table until it moves on, and its section still names the model.
    """
    there = {table.key for table in source.tables}
    kept = {
        key: section
        for key, section in config.entities.items()
        if key in there or section.model is None or models.entity(section.model) is not None
    }
    return config if len(kept) == len(config.entities) else config.model_copy(update={"entities": kept})


def _refuse_unmasked(config: Config, columns: set[str]) -> None:
    # Where everything else is masked as well, a wrong name hides too much; here it would show what is meant to hide.
    named = config.privacy.columns.items() if config.privacy.mode == "keep" else ()
    wrong = sorted(name for name, wish in named if wish == "mask" and name not in columns)
    if wrong:
        raise UsageError(
            "mask-unmatched",
            f"bravo.toml masks {', '.join(wrong)}, and there is no such column",
            hint="Write schema.table.column as the source has it, or remove the line when the column is gone.",
            where="bravo.toml [privacy.columns]",
        )


def _unmatched(config: Config, tables: set[str], columns: set[str]) -> Iterator[str]:
    for table, section in sorted(config.entities.items()):
        if table not in tables:
            yield f"the table {table}"
            continue
        named = dict.fromkeys([*section.ignore, *section.rules, *section.fields])
        yield from (f"the column {table}.{name}" for name in named if f"{table}.{name}" not in columns)
