"""The schema registry wherever it is: in a target database, or in a file that was exported from one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.schema import RegisteredSchema, RegistryExport
from bravo_agent.workspace import Workspace

T = TypeVar("T")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}-\d{3,}")
_PREFIX = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True)
class RegistryView:
    """What is registered (newest first), and the way to the contents; ``current`` is a database version."""

    database: str
    current: str | None
    schemas: tuple[RegisteredSchema, ...]
    catalog: Callable[[RegisteredSchema], Catalog]
    models: Callable[[RegisteredSchema], ModelSet]

    def find(self, which: str) -> RegisteredSchema:
        """By number, ``latest``, ``current``, database version or beginning of a fingerprint.

        Raises ``UsageError`` ``schema-unknown``, ``schema-ambiguous``.
        """
        found = _matching(self, which)
        if len(found) > 1:
            numbers = ", ".join(str(one.number) for one in found)
            raise UsageError(
                "schema-ambiguous",
                f"{which} stands for the schemas {numbers}",
                hint="Give a number, or more of the fingerprint.",
            )
        if not found:
            raise UsageError(
                "schema-unknown",
                f"the registry of {self.database} has no schema {which}",
                hint="`bravo-agent schema log` lists those there are; a run registers what it publishes.",
            )
        return found[0]


@contextmanager
def open_registry(
    workspace: Workspace, database: str | None = None, file: Path | None = None
) -> Iterator[RegistryView]:
    """The registry of ``database`` (default: the configured one), or the exported one in ``file``."""
    if file is not None:
        yield _of_file(file)
        return
    with workspace.target(database) as target:
        current = target.current()
        yield RegistryView(
            target.name,
            current.id if current else None,
            target.schemas(),
            target.schema_catalog,
            target.schema_models,
        )


def _of_file(file: Path) -> RegistryView:
    found = wire.loads(RegistryExport, file.read_bytes(), where=str(file))
    schemas = tuple(sorted(found.schemas, key=lambda one: -one.number))
    return RegistryView(
        found.database,
        found.current,
        schemas,
        lambda schema: _content(found.catalogs, schema.catalog, file),
        lambda schema: _content(found.models, schema.models, file),
    )


def _content(contents: dict[str, T], name: str, file: Path) -> T:
    if name not in contents:
        raise UsageError(
            "file-unreadable",
            f"{file} names the content {name[:12]} and does not hold it",
            hint="Export the registry once more: bravo-agent schema export --to FILE",
            where=str(file),
        )
    return contents[name]


def _matching(view: RegistryView, which: str) -> list[RegisteredSchema]:
    if which == "latest":
        return list(view.schemas[:1])
    if which == "current" or _VERSION.fullmatch(which):
        wanted = view.current if which == "current" else which
        return [one for one in view.schemas if wanted in one.versions]
    numbered = [one for one in view.schemas if which == str(one.number)]
    if numbered or not _PREFIX.fullmatch(which):
        return numbered
    return [
        one
        for one in view.schemas
        if one.catalog_fingerprint.startswith(which) or one.models_fingerprint.startswith(which)
    ]
