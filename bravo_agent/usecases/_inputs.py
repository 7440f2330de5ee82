"""What a plan is made from, as it stands now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bravo_agent import wire
from bravo_agent.config import Config
from bravo_agent.errors import BravoError, StoppedError
from bravo_agent.events import Emit
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.inputs import Inputs, Pairs
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.model.version import Version
from bravo_agent.planning.decisions_file import content_hash
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.stores.application import models_fingerprint
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import SnapshotReader, verify
from bravo_agent.usecases._masks import mask_key_digest
from bravo_agent.usecases.load import transform_modules
from bravo_agent.workspace import BASELINE, Workspace

GONE, DAMAGED = "not here any more", "damaged on this disk"


def inputs_of(
    workspace: Workspace,
    target: MongoTarget,
    source: Catalog,
    models: ModelSet,
    mappings: Iterable[EntityMapping],
    *,
    snapshot: str = "",
    content: str = "",
) -> Inputs:
    """All of it; ``models`` as they will be, ``mappings`` as they will be loaded."""
    versions = target.versions()
    return Inputs(
        snapshot=snapshot,
        content=content,
        source=structure_fingerprint(source),
        baseline=baseline_fingerprint(workspace),
        models=_models(models.entities),
        decisions=_decisions(workspace),
        config=_config(workspace.config),
        functions=transform_modules(workspace, mappings),
        masking=mask_key_digest(workspace),
        database=target.name,
        current=next((one.id for one in versions if one.current), None),
        newest=_newest(versions),
    )


def content_of(snapshot: Snapshot) -> str:
    """The fingerprint of a snapshot's structure and rows; who made it and when does not count."""
    return wire.fingerprint([wire.plain(snapshot.catalog), [wire.plain(one) for one in snapshot.tables]])


def baseline_fingerprint(workspace: Workspace) -> str:
    """Of all that bravo.catalog.json says; "" where it is not there."""
    return wire.fingerprint(workspace.baseline()) if (workspace.project / BASELINE).exists() else ""


def pinned(workspace: Workspace, snapshot: str, emit: Emit) -> tuple[SnapshotReader | None, str]:
    """The local snapshot, every file of it verified, and its content's fingerprint, or a word for what is wrong."""
    folder: Path = workspace.snapshots().path / snapshot
    if not (folder / "manifest.json").is_file():
        return None, GONE
    try:
        return SnapshotReader(folder), content_of(verify(folder, emit))
    except StoppedError:
        raise
    except BravoError:
        return None, DAMAGED


def _models(entities: Iterable[Entity]) -> Pairs:
    files: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        files[entity.place.file].append(entity)
    return tuple(sorted((file, models_fingerprint(ModelSet(tuple(own)))) for file, own in files.items()))


def _decisions(workspace: Workspace) -> tuple[tuple[str, str, str], ...]:
    accepted = (one for one in workspace.decisions() if one.status == "accepted")
    return tuple(sorted((one.change_id, one.option, content_hash(one)) for one in accepted))


def _config(config: Config) -> Pairs:
    # What is at its default counts as not set, said or not: a key that a newer bravo-agent knows changes no plan.
    return tuple(sorted(_flat(config.model_dump(mode="json", exclude_defaults=True), "")))


def _flat(value: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, one in value.items():
        name = f"{above}.{key}" if above else key
        if isinstance(one, dict):
            yield from _flat(one, name)
        else:
            yield name, json.dumps(one, sort_keys=True, ensure_ascii=False)


def _newest(versions: Iterable[Version]) -> str | None:
    """The last version that readers ever saw: after a rollback a plan made before it is another one."""
    seen = (one.id for one in versions if one.state in ("published", "retired", "dropped"))
    return max(seen, key=lambda one: (one[:10], int(one[11:])), default=None)
