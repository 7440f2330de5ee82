"""Writes docs/catalog.schema.json, the JSON Schema of a catalog, from the values in bravo_agent/model/catalog.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bravo_agent.model.catalog import Catalog

PAGE = Path(__file__).with_name("catalog.schema.json")


def schema() -> dict[str, Any]:
    """Draft 2020-12; what has a default may be left out, keys that are not named are read over."""
    found = TypeAdapter(Catalog).json_schema(mode="validation")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "bravo-agent catalog"}
    return {**found, **dialect}


def page() -> str:
    """The file's text."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
