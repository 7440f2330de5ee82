"""What generated artifacts are made from, as one value; each kind takes what it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import Mapping as TableMapping

Files = dict[str, str]
"""Path relative to the project -> text; the same input gives the same files, byte for byte."""


class Schema(Protocol):
    """JSON Schema of one model in both modes of Pydantic, as the application gave it."""

    @property
    def name(self) -> str:
        """The class."""
        ...

    @property
    def module(self) -> str:
        """Its module."""
        ...

    @property
    def validation(self) -> Mapping[str, Any]:
        """What the model reads."""
        ...

    @property
    def serialization(self) -> Mapping[str, Any]:
        """What the model writes."""
        ...


@dataclass(frozen=True)
class Definitions:
    """JSON Schema of all models at once, by name, in both modes; names of a mode are unambiguous.

    ``names``: the definition of ``module:Class`` in ``validation``.
    """

    validation: Mapping[str, Any] = field(default_factory=dict)
    serialization: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def _none() -> Sequence[Schema]:
    return ()


def _empty() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Given:
    """What is called (``schemas``, ``definitions``, ``openapi``) imports the application: only who needs it calls it.

    ``optional`` are, by table, the document keys that may be missing.
    """

    catalog: Catalog
    mapping: TableMapping
    models: ModelSet
    switches: TypesSection = field(default_factory=TypesSection)
    schemas: Callable[[], Sequence[Schema]] = _none
    definitions: Callable[[], Definitions] = Definitions
    openapi: Callable[[], Mapping[str, Any]] = _empty
    optional: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Artifact(Protocol):
    """A kind of generated artifact. ``regenerated``: the cascade makes it anew with every change."""

    @property
    def regenerated(self) -> bool:
        """False for what is made once and then belongs to people."""
        ...

    def files(self, given: Given, folder: str) -> Files:
        """The files of this kind in ``folder``."""
        ...


def as_json(value: Mapping[str, Any]) -> str:
    """Sorted keys, two spaces, a newline at the end."""
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def in_folder(folder: str, name: str) -> str:
    """``folder/name``, with a file name that every disk takes."""
    safe = "".join(one if one.isalnum() or one in "._-%" else f"%{ord(one):02X}" for one in name)
    return f"{folder.rstrip('/')}/{safe}" if folder not in ("", ".") else safe
