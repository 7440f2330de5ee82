"""Models as people really write them: a package that tests write into a folder, and import."""

PACKAGE = "oracle_shop"

KINDS = """
from __future__ import annotations

import decimal as d
import enum
from enum import Enum, IntEnum, StrEnum, auto
from typing import Annotated, Any, Literal, NewType, Optional, TypeAlias, Union

import annotated_types as at
from annotated_types import Ge, Len, MaxLen
from pydantic import BeforeValidator, Field, StringConstraints, condecimal, confloat, conint, conlist, constr
from pydantic.types import StrictInt, StrictStr
from typing_extensions import TypeAliasType, TypeVar

LIMIT = 40
WIDTH = LIMIT
KEY = "_key"
NAME_FIELD = Field(max_length=7, alias="named")
SHORT = MaxLen(9)
ID = Field(alias="ident")
COMPUTED = 2 * 5

def same(value): return value

class Marker:
    pass

class Capped(at.GroupedMetadata):
    def __iter__(self):
        yield MaxLen(3)

Money = Annotated[d.Decimal, BeforeValidator(same), Field(max_digits=12, decimal_places=2)]
Narrow = Annotated[Money, Field(max_digits=6)]
Name = Annotated[str, StringConstraints(max_length=LIMIT)]
Wide = Annotated[str, StringConstraints(max_length=WIDTH, strip_whitespace=True)]
Positional = Annotated[str, MaxLen(11)]
Between = Annotated[str, Len(2, 12)]
AtLeast = Annotated[str, Len(2)]
ByName = Annotated[str, NAME_FIELD]
ByConstant = Annotated[str, SHORT]
Marked = Annotated[str, Marker(), "a text", Ge("a"), at.doc("words")]
ByClass = Annotated[int, Marker]
Grouped = Annotated[str, Capped()]
TooClever = Annotated[str, Field(max_length=COMPUTED)]
Aliased = Annotated[int, Field(alias="in_the_type", default=4)]
UserId = NewType("UserId", Annotated[int, Field(alias="ignored")])
Bare: TypeAlias = d.Decimal
Short = constr(max_length=8)
Price = condecimal(max_digits=10, decimal_places=3)
Small = conint(ge=0, lt=9)
Ratio = confloat(gt=0)
Words = conlist(str, min_length=1)
Level = Literal["low", "high"]
More = Literal[Level, "highest"]
Box = TypeAliasType("Box", Annotated[str, Field(max_length=6, alias="not_the_fields")])
Tree = TypeAliasType("Tree", "Union[dict[str, Tree], list[Tree], int]")

T = TypeVar("T")
B = TypeVar("B", bound=d.Decimal)
C = TypeVar("C", int, str)
D = TypeVar("D", default=int)
Items = list[T]
Pair = tuple[T, B]

class Color(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"
    BLUE = DARK_BLUE

class Auto(StrEnum):
    ONE = auto()
    TWO = enum.auto()

class Numbered(str, Enum):
    ONE = auto()
    TWO = auto()

class Old(str, Enum):
    A = "a"
    B = "b"
    ALIAS = "a"

    @property
    def loud(self): return self.value.upper()

class Typed(Enum):
    X: str = "x"
    Y: str = "y"

class Number(IntEnum):
    ONE = 1
    TWO = auto()

class Mixed(Enum):
    ONE = 1
    TWO = "two"

class Strange(Enum):
    A = (1, "x")
    B = (2, "y")
    def __new__(cls, number, text):
        made = object.__new__(cls)
        made._value_ = text
        return made

class Own(StrEnum):
    def _generate_next_value_(name, start, count, last_values): return name + "!"
    A = auto()

class Lettered(StrEnum):
    @staticmethod
    def parse(text): return text

class Letters(Lettered):
    _ignore_ = ["x"]
    X = "x1"
    Y = "y1"

Functional = Enum("Functional", {"A": "a"})
"""

BASE = '''
from datetime import datetime
from typing import Any, ClassVar, Generic, Optional, Protocol, Sequence, TypeVar

import pydantic
from pydantic import AliasGenerator, BaseModel as PydanticBase, ConfigDict, Field, PrivateAttr, computed_field
from pydantic.alias_generators import to_camel, to_pascal

T = TypeVar("T")
U = TypeVar("U")
CONFIG = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Stamped:
    created_at: datetime
    updated_at: Optional[datetime] = None
    level: int = 3


class Tagged:
    tag: str
    note: "Optional[str]" = Field(default=None, alias="nt")


class Document(PydanticBase):
    counter: ClassVar[int] = 0
    plain_counter: ClassVar = 1
    id: int = Field(alias="_id")
    tag: int = 0
    _secret: str = PrivateAttr(default="x")
    _count: int = 0


class Camel(Document, Stamped):
    model_config = CONFIG
    first_name: str


class Redeclared(Stamped, PydanticBase):
    level: int
    updated_at: datetime | None


class MixinFirst(Tagged, Document):
    """The model's field wins over the mixin's annotation."""


class MixinLast(Document, Tagged):
    pass


class Pascal(PydanticBase):
    model_config = ConfigDict(alias_generator=to_pascal)
    from_pascal: int = 1
    plain: int = Field(1, alias="kept")


class CamelOnly(PydanticBase, alias_generator=to_camel):
    from_camel: int = 1


class BothWays(Pascal, CamelOnly):
    own_name: int = 2


class OtherWay(CamelOnly, Pascal):
    own_name: int = 2


class SwitchedOff(Pascal):
    model_config = ConfigDict(alias_generator=None)
    new_one: int = 0


class Spread(PydanticBase):
    model_config = ConfigDict(**CONFIG, frozen=True)
    some_name: int = 0


class Joined(PydanticBase):
    model_config = ConfigDict(frozen=True) | CONFIG
    some_name: int = 0


class Taken(PydanticBase):
    model_config = {**Joined.model_config, "extra": "forbid"}
    some_name: int = 0


class Deep(Taken, frozen=False):
    other_name: int = 0


class ByNames(PydanticBase):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_alias=False, validate_by_name=True)
    some_name: int = 0


class Generated(PydanticBase):
    model_config = ConfigDict(alias_generator=AliasGenerator(validation_alias=to_camel, serialization_alias=to_pascal))
    some_name: int
    with_alias: int = Field(alias="wa")
    shown_as: int = Field(serialization_alias="sh")

    @computed_field
    @property
    def made_up(self) -> int: return 1


class OnlyShown(PydanticBase):
    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_pascal))
    some_name: int


class ByAlias(PydanticBase):
    model_config = ConfigDict(alias_generator=AliasGenerator(alias=to_camel))
    some_name: int

    @computed_field(alias="asSaid")
    @property
    def as_said(self) -> str: return ""

    @computed_field
    @property
    def made_up(self) -> str: return ""


class Page(PydanticBase, Generic[T]):
    items: list[T]
    first: T | None = None
    total: int


class Wrapped(PydanticBase, Generic[T, U]):
    left: T
    right: dict[str, U]
    page: Optional[Page[T]] = None


class Half(Wrapped[int, U], Generic[U]):
    more: U


class Whole(Half[str]):
    last: bool = False


class Numbers(Page[int]):
    extra: int = 0


class Left(Document):
    pass


class Right(Document):
    tag: str = "right"
    right_only: int = 1


class Diamond(Left, Right):
    """The first model's field is taken over, not the one that plain inheritance would find."""


class Turned(Right, Left):
    pass
'''

ORDERS = """
from __future__ import annotations

import datetime
import typing as t
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Dict, FrozenSet, List, Literal, Optional, Set, Tuple, Union

from pydantic import (
    AliasChoices, AliasPath, Base64Bytes, BaseModel, Field, Json, JsonValue, NonNegativeInt, PositiveInt, RootModel,
    Tag, Discriminator, computed_field, field_validator, model_validator,
)
from pydantic.fields import Field as F

from . import base, kinds as k
from .again import *
from .kinds import *
from .package import Camel as FromPackage, Address as _Address
from .package.inner import deep

if t.TYPE_CHECKING:
    from decimal import Decimal as Money2
else:
    Money2 = float

try:
    from typing import Self
except ImportError:
    from typing_extensions import Self


class Order(base.Camel):
    first_name: Annotated[str, Field(max_length=10, alias="fn")]
    money: k.Money
    money_or: Money | None = None
    narrow: Narrow | None = None
    again: Annotated[Money, Field(decimal_places=1)] = Decimal(1)
    bare: Bare = Decimal("1.0")
    branch: Money2 = 1.0
    name: Name
    wide: Optional[Wide] = None
    positional: Positional = ""
    between: Between = ""
    at_least: AtLeast = ""
    by_name: ByName
    by_constant: ByConstant = ""
    marked: Marked = ""
    by_class: ByClass = 1
    in_type: Aliased
    overridden: Aliased = Field(5, alias="mine")
    user: UserId
    box: Box
    short: Short = "x"
    price: Optional[Price] = None
    small: Small = 1
    ratio: Ratio = 1.0
    words: Words = []
    level: Level = "low"
    more: More = "low"
    inline: Literal["a", "b", None] = None
    numbers: Literal[1, 2] = 1
    flags: Literal[True] = True
    member: Literal[Color.RED] = Color.RED
    either_literal: Literal["a", 1] = 1
    color: Color = Color.RED
    auto: Auto | None = None
    numbered: Numbered = Numbered.ONE
    old: Old = Old.A
    typed: Typed = Typed.X
    number: Number = Number.ONE
    mixed: Mixed = Mixed.ONE
    letters: Letters = Letters.X
    strict: StrictStr = ""
    bounded_optional: Optional[str] = Field(None, max_length=5)
    bounded_inside: Annotated[Optional[str], Field(max_length=5)] = None
    inner_alias: Optional[Annotated[str, Field(max_length=5, alias="not_mine")]] = None
    key: uuid.UUID = F(default_factory=uuid.uuid4)
    many: tuple[int, ...] = ()
    pair: Tuple[int, str] = (1, "a")
    same_pair: tuple[int, int] = (1, 1)
    optional_items: list[int | None] = []
    counted: Counter[str] = F(default_factory=Counter)
    ordered: OrderedDict[str, int] = F(default_factory=OrderedDict)
    defaulted: defaultdict[str, list[int]] = F(default_factory=lambda: defaultdict(list))
    queue: deque[int] = F(default_factory=deque)
    table: Dict[str, Decimal] = {}
    mapping: Mapping[str, Sequence[int]] = {}
    plain_list: list = []
    plain_dict: dict = {}
    anything: Any = None
    json_value: JsonValue = None
    tree: Tree = 1
    pages: Items[int] = []
    couple: Pair[int, Decimal] | None = None
    unparametrised: Items = []
    either: Union[int, str] = 1
    either_optional: int | str | None = None
    positive: PositiveInt = 1
    nothing: None = None
    blob: bytes = b""
    page: base.Page[int] | None = None
    inner: deep.Inner | None = None
    starred: Starred | None = None
    address: _Address | None = None
    required_nullable: int | None
    ellipsis: int | None = ...
    field_ellipsis: int = Field(...)
    default_none: int | None = None
    none_for_int: int = None
    excluded: str = Field(default="", exclude=True)
    deprecated_one: Annotated[int, Field(deprecated="gone")] = 0
    written: int = Field(default=0, serialization_alias="out")
    validation_none: int = Field(0, alias="va", validation_alias=None)
    alias_none: int = Field(0, alias=None)
    by_key: int = Field(0, alias=KEY)
    by_id: int = ID
    mail: str = Field("", max_length=99, validation_alias=AliasChoices("mail", "e_mail"))
    path_then_key: str = Field("", validation_alias=AliasChoices(AliasPath("a", 0), "second"))
    not_a_field: ClassVar[str] = ""
    quoted: "ClassVar[int]" = 0

    @computed_field
    @property
    def doubled(self) -> Decimal | None: return None

    @computed_field(return_type=int, alias="tripled")
    @property
    def thrice(self): return None

    @property
    def no_field(self) -> int: return 1

    @field_validator("money")
    @classmethod
    def _check(cls, value): return value


class Hidden(Order):
    level: ClassVar[str] = "now a class variable"


class Paths(BaseModel):
    path: str = Field("", validation_alias=AliasPath("a", "b"))


class Computed(BaseModel):
    clever: TooClever = ""


class ByGroup(BaseModel):
    grouped: Grouped = ""


class Pitfall(BaseModel):
    kind: Optional[str] = None
    date: Optional[datetime.date] = None
    str: Optional[kind] = None


class Enums(BaseModel):
    strange: Strange
    own: Own
    functional: Functional


class Cat(BaseModel):
    kind: Literal["cat"]
    name: str = ""


class Dog(BaseModel):
    kind: Literal["dog"]
    friends: list[Pet] = []
    owner: Optional[Owner] = None


Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]


class Owner(BaseModel):
    pet: Pet
    other: Cat | Dog | None = Field(None, discriminator="kind")
    tagged: Annotated[
        Union[Annotated[Cat, Tag("c")], Annotated[Dog, Tag("d")]], Discriminator(lambda value: "c")
    ] | None = None
    me: Self | None = None


class Described(BaseModel):
    kind: Literal["text"] = "text"
    text: Annotated[str, Field(description="the name of a kind"), "kind"] = ""
    name: "Literal['name']" = "name"


class Switched(BaseModel):
    size: int = 0

    if t.TYPE_CHECKING:
        unreal: int

    if True:
        model_config = {"frozen": True}

        def local(self) -> None:
            inside: int = 1


class Pets(RootModel[list[Pet]]):
    pass


class Rooted(RootModel):
    root: dict[str, int]


class Outer(BaseModel):
    class Inner(BaseModel):
        class Leaf(BaseModel):
            size: int
        leaf: Leaf
        leaves: list[Outer.Inner.Leaf] = []
    inner: Inner
    leaf: Inner.Leaf | None = None


Address = _Address
"""

FILES = {
    f"{PACKAGE}/__init__.py": "",
    f"{PACKAGE}/kinds.py": KINDS,
    f"{PACKAGE}/base.py": BASE,
    f"{PACKAGE}/orders.py": ORDERS,
    f"{PACKAGE}/again.py": (
        "from pydantic import BaseModel\n__all__ = ['Starred']\nLevel = int\n"
        "class Starred(BaseModel):\n    x: int\nclass Name:\n    pass\n"
    ),
    f"{PACKAGE}/package/__init__.py": (
        "from ..base import Camel\nfrom .inner.deep import *\nfrom .inner.deep import Inner as Address\n"
    ),
    f"{PACKAGE}/package/inner/__init__.py": "",
    f"{PACKAGE}/package/inner/deep.py": (
        "import oracle_shop.kinds\nfrom oracle_shop import base as b\nfrom ...kinds import Money as M\n"
        "class Inner(b.Document):\n    money: M\n    color: oracle_shop.kinds.Color\n"
        "class Order(b.Document):\n    '''The same name as in another module.'''\n    size: int\n"
    ),
    f"{PACKAGE}/latin.py": (
        "# -*- coding: latin-1 -*-\nfrom typing import Literal\nfrom pydantic import BaseModel\n"
        "class Latin(BaseModel):\n    size: Literal['gro\xdf'] = 'gro\xdf'\n"
    ),
    f"{PACKAGE}/stars.py": (
        "from .kinds import Level\nfrom .late import *\nfrom pydantic import BaseModel\n"
        "class Starry(BaseModel):\n    level: Level\n    short: Short\n"
    ),
    f"{PACKAGE}/late.py": "import typing\nLevel = int\nShort = int\n_x = 1\n",
    f"{PACKAGE}/broken.py": "class Broken(:\n",
    f"{PACKAGE}/unclear.py": """
import sys
from functools import partial
from typing import Annotated, Optional, TypedDict, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic._internal._model_construction import ModelMetaclass

from .base import Page, Document

if sys.version_info >= (3, 8):
    Size = int
else:
    Size = str

try:
    from no_such_library import Base
except ImportError:
    class Base(BaseModel):
        base_id: int


def amount(**more):
    return Field(default=None, alias="amt", **more)


def configured():
    return ConfigDict(alias_generator=str.upper)


def optional(cls):
    for field in cls.model_fields.values():
        field.default = None
    cls.model_rebuild(force=True)
    return cls


class AllOptional(ModelMetaclass):
    def __new__(mcls, name, bases, namespace, **keywords):
        namespace["__annotations__"] = {n: Optional[a] for n, a in namespace.get("__annotations__", {}).items()}
        return super().__new__(mcls, name, bases, namespace, **keywords)


MyField = partial(Field, alias="part")
IntPage = Page[int]
MORE = {"alias": "by_star"}


class ByFunction(BaseModel):
    amount: int | None = amount()


class ByPartial(BaseModel):
    part_of: int = MyField()


class ByStars(BaseModel):
    some: int = Field(**MORE)


class OnBranch(BaseModel):
    size: Size


class OnFallback(Base):
    name: str = ""


class OnAlias(IntPage):
    pass


class Conditional(BaseModel):
    if len("x") == 1:
        size: int
    else:
        size: str


class Upper(BaseModel):
    model_config = configured()
    size: int


class ByLambda(BaseModel):
    model_config = {"alias_generator": lambda name: name.upper()}
    size: int


@optional
class Decorated(BaseModel):
    size: int


class Meta(BaseModel, metaclass=AllOptional):
    size: int


class Registered(BaseModel):
    def __init_subclass__(cls, **keywords):
        cls.__annotations__["added"] = int


class Registrant(Registered):
    size: int


class Twice(BaseModel):
    first: int


class Twice(Twice):
    second: int


class Priority(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.upper())
    size: int = Field(alias="low", alias_priority=1)


class Shadowed(BaseModel):
    str: Optional[str] = None
    other: Optional[str] = None


Made = create_model("Made", size=(int, 3), name=(str, ...))
Made.__module__ = __name__
""",
}
