"""A project of hard models, written into a folder by tests."""

from pathlib import Path

FILES = {
    "shop/__init__.py": "",
    "shop/types.py": """
from __future__ import annotations
import decimal as d
import typing as t
from enum import Enum, IntEnum, StrEnum, auto
from typing import Annotated, Literal, NewType, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, condecimal, conint, constr

LIMIT = 40

def _read(value): return value

Money = Annotated[d.Decimal, BeforeValidator(_read), Field(max_digits=12, decimal_places=2)]
Bare: TypeAlias = d.Decimal
Name = Annotated[str, StringConstraints(max_length=LIMIT)]
UserId = NewType("UserId", int)
Short = constr(max_length=8)
Price = condecimal(max_digits=10, decimal_places=3)
Small = conint(ge=0, lt=9)
Even = Annotated[int, AfterValidator(_read)]
Level = Literal["low", "high"]

class Color(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"

class Auto(StrEnum):
    ONE = auto()
    TWO = auto()

class Old(str, Enum):
    A = "a"
    B = "b"
    ALIAS = "a"

class Number(IntEnum):
    ONE = 1
""",
    "shop/base.py": """
from datetime import datetime
from typing import ClassVar, Generic, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic.alias_generators import to_camel

T = TypeVar("T")
CONFIG = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Stamped:
    created_at: datetime
    updated_at: Optional[datetime] = None


class Document(BaseModel):
    counter: ClassVar[int] = 0
    id: int = Field(alias="_id")
    _secret: str = PrivateAttr(default="x")


class Camel(Document, Stamped):
    model_config = CONFIG
    first_name: str


class Page(BaseModel, Generic[T]):
    total: int
""",
    "shop/__init__extra.py": "",
    "shop/models/__init__.py": "from .orders import *\nfrom ..base import Camel as Exported\n",
    "shop/models/orders.py": '''
from __future__ import annotations

import datetime
import typing as t
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Dict, List, Literal, Optional, Set, Tuple, Union

from pydantic import (
    AliasChoices, BaseModel, BeforeValidator, EmailStr, Field, HttpUrl, Json, PositiveInt, RootModel, computed_field,
    field_validator,
)

from shop import base, types as ty
from ..base import Document
from ..types import Auto, Bare, Color, Even, Level, Money, Name, Number, Old, Price, Short, Small, UserId

if t.TYPE_CHECKING:
    from decimal import Decimal
from decimal import Decimal


class Address(BaseModel):
    class Country(BaseModel):
        code: str = Field(..., max_length=2)

    street: "str"
    country: "Address.Country | None" = None


class Tags(RootModel[List[str]]):
    pass


class Order(base.Camel):
    """Everything at once."""

    first_name: Annotated[str, Field(max_length=10, alias="fn")]
    money: Money
    money_or: Money | None = None
    bare: Bare = Decimal("1.0")
    name: Name
    dotted: ty.Money
    user: UserId
    short: Short = "x"
    price: Optional[Price] = None
    small: Small = 1
    even: Even = 2
    level: Level = "low"
    inline: Literal["a", "b", None] = None
    numbers: Literal[1, 2] = 1
    member: Literal[Color.RED] = Color.RED
    color: Color = Color.RED
    auto: Auto | None = None
    old: Old = Old.A
    number: Number = Number.ONE
    when: datetime.datetime
    day: datetime.date | None = None
    at: datetime.time | None = None
    span: datetime.timedelta | None = None
    key: uuid.UUID = Field(default_factory=uuid.uuid4)
    ints: List[int] = []
    texts: Set[str] = set()
    pair: Tuple[int, str] = (1, "a")
    many: tuple[int, ...] = ()
    optional_items: list[int | None] = []
    table: Dict[str, Decimal] = {}
    mapping: Mapping[str, Sequence[int]] = {}
    plain_list: list = []
    plain_dict: dict = {}
    anything: Any = None
    either: Union[int, str] = 1
    either_optional: int | str | None = None
    blob: bytes = b""
    flag: bool = False
    ratio: float = 0.5
    address: Address
    country: Optional[Address.Country] = None
    addresses: list["Address"] = []
    tags: Tags | None = None
    page: base.Page[int] | None = None
    positive: PositiveInt = 1
    url: HttpUrl | None = None
    mail: str = Field("a@b", max_length=99, validation_alias=AliasChoices("mail", "e_mail"))
    hidden: str = Field(default="", exclude=True)
    own_alias: int = Field(default=0, serialization_alias="written")

    @computed_field
    @property
    def doubled(self) -> Decimal | None:
        return None

    @field_validator("money")
    @classmethod
    def _check(cls, value):
        return value
''',
    "shop/models/dynamic.py": """
import functools
from typing import TypedDict
from pydantic import BaseModel, Field, create_model

from ..base import Page
from ..types import Money


def amount(**more):
    return Field(default=None, alias="amt", **more)


class ByFunction(BaseModel):
    amount: Money | None = amount()


class OfPage(Page[int]):
    extra: functools.partial | None = None
    model_config = {"arbitrary_types_allowed": True}


class Conditional(BaseModel):
    if len("x") == 1:
        size: int
    else:
        size: str


class Body(TypedDict):
    size: int


class Generated(BaseModel):
    model_config = {"alias_generator": lambda name: name.upper()}
    size: int


Made = create_model("Made", size=(int, 3))
Made.__module__ = __name__
""",
    "shop/models/broken.py": "class Broken(:\n",
    "shop/models/newer.py": """
from pydantic import BaseModel
from ..types import Bare

type Cents = int
type Words = list[str]


class Newer(BaseModel):
    cents: Cents
    words: Words | None = None
""",
}


def write(folder: Path, files: dict[str, str] = FILES) -> Path:
    """The project in ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
