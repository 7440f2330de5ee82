"""One small program for each way in which a text comes to mean a field, or comes to look as if it did."""

from __future__ import annotations

HEAD = "from decimal import Decimal\nfrom typing import Any\nfrom app.models import Item, Maker, Rental\n"

SOURCES: dict[str, str] = {
    "dump": """
def f(item: Item) -> None:
    d = item.model_dump()
    print(d["price"], d.get("price"), d.pop("price", None))  #> target target target
    if "price" in d:  #> target
        d["price"] = 1  #> target
    for key, value in item.model_dump().items():
        if key == "price":  #> target
            print(value)
    e = dict(item)
    e["price"] += 1  #> target
    print(vars(item)["price"], item.__dict__["price"], item.dict()["price"])  #> target target target
    print({**d, "price": 2}, d | {"price": 3})  #> target target
    print([k for k in d if k != "price"])  #> target
    copied = d.copy()
    copied.setdefault("price", 1)  #> target
    assert set(d) == {"id", "name", "price", "maker", "details"}  #> target
    assert d.keys() >= {"price"}  #> target
""",
    "validate": """
def f() -> list[Item]:
    raw = {"id": 1, "name": "x", "price": 1}  #> target
    raw["price"] = 2  #> target
    other = {"id": 2, "name": "y"}
    other.update({"price": 3})  #> target
    other.update(price=3)
    third = dict(raw)
    third["price"] = 4  #> target
    Item.model_construct(**{"price": 1})  #> target
    return [Item(**raw), Item.model_validate(other), Item.parse_obj(third)]
""",
    "validate-many": """
ROWS = [{"id": 1, "name": "x", "price": 1}, {"id": 2, "name": "y", "price": 2}]  #> target target
def f() -> list[Item]:
    return [Item.model_validate(row) for row in ROWS]
def g() -> list[Item]:
    return list(map(lambda row: Item(**row), [{"id": 1, "price": 1}]))  #> unknown
""",
    "adapter": """
from pydantic import TypeAdapter
def f(raw: str) -> None:
    TypeAdapter(list[Item]).validate_python([{"id": 1, "price": 1}])  #> target
    Item.model_validate_json('{"id": 1, "price": 2}')  #> target
    import json
    Item.model_validate_json(json.dumps({"price": 1}))  #> target
    assert json.loads(Item(id=1).model_dump_json())["price"] == 1  #> target
""",
    "include": """
FIELDS = {"id", "price"}  #> target
def f(item: Item, maker: Maker) -> None:
    item.model_dump(include={"price"}, exclude={"maker": {"price"}})  #> target other
    item.model_dump_json(include=FIELDS)
    item.model_copy(update={"price": 1})  #> target
    maker.model_copy(update={"price": 1})  #> other
    item.model_dump(include=set(("id", "price")))  #> target
""",
    "what a class makes of itself": """
import app.models as models
class Mine(Item):
    @classmethod
    def read(cls, path):
        raw = open(path).read()
        return cls.model_validate_json(raw)
    @classmethod
    def made(cls, cheap):
        if cheap:
            return cls(id=1, name="x", price=0)
        one = cls.read("x")
        one.price = 2  #> target
        return one
    @classmethod
    async def later(cls, **raw):
        return cls(**raw)
    @classmethod
    def maybe(cls, path):
        return cls.read(path) if path else None
    @classmethod
    def another(cls):
        return Rental(id=1, price=1)
    @classmethod
    def every(cls, paths):
        for path in paths:
            yield cls.read(path)
    @classmethod
    @cached
    def kept(cls):
        return cls(id=1, name="x", price=0)
    def own(self):
        return self.__class__(id=1)
class Fee(Rental):
    @classmethod
    def read(cls, path):
        return cls(**path)
class Strange(Item):
    def __new__(cls, *given):
        return given
    @classmethod
    def read(cls):
        return cls(1)
async def f(path, Other) -> None:
    mine = Mine.read(path)
    mine.price = Mine.made(path).price  #> target target
    (await Mine.later()).price  #> target
    Fee.read(path).price  #> other
    two = Mine.read(path) if path else Mine.made(path)
    two.price  #> target
    two = Mine.read(path) if path else Fee.read(path)
    two.price
    Mine.maybe(1).price, Mine.another().price, Mine.every([])[0].price, Mine.kept().price, mine.own().price
    Strange.read().price, Other.read().price, path.read().price, models.Item.read().price
""",
    "dictionaries given to fields": """
from app.models import BaseModel
class Shop(BaseModel):
    best: Item | None = None
    items: list[Item] = []
    named: dict[str, Item] = {}
    makers: tuple[Maker, ...] = ()
    either: Item | dict[str, Any] | None = None
    free: dict[str, Any] = {}
class Mall(BaseModel):
    shop: Shop
class Own(BaseModel):
    best: Item
    def __init__(self, best: Any) -> None: ...
def f(rest: Any) -> None:
    Shop(best={"id": 1, "price": 1}, items=[{"price": 1}, {"price": 2, **rest}])  #> target target target
    Shop(named={"price": {"price": 1}}, makers=[{"price": 1}])  #> other target other
    Shop(either={"price": 1}, free={"price": 1})  #> mixed other
    Mall(shop={"best": {"price": 1}, "free": {"price": 1}})  #> target other
    Mall.model_validate({"shop": {"items": [{"price": 1}]}})  #> target
    raw = {"price": 1}  #> target
    Mall(shop=Shop(best=raw))
    Own(best={"price": 1})  #> unknown
def g(item: Item, *, many: list[Item] | None = None, either: Item | dict[str, Any] | None = None) -> None: ...
def h() -> None:
    g({"price": 1}, many=[{"price": 1}], either={"price": 1})  #> target target unknown
""",
    "inheritance": """
class Base(Item):
    def shown(self, **options: Any) -> dict[str, Any]:
        return self.model_dump(**options)
class Heir(Base):
    def shown(self, **options: Any) -> dict[str, Any]:
        options.setdefault("exclude", {"price"})  #> target
        return super().shown(**options) | {"price": 0}  #> target
    def model_dump(self, **options: Any) -> dict[str, Any]:
        found = super().model_dump(**options)
        found["price"] = 1  #> target
        return found
    @classmethod
    def cheap(cls) -> "Heir":
        return cls(**{"price": 0})  #> target
def f(heir: Heir) -> None:
    print(heir.shown()["price"], heir.model_dump()["price"])  #> target target
""",
    "options handed to a class above": """
from app.models import BaseModel
class Exported(BaseModel):
    def exported(self, **options: Any) -> Any:
        return self.model_dump_json(**options)
    def shown(self, **options: Any) -> Any:
        return self.model_dump(**options)
class Shop(Exported):
    price: int
    def exported(self, **options: Any) -> Any:
        options.setdefault("exclude", {"price"})  #> other
        return super().exported(**options)
class Mine(Exported, Item):
    def exported(self, **options: Any) -> Any:
        options.setdefault("exclude", {"price"})  #> target
        options["other"] = {"price"}  #> unknown
        return super().exported(**options)
def f(mine: Mine, shop: Shop) -> Any:
    shop.shown(include={"price"}), shop.shown(more={"price"})  #> other unknown
    return mine.shown(include={"price"})  #> target
""",
    "tables of defaults": """
DEFAULTS = {"price": 1, "name": "x", "details": {}}  #> target
def with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    values = DEFAULTS.copy()
    values.update({key: value for key, value in given.items() if key in DEFAULTS})
    return values
def f(given: dict[str, Any]) -> Item:
    return Item(**with_defaults(given))
""",
    "tables of defaults, and what overrides them": """
DEFAULTS = {"price": 1, "name": "x", "details": {}}  #> target
def defaults(parsed: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    values = DEFAULTS.copy()
    values.update({key: value for key, value in parsed.items() if key in DEFAULTS.keys()})
    allowed = set(DEFAULTS.keys())
    values.update({key: value for key, value in overrides.items() if key in allowed})
    return values
def cheap(values: dict[str, Any]) -> int:
    return min(values["price"], 3)  #> target
def f(**overrides: Any) -> Item:
    values = defaults({"price": 2}, **overrides)  #> target
    values["price"] = cheap(values)  #> target
    return Item(**values)
def g() -> None:
    f(name="x")
LEFT = {"price": 1, "name": "x"}  #> mixed
def h(rental: bool) -> Any:
    values = LEFT.copy()
    return Rental(**values) if rental else Item(**values)
""",
    "reflection": """
from operator import attrgetter, itemgetter
def f(item: Item, items: list[Item], rental: Rental) -> None:
    getattr(item, "price"), hasattr(item, "price"), setattr(item, "price", 1)  #> target target target
    getattr(rental, "price")  #> other
    name = "price"  #> target
    getattr(item, name)
    sorted(items, key=attrgetter("price"))  #> target
    sorted([i.model_dump() for i in items], key=itemgetter("price"))  #> target
    Item.model_fields["price"], "price" in item.model_fields_set  #> target target
    Rental.model_fields["price"]  #> other
    for field in Item.model_fields:
        if field == "price":  #> target
            pass
""",
    "validators": """
from pydantic import BaseModel, Field, ValidationInfo, field_serializer, field_validator, model_validator
class Mine(BaseModel):
    price: int
    @field_validator("price")  #> other
    @classmethod
    def v(cls, value: int, info: ValidationInfo) -> int:
        return info.data["price"] if "price" in info.data else value  #> other other
    @field_serializer("price")  #> other
    def s(self, value: int) -> str:
        return str(value)
    @model_validator(mode="before")
    @classmethod
    def before(cls, data: Any) -> Any:
        data["price"] = data.pop("price", 1)  #> other other
        return data
class Aliased(BaseModel):
    cost: int = Field(alias="price")  #> other
class Sub(Item):
    @field_validator("price", mode="after")  #> target
    @classmethod
    def v(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        return info.data.get("price", value)  #> target
    model_config = {"json_schema_extra": {"examples": [{"price": 1}]}}  #> target
""",
    "errors": """
import pytest
from pydantic import ValidationError
def make(price: int) -> Item:
    return Item(id=1, name="x", price=price)
def test_it() -> None:
    with pytest.raises(ValidationError, match="price"):  #> target
        make(1)
    with pytest.raises(ValidationError) as caught:
        Item.model_validate({})
    assert caught.value.errors()[0]["loc"] == ("price",)  #> target
    assert {e["loc"][0] for e in caught.value.errors()} == {"price"}  #> target
    with pytest.raises(ValidationError) as caught:
        Rental(id=1)
    assert caught.value.errors()[0]["loc"] == ("price",)  #> other
    with pytest.raises(KeyError, match="price"):  #> unknown
        make(1)
    try:
        make(2)
    except ValidationError as error:
        assert error.errors()[0]["loc"][0] == "price"  #> target
""",
    "messages": """
import pytest
from pydantic import ValidationError
class Checked(BaseModel):
    @field_validator("*")
    @classmethod
    def v(cls, value: Any) -> Any:
        raise ValueError("price is too low for us")  #> unknown
def test_it() -> None:
    with pytest.raises(ValidationError, match="price is too low"):  #> unknown
        Item(id=1, name="x", price=1)
    with pytest.raises(ValidationError, match="price is required"):  #> target
        Item(id=1, name="x", price=1)
""",
    "csv": """
import csv, io
COLUMNS = ["id", "price"]  #> target
def export(items: list[Item]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=COLUMNS)
    writer.writeheader()
    for item in items:
        writer.writerow(item.model_dump(include=set(COLUMNS)))
    return out.getvalue()
def test_export() -> None:
    assert export([]) == "id,price\\n"  #> target
    assert export([]).splitlines()[0] == "id,price"  #> target
def read(file: Any) -> list[Item]:
    rows = csv.DictReader(file)
    return [Item(id=row["id"], name="x", price=row["price"]) for row in rows]  #> unknown
def read_whole(file: Any) -> list[Item]:
    return [Item(**row) for row in csv.DictReader(file) if row["price"]]  #> target
""",
    "tables": """
DIGITS = {"price": 2, "weight": 3}  #> target
def rounded(item: Item) -> dict[str, Any]:
    return {name: round(value, DIGITS[name]) for name, value in item.model_dump().items() if name in DIGITS}
def one(name: str, value: Decimal) -> Decimal:
    return round(value, DIGITS.get(name, 0))
def f(item: Item) -> Decimal:
    return one("price", item.price)  #> target
""",
    "conventions": """
from dataclasses import dataclass
@dataclass
class Problem:
    field: str
    text: str
def labelled(name: str, value: Any) -> str:
    return f"{name}={value}"
def f(item: Item, rental: Rental) -> list[Problem]:
    problems = []
    labelled("price", item.price)  #> target
    labelled("price", rental.price)  #> other
    if item.price < 0:
        problems.append(Problem("price", "negative"))  #> target
    if rental.price < 0:
        problems.append(Problem("price", "negative"))  #> other
        print("price", rental.price)  #> unknown
    return problems
""",
    "routes": """
import json
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.testclient import TestClient
app, router = FastAPI(), APIRouter(prefix="/api")
@router.post("/items")
def create(body: Item) -> Item:
    raise HTTPException(409, detail="taken")
@router.get("/items/{item_id}", response_model=Item)
def read(item_id: int):
    return {"id": 1, "name": "x", "price": 1}  #> target
@router.get("/items")
def every(price: int | None = None) -> list[Item]:
    return []
@router.get("/rentals/{id}")
def rental(id: int) -> Rental: ...
@router.get("/health")
def health() -> dict[str, int]:
    return {"price": 1}  #> other
@router.get("/raw")
def raw():
    return {"price": 1}  #> unknown
app.include_router(router)
BODY = {"id": 1, "name": "x", "price": 1}  #> target
def test_it(client: TestClient) -> None:
    response = client.post("/api/items", json=BODY)
    assert response.json()["price"] == 1  #> target
    response = client.get(f"/api/rentals/{1}")
    assert response.json()["price"] == 1  #> other
    assert client.get("/api/items/1").json() == {"id": 1, "price": 1}  #> target
    body = client.get("/api/items", params={"price": 1}).json()  #> other
    assert body[0]["price"] == 1  #> target
    assert [one["price"] for one in body] == []  #> target
    assert client.get("/api/health").json()["price"]  #> other
    assert client.get("/api/items?price=1").json()[0]["details"]["price"]  #> other other
    assert client.get("/api/elsewhere").json()["price"]  #> unknown
    client.post("/api/items", json={**BODY, "price": 2})  #> target
    client.post("/api/items", content=json.dumps({"price": 2}))  #> target
    client.post("/api/items", data={"price": 2})  #> unknown
    client.post("https://shop.example.org/api/items", json={"price": 2})  #> unknown
def fetch(client: TestClient, path: str) -> Any:
    response = client.get(path)
    return response.json()
def test_helper(client: TestClient) -> None:
    assert fetch(client, "/api/items/1")["price"] == 1  #> target
    assert fetch(client, "/api/rentals/1")["price"] == 1  #> other
""",
    "mongo": """
from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database
class Store:
    def __init__(self, db: Database[Any]) -> None:
        self.items = db["items"]
        self.rentals = db.rentals
    def all(self, db: Database[Any]) -> None:
        query: dict[str, Any] = {"$or": [{"price": {"$gt": 1}}, {"name": "x"}]}  #> target
        query["price"] = 1  #> target
        cursor = self.items.find(query, {"price": 1, "_id": 0}).sort("price", ASCENDING).limit(3)  #> target target
        for found in cursor:
            print(found["price"], found["details"]["price"])  #> target other
        self.rentals.find_one({"price": 1})  #> other
        self.items.update_one({"_id": 1}, {"$set": {"price": 1}, "$unset": {"details.price": 1}})  #> target unknown
        self.items.create_index([("price", 1), ("name", 1)])  #> target
        self.items.bulk_write([UpdateOne({"price": 1}, {"$inc": {"price": 1}})])  #> target target
        self.items.insert_one({"id": 1, "price": 1, "details": {"price": 1}})  #> target other
        self.items.distinct("price")  #> target
        db["unknown"].find_one({"price": 1})  #> unknown
    def sums(self) -> Any:
        rows = self.items.aggregate([
            {"$match": {"price": {"$gt": 0}}},  #> target
            {"$group": {"_id": "$name", "price": {"$sum": "$price"}}},  #> other target
            {"$sort": {"price": 1}},  #> unknown
        ])
        return [Rental(**row) for row in rows]
    def sorted(self) -> Any:
        return [row["price"] for row in self.items.aggregate([{"$sort": {"price": 1}}])]  #> target target
""",
    "pandas": """
import pandas as pd
def f(items: list[Item]) -> Any:
    frame = pd.DataFrame([item.model_dump() for item in items])
    frame = frame[["id", "price"]]  #> target
    return frame["price"].sum(), frame.groupby("price"), pd.read_csv("x.csv")["price"]  #> target target unknown
""",
    "parametrize": """
import pytest
@pytest.fixture
def item() -> Item:
    return Item(id=1, name="x", price=1)
@pytest.fixture
def raw(item):
    yield item.model_dump()
@pytest.mark.parametrize(("field", "value"), [("price", 1), pytest.param("price", 2)])  #> target target
def test_it(item: Item, field: str, value: int) -> None:
    assert getattr(item, field) == value
@pytest.mark.parametrize("field", ["price", "name"])  #> target
def test_raw(raw, field: str) -> None:
    assert raw[field] and raw["price"]  #> target
""",
    "match": """
def f(item: Item, rental: Rental) -> Any:
    match item.model_dump():
        case {"price": 0}:  #> target
            return None
        case {"maker": {"price": cost}, **rest}:  #> other
            return rest["price"], cost  #> target
    match rental.model_dump():
        case {"price": value}:  #> other
            return value
""",
    "typed": """
from collections.abc import Iterator
from typing import Literal, TypedDict
class Row(TypedDict):
    price: int
def rows() -> Iterator[dict[str, Any]]:
    for item in load():
        yield item.model_dump()
def load() -> list[Item]: ...
def f(row: Row, by: Literal["price", "name"] = "name") -> None:  #> target
    print(row["price"])  #> other
    for one in rows():
        print(one["price"], one[by])  #> target
def g() -> None:
    f({"price": 1}, "price")  #> other target
""",
    "settings": """
import os
def f(request: Any) -> None:
    os.environ["price"], request.query_params["price"]  #> unknown unknown
    print("price", "the price of it")  #> unknown unknown
""",
}

TRAPS: dict[str, str] = {
    "a class on two that are handed on": """
from app.models import BaseModel
class Shown(BaseModel):
    def shown(self, **options: Any) -> Any:
        return self.model_dump(**options)
class Left(Shown):
    def shown(self, **options: Any) -> Any:
        options.setdefault("exclude", {"price"})  #> unknown
        return super().shown(**options)
class Right(Shown):
    price: int
    def shown(self, **options: Any) -> Any:
        return super().shown(**options)
class Both(Left, Right):
    pass
class Mine(Left, Item):
    pass
def f(mine: Mine, both: Both) -> Any:
    return mine.shown(), both.shown()
""",
    "one helper for two models": """
def rounded(values: dict[str, Any]) -> dict[str, Any]:
    if "price" in values:  #> mixed
        values["price"] = round(values["price"], 2)  #> mixed mixed
    return values
def f(item: Item, rental: Rental) -> None:
    print(rounded(item.model_dump())["price"], rounded(rental.model_dump())["price"])  #> mixed other
    print(rounded({"price": 1}))  #> unknown
""",
    "one table for two models": """
DIGITS = {"price": 2}  #> mixed
def digits(name: str) -> int:
    return DIGITS[name]
def f(item: Item, rental: Rental) -> None:
    [digits(name) for name in item.model_dump()]
    [digits(name) for name in rental.model_dump()]
    digits("price")  #> mixed
""",
    "nested equal keys": """
def f(item: Item) -> None:
    d = item.model_dump()
    d["maker"]["price"], d["details"]["price"], d["details"]["a"]["price"]  #> other other other
    Item(**{"price": 1, "maker": {"price": 2}, "details": {"price": {"price": 1}}})  #> target other other other
    for key, value in d["maker"].items():
        assert key != "price"  #> other
""",
    "free dictionaries that are read as a model": """
from typing import TypedDict
from app.models import BaseModel
class Shop(BaseModel):
    first: dict[str, Any]
    notes: dict[str, Any]
class Step(TypedDict):
    options: dict[str, Any]
def f(shop: Shop) -> Item:
    return Item(**shop.first)
def g(run: Any) -> None:
    Shop(**{"first": {"price": 1}, "notes": {"price": 1}})  #> target other
    steps: list[Step] = [{"options": {"price": 1}}]  #> unknown
    run(steps)
""",
    "shadowed names": """
def f(item: Item, rental: Rental) -> None:
    d = item.model_dump()
    print(d["price"])  #> target
    d = rental.model_dump()
    print(d["price"])  #> other
    def g(d: dict[str, int]) -> int:
        return d["price"]  #> unknown
    Item = Rental
    Item(**{"price": 1})  #> other
""",
    "either": """
def f(item: Item, rental: Rental, first: bool) -> None:
    d = item.model_dump() if first else rental.model_dump()
    print(d["price"])  #> mixed
    if first:
        e = item.model_dump()
    else:
        e = {"price": 1}  #> unknown
    print(e["price"])  #> mixed
    for one in (item, rental):
        print(one.model_dump()["price"])  #> mixed
""",
    "one dictionary for two purposes": """
def f(client: Any) -> Item:
    values = {"id": 1, "price": 1}  #> mixed
    client.get("/search", params=values)
    return Item(**values)
""",
    "recursion": """
def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
def f(item: Item, rental: Rental) -> None:
    print(plain(item.model_dump())["price"])  #> target
    print(plain(rental.model_dump())["price"])  #> other
    print(plain([item.model_dump()])[0]["price"])  #> target
    print(plain({"price": 1})["price"])  #> unknown unknown
""",
    "forwarded keywords": """
def make(**given: Any) -> Item:
    values = {"id": 1, "price": 1}  #> target
    return Item(**{**values, **given})
def forward(**given: Any) -> Item:
    return make(**given)
def rent(**given: Any) -> Rental:
    return Rental(**given)
def either(kind: str, **given: Any) -> Any:
    return forward(**given) if kind == "item" else rent(**given)
def takes(price: int) -> int: ...
def f() -> None:
    forward(**{"price": 1})  #> target
    rent(**{"price": 1})  #> other
    either("item", **{"price": 1})  #> mixed
    takes(**{"price": 1})  #> other
""",
    "mutated globals": """
CACHE: dict[str, Any] = {}
ITEMS: list[dict[str, Any]] = []
def put(item: Item) -> None:
    CACHE["price"] = 1  #> mixed
    CACHE.update(item.model_dump())
    ITEMS.append(item.model_dump())
def put_rental(rental: Rental) -> None:
    CACHE.update(rental.model_dump())
def get() -> None:
    print(CACHE["price"], ITEMS[0]["price"])  #> mixed target
""",
    "built by concatenation": """
def f(item: Item, prefix: str) -> None:
    d = item.model_dump()
    print(d["pri" + "ce"], d["price" + prefix], d[prefix + "price"])  #> unknown unknown
    print(d[f"{prefix}price"], d[f"x_{'price'}"])  #> unknown unknown
    print(f"{'price'}: {d['price']}")  #> unknown target
""",
    "both in one list": """
def f(item: Item, rental: Rental) -> None:
    rows = [item.model_dump(), rental.model_dump()]
    for row in rows:
        print(row["price"])  #> mixed
    print(rows[0]["price"], rows[1]["price"])  #> target other
    sent = [item.model_dump(), {"price": 1}]  #> unknown
    for row in sent:
        print(row["price"])  #> mixed
""",
    "the same attribute of one class": """
class Request:
    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
    def price(self) -> Any:
        return self.payload["price"]  #> mixed
def f(item: Item) -> None:
    Request({"price": 1})  #> unknown
    Request(item.model_dump())
""",
    "first of anything": """
def first(values: list[Any]) -> Any:
    return values[0]
def f(item: Item) -> None:
    config = [{"price": 1}]  #> unknown
    print(first(config)["price"], first([item.model_dump()])["price"])  #> unknown target
""",
    "callbacks": """
def read(d: dict[str, Any]) -> Any:
    return d["price"]  #> mixed
def apply(function: Any, item: Item) -> None:
    read(item.model_dump())
    function({"price": 1})  #> mixed
def f(item: Item) -> None:
    apply(read, item)
""",
    "unknown callers": """
class Reader:
    def read_one(self, d: dict[str, Any]) -> Any:
        return d["price"]  #> mixed
def f(item: Item, somebody: Any) -> None:
    Reader().read_one(item.model_dump())
    somebody.read_one({"price": 1})  #> unknown
""",
    "heirs": """
class Base:
    def row(self, item: Item) -> dict[str, Any]:
        return item.model_dump()
class Heir(Base):
    def row(self, item: Item) -> dict[str, Any]:
        return {"price": 1}  #> unknown
def f(base: Base, item: Item) -> None:
    print(base.row(item)["price"])  #> mixed
""",
    "another model or something unknown": """
import json
def f(rental: Rental, text: str, first: bool) -> None:
    d = rental.model_dump() if first else json.loads(text)
    print(d["price"])  #> unknown
""",
    "from outside": """
import json
def f(text: str, second: str, item: Item, first: bool) -> None:
    d = json.loads(text)
    print(d["price"])  #> unknown
    e = item.model_dump() if first else json.loads(text)
    print(e["price"])  #> mixed
    g = json.loads(second)
    print(g["price"])  #> target
    Item(**g)
""",
    "texts from outside": """
import subprocess
MAPPING = {"price": ["price"], "color": ["name"]}  #> unknown target
def f(arguments: list[str]) -> None:
    lines = subprocess.run(["x"], capture_output=True, text=True).stdout.splitlines()
    given: dict[str, Any] = {}
    for line in lines:
        key, value = line.split(":")
        for name in MAPPING.get(key, []):
            given[name] = value
    Item(**given)
    for argument in arguments:
        if argument in Item.model_fields:
            print({"price": 1}[argument])  #> unknown
""",
    "names of variables": """
COLUMN = "price"  #> mixed
def f(item: Item, table: dict[str, Any]) -> None:
    print(item.model_dump()[COLUMN], table[COLUMN])
ONLY = "price"  #> target
def g(item: Item) -> None:
    print(item.model_dump()[ONLY], getattr(item, ONLY))
""",
    "templates and files in texts": """
from app.models import BaseModel
class Rate(BaseModel):
    unit_price: int
def f(rate: Rate, path: Any) -> None:
    path.write_text("[rate]\\nunit_price = 1 \\n")  #> unknown
    print("{unit_price} a day".format(unit_price=rate.unit_price))  #> unknown
    if rate.unit_price < 0:
        raise ValueError("the unit_price is negative, {unit_price}")  #> target unknown
def g(rate: Rate, unit_price: int) -> None:
    raise ValueError("the unit_price is odd")  #> unknown
def h(item: Item) -> None:
    raise ValueError("the unit_price is odd")  #> unknown
""",
    "foreign calls beside attributes": """
def f(redis: Any, item: Item, payload: dict[str, Any]) -> None:
    redis.hset("key", "price", item.price)  #> unknown
    if item.price:
        payload["price"] = item.price  #> unknown
""",
}
