"""Examples of enum_values: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.change import Use
from bravo_agent.model.plan import SetEnumValues
from codemods._values import Example, Home

_MORE: Final = SetEnumValues("Ad", "x", ("draft", "live"), ("draft", "on hold", "live"))
_LESS: Final = SetEnumValues("Ad", "x", ("draft", "live", "gone"), ("draft", "live"))
_HEAD: Final = "from typing import Literal\n\nfrom pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n"
_ALIAS: Final = Home("Ad", definition="Status")
_ENUM: Final = (
    'from enum import StrEnum\n\n\nclass Status(StrEnum):\n    """Life."""\n\n    DRAFT = "draft"\n'
)
_NAMED: Final = Home("Ad", definition="Status", outside=(Use("app/api.py", 3, "api", "name"),))

_CHANGED: Final = (
    Example(
        "in the field",
        _MORE,
        f'{_HEAD}    x: list[Literal["draft", "live"] | None] | None = None\n',
        f'{_HEAD}    x: list[Literal["draft", "on hold", "live"] | None] | None = None\n',
    ),
    Example(
        "in an alias of several lines",
        _LESS,
        "from typing import Literal\n\nStatus = Literal[\n    'draft',\n    'live',\n    'gone',\n]\n",
        "from typing import Literal\n\nStatus = Literal[\n    'draft',\n    'live',\n]\n",
        home=_ALIAS,
    ),
    Example(
        "in an Enum",
        _MORE,
        f'{_ENUM}    LIVE = "live"  # shown\n',
        f'{_ENUM}    ON_HOLD = "on hold"\n    LIVE = "live"  # shown\n',
        home=_NAMED,
    ),
    Example(
        "out of an Enum",
        _LESS,
        f'{_ENUM}    LIVE = "live"\n    GONE = "gone"\n',
        f'{_ENUM}    LIVE = "live"\n',
        home=_ALIAS,
    ),
)

_LEFT: Final = (
    Example("known already", _MORE, f'{_HEAD}    x: Literal["live", "on hold", "draft"]\n'),
    Example(
        "code names what goes",
        _LESS,
        f'{_ENUM}    LIVE = "live"\n    GONE = "gone"\n',
        why="app/api.py:3",
        home=_NAMED,
    ),
    Example("made by auto()", _MORE, f"{_ENUM}    LIVE = auto()\n", why="not all plain texts", home=_ALIAS),
    Example("no labels here", _MORE, f"{_HEAD}    x: Status\n", why="one Literal"),
)
EXAMPLES: Final = _CHANGED + _LEFT
