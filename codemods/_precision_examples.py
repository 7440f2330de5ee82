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

_DONE: Final = _FOLLOWED.replace("cost:", "«cost»:")
_COARSER: Final = RetypeField(
    "Ad",
    "cost",
    Shape("decimal", max_digits=14, decimal_places=4),
    Shape("decimal", max_digits=12, decimal_places=2),
)
_COARSE: Final = _BOUNDED

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
        "keys of what was dumped, locals, loops, comprehensions",
        _FINER,
        {
            "app/models.py": _DONE,
            "app/show.py": "def show(ad, ads):\n"
            "    row = ad.model_dump()\n"
            "    x = row['«cost»'] or 0\n"
            "    a = f\"{row['«cost»']:.2f} {x:,.2f} {row.get('«cost»', 0):.2f}\"\n"
            '    b = Decimal(x).quantize(Decimal("1.00")) if x else round(x, ndigits=2)\n'
            "    c = [round(y, 2) for y in sorted(one.«cost» for one in ads)]\n"
            "    for name, y in {one.id: one.«cost» for one in ads}.items():\n"
            '        print(name, format(max(y, 0), ".2f"))\n'
            "    return a, b, c, max(round(z, 2) if (z := ad.«cost») else 0, 0)\n",
        },
        {
            "app/models.py": _FOLLOWED,
            "app/show.py": "def show(ad, ads):\n"
            "    row = ad.model_dump()\n"
            "    x = row['cost'] or 0\n"
            "    a = f\"{row['cost']:.4f} {x:,.4f} {row.get('cost', 0):.4f}\"\n"
            '    b = Decimal(x).quantize(Decimal("1.0000")) if x else round(x, ndigits=4)\n'
            "    c = [round(y, 4) for y in sorted(one.cost for one in ads)]\n"
            "    for name, y in {one.id: one.cost for one in ads}.items():\n"
            '        print(name, format(max(y, 0), ".4f"))\n'
            "    return a, b, c, max(round(z, 4) if (z := ad.cost) else 0, 0)\n",
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

_DOUBTFUL: Final = tuple(
    CodeExample(name, _FINER, {"app/models.py": _DONE, "app/show.py": f"{code}\n"}, why=why)
    for name, code, why in (
        (
            "a local that holds another value too",
            "def show(ad, other):\n    x = ad.«cost»\n    if other:\n        x = other\n    return round(x, 2)",
            "may be another value",
        ),
        (
            "a list that others are put into",
            "def show(ads, other):\n    xs = [ad.«cost» for ad in ads]\n    xs.append(other)\n"
            "    return [round(x, 2) for x in xs]",
            "may be another value",
        ),
        (
            "a local that is worked out",
            "def show(ads):\n    total = sum(ad.«cost» for ad in ads)\n    return round(total / 3, 2)",
            "worked out from it and from other values",
        ),
        (
            "a constant that others may use",
            'CENT = Decimal("0.01")\n\n\ndef show(ad):\n    return ad.«cost».quantize(CENT)',
            "CENT, which may round others too",
        ),
        (
            "how many digits is worked out",
            "def show(ad, n):\n    return round(ad.«cost», n)",
            "to how many digits it is rounded here is worked out",
        ),
        (
            "a function that rounds what it is given",
            'def money(x):\n    return f"{x:.2f}"\n\n\ndef show(ad):\n    return money(ad.«cost»)',
            "money rounds what it is given",
        ),
        (
            "an attribute that is given it",
            "class Total:\n    def __init__(self, ad):\n        self.sum = ad.«cost»\n\n"
            "    def show(self):\n        return round(self.sum, 2)",
            "may be another value",
        ),
        (
            "what a function returns",
            'def cost(ad):\n    return ad.«cost»\n\n\ndef show(ad):\n    return f"{cost(ad):.2f}"',
            "may be another value",
        ),
        (
            "a key that nobody knows",
            "def show(row):\n    x = row['¿cost?']\n    return f\"{x:.2f}\"",
            "nobody can tell",
        ),
    )
)
_VALUES: Final = (
    CodeExample(
        "values that have more digits than the field",
        _COARSER,
        {
            "app/models.py": _COARSE,
            "tests/test_ads.py": 'COST = "1.2345"\n\n\ndef ad(cost="1.50"):\n'
            "    return Ad(«cost»=None if cost is None else Decimal(cost))\n\n\n"
            'def test_ad():\n    Ad(«cost»=COST)\n    ad("0.001")\n    assert {"«cost»": 1.5} != {"«cost»": 2}\n',
            "tests/fixtures/ads.json": '[{"«cost»": 1.5000}, {"«cost»": 1.0005}]\n',
        },
        why='"1.2345" has more digits than the field takes now (2 behind the point of 12 in all), '
        "and is given to it in tests/test_ads.py:9",
    ),
    CodeExample(
        "what a test expects, the default, a step",
        _COARSER,
        {
            "app/models.py": _COARSE.replace("ge=0", 'ge=0, default=Decimal("0.0005")'),
            "tests/test_ads.py": 'def test_ad(ad):\n    x = ad.«cost»\n    assert x == Decimal("1.2345")\n',
        },
        why='Decimal("1.2345") has more digits than the field takes now (2 behind the point of 12 in all), '
        "and the field is held against it",
    ),
    CodeExample(
        "a text that a test expects, and a row of a table",
        _COARSER,
        {
            "app/models.py": _COARSE,
            "tests/test_ads.py": 'ROWS = [("«cost»", 1, "1.5000")]\n\n\n'
            'def test_ad(ad):\n    assert ad.model_dump(mode="json")["«cost»"] == "1.5000"\n    Ad(«cost»="1.5000")\n',
        },
        why='"1.5000" is written with more digits than the field has now (2 behind the point), and the field is held',
    ),
    CodeExample(
        "what its type calls",
        _FINER,
        {
            "app/models.py": _DONE.replace(
                "«cost»: Decimal", "«cost»: Annotated[Decimal, AfterValidator(rounded)]"
            ),
        },
        why="AfterValidator(rounded), which may round to the old digits",
    ),
    CodeExample(
        "what was refused, and is taken now",
        _FINER,
        {
            "app/models.py": _DONE,
            "tests/test_ads.py": 'def test_ad():\n    with pytest.raises(ValueError):\n        Ad(«cost»="1.234")\n',
        },
        why="was refused, and is taken now",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT + _DOUBTFUL + _VALUES
