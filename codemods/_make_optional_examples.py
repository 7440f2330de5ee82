"""Examples of make_optional: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.change import Use
from bravo_agent.model.plan import MakeOptional
from codemods._values import Example, Home

_X: Final = MakeOptional("Ad", "x")
_HEAD: Final = "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n"
_OLD: Final = "from typing import Optional\n\nfrom pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n"

_CHANGED: Final = (
    Example("a required field", _X, f"{_HEAD}    x: int  # it\n", f"{_HEAD}    x: int | None = None  # it\n"),
    Example("a default stays", _X, f"{_HEAD}    x: int = 0\n", f"{_HEAD}    x: int | None = 0\n"),
    Example(
        "an alias",
        _X,
        f'{_HEAD}    x: int = Field(alias="X")\n',
        f'{_HEAD}    x: int | None = Field(default=None, alias="X")\n',
    ),
    Example(
        "an ellipsis", _X, f"{_HEAD}    x: int = Field(...)\n", f"{_HEAD}    x: int | None = Field(None)\n"
    ),
    Example(
        "as the file writes it",
        _X,
        f"{_OLD}    x: int\n    y: Optional[int] = None\n",
        f"{_OLD}    x: Optional[int] = None\n    y: Optional[int] = None\n",
    ),
)

_LEFT: Final = (
    Example("optional already", _X, f"{_HEAD}    x: int | None\n"),
    Example("anything already", _X, f"{_HEAD}    x: Any\n"),
    Example("declared elsewhere", _X, f"{_HEAD}    y: int\n", why="does not declare x"),
    Example(
        "a validator works with it",
        _X,
        f"{_HEAD}    x: int\n",
        why="app/models.py:9 (validation)",
        home=Home("Ad", inside=(Use("app/models.py", 9, "validation", "name"),)),
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
