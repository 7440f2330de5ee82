"""What readers have today and will not have after this run: said before anything is done.

A collection or a field can end without any change at the source: a model, a field or a line of bravo.toml was
taken away by hand. That is somebody's decision, but it must not pass unseen.
"""

from __future__ import annotations

from bravo_agent.errors import UsageError
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.planning.load_mapping import LoadMapping
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.usecases.detect import Detection


def vanishing(target: MongoTarget, found: Detection, mapping: LoadMapping) -> tuple[str, ...]:
    """What ends, a sentence each; raises ``models-unread`` where a model that could not be read may be why."""
    current = target.current()
    here = {one.name for one in current.collections} if current else set()
    ends = sorted(here - {one.collection for one in mapping.mapping.entities})
    if ends and found.reading.unread:
        raise UsageError(
            "models-unread",
            f"{'; '.join(found.reading.unread)}: without these models {', '.join(ends)} would be gone",
            hint="Mend the files, or leave them out with `exclude` under [project], and run again.",
        )
    lines = [f"no table feeds {name} any more: the new version is without it" for name in ends]
    for one in mapping.mapping.entities:
        if one.collection in here:
            keys = _ending_keys(target, one, mapping)
            lines += [f"no field has {one.collection}.{key} any more: it is not loaded" for key in keys]
    return tuple(lines)


def _ending_keys(target: MongoTarget, mapping: EntityMapping, load: LoadMapping) -> list[str]:
    """Keys that the live validator names, and that neither a column feeds nor an open change keeps out."""
    validator = target.collection_validator(mapping.collection) or {}
    known = set(validator.get("$jsonSchema", {}).get("properties", {}))
    waiting = {key for table, key in load.optional_targets if table == mapping.table}
    return sorted(known - {one.target for one in mapping.columns} - waiting - {"_id"})
