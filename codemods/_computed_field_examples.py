"""Examples of computed_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from codemods._requests import ComputeField
from codemods._values import Example, Home

_RATE: Final = ComputeField("rate", "Decimal", "clicks / Decimal(views)", ("from decimal import Decimal",))
_HOME: Final = Home("Ad", names=("clicks", "views", "note"))
_HEAD: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    clicks: int\n    views: int\n"
_AFTER: Final = (
    "from decimal import Decimal\n\nfrom pydantic import BaseModel, computed_field\n\n\n"
    "class Ad(BaseModel):\n    clicks: int\n    views: int\n\n"
    "    @computed_field\n    @property\n    def rate(self) -> Decimal:\n"
    "        return self.clicks / Decimal(self.views)\n"
)
_WITH_ONE: Final = (
    "from decimal import Decimal\n\nfrom pydantic import BaseModel, computed_field\n\n\n"
    "class Ad(BaseModel):\n    clicks: int\n    views: int\n\n"
    "    @computed_field  # type: ignore[prop-decorator]\n    @property\n    def twice(self) -> int:\n"
    "        return 2 * self.clicks\n"
)

_CHANGED: Final = (
    Example("behind the fields", _RATE, _HEAD, _AFTER, home=_HOME),
    Example(
        "behind the other methods, and as its neighbours are written; what follows stays",
        _RATE,
        f"{_WITH_ONE}\n\nclass Other:\n    pass\n",
        f"{_WITH_ONE}\n    @computed_field  # type: ignore[prop-decorator]\n    @property\n"
        "    def rate(self) -> Decimal:\n        return self.clicks / Decimal(self.views)\n"
        "\n\nclass Other:\n    pass\n",
        home=_HOME,
    ),
    Example(
        "a condition",
        ComputeField("label", "str", "note if note else str(clicks)"),
        _HEAD,
        _HEAD.replace("BaseModel\n\n", "BaseModel, computed_field\n\n", 1)
        + "\n    @computed_field\n    @property\n    def label(self) -> str:\n"
        "        return self.note if self.note else str(self.clicks)\n",
        home=_HOME,
    ),
)
_LEFT: Final = (
    Example("there already", _RATE, _AFTER, home=_HOME),
    Example(
        "a name that nobody knows",
        ComputeField("rate", "int", "clicks / wishes"),
        _HEAD,
        why="wishes is no field of the model",
        home=_HOME,
    ),
    Example(
        "more than a value",
        ComputeField("rate", "int", "[__import__('os') for one in clicks]"),
        _HEAD,
        why="more than work out a value",
        home=_HOME,
    ),
    Example(
        "the name is a field",
        ComputeField("views", "int", "clicks"),
        _HEAD,
        why="views is something else",
        home=_HOME,
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
