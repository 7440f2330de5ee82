"""bytea -> Binary, subtype 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind

_OCTAL = re.compile(rb"\\(\\|[0-7]{3})")


class _Bytea(Kind):
    names = frozenset({"bytea"})
    kernel = "binary"
    shape_kind = "bytes"
    annotation = "bytes"
    bson_type = "binData"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        """Both of PostgreSQL's outputs: ``\\x00ff`` and, in old dumps, ``\\000\\377``."""
        return _read


def _read(text: str) -> bytes:
    if text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    return _OCTAL.sub(lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1], 8)]), text.encode("latin-1"))


KIND = _Bytea()
