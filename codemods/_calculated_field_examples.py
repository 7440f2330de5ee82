"""Examples of calculated_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from codemods._everywhere import CodeExample
from codemods._requests import CalculateField
from codemods._values import AddField

_RATE: Final = CalculateField("app.models:Ad", "rate", "float", "clicks / views", "float")
_ADD: Final = AddField("Ad", "rate", "float", module="app.models")
_STORED: Final = CalculateField("app.models:Ad", "rate", "float", "clicks / views", "float", add=_ADD)
_MORE: Final = CalculateField("app.models:Ad", "rate", "int", "[x for x in clicks]", "int")
_FIELDS: Final = "class Ad(BaseModel):\n    clicks: int\n    views: int\n"
_PLAIN: Final = f"from pydantic import BaseModel\n\n\n{_FIELDS}"
_HEAD: Final = "from pydantic import BaseModel, computed_field\n\n"


def _property(name: str, kind: str, value: str) -> str:
    head = f"\n    @computed_field\n    @property\n    def {name}(self) -> {kind}:\n"
    return f"{head}        return {value}\n"


_VALUES: Final = '''"""Key figures."""


def twice(clicks: int) -> int:
    """Two times the clicks."""
    return clicks * 2


def other() -> int:
    return 1
'''
_VALUES_AFTER: Final = _VALUES.replace(
    "    return clicks * 2\n",
    '''    return clicks * 2


def rate(clicks: int, views: int) -> float:
    """Rate: clicks / views."""
    return clicks / views
''',
)
_CALLS: Final = f"{_HEAD}from . import calculations\n\n\n{_FIELDS}" + _property(
    "twice", "int", "calculations.twice(self.clicks)"
)
_CALLS_AFTER: Final = _CALLS + _property("rate", "float", "calculations.rate(self.clicks, self.views)")
_STORED_AFTER: Final = _CALLS.replace("BaseModel, computed", "BaseModel, Field, computed").replace(
    "    views: int\n",
    """    views: int
    rate: float = Field(
        default_factory=lambda data: calculations.rate(data["clicks"], data["views"])
    )
""",
)
_TYPED: Final = """from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Ad


def compute_twice(ad: "Ad") -> int:
    return ad.clicks * 2


def compute_half(ad: "Ad") -> float:
    return ad.clicks / 2


FIGURES = {"twice": compute_twice, "half": compute_half}
"""
_TYPED_AFTER: Final = _TYPED.replace(
    "ad.clicks / 2\n",
    """ad.clicks / 2


def compute_rate(ad: 'Ad') -> float:
    return ad.clicks / ad.views
""",
).replace("compute_half}", 'compute_half, "rate": compute_rate}')
_TYPED_MODEL: Final = (
    f"{_HEAD}from .calculations import compute_half, compute_twice\n\n\n{_FIELDS}"
    + _property("twice", "int", "compute_twice(self)")
    + _property("half", "float", "compute_half(self)")
)
_TYPED_MODEL_AFTER: Final = _TYPED_MODEL.replace(
    "compute_half, compute_twice", "compute_half, compute_rate, compute_twice"
) + _property("rate", "float", "compute_rate(self)")
_TAKING: Final = """from .models import Ad


def twice(ad: Ad) -> int:
    return ad.clicks * 2


def half(ad: Ad) -> float:
    return ad.clicks / 2
"""
_TABLE: Final = """

FIGURES = {
    "twice": twice,
    "half": half,
}
"""
_TABLE_AFTER: Final = f"""

def rate(ad: Ad) -> float:
    return ad.clicks / ad.views
{_TABLE.replace('"half": half,', '"half": half,' + chr(10) + '    "rate": rate,')}"""
_ATTACHED: Final = f"{_PLAIN}    twice: int | None = None\n    half: float | None = None\n"
_REGISTERED: Final = _TAKING.replace("def twice", '@figure("twice")\ndef twice').replace(
    "def half", '@figure("half")\ndef half'
)


def _example(
    name: str, request: CalculateField, before: tuple[str, str], after: tuple[str, str] | None = None
) -> CodeExample[CalculateField]:
    files, package = ("app/models.py", "app/calculations.py"), {"app/__init__.py": ""}
    return CodeExample(
        name,
        request,
        {**package, **dict(zip(files, before, strict=True))},
        None if after is None else {**package, **dict(zip(files, after, strict=True))},
    )


_CHANGED: Final = (
    _example(
        "as its neighbour, which hands in values", _RATE, (_CALLS, _VALUES), (_CALLS_AFTER, _VALUES_AFTER)
    ),
    _example(
        "what documents hold is worked out where it is missing",
        _STORED,
        (_CALLS, _VALUES),
        (_STORED_AFTER, _VALUES_AFTER),
    ),
    _example(
        "functions that take the model, called after their fields, in a table",
        _RATE,
        (_TYPED_MODEL, _TYPED),
        (_TYPED_MODEL_AFTER, _TYPED_AFTER),
    ),
    _example(
        "no model calls any yet: a module of calculations with functions of such values",
        _RATE,
        (_PLAIN, _VALUES),
        (
            f"{_HEAD}from app.calculations import rate\n\n\n{_FIELDS}"
            + _property("rate", "float", "rate(self.clicks, self.views)"),
            _VALUES_AFTER,
        ),
    ),
    _example(
        "a table of the model's own fields gives them their values",
        _RATE,
        (_ATTACHED, _TAKING + _TABLE),
        (f"{_ATTACHED}    rate: float | None = None\n", _TAKING + _TABLE_AFTER),
    ),
    _example(
        "a decorator",
        _RATE,
        (_CALLS, _VALUES.replace("def twice", "@figure\ndef twice")),
        (
            _CALLS_AFTER,
            _VALUES_AFTER.replace("def twice", "@figure\ndef twice").replace("def rate", "@figure\ndef rate"),
        ),
    ),
    _example(
        "a decorator that names the model's own field gives it its value",
        _RATE,
        (_ATTACHED, _REGISTERED),
        (
            f"{_ATTACHED}    rate: float | None = None\n",
            f'{_REGISTERED}\n\n@figure("rate")\ndef rate(ad: Ad) -> float:\n    return ad.clicks / ad.views\n',
        ),
    ),
)
_LEFT: Final = (
    _example("no calculations", _RATE, (_PLAIN, "X = 1\n")),
    _example("their module imports the models", _RATE, (_PLAIN, _TAKING)),
    _example("the function is there", _RATE, (_CALLS, f"{_VALUES}\n\ndef rate() -> None: ...\n")),
    _example("more than a value", _MORE, (_CALLS, _VALUES)),
    _example("a calculated field that is there", _RATE, (_CALLS_AFTER, _VALUES_AFTER)),
)
EXAMPLES: Final = _CHANGED + _LEFT
