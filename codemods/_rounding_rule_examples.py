"""Examples of rounding_rule: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from codemods._everywhere import CodeExample
from codemods._requests import RoundField

_SCORE: Final = RoundField("Ad", "score", 2)
_AD: Final = (
    "from decimal import Decimal\nfrom typing import Annotated\n\nfrom pydantic import BaseModel, Field\n\n"
    "Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]\n"
    "Rate = Annotated[Decimal, Field(max_digits=8, decimal_places=4)]\n\n\n"
    "class Ad(BaseModel):\n    cost: Money\n    bid: Money | None = None\n    rate: Rate\n"
)
_TABLE: Final = (
    'DIGITS = {\n    # money\n    "cost": 2,\n    "bid": 2,\n'
    '    "other": 2,\n    # rates\n    "rate": 4,\n}\n'
)

_CHANGED: Final = (
    CodeExample(
        "behind the last field of the model that has as many digits",
        _SCORE,
        {"app/models.py": _AD, "app/rounding.py": _TABLE},
        {
            "app/models.py": _AD,
            "app/rounding.py": _TABLE.replace('    "other"', '    "score": 2,\n    "other"'),
        },
    ),
    CodeExample(
        "no field has as many digits, a table on one line",
        RoundField("Ad", "score", 3),
        {"app/models.py": _AD, "app/show.py": "PLACES = {'cost': 2, 'rate': 4}\n"},
        {"app/models.py": _AD, "app/show.py": "PLACES = {'cost': 2, 'rate': 4, 'score': 3}\n"},
    ),
    CodeExample(
        "steps instead of digits",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/show.py": 'QUANTA = {"cost": Decimal("0.01"), "rate": Decimal("0.0001")}\n',
        },
        {
            "app/models.py": _AD,
            "app/show.py": 'QUANTA = {"cost": Decimal("0.01"), "score": Decimal("0.01"), "rate": Decimal("0.0001")}\n',
        },
    ),
)
_LEFT: Final = (
    CodeExample(
        "no table, a table of something else, one of a test, the rule is there",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/show.py": 'WIDTHS = {"cost": 2, "bid": 2}\nDIGITS = {"cost": 3, "bid": 5}\n',
            "tests/test_show.py": 'DIGITS = {"cost": 2, "bid": 2}\n',
            "app/rounding.py": 'DIGITS = {"cost": 2, "bid": 2, "score": 2}\n',
        },
    ),
    CodeExample(
        "two tables",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/rounding.py": 'ONE = {"cost": 2, "bid": 2}\nTWO = {"cost": 2, "bid": 2}\n',
        },
        why="more than one table",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
