"""Examples of add_model: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.catalog import Column, ColumnType, Table
from bravo_agent.model.plan import AddModel
from codemods._values import Example, Home, ModelText

_TABLE: Final = Table("public", "notes", (Column("text", ColumnType("text"), nullable=False),))
_CODE: Final = "class Note(BaseModel):\n    text: str\n    at: datetime\n"
_IMPORTS: Final = ("from datetime import datetime", "from pydantic import BaseModel")
_WHOLE: Final = f"from datetime import datetime\n\nfrom pydantic import BaseModel\n\n\n{_CODE}"
_NOTE: Final = Home("Note", "shop.models", written=ModelText("Note", _CODE, _IMPORTS, whole=_WHOLE))
_NEEDS: Final = Home(
    "Note",
    "shop.models",
    written=ModelText(
        "Note", _CODE, _IMPORTS, "Text = Annotated[str, 1]\n", ("from typing import Annotated",), _WHOLE
    ),
)
_HEAD: Final = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    x: int\n"

_CHANGED: Final = (
    Example(
        "behind what there is",
        AddModel(_TABLE),
        _HEAD,
        f"from datetime import datetime\n\n{_HEAD}\n\n{_CODE}",
        home=_NOTE,
    ),
    Example("a module of its own", AddModel(_TABLE), "", _WHOLE, home=_NOTE),
    Example(
        "with what its annotations need",
        AddModel(_TABLE),
        _HEAD,
        "from datetime import datetime\nfrom typing import Annotated\n\n"
        f"{_HEAD}\n\nText = Annotated[str, 1]\n\n\n{_CODE}",
        home=_NEEDS,
    ),
)

_LEFT: Final = (
    Example(
        "what it needs is something else",
        AddModel(_TABLE),
        f"{_HEAD}\n\nText = str\n",
        why="Text",
        home=_NEEDS,
    ),
    Example("there already", AddModel(_TABLE), _WHOLE, home=_NOTE),
    Example(
        "its name is taken", AddModel(_TABLE), f"{_HEAD}\n\nNote = Ad\n", why="is something else", home=_NOTE
    ),
    Example(
        "a name it needs is taken", AddModel(_TABLE), f"{_HEAD}\n\ndatetime = 1\n", why="datetime", home=_NOTE
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
