"""Small programs whose lines say what their texts mean: ``#> target other`` names the verdicts, left to right."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bravo_agent.model.code import FieldGroup, FieldRef, Token
from bravo_agent.model.entities import ModelSet
from codemods._strings import Judged, string_verdicts

MODELS = """\
from decimal import Decimal
from typing import Any
from pydantic import BaseModel, Field

class Maker(BaseModel):
    name: str
    price: int = 0

class Item(BaseModel):
    id: int
    name: str
    price: Decimal
    maker: Maker | None = None
    details: dict[str, Any] = Field(default_factory=dict)

class Rental(BaseModel):
    id: int
    price: int
"""
GROUP = FieldGroup(FieldRef("app.models", "Item", "price"))


def verdicts(
    files: Mapping[str, str],
    *,
    data: Mapping[str, str] | None = None,
    group: FieldGroup = GROUP,
    names: tuple[str, ...] = ("price",),
    collections: Mapping[str, str] | None = None,
) -> dict[Token, Judged]:
    """The verdicts of the files, with the models beside them."""
    every = {"app/__init__.py": "", "app/models.py": MODELS, **files}
    found = string_verdicts(every, group, ModelSet(()), names, data=data, collections=collections)
    return dict(found)


def shown(found: Mapping[Token, Judged], files: Mapping[str, str]) -> dict[str, list[str]]:
    """``file:line`` -> the verdicts there, of ``files`` alone."""
    lines: dict[str, list[str]] = {}
    for token in sorted(found, key=lambda one: (one.file, one.line, one.column)):
        if token.file in files:
            lines.setdefault(f"{token.file}:{token.line}", []).append(found[token].verdict)
    return lines


def stated(files: Mapping[str, str]) -> dict[str, list[str]]:
    """What the lines say."""
    lines: dict[str, list[str]] = {}
    for file, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            said = re.search(r"#> (.+)$", line)
            if said:
                lines[f"{file}:{number}"] = said.group(1).split()
    return lines


def explained(found: Mapping[Token, Judged]) -> str:
    """All verdicts with their reasons, for a failing test."""
    return "\n".join(
        f"{token.file}:{token.line}:{token.column} {one.verdict} ({one.how}) {one.why}"
        for token, one in sorted(found.items(), key=lambda pair: (pair[0].file, pair[0].line, pair[0].column))
    )
