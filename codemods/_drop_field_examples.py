"""Examples of drop_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.change import Use
from bravo_agent.model.plan import DropField
from codemods._values import Example, Home

_X: Final = DropField("Ad", "x")
_HEAD: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n"

_CHANGED: Final = (
    Example(
        "its line",
        _X,
        f"{_HEAD}    a: int\n    x: int  # it\n    b: int\n",
        f"{_HEAD}    a: int\n    b: int\n",
    ),
    Example(
        "the text behind it, and an import",
        _X,
        f'from uuid import UUID\n\n{_HEAD}    a: int\n    x: UUID\n    """What it is."""\n\n    b: int\n',
        f"{_HEAD}    a: int\n\n    b: int\n",
    ),
    Example(
        "its own comment, and not that of several",
        _X,
        f"{_HEAD}    # numbers\n    a: int\n\n    # x of the ad\n    x: int\n    b: int\n",
        f"{_HEAD}    # numbers\n    a: int\n\n    b: int\n",
    ),
    Example("the only one", _X, f"{_HEAD}    x: int\n", f"{_HEAD}    pass\n"),
)

_LEFT: Final = (
    Example("gone already", _X, f"{_HEAD}    a: int\n"),
    Example(
        "used outside the class",
        _X,
        f"{_HEAD}    x: int\n",
        why="tests/test_ad.py:2 (test)",
        home=Home("Ad", outside=(Use("tests/test_ad.py", 2, "test", "name"),)),
    ),
    Example(
        "used in the class",
        _X,
        f"{_HEAD}    x: int\n\n    def f(self):\n        return self.x\n",
        why="used in its class",
    ),
    Example("another on its line", _X, f"{_HEAD}    x: int; y: int\n", why="on its line"),
)
EXAMPLES: Final = _CHANGED + _LEFT
