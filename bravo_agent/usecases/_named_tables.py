"""New models that their names do not lead back to their tables: bravo.toml says which table feeds them."""

from __future__ import annotations

from collections.abc import Mapping

from bravo_agent.config import FILE, Config
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.plan import ManualWork
from bravo_agent.planning.likeness import entities_by_table
from bravo_agent.planning.named import without_gone
from bravo_agent.planning.naming import collection_name, free_collection
from bravo_agent.toml_text import toml_string, with_table
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace

Added = tuple[Table, str]
Names = Mapping[str, str]


def name_tables(
    workspace: Workspace, found: Detection, added: list[Added], overlay: Names, text: str
) -> tuple[str, list[ManualWork]]:
    """bravo.toml (now ``text``) with a section for each of ``added`` (table, class) that needs one; what is left.

    One needs it that is not recognised as its table's, that makes another table's be taken for another, or whose
    collection is another table's. ``overlay``: the models as the edits leave them.
    """
    models, left = workspace.models(overlay).models, list[ManualWork]()
    config = without_gone(workspace.config, found.source, found.models)
    before = _models(found.source, found.models, config)
    there = [one for one in added if models.entity(one[1]) is not None]
    for table, name in there:
        now = workspace.with_edits({FILE: text}).config
        collection = _collection(table, found.source, models, now)
        wanted = _models(found.source, models, now)
        others = {key: wanted.get(key) for key in before}
        if wanted.get(table.key) == name and others == before and collection is None:
            continue
        own = collection or collection_name(table.schema, table.name)
        values = {"model": name, "collection": own}
        after = with_table(text, ("entities", table.key), values)
        if after is None:
            left.append(_by_hand(table, values))
        text = after or text
    return text, left


def _models(catalog: Catalog, models: ModelSet, config: Config) -> dict[str, str]:
    """Table -> name of its model."""
    return {key: entity.name for key, (_, entity) in entities_by_table(catalog, models, config).items()}


def _collection(table: Table, catalog: Catalog, models: ModelSet, config: Config) -> str | None:
    """Another collection than the table's own name gives it, where that one is taken."""
    wanted = {*_models(catalog, models, config), *config.entities}
    taken = {
        (section.collection if (section := config.entities.get(one.key)) else None)
        or collection_name(one.schema, one.name)
        for one in catalog.tables
        if one.key in wanted and one.key != table.key
    }
    free = free_collection(table.schema, table.name, taken)
    return free if free != collection_name(table.schema, table.name) else None


def _by_hand(table: Table, values: Names) -> ManualWork:
    section = f"[entities.{toml_string(table.key)}]"
    says = ", ".join(f"{key} = {toml_string(one)}" for key, one in values.items())
    return ManualWork(
        FILE,
        1,
        f"the model of {table.key} is not known by its name, and this file takes no section at its end",
        f"write {section} with {says}",
    )
