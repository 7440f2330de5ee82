"""A program that really runs: ``check()`` holds every text of it to its meaning.

``# not`` ends a line whose names (not its texts) are somebody else's field.
"""

PROGRAM = """\
import csv
import io
import json
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, ValidationInfo
from pydantic import field_serializer, field_validator


class Maker(BaseModel):
    name: str
    price: int = 0  # not


class Item(BaseModel):
    id: int
    price: Decimal = Field(ge=0)
    ceiling: Decimal = Decimal(100)
    maker: Maker | None = None
    details: dict[str, Any] = Field(default_factory=dict)

    @field_validator("ceiling")
    @classmethod
    def above(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if "price" in info.data and value < info.data["price"]:
            raise ValueError("too low")
        return value

    @field_serializer("price", when_used="json")
    def as_text(self, value: Decimal) -> str:
        return f"{value:.2f}"


class Offer(BaseModel):
    price: int  # not
    days: int = 1


DIGITS = {"price": 2, "ceiling": 1}
COLUMNS = ["id", "price"]
RAW = {"id": 1, "price": "1.234", "maker": {"name": "x", "price": 7}, "details": {"price": {"price": 3}}}
app = FastAPI()


@app.post("/items")
def create(body: Item) -> Item:
    if body.price > 50:
        raise HTTPException(409, detail="dear")
    return body


@app.get("/items")
def every(price: int = 0) -> list[Item]:  # not
    least = price  # not
    return [Item(id=1, price=least)]


@app.post("/offers")
def offer(body: Offer) -> dict[str, int]:
    return {"price": body.price * body.days}  # not


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, DIGITS[name]) if name in DIGITS else value for name, value in values.items()}


def export(items: list[Item]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\\n")
    writer.writerow(COLUMNS)
    for item in items:
        row = item.model_dump(mode="json", include=set(COLUMNS))
        writer.writerow(row[column] for column in COLUMNS)
    return out.getvalue()


def make(**given: Any) -> Item:
    return Item(**{**RAW, **given})


def expect(make_it: Any, where: tuple[str, ...]) -> None:
    try:
        make_it()
    except ValidationError as error:
        assert error.errors()[0]["loc"] == where
    else:
        raise AssertionError("taken")


def check() -> None:
    item = Item.model_validate(RAW)
    assert item.price == Decimal("1.234")
    assert Decimal("1.234").compare(getattr(item, "price")) == 0 and hasattr(item, "price")
    assert item.model_dump()["price"] == Decimal("1.234")
    assert item.model_dump()["maker"]["price"] == 7
    assert item.model_dump()["details"]["price"]["price"] == 3
    assert item.model_dump(include={"price"}) == {"price": Decimal("1.234")}
    assert json.loads(item.model_dump_json())["price"] == "1.23"
    assert item.model_copy(update={"price": Decimal(9)}).price == 9
    assert rounded(item.model_dump())["price"] == Decimal("1.23")
    assert make(**{"price": 4}).price == 4
    assert export([item]) == "id,price\\n1,1.23\\n"
    assert set(Item.model_fields) == {"id", "price", "ceiling", "maker", "details"}
    assert Item.model_fields["price"].is_required()
    cheap, dear = Item(id=1, price=1), Item(id=2, price=2)
    assert max([cheap, dear], key=attrgetter("price")).id == 2
    assert max([one.model_dump() for one in (cheap, dear)], key=itemgetter("price"))["id"] == 2
    [read] = TypeAdapter(list[Item]).validate_python([{"id": 5, "price": 6}])
    assert read.price == 6
    expect(lambda: Item(id=1, price=-1), ("price",))
    expect(lambda: Offer(days=1), ("price",))
    expect(lambda: Item(id=1, price=3, ceiling=2), ("ceiling",))
    client = TestClient(app)
    response = client.post("/items", json={"id": 1, "price": 2})
    assert response.json()["price"] == "2.00"
    assert client.post("/items", json=RAW | {"price": 51}).status_code == 409
    assert client.get("/items", params={"price": 5}).json()[0]["price"] == "5.00"
    assert client.post("/offers", json={"price": 5, "days": 3}).json()["price"] == 15
    match item.model_dump():
        case {"price": value, "maker": {"price": cost}}:
            assert (value, cost) == (Decimal("1.234"), 7)
        case _:
            raise AssertionError("no match")
"""
