"""What a database was published with: catalogs and models under one running number, and what fits what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.catalog import Catalog, ColumnType
from bravo_agent.model.entities import ModelSet

CompatibilityMode = Literal[
    "BACKWARD", "FORWARD", "FULL", "BACKWARD_TRANSITIVE", "FORWARD_TRANSITIVE", "FULL_TRANSITIVE"
]
Direction = Literal["BACKWARD", "FORWARD"]
Rule = Literal[
    "table-missing", "column-missing", "null", "type-changed", "type-narrowed", "length", "precision",
    "enum-labels", "primary-key",
]  # fmt: skip


@dataclass(frozen=True)
class RegisteredSchema:
    """Schema ``number`` of a target; ``catalog`` and ``models`` name their contents (sha256).

    ``versions`` are the database versions published with it, oldest first; the commit, who and when are those of
    the first. ``system_identifier`` and ``source_database`` say where oids and column numbers hold.
    """

    number: int
    catalog_fingerprint: str
    models_fingerprint: str
    catalog: str
    models: str
    versions: tuple[str, ...]
    registered_at: str
    registered_by: str
    git_commit: str | None = None
    system_identifier: str | None = None
    source_database: str | None = None


@dataclass(frozen=True)
class RegistryExport:
    """A whole registry, oldest schema first; ``current`` is the id of the database version that readers see."""

    database: str
    current: str | None
    schemas: tuple[RegisteredSchema, ...]
    catalogs: dict[str, Catalog]
    models: dict[str, ModelSet]
    format_version: int = 1


@dataclass(frozen=True)
class DocumentField:
    """A key of documents: what may stand there, and what a reader of it puts up with.

    ``writes_null``: the source may hold NULL; ``takes_null``: a reader accepts null; ``required``: a reader
    does not accept that the key is missing.
    """

    name: str
    type: ColumnType
    writes_null: bool
    takes_null: bool
    required: bool


@dataclass(frozen=True)
class DocumentSchema:
    """The documents of one collection; ``key`` is what ``_id`` is made of."""

    collection: str
    key: tuple[str, ...]
    fields: tuple[DocumentField, ...]

    def field(self, name: str) -> DocumentField | None:
        """The field under that key, or None."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True)
class Incompatibility:
    """What a reader cannot take: in which table (or collection), which column (or key), and why."""

    table: str
    column: str | None
    rule: Rule
    why: str


@dataclass(frozen=True)
class Against:
    """One comparison: ``BACKWARD`` is the new reader of former data, ``FORWARD`` the former reader of new data."""

    number: int
    direction: Direction
    incompatibilities: tuple[Incompatibility, ...]


@dataclass(frozen=True)
class ModelDifference:
    """A model or one of its fields that came, went or changed; None stands for not there."""

    entity: str
    field: str | None
    before: str | None
    after: str | None
