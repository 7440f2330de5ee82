"""JSON Schema files of the application's models, as Pydantic itself gives them.

Two modes: what a model reads, and, where that differs, what it writes (a Decimal is written as text, and
loses its bounds). The application is imported by ``Given.schemas``, never here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bravo_agent.artifacts._given import Files, Given, Schema, as_json, in_folder
from bravo_agent.artifacts._regions import MADE_BY


@dataclass(frozen=True)
class JsonSchema:
    """The kind ``json-schema``."""

    regenerated: bool = True

    def files(self, given: Given, folder: str) -> Files:
        """``<Model>.schema.json`` and, where it differs, ``<Model>.serialization.schema.json``."""
        schemas = given.schemas()
        # twins in different modules, and names that meet on a disk without upper and lower case
        times = Counter(schema.name.casefold() for schema in schemas)
        found: Files = {}
        for schema in schemas:
            name = _name(schema, unique=times[schema.name.casefold()] == 1)
            found[in_folder(folder, f"{name}.schema.json")] = _text(schema.validation)
            if schema.serialization != schema.validation:
                found[in_folder(folder, f"{name}.serialization.schema.json")] = _text(schema.serialization)
        return found


def _text(schema: Mapping[str, Any]) -> str:
    return as_json({**schema, "$comment": MADE_BY})


def _name(schema: Schema, *, unique: bool) -> str:
    return schema.name if unique else f"{schema.module}.{schema.name}"


KIND = JsonSchema()
