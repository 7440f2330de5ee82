"""The application's own named types, for new fields that mean the same."""

from __future__ import annotations

import re

from bravo_agent.stores.application import ModelReading
from codemods import KnownType


def known_types(reading: ModelReading) -> tuple[KnownType, ...]:
    """Those that check nothing but their shape, and the decimals that the models use."""
    plain = [KnownType(one.module, one.name, one.shape) for one in reading.types if one.plain]
    return (*plain, *_decimals(reading))


def _decimals(reading: ModelReading) -> list[KnownType]:
    """The application's own decimal types, where its models use one: those are what reads BSON decimals."""
    used = {
        word
        for entity in reading.models.entities
        for field in entity.fields
        if field.shape.kind == "decimal"
        for word in re.findall(r"\w+", field.shape.text)
    }
    decimals = [one for one in reading.types if one.shape.kind == "decimal"]
    homes = {one.module for one in decimals if one.name in used}
    return [KnownType(one.module, one.name, one.shape) for one in decimals if one.module in homes]
