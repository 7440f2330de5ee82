"""Examples of drop_model: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.catalog import Table
from bravo_agent.model.change import Use
from bravo_agent.model.plan import DropModel
from codemods._values import Example, Home

_AD: Final = DropModel("Ad", Table("public", "ads", ()))
_HEAD: Final = "from pydantic import BaseModel\n\n\nclass User(BaseModel):\n    x: int\n"
_CLASS: Final = '\n\nclass Ad(BaseModel):\n    """An Ad."""\n\n    at: date\n'

_CHANGED: Final = (
    Example("the last class", _AD, f"{_HEAD}{_CLASS}", _HEAD),
    Example(
        "between others, decorated", _AD, f"{_HEAD}\n\n@final{_CLASS[1:]}\n\nx = 1\n", f"{_HEAD}\n\nx = 1\n"
    ),
    Example("with an import of its own", _AD, f"from datetime import date\n\n{_HEAD}{_CLASS}", _HEAD),
)

_LEFT: Final = (
    Example("gone already", _AD, _HEAD),
    Example(
        "another class is made of it",
        _AD,
        f"{_HEAD}{_CLASS}\n\nclass New(Ad):\n    y: int\n",
        why="elsewhere",
    ),
    Example(
        "mentioned in another file",
        _AD,
        f"{_HEAD}{_CLASS}",
        why="app/api.py:1",
        home=Home("Ad", outside=(Use("app/api.py", 1, "api", "name"),)),
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
