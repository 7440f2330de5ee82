"""Examples of add_required: its tests and its documentation."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bravo_agent.model.code import Unread
from codemods._everywhere import CodeExample
from codemods._requests import GiveField
from codemods._valid_values import ValidValue

_SCORE: Final = GiveField(
    "Ad", "score", ValidValue('Decimal("0.00")', '"0.00"', ("from decimal import Decimal",)), "decimal"
)
_AD: Final = (
    "from decimal import Decimal\n\nfrom pydantic import BaseModel\n\n\n"
    "class Ad(BaseModel):\n    «ref»: str\n    cost: Decimal\n    note: str | None = None\n"
)
_PLAIN: Final = _AD.replace("«", "").replace("»", "")

_CHANGED: Final = (
    CodeExample(
        "calls, each in its own style, behind the field that stands before it in the model",
        _SCORE,
        {
            "app/models.py": _AD,
            "tests/factories.py": "from app.models import Ad\n\n\ndef make(cost=1):\n"
            '    first = Ad(«ref»="a", cost=cost)\n'
            "    second = Ad(\n"
            '        «ref»="b",\n'
            "        note=None,  # nothing\n"
            "        cost=cost,\n"
            "    )\n"
            "    return [first, second]\n",
        },
        {
            "app/models.py": _PLAIN,
            "tests/factories.py": "from decimal import Decimal\n\nfrom app.models import Ad\n\n\ndef make(cost=1):\n"
            '    first = Ad(ref="a", cost=cost, score=Decimal("0.00"))\n'
            "    second = Ad(\n"
            '        ref="b",\n'
            "        note=None,  # nothing\n"
            '        score=Decimal("0.00"),\n'
            "        cost=cost,\n"
            "    )\n"
            "    return [first, second]\n",
        },
    ),
    CodeExample(
        "a dictionary that a call takes over, one in the style of JSON",
        _SCORE,
        {
            "app/models.py": _AD,
            "tests/factories.py": "from decimal import Decimal\n\nimport app.models as models\n\n"
            'BODY = {"«ref»": "a", "cost": "1.00"}\n\n\n'
            "def make(**more):\n"
            "    values = {\n"
            '        "«ref»": "b",\n'
            '        "cost": Decimal("2.00")\n'
            "    }\n"
            "    return models.Ad(**{**values, **more})\n",
        },
        {
            "app/models.py": _PLAIN,
            "tests/factories.py": "from decimal import Decimal\n\nimport app.models as models\n\n"
            'BODY = {"ref": "a", "cost": "1.00", "score": "0.00"}\n\n\n'
            "def make(**more):\n"
            "    values = {\n"
            '        "ref": "b",\n'
            '        "cost": Decimal("2.00"),\n'
            '        "score": Decimal("0.00")\n'
            "    }\n"
            "    return models.Ad(**{**values, **more})\n",
        },
    ),
    CodeExample(
        "JSON and YAML, decimals as numbers or texts as the others are",
        _SCORE,
        {
            "app/models.py": _AD,
            "tests/fixtures/ads.json": '[\n  {\n    "«ref»": "a",\n    "cost": 1.5,\n    "note": null\n  },\n'
            '  {"«ref»": "b", "cost": "2.00"}\n]\n',
            "tests/fixtures/ads.yaml": "- «ref»: a\n  cost: '1.00'\n- «ref»: b\n  note: long  # really\n  cost: 2.5\n",
        },
        {
            "app/models.py": _PLAIN,
            "tests/fixtures/ads.json": '[\n  {\n    "ref": "a",\n    "cost": 1.5,\n    "note": null,\n'
            '    "score": 0.00\n'
            '  },\n  {"ref": "b", "cost": "2.00", "score": "0.00"}\n]\n',
            "tests/fixtures/ads.yaml": "- ref: a\n  cost: '1.00'\n  score: \"0.00\"\n"
            "- ref: b\n  note: long  # really\n  score: 0.00\n  cost: 2.5\n",
        },
    ),
    CodeExample(
        "in the application a made-up value is said to be one",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/api.py": "from .models import Ad as Model\n\n\ndef create(body):\n"
            "    return Model(«ref»=body.ref, **body.model_dump())\n",
        },
        {
            "app/models.py": _PLAIN,
            "app/api.py": "from decimal import Decimal\n\nfrom .models import Ad as Model\n\n\ndef create(body):\n"
            '    return Model(ref=body.ref, score=Decimal("0.00"), **body.model_dump())\n',
        },
        why="nobody said what score of this Ad is",
    ),
)
_LEFT: Final = (
    CodeExample(
        "a dictionary of the application that nobody can tell of",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/invoice.py": 'def shown(ad):\n    return {"¿ref?": ad.number, "cost": ad.cost}\n',
        },
        why="nobody can tell whether it becomes one",
    ),
    CodeExample(
        "given already, another class of that name, a part of an ad, somebody else's dictionary",
        _SCORE,
        {
            "app/models.py": _AD,
            "tests/test_ads.py": "from app.models import Ad\nfrom shop.models import Ad as Other\n\n"
            'Ad(«ref»="a", cost=1, score=2)\nOther(‹ref›="a")\n'
            'Ad.model_validate(found).model_copy(update={"«ref»": "b"})\n'
            'print({"‹ref›": "a", "cost": 1}, {"«ref»": "a", "cost": 1, "colour": 2})\n',
        },
    ),
    CodeExample(
        "what it is made of comes from elsewhere",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/load.py": "from app.models import Ad\n\n\ndef load(row):\n    return Ad(**row)\n",
        },
        why="is not written here",
    ),
    CodeExample(
        "what nobody edits",
        replace(_SCORE, untouched=(Unread("vendor/ads.py", "it is somebody else's code", keys=(3,)),)),
        {
            "app/models.py": _AD,
            "vendor/ads.py": 'from app.models import Ad\n\nAd(‹ref›="a", cost=1)\n',
        },
        why="it is somebody else's code: nobody edits it",
    ),
    CodeExample(
        "a form feed that keeps the file from being edited",
        _SCORE,
        {
            "app/models.py": _AD,
            "app/ads.py": "\x0cfrom app.models import Ad\n\n\ndef make():\n    return Ad(id=1)\n",
        },
        why="too odd to be edited safely",
    ),
    CodeExample(
        "a dictionary that is expected",
        _SCORE,
        {
            "app/models.py": _AD,
            "tests/test_ads.py": 'def test_dump(ad):\n    assert ad.model_dump() == {"«ref»": "a", "cost": 1}\n',
        },
        why="may be what a test expects",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
