"""Examples of precision: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import RetypeField
from codemods._everywhere import CodeExample

_FINER: Final = RetypeField(
    "Ad",
    "cost",
    Shape("decimal", max_digits=12, decimal_places=2),
    Shape("decimal", max_digits=14, decimal_places=4),
)
_TYPES: Final = (
    "from decimal import Decimal\nfrom typing import Annotated\n\nfrom pydantic import Field\n\n"
    "Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]  # of invoices\n"
)
_AD: Final = (
    "from pydantic import BaseModel\n\nfrom .types import Count, Money\n\n\n"
    "class Ad(BaseModel):\n    «cost»: Money\n    tax: Money | None = None\n"
)
_BOUNDED: Final = (
    "from decimal import Decimal\n\nfrom pydantic import BaseModel, Field\n\n\n"
    "class Ad(BaseModel):\n    «cost»: Decimal = Field(max_digits=12, decimal_places=2, ge=0)\n"
)
_PLAIN: Final = _BOUNDED.replace("«", "").replace("»", "")
_FOLLOWED: Final = _PLAIN.replace("12", "14").replace("=2,", "=4,")

_CHANGED: Final = (
    CodeExample(
        "a type that others share gets a neighbour",
        _FINER,
        {"app/models.py": _AD, "app/types.py": _TYPES + "Count = int\n"},
        {
            "app/models.py": "from pydantic import BaseModel\n\nfrom .types import Cost, Count, Money\n\n\n"
            "class Ad(BaseModel):\n    cost: Cost\n    tax: Money | None = None\n",
            "app/types.py": _TYPES
            + "Cost = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]\nCount = int\n",
        },
    ),
    CodeExample(
        "numbers in the declaration, in models that are decided with it too",
        _FINER,
        {"app/models.py": _BOUNDED, "app/api.py": _BOUNDED.replace("class Ad(", "class AdOut(")},
        {"app/models.py": _FOLLOWED, "app/api.py": _FOLLOWED.replace("class Ad(", "class AdOut(")},
    ),
    CodeExample(
        "tables of digits, round, quantize, formats",
        _FINER,
        {
            "app/models.py": _BOUNDED,
            "app/rounding.py": 'DIGITS = {\n    "«cost»": 2,  # money\n    "tax": 2,\n}\n'
            'DIGITS["×cost×"] = 2\nSTEPS = dict(«cost»=Decimal("0.01"))\n',
            "app/show.py": "def show(ad):\n"
            "    a = round(ad.«cost», 2)\n"
            '    b = ad.«cost».quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)\n'
            '    c = f"{ad.«cost»:>10.2f} of {ad.tax:.2f}" + format(abs(ad.«cost»), ".2f")\n'
            "    return a + b + round(ad.«cost», 3) + round(ad.tax, 2)\n",
        },
        {
            "app/models.py": _FOLLOWED,
            "app/rounding.py": 'DIGITS = {\n    "cost": 4,  # money\n    "tax": 2,\n}\n'
            'DIGITS["cost"] = 4\nSTEPS = dict(cost=Decimal("0.0001"))\n',
            "app/show.py": "def show(ad):\n"
            "    a = round(ad.cost, 4)\n"
            '    b = ad.cost.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)\n'
            '    c = f"{ad.cost:>10.4f} of {ad.tax:.2f}" + format(abs(ad.cost), ".4f")\n'
            "    return a + b + round(ad.cost, 3) + round(ad.tax, 2)\n",
        },
    ),
    CodeExample(
        "a serializer of this field alone",
        _FINER,
        {
            "app/models.py": _BOUNDED + '\n    @field_serializer("«cost»")\n'
            '    def _shown(self, value):\n        return str(value.quantize(Decimal("1e-2")))\n'
        },
        {
            "app/models.py": _FOLLOWED + '\n    @field_serializer("cost")\n'
            '    def _shown(self, value):\n        return str(value.quantize(Decimal("1e-4")))\n'
        },
    ),
)
_LEFT: Final = (
    CodeExample(
        "other digits than the old ones, another field of that name, a test's table",
        _FINER,
        {
            "app/rounding.py": 'DIGITS = {"«cost»": 3}\nMORE = {"‹cost›": 2}\n',
            "tests/test_rounding.py": 'CASES = [("«cost»", 2)]\nassert DIGITS == {"«cost»": 2}\n',
            "app/models.py": _FOLLOWED.replace("cost:", "«cost»:"),
        },
    ),
    CodeExample(
        "a serializer of several fields",
        _FINER,
        {
            "app/models.py": _FOLLOWED.replace("cost:", "«cost»:")
            + '\n    @field_serializer("«cost»", "tax")\n'
            "    def _shown(self, value):\n        return round(value, 2)\n"
        },
        why="the value of tax is rounded here as well",
    ),
    CodeExample(
        "a sum is rounded, a text says how",
        _FINER,
        {
            "app/show.py": 'def show(ad):\n    return round(ad.«cost» + ad.tax, 2), "%.2f" % ad.«cost»\n',
            "app/models.py": _FOLLOWED.replace("cost:", "«cost»:"),
        },
        why="worked out from it and from other values",
    ),
    CodeExample(
        "nobody knows what is rounded",
        _FINER,
        {
            "app/show.py": "def show(ad):\n    return round(ad.¿cost?, 2)\n",
            "app/models.py": _FOLLOWED.replace("cost:", "«cost»:"),
        },
        why="nobody can tell",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
