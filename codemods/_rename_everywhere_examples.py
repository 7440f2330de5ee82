"""Examples of rename_everywhere: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.plan import RenameField
from codemods._everywhere import CodeExample

_COST: Final = RenameField("Ad", "cost", "cost", "price")
_KEY: Final = RenameField("Ad", "daily_cost", "daily_cost", "daily_price")
_HEAD: Final = "from pydantic import BaseModel, Field, field_validator\n\n\n"
_AD: Final = f"{_HEAD}class Ad(BaseModel):\n    «cost»: int = 0  # cost\n"

_CHANGED: Final = (
    CodeExample(
        "attributes, keywords, texts",
        _COST,
        {
            "app/models.py": _AD,
            "app/sums.py": "from app.models import Ad\n\n\ndef total(ads, ‹cost›=0):\n"
            "    return sum(ad.«cost» for ad in ads) + ‹cost›  # cost of all\n\n\n"
            "ad = Ad( «cost» = 1 )\nprint(f\"{ad.«cost»:>5}\", ad.model_dump(include={'«cost»'})['«cost»'])\n"
            "match ad:\n    case Ad(«cost»=amount):\n        other = {'‹cost›': {'$sum': '$«cost»'}}\n",
        },
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n",
            "app/sums.py": "from app.models import Ad\n\n\ndef total(ads, cost=0):\n"
            "    return sum(ad.price for ad in ads) + cost  # cost of all\n\n\n"
            "ad = Ad( price = 1 )\nprint(f\"{ad.price:>5}\", ad.model_dump(include={'price'})['price'])\n"
            "match ad:\n    case Ad(price=amount):\n        other = {'cost': {'$sum': '$price'}}\n",
        },
    ),
    CodeExample(
        "an f-string that shows what it shows",
        _COST,
        {
            "app/models.py": _AD,
            "app/use.py": 'def show(ad):\n    return f"{ad.«cost»=} {ad.«cost» = !r:>5} cost="\n',
        },
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n",
            "app/use.py": 'def show(ad):\n    return f"{ad.price=} {ad.price = !r:>5} cost="\n',
        },
    ),
    CodeExample(
        "the declarations of a group, one of them below",
        _COST,
        {
            "app/models.py": f"{_AD}\n\nclass Rich(Ad):\n    «cost»: int = 5\n",
            "app/api.py": "from pydantic import BaseModel\n\n\nclass AdOut(BaseModel):\n    «cost»: int\n",
        },
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n"
            "\n\nclass Rich(Ad):\n    price: int = 5\n",
            "app/api.py": "from pydantic import BaseModel\n\n\nclass AdOut(BaseModel):\n    price: int\n",
        },
    ),
    CodeExample(
        "name and key in two styles",
        _KEY,
        {
            "app/models.py": f'{_HEAD}class Ad(BaseModel):\n    «daily_cost»: int = Field(alias="«dailyCost»")\n',
            "tests/fixtures/ads.json": '[{"«dailyCost»": 1, "more": {"‹dailyCost›": 2}}]\n',
            "app/use.py": "def show(ad):\n    return ad.«daily_cost»\n",
        },
        {
            "app/models.py": f'{_HEAD}class Ad(BaseModel):\n    daily_price: int = Field(alias="dailyPrice")\n',
            "tests/fixtures/ads.json": '[{"dailyPrice": 1, "more": {"dailyCost": 2}}]\n',
            "app/use.py": "def show(ad):\n    return ad.daily_price\n",
        },
    ),
    CodeExample(
        "words that clearly name the field",
        _COST,
        {
            "app/models.py": f'{_HEAD}class Ad(BaseModel):\n    """An ad.\n\n    Attributes:\n'
            "        ¿cost?: what it is, at no ¿cost?\n"
            '    """\n\n    «cost»: int = 0\n',
            "README.md": "An ad has a `¿cost?`, and Ad.¿cost? is a number. The ¿cost? is high.\n",
        },
        {
            "app/models.py": f'{_HEAD}class Ad(BaseModel):\n    """An ad.\n\n    Attributes:\n'
            "        price: what it is, at no cost\n"
            '    """\n\n    price: int = 0\n',
            "README.md": "An ad has a `price`, and Ad.price is a number. The cost is high.\n",
        },
    ),
    CodeExample(
        "a sentence in a text is for people",
        _COST,
        {"app/models.py": _AD, "app/use.py": 'HELP = "The ¿cost? of an ad, which nobody pays"\n'},
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n",
            "app/use.py": 'HELP = "The cost of an ad, which nobody pays"\n',
        },
    ),
    CodeExample(
        "the new name as somebody else's keyword",
        _COST,
        {"app/models.py": _AD, "app/use.py": "def f(ad, price):\n    return ad.«cost» + g(price=price)\n"},
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n",
            "app/use.py": "def f(ad, price):\n    return ad.price + g(price=price)\n",
        },
    ),
    CodeExample(
        "what nobody knows is left, and said",
        _COST,
        {"app/models.py": _AD, "app/use.py": "def f(ad, thing):\n    return ad.«cost» + thing.¿cost?\n"},
        {
            "app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0  # cost\n",
            "app/use.py": "def f(ad, thing):\n    return ad.price + thing.cost\n",
        },
        "nobody can tell",
    ),
)

_LEFT: Final = (
    CodeExample(
        "one key would be two names",
        RenameField("Ad", "cost", "cost", "class"),
        {"app/models.py": _AD},
        why="is both today",
    ),
    CodeExample(
        "the model has the new name",
        _COST,
        {"app/models.py": f"{_AD}    price: int = 1\n"},
        why="has a price already",
    ),
    CodeExample(
        "a class below has it, in a test",
        _COST,
        {
            "app/models.py": _AD,
            "tests/test_ads.py": "from app.models import Ad\n\n\nclass Fake(Ad):\n"
            "    def price(self):\n        return 1\n",
        },
        why="Fake has a price already",
    ),
    CodeExample(
        "a call gives both",
        _COST,
        {"app/models.py": _AD, "app/use.py": "from app.models import Ad\n\nAd(«cost»=1, price=2)\n"},
        why="price stands beside it already",
    ),
    CodeExample(
        "a dictionary has both",
        _COST,
        {
            "app/models.py": _AD,
            "app/use.py": 'from app.models import Ad\n\nAd(**{"«cost»": 1, "price": 2})\n',
        },
        why="price stands beside it already",
    ),
    CodeExample(
        "a fixture has both",
        _COST,
        {"app/models.py": _AD, "tests/fixtures/ads.yaml": "- «cost»: 1\n  price: 2\n"},
        why="price stands beside it already",
    ),
    CodeExample(
        "the new name would hide a type",
        RenameField("Ad", "cost", "cost", "Amount"),
        {
            "app/models.py": f"{_HEAD}Amount = int\n\n\nclass Ad(BaseModel):\n    «cost»: int = 0\n"
            "    tax: Amount = 0\n"
        },
        why="a field called Amount would hide this Amount",
    ),
    CodeExample(
        "done already",
        _COST,
        {"app/models.py": f"{_HEAD}class Ad(BaseModel):\n    price: int = 0\n"},
        why="",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
