"""A published state of a target database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VersionState = Literal["building", "publishing", "published", "retired", "dropped", "failed"]
Refresh = Literal["full", "incremental", "parallel"]


@dataclass(frozen=True)
class CollectionState:
    """One collection of a version: ``uuid`` (hex) is MongoDB's own identity, kept through renames."""

    name: str
    documents: int
    uuid: str | None = None


@dataclass(frozen=True)
class Version:
    """Version ``id`` (``YYYY-MM-DD-NNN``) of ``database``. Exactly one version of a database is current."""

    id: str
    database: str
    state: VersionState
    refresh: Refresh
    current: bool
    snapshot: str
    catalog_fingerprint: str
    models_fingerprint: str
    plan_hash: str
    masking_hash: str
    transform_hash: str
    git_commit: str | None
    created_by: str
    created_at: str
    verified: bool
    collections: tuple[CollectionState, ...]
    branch: str | None = None
