"""The application's models, as they stand in its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ShapeKind = Literal[
    "bool", "int", "float", "decimal", "str", "bytes", "uuid", "date", "datetime", "time", "timedelta",
    "enum", "list", "dict", "model", "union", "any", "unknown",
]  # fmt: skip

EntityForm = Literal["pydantic", "sqlmodel", "dataclass", "schema"]


@dataclass(frozen=True)
class Place:
    """A place in a file of the application: path relative to the project, line from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Shape:
    """What a field accepts, read from its annotation; ``text`` is the annotation as written."""

    kind: ShapeKind
    optional: bool = False
    text: str = ""
    item: Shape | None = None
    labels: tuple[str, ...] = ()
    model: str | None = None
    max_length: int | None = None
    max_digits: int | None = None
    decimal_places: int | None = None


@dataclass(frozen=True)
class Field:
    """One field; ``document_name`` is the key in the document (its alias, else its name)."""

    name: str
    document_name: str
    shape: Shape
    required: bool
    place: Place
    default: str | None = None
    computed: bool = False


@dataclass(frozen=True)
class Entity:
    """One model class with all its fields, inherited ones too; ``base_names`` as written in the source.

    ``known_by`` says how it was read: from source, by an import in a subprocess, from a JSON Schema (also the one
    that Zod gives). Only a Pydantic model is edited; every other ``form`` is read, and changed by hand.
    """

    name: str
    module: str
    place: Place
    fields: tuple[Field, ...]
    base_names: tuple[str, ...] = ()
    known_by: Literal["source", "import", "generated", "json-schema"] = "source"
    form: EntityForm = "pydantic"

    @property
    def read_only(self) -> bool:
        """Whether a change of it is always manual work."""
        return self.form != "pydantic"

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def by_document_name(self, name: str) -> Field | None:
        """The field whose document key is ``name``, or None."""
        return next((field for field in self.fields if field.document_name == name), None)


@dataclass(frozen=True)
class ModelSet:
    """All model classes of the application, sorted by (module, name)."""

    entities: tuple[Entity, ...]

    def entity(self, name: str) -> Entity | None:
        """The entity called ``name`` (or ``module:name``), or None."""
        return next((e for e in self.entities if name in (e.name, f"{e.module}:{e.name}")), None)
