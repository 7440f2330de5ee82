"""A rename whose old name is gone and whose new name is there: it was made before, or the old name is mistyped."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bravo_agent.model.entities import Entity, Field
from bravo_agent.model.plan import ManualWork
from bravo_agent.model.refactor import CodeChange, Rename
from bravo_agent.stores.application import former_texts, read_text
from bravo_agent.workspace import Workspace
from codemods import LeftAlone, class_at, names_in

KEPT = ".bravo/refactor"
"""Where the manifests of what was applied stand."""
_TOLD = 20


def made_before(workspace: Workspace, entity: Entity, change: Rename, new: Field) -> CodeChange:
    """Nothing to do where it is known that the rename was made; else a person has to look at the name."""
    said = f"{entity.name} has {change.new} and no {change.field}"
    known = next(_evidence(workspace, entity, change, new), None)
    if known is not None:
        return CodeChange(notes=(f"{said}: it is done already ({known})",))
    why = f"{said}, and nothing shows that it ever had: this rename was made elsewhere, or {change.field} is mistyped"
    fields = ", ".join(one.name for one in entity.fields[:_TOLD])
    more = f" and {len(entity.fields) - _TOLD} more" if len(entity.fields) > _TOLD else ""
    advice = f"Nothing was changed. If it was made, nothing is left to do; {entity.name} has {fields}{more}."
    return CodeChange(refused=(ManualWork(new.place.file, new.place.line, why, advice),))


def _evidence(workspace: Workspace, entity: Entity, change: Rename, new: Field) -> Iterator[str]:
    """First what was kept of the rename itself, then what git knows of the class."""
    if not change.field.isidentifier():
        return
    pattern = f"rename-{change.entity}.{change.field}-*.json".replace(":", ".").replace("/", ".")
    for path in sorted((workspace.project / KEPT).glob(pattern)):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # damaged: then git may know
        if isinstance(kept, dict) and kept.get("change", {}).get("new") == change.new:
            yield f"{KEPT}/{path.name}"
    declaring = _declaring(workspace, entity, new)
    like = f"^[[:space:]]+{change.field}[[:space:]]*:"
    for commit, text in former_texts(workspace.project, new.place.file, like):
        names = names_in(text, declaring)
        if change.field in names and change.new not in names:
            yield (
                f"{change.field} was there before commit {commit}"
                if commit
                else f"the last commit has {change.field}"
            )


def _declaring(workspace: Workspace, entity: Entity, new: Field) -> str:
    """The class that declares the field: the model, or one that it stands on."""
    try:
        return class_at(read_text(workspace.project / new.place.file), new.place.line) or entity.name
    except (OSError, UnicodeDecodeError, LeftAlone):
        return entity.name
