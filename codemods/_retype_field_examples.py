"""Examples of retype_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.change import Use
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import RetypeField
from codemods._values import Example, Home, KnownType

_TEXT, _INT = Shape("str"), Shape("int")
_SHORT, _LONG = Shape("str", max_length=50), Shape("str", max_length=100)
_OLD = Shape("decimal", max_digits=12, decimal_places=2)
_NEW = Shape("decimal", max_digits=14, decimal_places=4)
_PLAIN: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n"
_HEAD: Final = (
    "from typing import Annotated\n\nfrom pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n"
)


def _edit(before: Shape, after: Shape) -> RetypeField:
    return RetypeField("Ad", "x", before, after)


_CHANGED: Final = (
    Example(
        "another type",
        _edit(_TEXT, _INT),
        f"{_PLAIN}    x: str | None = None\n",
        f"{_PLAIN}    x: int | None = None\n",
    ),
    Example(
        "only the bound",
        _edit(_SHORT, _LONG),
        f"{_HEAD}    x: Annotated[str, Field(max_length=50, description='it')]\n",
        f"{_HEAD}    x: Annotated[str, Field(max_length=100, description='it')]\n",
    ),
    Example(
        "bounds in the default's place, inside a list",
        _edit(Shape("list", item=_SHORT), Shape("list", item=_LONG)),
        f"{_HEAD}    x: list[Annotated[str, Field(max_length=50)] | None] | None = Field(None, max_length=9)\n",
        f"{_HEAD}    x: list[Annotated[str, Field(max_length=100)] | None] | None = Field(None, max_length=9)\n",
    ),
    Example(
        "a bound that is no more, with imports that nothing else needs",
        _edit(_SHORT, _TEXT),
        f"{_HEAD}    x: Annotated[str, Field(max_length=50)]\n",
        f"{_PLAIN}    x: str\n",
    ),
    Example(
        "a description stays, what bounds numbers goes",
        _edit(_INT, _TEXT),
        f"{_HEAD}    x: Annotated[int, Field(ge=0, description='it')] = Field(le=9)\n",
        f"{_HEAD}    x: Annotated[str, Field(description='it')]\n",
    ),
    Example(
        "the application's own type that means the same",
        _edit(_OLD, _NEW),
        "from pydantic import BaseModel\n\nfrom .types import Money, Rate\n\n\nclass Ad(BaseModel):\n    x: Money\n",
        "from pydantic import BaseModel\n\nfrom .types import Money, Rate\n\n\nclass Ad(BaseModel):\n    x: Rate\n",
        home=Home("Ad", "shop.models.ads", known_types=(KnownType("shop.models.types", "Rate", _NEW),)),
    ),
    Example(
        "a default that loses nothing",
        _edit(_INT, _TEXT),
        f"{_PLAIN}    x: int = Field(default=5)\n",
        f'{_PLAIN}    x: str = Field(default="5")\n',
    ),
    Example(
        "imports",
        _edit(_TEXT, Shape("uuid")),
        f"{_PLAIN}    x: str\n",
        f"from uuid import UUID\n\n{_PLAIN}    x: UUID\n",
    ),
)

_LEFT: Final = (
    Example(
        "calculated with",
        _edit(_TEXT, _INT),
        f"{_PLAIN}    x: str\n",
        why="app/total.py:1 (calculation)",
        home=Home("Ad", outside=(Use("app/total.py", 1, "calculation", "name"),)),
    ),
    Example(
        "a default of the old type", _edit(_TEXT, _INT), f'{_PLAIN}    x: str = "a"\n', why="the default"
    ),
    Example(
        "a default that would lose something",
        _edit(_TEXT, _INT),
        f'{_PLAIN}    x: str = "1.50"\n',
        why="the default",
    ),
    Example(
        "a validator of the annotation",
        _edit(_TEXT, _INT),
        f"{_HEAD}    x: Annotated[str, AfterValidator(check)]\n",
        why="may belong to the old type",
    ),
    Example("declared elsewhere", _edit(_TEXT, _INT), f"{_PLAIN}    y: int\n", why="does not declare x"),
    Example("an annotation in quotes", _edit(_TEXT, _INT), f'{_PLAIN}    x: "str"\n', why="is a text"),
)
EXAMPLES: Final = _CHANGED + _LEFT
