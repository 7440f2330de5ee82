"""Environment variables that a field of settings is read from: they are called after it, in files of any kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bravo_agent.model.code import Finding
from bravo_agent.model.entities import Entity, Field, ModelSet
from bravo_agent.model.plan import ManualWork
from bravo_agent.stores.application import read_text, repository_files
from bravo_agent.workspace import Workspace
from codemods import find_variables


def variables_left(
    workspace: Workspace, models: ModelSet, finding: Finding, advice: str
) -> tuple[ManualWork, ...]:
    """The lines that name such a variable, as work by hand: nobody edits them. Those that are told as keys are not."""
    refs = [finding.group.asked, *(ref for ref, _ in finding.group.coupled)]
    told = {(one.file, line) for one in finding.unread for line in one.keys}
    names: set[str] = set()
    for ref in refs:
        entity = models.entity(f"{ref.module}:{ref.entity}")
        field = entity.field(ref.field) if entity else None
        if entity is not None and field is not None and field.document_name == field.name:
            names |= set(_variables(workspace, models, entity, field))
    section, project = workspace.config.project, workspace.project
    listed = repository_files(project.resolve()) if names else None
    return tuple(
        ManualWork(file, line, f"{name} is the environment variable that the field is read from", advice)
        for file, line, name in find_variables(project, section.sources, section.exclude, names, listed)
        if (file, line) not in told
    )


def _variables(workspace: Workspace, models: ModelSet, entity: Entity, field: Field) -> Iterator[str]:
    """Of the field itself, and as a part of settings that hold its model."""
    for one in models.entities:
        if not any("Settings" in name for name in one.base_names):
            continue
        prefix = _option(workspace, one, "env_prefix") or ""
        if one == entity:
            yield (prefix + field.name).upper()
        between = _option(workspace, one, "env_nested_delimiter")
        for outer in one.fields if between else ():
            if outer.shape.model and outer.shape.model.rpartition(":")[2].rpartition(".")[2] == entity.name:
                yield f"{prefix}{outer.name}{between}{field.name}".upper()


def _option(workspace: Workspace, entity: Entity, name: str) -> str | None:
    """A text of the class's configuration, as it is written."""
    try:
        tree = ast.parse(read_text(workspace.project / entity.place.file))
    except (SyntaxError, ValueError, OSError):
        return None
    for cls in ast.walk(tree):
        if isinstance(cls, ast.ClassDef) and cls.name == entity.name.rpartition(".")[2]:
            for key, value in _assigned(cls):
                if key == name and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    return value.value
    return None


def _assigned(cls: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(cls):
        match node:
            case ast.keyword(arg=str(name), value=value):
                yield name, value
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value
            case _:
                pass
