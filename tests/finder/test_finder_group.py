"""Which models are decided as one, each with why; and the same name alone couples nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from finder_scene import find, said, write_marked

MODELS = """\
from pydantic import BaseModel, ConfigDict


class Ad(BaseModel):
    «cost»: int = 0
    name: str = ""


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    @cost: int = 0


def load() -> list[Ad]: ...
def one(n: int) -> Ad | None: ...
"""
START = "from typing import Any\n\nfrom pydantic import TypeAdapter\n\nfrom app.models import Ad, Out, load, one\n\n\n"
COUPLED = {
    "dump and validate": "def f(ad: Ad) -> Out:\n    return Out.model_validate(ad.model_dump())\n",
    "dump and stars": "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump(by_alias=True))\n",
    "stars with more": "def f(ad: Ad) -> Out:\n    return Out(**{**ad.model_dump(), 'name': ''})\n",
    "merged": "def f(ad: Ad) -> Out:\n    return Out.model_validate(ad.model_dump() | {'x': 1})\n",
    "by a local": "def f(ad: Ad) -> Out:\n    row = ad.model_dump()\n    row['x'] = 1\n    return Out(**row)\n",
    "dict of a model": "def f(ad: Ad) -> Out:\n    return Out.parse_obj(dict(ad))\n",
    "the model itself": "def f(ad: Ad) -> Out:\n    return Out.model_validate(ad)\n",
    "in a loop": "def f() -> list[Out]:\n    return [Out.model_validate(x.model_dump()) for x in load()]\n",
    "what a function returns": "def f() -> Out:\n    return Out.model_validate(one(1).model_dump())\n",
    "an adapter": "def f() -> Any:\n"
    "    return TypeAdapter(list[Out]).validate_python([x.model_dump() for x in load()])\n",
    "another way round": "def f(out: Out) -> Ad:\n    return Ad(**out.model_dump())\n",
    "include has it": "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump(include={'@cost', 'name'}))\n",
    "a response model": "@app.get('/', response_model=list[Out])\ndef f() -> Any:\n"
    "    found = load()\n    return found\n",
    "an annotated route": "@router.get('/')\nasync def f() -> Out:\n    return one(1)\n",
    "made without a check": "def f(ad: Ad) -> Out:\n    return Out.model_construct(**ad.model_dump())\n",
    "as JSON": "def f(ad: Ad) -> Out:\n    return Out.model_validate_json(ad.model_dump_json())\n",
    "what it has in it": "def f(ad: Ad) -> Out:\n    return Out(**ad.__dict__)\n",
    "an update": "def f(ad: Ad, out: Out) -> Out:\n    return out.model_copy(update=ad.model_dump())\n",
    "its own class": "def f(ad: Ad, out: Out) -> Out:\n    return type(out)(**ad.model_dump())\n",
    "a comprehension": "def f(ad: Ad) -> Out:\n"
    "    return Out(**{k: v for k, v in ad.model_dump().items() if v is not None})\n",
    "set one by one": "def f(ad: Ad, out: Out) -> None:\n"
    "    for name, value in ad.model_dump(exclude_unset=True).items():\n        setattr(out, name, value)\n",
    "got one by one": "def f(ad: Ad, out: Out) -> None:\n"
    "    for name in Out.model_fields:\n        setattr(out, name, getattr(ad, name))\n",
    "one keyword": "def f(ad: Ad) -> Out:\n    return Out(«cost»=round(ad.«cost», 2))\n",
}
APART = {
    "nothing": "def f(ad: Ad) -> int:\n    return ad.«cost» + Out().@cost\n",
    "excluded": "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump(exclude={'@cost'}))\n",
    "not included": "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump(include={'name'}))\n",
    "picked": "def f(ad: Ad) -> Out:\n"
    "    return Out(**{k: v for k, v in ad.model_dump().items() if k != '@cost'})\n",
    "calculated": "def f(ad: Ad) -> Out:\n    return Out(@cost=ad.«cost» * 2)\n",
    "added up": "def f(ad: Ad, out: Out) -> None:\n    out.@cost += ad.«cost»\n",
    "made of two": "def f(ad: Ad, n: int) -> Out:\n    return Out(@cost=max(ad.«cost», n))\n",
    "an assignment": "def f(ad: Ad, out: Out) -> None:\n    out.@cost = ad.«cost»\n",
    "another value": "def f(ad: Ad, d: dict) -> Out:\n    ad.model_dump()\n    return Out(**d)\n",
}


def _text(text: str, mark: str) -> str:
    begin, end = ("«", "»") if mark == "target" else ("‹", "›")
    return text.replace("'@cost'", "'¿cost?'").replace("@cost", f"{begin}cost{end}")


@pytest.mark.parametrize("case", COUPLED)
def test_coupled(case: str, tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/models.py": MODELS, "app/use.py": START + COUPLED[case]}
    expected = write_marked(tmp_path, {file: _text(text, "target") for file, text in files.items()})
    finding = find(tmp_path, "Ad", "cost")
    assert said(finding) == expected
    ((ref, why),) = finding.group.coupled
    assert ref.entity == "Out"
    assert "app/use.py:" in why


@pytest.mark.parametrize("case", APART)
def test_apart(case: str, tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/models.py": MODELS, "app/use.py": START + APART[case]}
    expected = write_marked(tmp_path, {file: _text(text, "other") for file, text in files.items()})
    finding = find(tmp_path, "Ad", "cost")
    assert said(finding) == expected
    assert finding.group.coupled == ()


@pytest.mark.parametrize("given", ["**vars(row)", "**asdict(row)", "model_validate"])
def test_a_class_that_is_no_model_and_fills_one(given: str, tmp_path: Path) -> None:
    """What it is filled from by name would be lost without a word where only one of the two had another name."""
    made = f"Out({given})" if given != "model_validate" else "Out.model_validate(row)"
    files = {
        "app/__init__.py": "",
        "app/models.py": MODELS.replace("«cost»", "‹cost›").replace("@cost", "«cost»"),
        "app/rows.py": "class Row:\n    «cost»: int = 0\n\n\nclass Other:\n    ‹cost›: int = 0\n",
        "app/use.py": "from app.models import Out\nfrom app.rows import Other, Row\n\n\n"
        f"def f(row: Row) -> Out:\n    return {made}\n\n\ndef g(row: Row, x: Other) -> int:\n"
        "    return row.«cost» + x.‹cost›\n",
    }
    expected = write_marked(tmp_path, files)
    finding = find(tmp_path, "Out", "cost")
    assert said(finding) == expected
    ((ref, why),) = finding.group.coupled
    assert (ref.entity, why) == ("Row", "Out is filled from Row in app/use.py:6")


@pytest.mark.parametrize(
    "made",
    ["cls.model_validate(ad.model_dump())", "cls(**ad.model_dump())", "cls.model_construct(**dict(ad))"],
)
def test_a_classmethod_fills_its_class_and_those_built_on_it(made: str, tmp_path: Path) -> None:
    """``cls`` is the class it stands in: without it the value would be lost without a word."""
    text = (
        "from typing import Self\n\nfrom pydantic import BaseModel\n\n\n"
        "class Ad(BaseModel):\n    «cost»: int\n\n\n"
        "class FromAd(BaseModel):\n    @classmethod\n    def of(cls, ad: Ad) -> Self:\n"
        f"        return {made}\n\n\n"
        "class Out(FromAd):\n    «cost»: int\n\n\nclass Other(BaseModel):\n    ‹cost›: int\n"
    )
    expected = write_marked(tmp_path, {"app/__init__.py": "", "app/models.py": text})
    finding = find(tmp_path, "Ad", "cost")
    assert said(finding) == expected
    assert [ref.entity for ref, _ in finding.group.coupled] == ["Out"]


def test_tests_couple_nothing_and_chains_do(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/models.py": (
            "from pydantic import BaseModel\n\n\n"
            + "\n\n".join(f"class {name}(BaseModel):\n    «cost»: int\n" for name in "ABC")
            + "\n\nclass D(BaseModel):\n    ‹cost›: int\n"
        ),
        "app/use.py": (
            "from app.models import A, B, C\n\n\ndef f(a: A) -> B:\n    return B(**a.model_dump())\n\n\n"
            "def g(b: B) -> C:\n    return C(**b.model_dump())\n"
        ),
        "tests/test_it.py": "from app.models import A, D\n\n\ndef test(a: A) -> None:\n    D(**a.model_dump())\n",
    }
    expected = write_marked(tmp_path, files)
    finding = find(tmp_path, "A", "cost")
    assert said(finding) == expected
    assert [(ref.entity, why) for ref, why in finding.group.coupled] == [
        ("B", "B is filled from A in app/use.py:5"),
        ("C", "C is filled from B in app/use.py:9"),
    ]


def test_models_inside_of_coupled_models(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/models.py": (
            "from pydantic import BaseModel\n\n\nclass In(BaseModel):\n    «cost»: int\n\n\n"
            "class InOut(BaseModel):\n    «cost»: int\n\n\nclass Ad(BaseModel):\n    inner: list[In]\n\n\n"
            "class Out(BaseModel):\n    inner: list[InOut]\n\n\n"
            "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump())\n"
        ),
    }
    expected = write_marked(tmp_path, files)
    assert said(find(tmp_path, "In", "cost")) == expected


def test_an_alias_that_reads_the_name(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/models.py": (
            "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n    «cost»: int\n\n\n"
            'class Out(BaseModel):\n    price: int = Field(alias="«cost»")\n\n\n'
            "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump())\n"
        ),
    }
    expected = write_marked(tmp_path, files)
    finding = find(tmp_path, "Ad", "cost")
    assert said(finding) == expected
    ((ref, _),) = finding.group.coupled
    assert (ref.entity, ref.field, ref.alias) == ("Out", "price", "cost")
