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
        lost="le=9",
    ),
    Example(
        "what the new type takes as well stays",
        _edit(_INT, Shape("decimal")),
        f"{_HEAD}    x: Annotated[int, Field(gt=0, multiple_of=5, strict=True)] = 5\n",
        f"from decimal import Decimal\n{_HEAD}"
        '    x: Annotated[Decimal, Field(gt=0, multiple_of=5, strict=True)] = Decimal("5")\n',
    ),
    Example(
        "bounds of annotated_types",
        _edit(Shape("float"), _INT),
        f"import annotated_types as at\n{_HEAD}    x: Annotated[float, at.Ge(0), at.Lt(0.5)] = 0\n",
        f"import annotated_types as at\n{_HEAD}    x: Annotated[int, at.Ge(0)] = 0\n",
        lost="at.Lt(0.5)",
    ),
    Example(
        "bounds of integers are integers",
        _edit(Shape("float"), _INT),
        f"{_PLAIN}    x: float = Field(ge=0.5, le=9, allow_inf_nan=False)\n",
        f"{_PLAIN}    x: int = Field(le=9)\n",
        lost="ge=0.5",
    ),
    Example(
        "a call that is a type with its constraints",
        _edit(_TEXT, Shape("bytes")),
        "from pydantic import BaseModel, Field, constr\n\n\nclass Ad(BaseModel):\n"
        "    x: constr(min_length=2, pattern='^a')\n    y: int = Field(ge=0)\n",
        "from typing import Annotated\n\nfrom pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n"
        "    x: Annotated[bytes, Field(min_length=2)]\n    y: int = Field(ge=0)\n",
        lost="pattern='^a'",
    ),
    Example(
        "a list of another type, as somebody wrote it down",
        _edit(Shape("list", item=_INT), Shape("list", item=Shape("float"))),
        f"{_HEAD}    x: list[Annotated[int, Field(ge=0)]] = Field(max_length=3)\n",
        f"{_HEAD}    x: list[Annotated[float, Field(ge=0)]] = Field(max_length=3)\n",
        home=Home("Ad", annotation="list[float]"),
    ),
    Example(
        "a name of the project's own",
        _edit(_OLD, Shape("float")),
        "from pydantic import BaseModel, Field\n\nfrom .types import Money\n\n\nclass Ad(BaseModel):\n"
        "    x: Money\n    y: Money = Field(gt=1)\n",
        "from typing import Annotated\n\nfrom pydantic import BaseModel, Field\n\nfrom .types import Money\n\n\n"
        "class Ad(BaseModel):\n    x: Annotated[float, Field(ge=0)]\n    y: Money = Field(gt=1)\n",
        lost="BeforeValidator(f) (of Money)",
        home=Home(
            "Ad",
            "shop.models.ads",
            annotation="float",
            stands_for="Annotated[Decimal, BeforeValidator(f), Field(max_digits=12, ge=0)]",
        ),
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
    *(
        Example(
            name, _edit(before, after), f"{_PLAIN}    x: {text}\n", why=why, home=Home("Ad", annotation=wish)
        )
        for name, before, after, text, wish, why in (
            (
                "a type that nobody imports",
                _TEXT,
                _INT,
                "str",
                "Count",
                "nothing says where Count comes from",
            ),
            ("that type already", _SHORT, _TEXT, 'str = Field(max_length=50, pattern="a")', "str", ""),
            ("a default that is made", _TEXT, _INT, "str = Field(default_factory=str)", "int", "the default"),
            (
                "None inside of a union",
                _TEXT,
                _INT,
                "str | None | bytes",
                "int",
                "None stands inside the union",
            ),
        )
    ),
    Example("declared elsewhere", _edit(_TEXT, _INT), f"{_PLAIN}    y: int\n", why="does not declare x"),
    Example("an annotation in quotes", _edit(_TEXT, _INT), f'{_PLAIN}    x: "str"\n', why="is a text"),
)
EXAMPLES: Final = _CHANGED + _LEFT
