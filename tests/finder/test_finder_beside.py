"""What carries a field's value and is not decided with it: by itself, or because somebody wants it left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from finder_scene import find, said, write_marked

from bravo_agent.errors import UsageError

MODELS = """\
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel


class Ad(BaseModel):
    «cost»: int = 0


class Out(BaseModel):
    @cost: int = 0


class Invoice:
    ‹cost›: int = 0


@dataclass
class Row:
    ‹cost›: int


class Line(NamedTuple):
    ‹cost›: int
"""
START = "from dataclasses import asdict\n\nfrom app.models import Ad, Invoice, Line, Out, Row\n\n\n"
HINTED = {
    "an assignment to a model": ("def f(ad: Ad, out: Out) -> None:\n    out.@cost = ad.«cost»\n", "Out"),
    "an assignment to a class": (
        "def f(ad: Ad, x: Invoice) -> None:\n    x.‹cost› = str(ad.«cost»)\n",
        "Invoice",
    ),
    "from a class": ("def f(ad: Ad, x: Invoice) -> None:\n    ad.«cost» = x.‹cost›\n", "Invoice"),
    "a model made of a class": ("def f(x: Invoice) -> Ad:\n    return Ad(«cost»=x.‹cost›)\n", "Invoice"),
    "attributes that a method sets": (
        "class Bill:\n    def __init__(self) -> None:\n        self.‹cost› = 0\n\n\n"
        "def f(ad: Ad, x: Bill) -> None:\n    x.‹cost› = ad.«cost»\n",
        "Bill",
    ),
    "in a method of its own": (
        "class Bill:\n    def __init__(self, ad: Ad) -> None:\n        self.‹cost› = ad.«cost»\n",
        "Bill",
    ),
    "a dataclass": ("def f(ad: Ad) -> Row:\n    return Row(‹cost›=ad.«cost»)\n", "Row"),
    "a named tuple": ("def f(ad: Ad) -> Line:\n    return Line(‹cost›=ad.«cost»)\n", "Line"),
}


GIVES = re.compile(r"= ?(?:str\()?\w+\.[«‹]cost")


def _text(text: str, mark: str) -> str:
    begin, end = ("«", "»") if mark == "target" else ("‹", "›")
    return text.replace("@cost", f"{begin}cost{end}")


@pytest.mark.parametrize("case", HINTED)
def test_what_takes_the_value_as_it_is_goes_its_own_way_and_is_named(case: str, tmp_path: Path) -> None:
    use, other = HINTED[case]
    files = {
        "app/__init__.py": "",
        "app/models.py": MODELS,
        "app/use.py": START + use + use.replace("def f", "\n\ndef g"),
    }
    expected = write_marked(tmp_path, {file: _text(text, "other") for file, text in files.items()})
    finding = find(tmp_path, "Ad", "cost")
    assert said(finding) == expected
    assert finding.group.coupled == ()
    (one,) = finding.group.beside
    assert (one.ref.entity, one.by_name) == (other, False)
    assert one.why == f"the value is handed on as it is in app/use.py:{one.line}"
    assert (one.file, (START + use).splitlines()[one.line - 1]) == (
        "app/use.py",
        next(x for x in use.splitlines() if GIVES.search(x)),
    )


COUPLED = {
    "filled": "def f(ad: Ad) -> Out:\n    return Out(**ad.model_dump())\n",
    "given": "def f(ad: Ad) -> Out:\n    return Out(@cost=ad.«cost»)\n",
}


@pytest.mark.parametrize("case", COUPLED)
@pytest.mark.parametrize("name", ["Out", "app.models:Out"])
def test_a_class_that_is_left_out(case: str, name: str, tmp_path: Path) -> None:
    below = "\n\nclass More(Out):\n    @cost: int = 1\n\n\nMore().@cost\n"
    files = {"app/__init__.py": "", "app/models.py": MODELS + below, "app/use.py": START + COUPLED[case]}
    for mark, apart in (("target", ()), ("other", (name,))):
        expected = write_marked(tmp_path, {file: _text(text, mark) for file, text in files.items()})
        finding = find(tmp_path, "Ad", "cost", apart=apart)
        assert said(finding) == expected
        assert {ref.entity for ref, _ in finding.group.coupled} == ({"Out", "More"} if not apart else set())
        told = [(one.ref.entity, one.file, one.line, one.by_name) for one in finding.group.beside]
        assert told == ([("Out", "app/use.py", 7, case == "filled")] if apart else [])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Sub", "Sub overrides it"),
        ("Base", "Ad overrides it"),
        ("Nope", "Nope is not decided with Ad.cost"),
        ("Plain", "Plain is not decided"),
        ("Ad", "Ad is not decided"),
    ],
)
def test_what_cannot_be_left_out(name: str, why: str, tmp_path: Path) -> None:
    models = (
        "from pydantic import BaseModel\n\n\nclass Base(BaseModel):\n    cost: int\n\n\n"
        "class Ad(Base):\n    cost: int\n\n\nclass Sub(Ad):\n    cost: int\n\n\nclass Plain(Ad):\n    pass\n"
    )
    write_marked(tmp_path, {"models.py": models})
    with pytest.raises(UsageError, match=why) as found:
        find(tmp_path, "Ad", "cost", apart=(name,))
    assert found.value.code == "class-not-apart"
