"""The manifest of an edit: every place that was found, what is known of it and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bravo_agent import wire
from bravo_agent.model.change import Change
from bravo_agent.model.plan import Patch
from bravo_agent.model.refactor import CodeChange, FieldChange, Treated
from bravo_agent.stores.application import render_diff
from bravo_agent.workspace import Workspace, write_text


@dataclass(frozen=True)
class Carried:
    """What became of one decided change in the code; ``patch`` is its own share, as it was made after the others."""

    change: Change
    made: CodeChange


def manifest_of_change(change: FieldChange, made: CodeChange) -> dict[str, Any]:
    """Every place with its verdict, what that rests on, and what became of it."""
    said = wire.plain(change)
    return {
        "change": {key: value for key, value in said.items() if (key, value) != ("without", [])},
        **_of(made),
        "recomputed": [wire.plain(one) for one in made.patch.recomputed],
    }


def manifest_of_changes(carried: Iterable[Carried], patch: Patch, generated: Iterable[str]) -> dict[str, Any]:
    """The same for all decided changes of one patch; ``generated`` are the files that are made from models."""
    return {
        "changes": [{**_named(one.change), **_of(one.made)} for one in carried],
        "files": [edit.file for edit in patch.edits],
        "artifacts": sorted(generated),
        "manual": [wire.plain(one) for one in patch.manual],
        "recomputed": [wire.plain(one) for one in patch.recomputed],
    }


def not_made(made: CodeChange) -> CodeChange:
    """The same, where nothing of it was written after all."""
    left = tuple(replace(one, fate="left") if one.fate == "edited" else one for one in made.treated)
    return replace(made, patch=Patch((), made.patch.manual), treated=left)


def keep(workspace: Workspace, file: str, document: dict[str, Any]) -> str:
    """Writes the manifest to ``file`` of the project, which version control does not see; gives ``file``."""
    write_text(workspace.project / file, wire.dumps(document))
    own_folder(workspace)
    return file


def keep_manifest(workspace: Workspace, patch: Patch, manifest: dict[str, Any]) -> str:
    """A cascade's manifest, by the patch that it belongs to; gives its path in the project."""
    name = wire.fingerprint(render_diff(patch))[:12]
    return keep(workspace, f".bravo/cascade/cascade-{name}.json", manifest)


def own_folder(workspace: Workspace) -> None:
    """.bravo, which version control does not see: ``init`` may never have written its line of .gitignore."""
    ignored = workspace.private / ".gitignore"
    if not ignored.exists():
        write_text(ignored, "*\n")


def _named(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "table": change.table,
        "field": change.field,
        "option": change.option,
        "params": dict(change.params),
    }


def _of(made: CodeChange) -> dict[str, Any]:
    return {
        "group": wire.plain(made.group) if made.group else None,
        "files": [edit.file for edit in made.patch.edits],
        "places": [_place(one) for one in made.treated],
        "manual": [wire.plain(one) for one in made.patch.manual],
        "refused": [wire.plain(one) for one in made.refused],
        "unread": [wire.plain(one) for one in made.unread],
        "mentions": [wire.plain(one) for one in made.mentions],
        "notes": list(made.notes),
    }


def _place(one: Treated) -> dict[str, Any]:
    told = wire.plain(one.occurrence)
    token = told.pop("token")
    told.pop("text")
    return {**told, **token, "fate": one.fate}
