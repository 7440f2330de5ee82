"""Every form in which a field is used: what it is resolved to, by the real type checker."""

from __future__ import annotations

from pathlib import Path

import pytest
from finder_scene import find, said, write_marked

MODELS = """\
from pydantic import BaseModel, ConfigDict


class Ad(BaseModel):
    «cost»: int = 0
    name: str = ""


class Other(BaseModel):
    ‹cost›: int = 0
"""
CASES = {
    "attributes, narrowing, unions, generics, comprehensions": """\
from typing import Any, Generic, TypeVar

from app.models import Ad, Other


def all_ads() -> list[Ad]: ...


def f(a: Ad, b: Ad | None, c: Any, d: Ad | Other, o: Other, n) -> None:
    print(a.«cost», c.¿cost?, d.±cost±, o.‹cost›, n.¿cost?)
    if b is not None:
        b.«cost» += 1
    [x.«cost» for x in all_ads() if x.«cost»]
    {x.name: x for x in sorted(all_ads(), key=lambda y: y.«cost»)}
    print(f"{a.«cost»:>{o.‹cost›}} {a.«cost»!r}")
    del a.«cost»
    if isinstance(n, Ad):
        n.«cost»


T = TypeVar("T", bound=Ad)


class Box(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item = item

    def price(self) -> int:
        return self.item.«cost»


Box(Ad()).item.«cost»
""",
    "keywords of constructors and of other calls": """\
import functools
from dataclasses import dataclass, replace

from app import models
from app.models import Ad, Other


def make(‹cost›: int, **rest: int) -> Ad:
    return Ad(«cost»=‹cost›, **rest)


def forward(**rest: int) -> Ad:
    return make(1, **rest)


@dataclass
class Row:
    ‹cost›: int


make(‹cost›=1)
forward(¿cost?=1)
models.Ad(
    «cost»=1,
)
Other(‹cost›=1)
Ad.model_construct(«cost»=1)
functools.partial(Ad, «cost»=1)
functools.partial(Other, ‹cost›=1)
replace(Row(‹cost›=1), ‹cost›=2)
""",
    "patterns, where a local of the same name is near": """\
from app import models
from app.models import Ad, Other


def f(x: object) -> int:
    match x:
        case Ad(«cost»=1):
            pass
        case models.Ad(name="", «cost»=‹cost›):
            return ‹cost›
        case Other(‹cost›=2):
            pass
        case {"¿cost?": 1}:
            pass
    ‹cost› = 3
    return ‹cost›
""",
    "subclasses, self, cls, overrides": """\
from app.models import Ad


class Video(Ad):
    length: int = 0

    def both(self) -> int:
        return self.«cost» + getattr(self, "¿cost?")

    @classmethod
    def free(cls) -> "Video":
        return cls(«cost»=0, length=1)


class Free(Video):
    «cost»: int = 1


class Late(Free):
    @property
    def «cost»(self) -> int:
        return 1


class Mine:
    ‹cost› = 1

    def get(self) -> int:
        return self.‹cost›


class Bare:
    def __init__(self, ‹cost›: int) -> None:
        self.‹cost› = ‹cost›


Free(«cost»=1).«cost» + Bare(‹cost›=1).‹cost› + Mine().‹cost›
""",
    "names that only look like it": """\
def ‹cost›() -> int:
    global_cost = costs = 1
    return global_cost + costs


def g(‹cost›: int = ‹cost›()) -> int:
    for ‹cost› in range(3):
        print(‹cost›)
    lambda ‹cost›: ‹cost›
    return g(‹cost›=1, ¿cost?__gte=2)
""",
    "comments and documentation": '''\
"""The ¿cost? of all."""
from app.models import Ad, Other  # ¿cost?

# see Ad.«cost» and Other.‹cost›


def f(ad: Ad) -> None:
    """Takes `¿cost?`, which is Ad.«cost»."""
''',
    "a protocol": """\
from typing import Protocol

from app.models import Ad


class HasCost(Protocol):
    ¿cost?: int


def f(x: HasCost) -> int:
    return x.±cost±


f(Ad())
""",
    "a constructor of its own": """\
from app.models import Ad


class Own(Ad):
    def __init__(self, ¿cost?: int) -> None:
        super().__init__(«cost»=¿cost?)


Own(¿cost?=1)
""",
}


@pytest.mark.parametrize("case", CASES)
def test_forms(case: str, tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/models.py": MODELS, "app/use.py": CASES[case]}
    expected = write_marked(tmp_path, files)
    assert said(find(tmp_path, "Ad", "cost")) == expected


def test_aliases_by_keyword_text_and_generator(tmp_path: Path) -> None:
    expected = write_marked(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/models.py": (
                "from pydantic import BaseModel, ConfigDict, Field\nfrom pydantic.dataclasses import dataclass\n\n\n"
                "class Ad(BaseModel):\n    model_config = ConfigDict(populate_by_name=True)\n"
                '    «cost»: int = Field(alias="«theCost»")\n\n\n'
                "class Video(Ad):\n    length: int = 0\n\n\n"
                "@dataclass\nclass Row:\n    ‹cost›: int\n"
            ),
            "app/use.py": (
                "from app.models import Ad, Row, Video\n\n"
                "Ad(«theCost»=1).«cost»\nAd(«cost»=1)\nVideo(«cost»=1, length=2)\nRow(‹cost›=1).‹cost›\n"
            ),
        },
    )
    assert said(find(tmp_path, "Ad", "cost")) == expected


def test_validators_and_serializers_by_name(tmp_path: Path) -> None:
    expected = write_marked(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/models.py": """\
from pydantic import BaseModel, ValidationInfo, field_serializer, field_validator


class Ad(BaseModel):
    «cost»: int
    limit: int

    @field_validator("«cost»", "limit")
    @classmethod
    def _check(cls, value: int) -> int:
        return value

    @field_validator("limit")
    @classmethod
    def _over(cls, value: int, info: ValidationInfo) -> int:
        if "«cost»" in info.data and value < info.data["«cost»"]:
            raise ValueError(info.data.get("«cost»"))
        return value


class Other(BaseModel):
    ‹cost›: int

    @field_serializer("‹cost›")
    def _out(self, value: int) -> str:
        return str(value)
""",
        },
    )
    assert said(find(tmp_path, "Ad", "cost")) == expected


def test_the_field_of_a_base_is_found_by_any_of_its_models(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/base.py": "from pydantic import BaseModel\n\n\nclass Base(BaseModel):\n    «cost»: int = 0\n",
        "app/middle.py": "from app import base as b\n\n\nclass Middle(b.Base):\n    pass\n",
        "app/models.py": (
            "from app.middle import Middle as M\n\n\nclass Ad(M):\n    «cost»: int = 1\n\n\n"
            "class Video(M):\n    pass\n\n\nVideo().«cost» + Ad().«cost»\n"
        ),
    }
    expected = write_marked(tmp_path, files)
    finding = find(tmp_path, "Video", "cost")
    assert said(finding) == expected
    assert {(ref.entity, why) for ref, why in finding.group.coupled} == {
        ("Base", "declares it (app/base.py:5)"),
        ("Ad", "Ad overrides it (app/models.py:5)"),
        ("Middle", "inherits it (app/base.py:5)"),
    }
