"""Examples of enum_tables: its tests and its documentation. It edits nothing: it says where people have to look."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.entities import Entity, Place
from codemods._everywhere import CodeExample
from codemods._requests import NewLabels

_STATUS: Final = NewLabels(
    "Ad",
    "status",
    ("draft", "live"),
    ("draft", "in review", "live"),
    Entity("Status", "app.models", Place("app/models.py", 1), ()),
    (("DRAFT", "draft"), ("LIVE", "live")),
)
_LITERAL: Final = NewLabels("Ad", "status", ("draft", "live"), ("draft", "in review", "live"))
_AD: Final = (
    "from enum import StrEnum\n\nfrom pydantic import BaseModel\n\n\n"
    'class Status(StrEnum):\n    DRAFT = "draft"\n    LIVE = "live"\n\n\nclass Ad(BaseModel):\n    status: Status\n'
)
_USE: Final = "from app.models import Status as S\n\n\n"

EXAMPLES: Final = (
    CodeExample(
        "a table with an entry for every label",
        _STATUS,
        {"app/models.py": _AD, "app/use.py": f'{_USE}COLOURS = {{S.DRAFT: "grey", S.LIVE: "green"}}\n'},
        why="this table has an entry for every label of Status but in review",
    ),
    CodeExample(
        "a match that had a case for every label",
        _STATUS,
        {
            "app/models.py": _AD,
            "app/use.py": f"{_USE}def f(ad):\n    match ad.status:\n        case S.DRAFT:\n            return 1\n"
            '        case "live" if ad.ok:\n            return 3\n        case S.LIVE:\n            return 2\n'
            "        case _:\n            assert_never(ad.status)\n",
        },
        why="this match has a case for every label of Status but in review",
    ),
    CodeExample(
        "questions one after the other",
        _STATUS,
        {
            "app/models.py": _AD,
            "app/use.py": f"{_USE}def f(one):\n    if one is S.DRAFT:\n        return 1\n    elif one == S.LIVE:\n"
            "        return 2\n    raise ValueError\n",
        },
        why="these questions ask for every label of Status but in review",
    ),
    CodeExample(
        "another Literal",
        _LITERAL,
        {
            "app/models.py": _AD,
            "app/use.py": 'from typing import Literal\n\nState = Literal["live", "draft"]\n',
        },
        why="this Literal lists every label of Ad.status but in review",
    ),
    CodeExample(
        "a list of all, in a test too",
        _STATUS,
        {"app/models.py": _AD, "tests/test_use.py": f"{_USE}ALL = [S.LIVE, S.DRAFT]\n"},
        why="this list holds every label of Status but in review",
    ),
    CodeExample(
        "some of them only, something for the rest, another Enum",
        _STATUS,
        {
            "app/models.py": _AD,
            "app/use.py": f"{_USE}OPEN = {{S.LIVE}}\n\n\ndef f(one):\n    match one:\n        case S.LIVE | S.DRAFT:\n"
            "            return 1\n        case _:\n            return 2\n",
            "app/other.py": "from shop import Status\n\nX = {Status.DRAFT: 1, Status.LIVE: 2}\n",
        },
    ),
    CodeExample(
        "it has the new label",
        _STATUS,
        {
            "app/models.py": _AD,
            "app/use.py": f"{_USE}COLOURS = {{S.DRAFT: 1, S.IN_REVIEW: 2, S.LIVE: 3}}\n",
        },
    ),
)
