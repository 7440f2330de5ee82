"""Examples of drop_everywhere: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.plan import DropField
from codemods._everywhere import CodeExample

_COST: Final = DropField("Ad", "cost")
_HEAD: Final = "from pydantic import BaseModel\n\n\n"
_AD: Final = (
    f"{_HEAD}class Ad(BaseModel):\n    name: str\n    «cost»: int = 0  # what it is\n    tax: int = 0\n"
)
_GONE: Final = f"{_HEAD}class Ad(BaseModel):\n    name: str\n    tax: int = 0\n"
_USE: Final = "from app.models import Ad\n\n"

_CHANGED: Final = (
    CodeExample(
        "keywords and keys that fill it",
        _COST,
        {
            "app/models.py": _AD,
            "tests/factory.py": f'{_USE}ad = Ad(name="a", «cost»=1)\nother = Ad(\n    name="b",\n    «cost»=2,  # two\n'
            '    tax=1,\n)\nthird = Ad(**{"«cost»": 3, "name": "c"})\nf(‹cost›=1)\n',
        },
        {
            "app/models.py": _GONE,
            "tests/factory.py": f'{_USE}ad = Ad(name="a")\nother = Ad(\n    name="b",\n'
            '    tax=1,\n)\nthird = Ad(**{"name": "c"})\nf(cost=1)\n',
        },
    ),
    CodeExample(
        "lists of fields and a validator of two",
        _COST,
        {
            "app/models.py": "from pydantic import BaseModel, field_validator\n\n\nclass Ad(BaseModel):\n"
            '    name: str\n    «cost»: int = 0\n\n    @field_validator("name", "«cost»")\n    @classmethod\n'
            "    def check(cls, value):\n        return value\n",
            "app/use.py": 'COLUMNS = ("«cost»", "name")\nDIGITS = {"name": 1, "«cost»": 2}\n\n\ndef show(ad):\n'
            '    return ad.model_dump(exclude={"name", "«cost»"})\n',
        },
        {
            "app/models.py": "from pydantic import BaseModel, field_validator\n\n\nclass Ad(BaseModel):\n"
            '    name: str\n\n    @field_validator("name")\n    @classmethod\n'
            "    def check(cls, value):\n        return value\n",
            "app/use.py": 'COLUMNS = ("name",)\nDIGITS = {"name": 1}\n\n\ndef show(ad):\n'
            '    return ad.model_dump(exclude={"name"})\n',
        },
    ),
    CodeExample(
        "a comment above that speaks of it alone",
        _COST,
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    name: str\n\n    # Cost in cents,\n    # before tax.\n"
            "    «cost»: int = 0\n\n    # of the state\n    taxes: int = 0\n"
        },
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    name: str\n\n\n    # of the state\n    taxes: int = 0\n"
        },
    ),
    CodeExample(
        "a comment that heads several fields stays",
        _COST,
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    # Money\n    «cost»: int = 0\n    tax: int = 0\n\n"
            "    # Name, and cost of it\n    name: str = ''\n"
        },
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    # Money\n    tax: int = 0\n\n"
            "    # Name, and cost of it\n    name: str = ''\n"
        },
    ),
    CodeExample(
        "fixtures",
        _COST,
        {
            "app/models.py": _AD,
            "tests/fixtures/ads.json": '[\n  {\n    "name": "a",\n    "«cost»": 1,\n    "x": {"‹cost›": 1}\n  },\n'
            '  {"name": "b", "«cost»": [1, 2]}\n]\n',
            "tests/fixtures/ads.yaml": "# all\n- name: a\n  «cost»:\n    - 1\n    - 2\n  tax: 1  # low\n"
            "- «cost»: 1\n  name: b\n",
        },
        {
            "app/models.py": _GONE,
            "tests/fixtures/ads.json": '[\n  {\n    "name": "a",\n    "x": {"cost": 1}\n  },\n  {"name": "b"}\n]\n',
            "tests/fixtures/ads.yaml": "# all\n- name: a\n  tax: 1  # low\n- name: b\n",
        },
    ),
    CodeExample(
        "MongoDB: a projection and an update of more than it",
        _COST,
        {
            "app/models.py": _AD,
            "app/store.py": 'def f(ads):\n    ads.update_one({}, {"$set": {"«cost»": 1, "tax": 2}})\n'
            '    return ads.find({}, {"name": 1, "«cost»": 1})\n',
        },
        {
            "app/models.py": _GONE,
            "app/store.py": 'def f(ads):\n    ads.update_one({}, {"$set": {"tax": 2}})\n'
            '    return ads.find({}, {"name": 1})\n',
        },
    ),
    CodeExample(
        "the last field of a class, and its import",
        _COST,
        {
            "app/models.py": "from decimal import Decimal\n\nfrom pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n"
            '    «cost»: Decimal = Decimal("0")\n    """What it is."""\n'
        },
        {"app/models.py": "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    pass\n"},
    ),
)

_LEFT: Final = (
    CodeExample(
        "it is read",
        _COST,
        {"app/models.py": _AD, "app/use.py": f"{_USE}ad = Ad(name='a', «cost»=1)\nprint(ad.«cost»)\n"},
        why="it is read here",
    ),
    CodeExample(
        "a validator for it alone",
        _COST,
        {
            "app/models.py": "from pydantic import BaseModel, field_validator\n\n\nclass Ad(BaseModel):\n"
            '    «cost»: int\n\n    @field_validator("«cost»")\n    @classmethod\n'
            "    def check(cls, value):\n        return value\n"
        },
        why="for the field alone",
    ),
    CodeExample(
        "a filter, and a projection of it alone",
        _COST,
        {
            "app/models.py": _AD,
            "app/use.py": 'def f(ads):\n    ads.find({"«cost»": 1}, {"_id": 0, "«cost»": 1})\n',
        },
        why="a part of the query",
    ),
    CodeExample(
        "a test expects it",
        _COST,
        {
            "app/models.py": _AD,
            "tests/test_ad.py": 'def test(ad):\n    assert ad.model_dump() == {"«cost»": 1}\n',
        },
        why="a comparison expects it",
    ),
    CodeExample(
        "nobody knows",
        _COST,
        {"app/models.py": _AD, "app/use.py": "def f(thing):\n    return thing.¿cost?\n"},
        why="nobody can tell",
    ),
    CodeExample(
        "a row of a table of tests",
        _COST,
        {"app/models.py": _AD, "tests/test_ad.py": 'ROWS = [\n    ("«cost»", "1.005", "1.01"),\n]\n'},
        why="no list of fields alone",
    ),
    CodeExample(
        "what is given does something",
        _COST,
        {"app/models.py": _AD, "app/use.py": f"{_USE}ad = Ad(name='a', «cost»=(n := 1))\nprint(n)\n"},
        why="does something by itself",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
