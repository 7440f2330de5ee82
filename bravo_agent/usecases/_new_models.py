"""A new table's model among the models that are there: made from the same base, known in the same places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from bravo_agent.model.code import FieldGroup, FieldRef, Finding
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import Edit, ManualWork
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.stores.application import interpreter, repository_files, scratch_copy, write_edits
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.workspace import Workspace
from codemods import ModelText, RegisterModel, class_text, role_of_file, valid_value

_BASE = "from pydantic import BaseModel"


def common_base(models: ModelSet, mapped: Collection[Entity], read: Callable[[str], str]) -> Entity | None:
    """The class without fields of its own that all models of tables are made from, where the application has one.

    None too where it makes document keys of its own: then a generated field would not be found under its column.
    """
    shared: list[str] | None = None
    for one in mapped:
        above = _above(models, one)
        shared = above if shared is None else [name for name in shared if name in above]
    for name in shared or ():
        base = models.entity(name)
        assert base is not None
        text = class_text(read(base.place.file), base.name)
        if len(mapped) > 1 and not base.fields and text and "alias_generator" not in text:
            return base
    return None


def from_base(written: ModelText, base: Entity) -> ModelText:
    """The generated class, made from the application's own base and not from Pydantic's."""
    head = f"class {written.name}(BaseModel):"
    code, whole = (
        text.replace(head, head.replace("BaseModel", base.name)) for text in (written.code, written.whole)
    )
    line = f"from {base.module} import {base.name}"
    if "BaseModel" in code or "(BaseModel)" in whole or written.name == base.name:
        return written
    whole = re.sub(r"\bBaseModel, ", "", whole, count=1)
    whole = re.sub(r"^(from pydantic import [^\n]*)$", rf"\1\n\n{line}", whole, count=1, flags=re.MULTILINE)
    imports = tuple(one for one in written.imports if one != _BASE)
    needed = tuple(one for one in written.prelude_imports if one != _BASE)
    return replace(written, code=code, whole=whole, imports=(*imports, line), prelude_imports=needed)


def made_known(
    workspace: Workspace, models: ModelSet, wish: RegisterModel, overlay: Mapping[str, str], file: str
) -> CodeChange:
    """The new model of ``file``, which ``overlay`` holds, where its neighbours are known; listed where it cannot be."""
    nothing = Finding(FieldGroup(FieldRef(wish.module, wish.model, "")), ())
    kind: Any = shelf("codemods")["register-model"]
    made: CodeChange = kind.through(code_over(workspace, models, nothing, overlay), wish)
    errors = _errors(workspace, nothing, made, overlay, file) if made.patch.edits else []
    if not errors:
        return made
    why = f"{wish.model} is not made known where the other models are: {{}}"
    return CodeChange(replace(made.patch, edits=(), manual=tuple(
        ManualWork(one.file, one.line, why.format(one.why), f"Make {wish.model} known here.") for one in errors
    )))  # fmt: skip


def fixture_file(workspace: Workspace, model: Entity, wish: RegisterModel) -> Edit | None:
    """A file with one document of the new model, where the tests have such a file for most of its neighbours."""
    files = repository_files(workspace.project) or ()
    collections = {collection for _, collection in wish.neighbours}
    folders: dict[str, set[str]] = {}
    for file in sorted(files):
        folder, _, name = file.rpartition("/")
        if (
            name.removesuffix(".json") in collections
            and name.endswith(".json")
            and role_of_file(file) == "fixture"
        ):
            folders.setdefault(folder, set()).add(file)
    most = [one for one, found in folders.items() if len(found) >= 2 and len(found) * 2 > len(collections)]
    if len(most) != 1:
        return None
    new = f"{most[0]}/{wish.collection}.json"
    values = [
        (one.document_name, valid_value(one.name, one.shape, {})) for one in model.fields if not one.computed
    ]
    if (workspace.project / new).exists() or not all(value for _, value in values):
        return None
    like = (workspace.project / min(folders[most[0]])).read_text(encoding="utf-8", errors="replace")
    step = re.match(r"\[\r?\n([ \t]+)\{", like)
    if step is None:
        return None  # not a list of documents, one below the other
    document = {name: json.loads(value.data) for name, value in values if value is not None}
    return Edit(new, None, json.dumps([document], indent=step[1], ensure_ascii=False) + "\n")


def _errors(
    workspace: Workspace, nothing: Finding, made: CodeChange, overlay: Mapping[str, str], file: str
) -> list[ManualWork]:
    """On a copy that has the new module on disk: the type checker resolves no import of one that is only open."""
    section = workspace.config.project
    own = section.model_copy(update={"python": interpreter(workspace.project.resolve(), section)})
    with scratch_copy(workspace.project) as copy:
        write_edits(copy, [Edit(one, None, text) for one, text in overlay.items()])
        there = replace(workspace, project=copy, config=workspace.config.model_copy(update={"project": own}))
        return new_errors(there, nothing, made, {}, overlay, also=[file])


def _above(models: ModelSet, entity: Entity) -> list[str]:
    """The application's classes that it is made from, the nearest first."""
    found: list[str] = []
    for written in entity.base_names:
        base = models.entity(written.rpartition(".")[2])
        if base is not None and base is not entity:
            found += [f"{base.module}:{base.name}", *_above(models, base)]
    return found
