"""Examples of register_model: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from codemods._everywhere import CodeExample
from codemods._requests import RegisterModel

_BILL: Final = RegisterModel("Bill", "app.models.bills", "bills", (("Ad", "ads"), ("Item", "items")))
_AD: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    cost: int\n"
_ITEM: Final = "from pydantic import BaseModel\n\n\nclass Item(BaseModel):\n    id: int\n"
_MODELS: Final = {"app/__init__.py": "", "app/models/ads.py": _AD, "app/models/items.py": _ITEM}
_PACKAGE: Final = 'from .ads import Ad\nfrom .items import Item\n\n__all__ = ["Ad", "Item"]\n'
_BOTH: Final = "from app.models.ads import Ad\nfrom app.models.items import Item\n"
_PACKAGE_AFTER: Final = (
    "from .ads import Ad\nfrom .bills import Bill\nfrom .items import Item\n\n"
    '__all__ = ["Ad", "Bill", "Item"]\n'
)


def _example(
    name: str, before: dict[str, str], after: dict[str, str] | None = None, why: str = ""
) -> CodeExample[RegisterModel]:
    whole = {**_MODELS, **before}
    return CodeExample(name, _BILL, whole, None if after is None else {**whole, **after}, why)


_CHANGED: Final = (
    _example(
        "a package that gives them on",
        {"app/models/__init__.py": _PACKAGE},
        {"app/models/__init__.py": _PACKAGE_AFTER},
    ),
    _example(
        "with a table of collections",
        {
            "app/models/__init__.py": "from .ads import Ad\nfrom .items import Item\n\nCOLLECTIONS = {\n"
            '    "items": Item,\n    "ads": Ad,\n}\n\n__all__ = [\n    "COLLECTIONS",\n    "Ad",\n    "Item",\n]\n'
        },
        {
            "app/models/__init__.py": "from .ads import Ad\nfrom .bills import Bill\nfrom .items import Item\n\n"
            'COLLECTIONS = {\n    "items": Item,\n    "ads": Ad,\n    "bills": Bill,\n}\n\n__all__ = [\n'
            '    "COLLECTIONS",\n    "Ad",\n    "Bill",\n    "Item",\n]\n'
        },
    ),
    _example(
        "as the others, by itself",
        {"app/models/__init__.py": "from .ads import Ad as Ad\nfrom .items import Item as Item\n"},
        {
            "app/models/__init__.py": "from .ads import Ad as Ad\nfrom .bills import Bill as Bill\n"
            "from .items import Item as Item\n"
        },
    ),
    _example(
        "a list that a call is handed, and a table by class name elsewhere",
        {
            "app/models/__init__.py": _PACKAGE,
            "app/start.py": "from app.models import Ad, Item\n\n\nasync def start(db):\n"
            "    await init(database=db, document_models=[Ad, Item])\n",
            "app/names.py": "from app import models\n\nBY_NAME = {'Ad': models.Ad, 'Item': models.Item}\n",
        },
        {
            "app/models/__init__.py": _PACKAGE_AFTER,
            "app/start.py": "from app.models import Ad, Bill, Item\n\n\nasync def start(db):\n"
            "    await init(database=db, document_models=[Ad, Bill, Item])\n",
            "app/names.py": "from app import models\n\n"
            "BY_NAME = {'Ad': models.Ad, 'Bill': models.Bill, 'Item': models.Item}\n",
        },
    ),
)
_LEFT: Final = (
    _example("nowhere", {"app/use.py": "from app.models.ads import Ad\n\nALL = [Ad]\n"}),
    _example("there already", {"app/models/__init__.py": _PACKAGE_AFTER}),
    _example(
        "keys that nobody understands",
        {"app/names.py": f'{_BOTH}\nCODES = {{"A1": Ad, "I2": Item}}\n'},
        why="under which key",
    ),
    _example(
        "tests, and what is made of classes for other ends",
        {
            "tests/test_all.py": f"{_BOTH}\nALL = [Ad, Item]\n",
            "app/use.py": f"{_BOTH}\n\ndef f(x: object) -> bool:\n    return isinstance(x, (Ad, Item))\n",
        },
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
