"""Examples of rename_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.change import Use
from bravo_agent.model.plan import RenameField
from codemods._values import Example, Home

_HEAD: Final = "from pydantic import BaseModel, Field, field_validator\n\n\nclass Ad(BaseModel):\n"
_COST: Final = RenameField("Ad", "cost", "cost", "price")

_CHANGED: Final = (
    Example(
        "the declaration",
        _COST,
        f"{_HEAD}    cost: int = 0  # cost\n",
        f"{_HEAD}    price: int = 0  # cost\n",
    ),
    Example(
        "validators and self",
        _COST,
        f"{_HEAD}    cost: int\n    tax: int\n\n    @field_validator('tax', 'cost')\n    @classmethod\n"
        "    def check(cls, cost):\n        return cost\n\n    def total(self):\n"
        "        return f'{self.cost + self.tax}'\n",
        f"{_HEAD}    price: int\n    tax: int\n\n    @field_validator('tax', 'price')\n    @classmethod\n"
        "    def check(cls, cost):\n        return cost\n\n    def total(self):\n"
        "        return f'{self.price + self.tax}'\n",
    ),
    Example(
        "an alias that is the column",
        RenameField("Ad", "amount", "cost", "price"),
        f'{_HEAD}    amount: int = Field(default=0, alias="cost")\n',
        f'{_HEAD}    amount: int = Field(default=0, alias="price")\n',
    ),
    Example(
        "name and alias in two styles",
        RenameField("Ad", "daily_cost", "daily_cost", "daily_price"),
        f'{_HEAD}    daily_cost: int = Field(alias="dailyCost")\n',
        f'{_HEAD}    daily_price: int = Field(alias="dailyPrice")\n',
    ),
    Example(
        "the key of the document stays",
        RenameField("Ad", "id", "id", "number"),
        f'{_HEAD}    id: int = Field(alias="_id")\n',
        f'{_HEAD}    number: int = Field(alias="_id")\n',
    ),
    Example(
        "a name that Python cannot take",
        RenameField("Ad", "kind", "kind", "class"),
        "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    kind: str | None = None\n",
        "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n"
        '    class_: str | None = Field(default=None, alias="class")\n',
    ),
    Example("renamed already", _COST, f"{_HEAD}    price: int\n", f"{_HEAD}    price: int\n"),
)

_LEFT: Final = (
    Example(
        "used outside the class",
        _COST,
        f"{_HEAD}    cost: int\n",
        why="app/api.py:3 (api)",
        home=Home("Ad", outside=(Use("app/api.py", 3, "api", "name"),)),
    ),
    Example("declared elsewhere", _COST, f"{_HEAD}    tax: int\n", why="does not declare cost"),
    Example(
        "the new name is taken", _COST, f"{_HEAD}    cost: int\n    price: int\n", why="has a price already"
    ),
    Example(
        "the new name is inherited",
        _COST,
        f"{_HEAD}    cost: int\n",
        why="has a price already",
        home=Home("Ad", names=("cost", "price")),
    ),
    Example(
        "a text that may be the field",
        _COST,
        f"{_HEAD}    cost: int\n\n    def show(self):\n        return self.model_dump(include={{'cost'}})\n",
        why="not understood",
    ),
    Example(
        "another object's attribute",
        _COST,
        f"{_HEAD}    cost: int\n\n    def over(self, other):\n        return self.cost > other.cost\n",
        why="not understood",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
