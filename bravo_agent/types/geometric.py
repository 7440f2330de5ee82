"""PostgreSQL's plane geometry -> structures: point {x, y}, box {high, low}, circle {center, radius} ..."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind

_NUMBER = re.compile(r"-?(?:Infinity|NaN|[\d.]+(?:e[-+]?\d+)?)", re.IGNORECASE)


class _Geometric(Kind):
    names = frozenset({"point", "line", "lseg", "box", "path", "polygon", "circle"})
    cast = "text"
    shape_kind = "dict"
    annotation = "dict[str, Any]"
    imports = ("from typing import Any",)
    bson_type = "object"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        return _READERS[type_.name]


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text)]


def _points(text: str) -> list[dict[str, float]]:
    numbers = iter(_numbers(text))
    return [{"x": x, "y": y} for x, y in zip(numbers, numbers, strict=True)]


def _line(text: str) -> dict[str, Any]:
    """Ax + By + C = 0."""
    return dict(zip("abc", _numbers(text), strict=True))


def _circle(text: str) -> dict[str, Any]:
    x, y, radius = _numbers(text)
    return {"center": {"x": x, "y": y}, "radius": radius}


_READERS: dict[str, Callable[[str], Any]] = {
    "point": lambda text: _points(text)[0],
    "line": _line,
    "lseg": lambda text: dict(zip(("start", "end"), _points(text), strict=True)),
    "box": lambda text: dict(zip(("high", "low"), _points(text), strict=True)),
    "path": lambda text: {"closed": text.startswith("("), "points": _points(text)},
    "polygon": lambda text: {"points": _points(text)},
    "circle": _circle,
}

KIND = _Geometric()
