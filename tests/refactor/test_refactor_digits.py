"""Other digits and another type through a small shop, as a user asks for them: nothing is dropped in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from refactor_project import Project, project_in

SHOP = {
    "shop/__init__.py": "",
    "shop/models.py": """from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field


class Line(BaseModel):
    sku: str = Field(min_length=3, pattern="^[A-Z]", description="what it is")
    price: Decimal = Field(max_digits=10, decimal_places=2)
    count: Annotated[int, Field(ge=1, le=99)] = 1
    tags: list[Annotated[int, Field(ge=0)]] = []
""",
    "shop/show.py": """from decimal import Decimal

from shop.models import Line


def label(line: Line) -> str:
    x = line.price
    return f"{x:.2f}"


def rows(lines: list[Line]) -> list[dict]:
    found = []
    for line in lines:
        row = line.model_dump()
        row["price"] = round(row["price"], 2)
        found.append(row)
    return found


def unknown(row: dict) -> str:
    return f"{row['price']:.2f}"


def dear(line: Line) -> Decimal:
    total = line.price * line.count
    return total.quantize(Decimal("0.01"))
""",
    "tests/test_show.py": """from decimal import Decimal

from shop.models import Line
from shop.show import label


def test_label():
    line = Line(sku="ABC", price="1.25", count=2)
    assert label(line) == "1.25"
    assert line.price == Decimal("1.25")
""",
    "tests/line.json": '{"sku": "ABC", "price": "2.75", "count": 1}\n',
}
API = {
    "api.py": """from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    weight: float


@app.post("/items")
def create(item: Item) -> Item:
    return item
""",
    "tests/test_api.py": """from fastapi.testclient import TestClient

from api import app, Item


def test_create():
    answer = TestClient(app).post("/items", json={"weight": 0.5})
    assert answer.json() == {"weight": 0.5}
    assert Item(weight=0.5)
""",
}


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    return project_in(tmp_path, SHOP)


def document(project: Project, *words: str) -> dict:  # type: ignore[type-arg]
    done = project.refactor(*words, "--json")
    return json.loads(done.output)  # type: ignore[no-any-return]


def listed(found: dict) -> set[tuple[str, int, str]]:  # type: ignore[type-arg]
    return {(one["file"], one["line"], one["why"]) for one in found["manual"]}


def test_roundings_follow_what_surely_is_the_field_and_the_rest_is_listed(shop: Project) -> None:
    found = document(shop, "precision", "Line.price", "4")
    plus = {line[1:].strip() for line in found["diff"].splitlines() if line.startswith("+ ")}
    assert plus == {
        "price: Decimal = Field(max_digits=12, decimal_places=4)",
        'return f"{x:.4f}"',
        'row["price"] = round(row["price"], 4)',
    }
    assert {(file, line) for file, line, _ in listed(found)} == {("shop/show.py", 21), ("shop/show.py", 26)}
    assert {one["suggestion"] for one in found["manual"]} == {
        "Where it is to have 4 digits: {row['price']:.4f}",
        'Where it is to have 4 digits: total.quantize(Decimal("0.0001"))',
    }
    assert all("(" in why and ")" in why for _, _, why in listed(found))


def test_values_with_too_many_digits_are_listed_or_proposed(shop: Project) -> None:
    found = document(shop, "precision", "Line.price", "1")
    told = {(file, line) for file, line, why in listed(found) if "more digits" in why}
    assert told == {("tests/line.json", 1), ("tests/test_show.py", 8), ("tests/test_show.py", 10)}
    assert any("--recompute" in note for note in found["notes"])


def test_what_is_proposed_is_not_listed_as_well(tmp_path: Path) -> None:
    models = (
        "from decimal import Decimal\n\nfrom pydantic import BaseModel, Field, field_validator\n\n\n"
        "class Line(BaseModel):\n    price: Decimal = Field(max_digits=10, decimal_places=2)\n\n"
        '    @field_validator("price", mode="before")\n    @classmethod\n'
        "    def _rounded(cls, value: object) -> Decimal:\n"
        '        return Decimal(str(value)).quantize(Decimal("0.01"))\n'
    )
    test = (
        "from decimal import Decimal\n\nfrom models import Line\n\n\n"
        'def test_price():\n    assert Line(price="1.234").price == Decimal("1.23")\n'
    )
    project = project_in(tmp_path, {"models.py": models, "tests/test_price.py": test, "conftest.py": ""})
    (work,) = document(project, "precision", "Line.price", "1")["manual"]
    assert (work["line"], "--recompute" in work["suggestion"]) == (7, True)
    found = document(project, "precision", "Line.price", "1", "--recompute")
    assert [(one["line"], one["after"]) for one in found["recomputed"]] == [(7, '"1.2"')]
    assert found["manual"] == []


@pytest.mark.parametrize("digits", ["4,14", "0,0", "-2", "4,-1", "x", "1,2,3", "0,1", "99999", ""])
def test_digits_that_no_decimal_has_are_refused(shop: Project, digits: str) -> None:
    done = shop.refactor("precision", "Line.price", digits)
    assert (done.exit_code, "[digits-invalid]" in done.output) == (2, True), done.output


@pytest.mark.parametrize("digits", ["4", "-2"])
def test_a_misspelled_option_is_said_to_be_one(shop: Project, digits: str) -> None:
    done = shop.refactor("precision", "Line.price", digits, "--aply")
    assert done.exit_code == 2
    assert "No such option" in done.output
    assert "Did you mean" in done.output
    assert "--apply" in done.output


def test_a_field_that_is_no_decimal_is_refused(shop: Project) -> None:
    done = shop.refactor("precision", "Line.count", "2")
    assert (done.exit_code, "[field-not-decimal]" in done.output) == (2, True), done.output


def test_each_constraint_that_goes_is_told_everywhere(shop: Project) -> None:
    done = shop.refactor("retype", "Line.sku", "int", "--apply")
    for text in ("min_length=3", 'pattern="^[A-Z]"'):
        assert f"by hand: shop/models.py:8: the constraint {text} goes with the old type" in done.output
    (manifest,) = (shop.folder / ".bravo" / "refactor").glob("*.json")
    whys = [one["why"] for one in json.loads(manifest.read_text())["manual"]]
    assert sum("goes with the old type" in why for why in whys) == 2
    assert 'sku: int = Field(description="what it is")' in shop.texts()["shop/models.py"]


def test_a_list_of_another_type_is_no_list_of_lists(shop: Project) -> None:
    found = document(shop, "retype", "Line.tags", "list[str]")
    assert "+    tags: list[str] = []" in found["diff"]
    assert any("constraint ge=0 goes" in why for _, _, why in listed(found))


@pytest.mark.parametrize("annotation", ["Nope", "foo.Bar", "int |", "dict["])
def test_a_type_that_means_nothing_is_told_at_the_field(shop: Project, annotation: str) -> None:
    done = shop.refactor("retype", "Line.count", annotation)
    assert done.exit_code == 3
    assert "refused: shop/models.py:10: " in done.output
    assert "bravo_agent" not in done.output


def test_places_are_those_of_the_files_as_they_are(tmp_path: Path) -> None:
    test = (
        "from shop.models import Line\n\n\ndef test_count():\n"
        '    line = Line(sku="ABC", price="1", count=2)\n    line.count.bit_length()\n'
    )
    found = document(
        project_in(tmp_path, {**SHOP, "tests/test_count.py": test}), "retype", "Line.count", "Decimal"
    )
    assert "+from decimal import Decimal" in found["diff"]
    (work,) = [one for one in found["manual"] if one["file"] == "tests/test_count.py"]
    assert (work["line"], "bit_length" in work["why"]) == (6, True)


def test_the_body_of_a_request_stays_json(tmp_path: Path) -> None:
    found = document(project_in(tmp_path, API), "retype", "Item.weight", "Decimal")
    assert 'json={"weight": Decimal' not in found["diff"]
    assert '+    assert Item(weight=Decimal("0.5"))' in found["diff"]
    assert [line for file, line, _ in listed(found) if file == "tests/test_api.py"] == [8]
