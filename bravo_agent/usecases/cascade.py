"""Decided changes carried into the code: one patch over models and generated artifacts.

In this order: every codemod works on the text that the one before left; the artifacts are made from the models as
they will be, before anything is written. A change whose codemod does not exist yet is listed as manual work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bravo_agent.artifacts import Artifact, Given
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Change
from bravo_agent.model.entities import Entity, Shape
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.naming import document_name
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading, apply_patch, read_schemas, read_text, render_diff
from bravo_agent.types import family
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import Workspace, write_text
from codemods import AddField, KnownType, annotation_of
from codemods.add_field import KIND as ADD_FIELD

_ADDS = ("add-field", "make-optional", "default")


@dataclass(frozen=True)
class Cascade:
    """``code`` edits the application, ``artifacts`` are generated from it; ``after`` is what detect finds then."""

    code: Patch
    artifacts: Patch
    after: Detection

    @property
    def patch(self) -> Patch:
        """Both, sorted by file."""
        edits = sorted((*self.code.edits, *self.artifacts.edits), key=lambda edit: edit.file)
        return Patch(tuple(edits), self.code.manual)

    @property
    def diff(self) -> str:
        """As ``git apply`` takes it."""
        return render_diff(self.patch)


@dataclass(frozen=True)
class Applied:
    """``not_clean`` files hold uncommitted changes: nothing was written, the patch lies in ``patch_file``."""

    edited: tuple[str, ...] = ()
    patch_file: str | None = None
    not_clean: tuple[str, ...] = ()


def make_cascade(workspace: Workspace, found: Detection) -> Cascade:
    """The patch that carries every decided change as far as there is a codemod for it; writes nothing."""
    texts: dict[str, tuple[str, str]] = {}
    manual: list[ManualWork] = []
    for change in found.changes:
        if change.state == "decided":
            manual.extend(_carry(workspace, found, change, texts))
    edits = tuple(Edit(file, before, after) for file, (before, after) in sorted(texts.items()))
    overlay = {edit.file: edit.after for edit in edits}
    after = detect(workspace, found.source, overlay=overlay, write_report=False) if overlay else found
    return Cascade(Patch(edits, tuple(manual)), _artifacts(workspace, after, overlay), after)


def apply_cascade(workspace: Workspace, cascade: Cascade, *, name: str) -> Applied:
    """Writes the patch to the working tree, or, where a file is not clean, only beside it as ``name``.patch."""
    if not cascade.patch.edits:
        return Applied()
    refused = apply_patch(workspace.project, cascade.patch)
    if refused:
        return Applied(patch_file=save_patch(workspace, cascade, name=name), not_clean=refused)
    return Applied(edited=tuple(edit.file for edit in cascade.patch.edits))


def save_patch(workspace: Workspace, cascade: Cascade, *, name: str) -> str | None:
    """Writes the diff to .bravo/patches; gives its path relative to the project (None: there is nothing)."""
    if not cascade.patch.edits:
        return None
    path = workspace.private / "patches" / f"{name}.patch"
    write_text(path, cascade.diff)
    return path.relative_to(workspace.project).as_posix()


def _carry(
    workspace: Workspace, found: Detection, change: Change, texts: dict[str, tuple[str, str]]
) -> Iterable[ManualWork]:
    if change.answer is None or change.answer.takes_hold != "models":
        return ()
    entity = found.models.entity(change.entity) if change.entity else None
    added = next((fact for fact in change.facts if isinstance(fact, Added) and fact.column), None)
    if entity is None or added is None or added.column is None or change.option not in _ADDS:
        return (_by_hand(change, entity),)
    request = _add_field(change, entity, added.column, found)
    file = entity.place.file
    before, now = texts.get(file) or (2 * (read_text(workspace.project / file),))
    result = ADD_FIELD.edit(now, request, file)
    if result.text != now:
        texts[file] = (before, result.text)
    return result.manual


def _by_hand(change: Change, entity: Entity | None) -> ManualWork:
    place = entity.place if entity else None
    what = f"{change.kind} {change.table}" + (f".{change.field}" if change.field else "")
    return ManualWork(
        place.file if place else "",
        place.line if place else 0,
        f"there is no codemod yet for {what} with the answer {change.option}",
        "Edit the model by hand; the next run sees that it is settled.",
    )


def _add_field(change: Change, entity: Entity, column: Column, found: Detection) -> AddField:
    shape = family(column.type).shape(column.type)
    annotation, imports = annotation_of(shape) or ("Any", ("from typing import Any",))
    known = [KnownType(one.module, one.name, one.shape) for one in found.reading.types if one.plain]
    if shape.kind == "decimal":
        known += _decimals(found.reading)
        wide = next((one for one in known if one.shape.kind == "decimal" and _unbounded(one.shape)), None)
        if wide is not None and not _unbounded(shape) and not any(one.shape == shape for one in known):
            bounds = f"Field(max_digits={shape.max_digits}, decimal_places={shape.decimal_places})"
            annotation = f"Annotated[{wide.name}, {bounds}]"
            imports = (
                "from typing import Annotated",
                "from pydantic import Field",
                f"from {wide.module} import {wide.name}",
            )
    default = "None"
    if change.option == "default":
        default = _literal(dict(change.params).get("value", ""), shape)
    return AddField(
        entity.name,
        column.name,
        annotation,
        imports,
        default,
        alias=document_name(column.name),
        module=entity.module,
        package=entity.place.file.endswith("__init__.py"),
        shape=shape,
        known_types=tuple(known),
    )


def _decimals(reading: ModelReading) -> list[KnownType]:
    """The application's own decimal types, where its models use one: those are what reads BSON decimals."""
    used = {
        word
        for entity in reading.models.entities
        for field in entity.fields
        if field.shape.kind == "decimal"
        for word in re.findall(r"\w+", field.shape.text)
    }
    decimals = [one for one in reading.types if one.shape.kind == "decimal"]
    homes = {one.module for one in decimals if one.name in used}
    return [KnownType(one.module, one.name, one.shape) for one in decimals if one.module in homes]


def _unbounded(shape: Shape) -> bool:
    return shape.max_digits is None and shape.decimal_places is None


def _literal(value: str, shape: Shape) -> str:
    """The default as a Python expression of the field's kind."""
    if shape.kind in ("int", "float") and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value
    if shape.kind == "bool" and value.lower() in ("true", "false"):
        return value.capitalize()
    if shape.kind == "decimal":
        return f'Decimal("{value}")'
    return repr(value)


def _artifacts(workspace: Workspace, after: Detection, overlay: dict[str, str]) -> Patch:
    config = workspace.config
    if not config.artifacts:
        return Patch()
    catalog = after.next_baseline
    given = Given(
        catalog,
        derive_mapping(catalog, after.models, config),
        after.models,
        config.types,
        lambda: read_schemas(workspace.project, config.project, after.models, overlay=overlay),
    )
    edits = []
    for file, text in sorted(_generated(given, config.artifacts).items()):
        path = workspace.project / file
        before = read_text(path) if path.exists() else None
        if before != text:
            edits.append(Edit(file, before, text))
    return Patch(tuple(edits))


def _generated(given: Given, folders: Mapping[str, str]) -> dict[str, str]:
    kinds: dict[str, Artifact] = shelf("bravo_agent.artifacts")
    files: dict[str, str] = {}
    for name, folder in folders.items():
        kind = kinds.get(name)
        if kind is None or not kind.regenerated:
            known = ", ".join(one for one, found in kinds.items() if found.regenerated)
            raise UsageError(
                "artifact-unknown",
                f"there is no artifact {name!r}",
                hint=f"[artifacts] in bravo.toml takes: {known}.",
                where="bravo.toml [artifacts]",
            )
        files.update(kind.files(given, folder))
    return files
