"""Examples of retyped_values: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import RetypeField
from codemods._everywhere import CodeExample

_AD: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    «cost»: int\n"
_PLAIN: Final = _AD.replace("«", "").replace("»", "")


def _to(kind: str, was: str = "int", **more: object) -> RetypeField:
    return RetypeField("Ad", "cost", Shape(was), Shape(kind, **more))  # type: ignore[arg-type]


_CHANGED: Final = (
    CodeExample(
        "numbers that become texts, in calls, dictionaries and data",
        _to("str"),
        {
            "app/models.py": _AD,
            "tests/test_ads.py": "from app.models import Ad\n\n"
            "Ad(«cost»=5, tax=6)\nprint({'«cost»': -1, 'tax': 2}, {'‹cost›': 3})\nAd(«cost»=None)\n",
            "tests/fixtures/ads.json": '[{"«cost»": 12, "more": {"‹cost›": 13}}, {"«cost»": null}]\n',
        },
        {
            "app/models.py": _PLAIN,
            "tests/test_ads.py": "from app.models import Ad\n\n"
            "Ad(cost=\"5\", tax=6)\nprint({'cost': \"-1\", 'tax': 2}, {'cost': 3})\nAd(cost=None)\n",
            "tests/fixtures/ads.json": '[{"cost": "12", "more": {"cost": 13}}, {"cost": null}]\n',
        },
    ),
    CodeExample(
        "days that become moments",
        _to("datetime", "date"),
        {
            "app/models.py": _AD,
            "tests/test_ads.py": "from datetime import date\n\nfrom app.models import Ad\n\n"
            'Ad(«cost»=date(2025, 1, 2))\nAd(«cost»="2025-01-02")\nprint(date(2025, 1, 3))\n',
        },
        {
            "app/models.py": _PLAIN,
            "tests/test_ads.py": "from datetime import date, datetime\n\nfrom app.models import Ad\n\n"
            'Ad(cost=datetime(2025, 1, 2))\nAd(cost="2025-01-02")\nprint(date(2025, 1, 3))\n',
        },
    ),
    CodeExample(
        "a text that is a number",
        _to("decimal", "str"),
        {"app/models.py": _AD, "tests/test_ads.py": "from app.models import Ad\n\nAd(«cost»='1.50')\n"},
        {
            "app/models.py": _PLAIN,
            "tests/test_ads.py": "from decimal import Decimal\n\nfrom app.models import Ad\n\n"
            "Ad(cost=Decimal('1.50'))\n",
        },
    ),
)
_LEFT: Final = (
    CodeExample(
        "what a serializer makes of it is expected",
        _to("float", "decimal"),
        {
            "app/models.py": _AD + '\n    @field_serializer("«cost»")\n    def text(self, value):\n'
            "        return str(value)\n",
            "tests/test_ads.py": "def test_dump(ad):\n    assert ad.model_dump() == {'«cost»': '1.50'}\n",
        },
        why="JSON or a serializer may have made",
    ),
    CodeExample(
        "a validator, which is written for the old type",
        _to("str"),
        {
            "app/models.py": _AD + '\n    @field_validator("«cost»")\n    def positive(cls, value):\n'
            "        return abs(value)\n",
        },
        why="a validator gets its values",
    ),
    CodeExample(
        "what may be given to the field, and is no value of its new type",
        _to("str"),
        {
            "app/models.py": _AD,
            "app/use.py": "def f(make):\n    make(¿cost?=5)\n    make(¿cost?='5')\n",
            "tests/fixtures/ads.json": '{"¿cost?": 5, "more": {"¿cost?": "5"}}\n',
        },
        why="its value is none of the new type",
    ),
    CodeExample(
        "something would be lost",
        _to("enum", "str", labels=("a", "b")),
        {
            "app/models.py": _AD,
            "tests/test_ads.py": 'from app.models import Ad\n\nAd(«cost»="a")\n',
            "tests/fixtures/ads.yaml": "- «cost»: a\n- «cost»: c\n",
        },
        why="is no value of the new type",
    ),
    CodeExample(
        "held against a value of the old type",
        _to("str"),
        {"app/models.py": _AD, "app/use.py": "def f(ad):\n    return ad.«cost» == 5\n"},
        why="held against a value of the old type",
    ),
    CodeExample(
        "values that are worked out, that nobody knows, or that fit both",
        _to("float"),
        {
            "app/models.py": _AD,
            "app/use.py": "from app.models import Ad\n\n\ndef f(a, b):\n    Ad(«cost»=a)\n"
            "    b(‹cost›=5)\n    Ad(«cost»=5)\n",
        },
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
