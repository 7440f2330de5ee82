"""Models that are hard to say in another language; written into a project by the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bravo_agent.artifacts import Definitions
from bravo_agent.artifacts._exported import Exported
from bravo_agent.model.entities import ModelSet

MODELS = '''
"""Hard models."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Generic, Literal, NamedTuple, Optional, TypeVar, Union

from pydantic import (
    AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Json, RootModel, computed_field, field_serializer,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypeAliasType, TypedDict

T = TypeVar("T")


class Mood(StrEnum):
    """How somebody feels."""

    GLAD = "glad"
    SAD = 'sad "today"'
    LINE = "a\\nb"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Numbers(BaseModel):
    """Numbers */ of all sorts.

    Two paragraphs, and a `tick`.
    """

    small: Annotated[int, Field(ge=0, lt=10)]
    even: Annotated[int, Field(multiple_of=2)]
    long: Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
    ratio: Annotated[float, Field(gt=0, le=1)]
    step: Annotated[float, Field(multiple_of=0.5)] = 1.5
    level: Level = Level.LOW
    wrong: int = None  # type: ignore[assignment]


class Money(BaseModel):
    amount: Annotated[Decimal, Field(max_digits=12, decimal_places=2, ge=0)]
    rate: Decimal | None = None
    shown: Decimal = Decimal("0.00")

    @field_serializer("shown", when_used="json")
    def _text(self, value: Decimal) -> str | None:
        return str(value)

    @computed_field
    @property
    def double(self) -> Decimal:
        """Twice the amount."""
        return self.amount * 2


def as_it_is(value: Any) -> Any:
    return value


class Wrapped(BaseModel):
    """Bounds outside of a validator or a union, which Pydantic says in its own words."""

    price: Annotated[Decimal, BeforeValidator(as_it_is), Field(gt=0, le=Decimal("99.5"))] = Decimal(1)
    digits: Annotated[Decimal, BeforeValidator(as_it_is), Field(max_digits=5, decimal_places=2)] = Decimal(1)
    count: Annotated[int, BeforeValidator(as_it_is), Field(ge=0, lt=9, multiple_of=2)]
    name: Annotated[str, AfterValidator(as_it_is), Field(min_length=2, max_length=3)]
    few: Annotated[list[int] | dict[str, int], AfterValidator(as_it_is), Field(min_length=1, max_length=2)] = [1]
    table: Annotated[dict[str, int], AfterValidator(as_it_is), Field(min_length=1)] = {"a": 1}
    maybe: Annotated[int | None, Field(gt=3)] = None


class Texts(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=4)]
    pair: Annotated[str, Field(min_length=2)] = "ab"
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}-\\d+/x$")] = "AB-1/x"
    word: Annotated[str, Field(pattern=r"^\\w+$")] = "w"
    anywhere: Annotated[str, Field(pattern="x")] = "x"
    blob: bytes = b""
    mood: Mood = Mood.GLAD
    moods: list[Mood] = []


class Times(BaseModel):
    when: dt.datetime
    day: dt.date
    at: dt.time | None = None
    span: dt.timedelta | None = None
    key: uuid.UUID = Field(default_factory=uuid.uuid4)


class Choices(BaseModel):
    flag: Literal["a", "b", None]
    one: Literal["x"]
    mixed: Mixed
    number: Literal[1, 2] = 1
    either: int | str = 1
    deep: Optional[Union[Optional[int], Optional[list[Optional[str]]]]] = None
    anything: Any
    some: object = None


class Places(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    first_name: str
    odd_key: int = Field(alias="odd-key")
    proto: int = Field(default=1, alias="with space")
    size_of: Annotated[int, Field(deprecated=True, description="Old.")] = 1


class Containers(BaseModel):
    items: Annotated[list[int], Field(min_length=1, max_length=3)]
    unique: set[int] = set()
    pair: tuple[int, str]
    empty: tuple[()] = ()
    many: tuple[int, ...] = ()
    table: dict[str, Numbers | None] = {}
    by_mood: dict[Mood, int] = {}
    by_code: dict[Annotated[str, Field(min_length=2)], int] = {}
    few: Annotated[dict[str, int], Field(min_length=1, max_length=2)] = {"a": 1}
    nested: list[dict[str, list[tuple[int, int]]]] = []


class Point(NamedTuple):
    x: int
    y: int = 0


class Body(TypedDict, total=False):
    size: int
    tags: list[str]


class Structured(BaseModel):
    point: Point
    body: Body
    inner: Json[list[int]] = []
    by_number: dict[int, str] = {}


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    a: int
    b: str | None = None


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    a: int
    b: str = "x"


class Extra(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]

    name: str = ""


class Nothing(BaseModel):
    pass


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Wolf(BaseModel):
    kind: Literal["wolf", "grey wolf"]
    pack: list[Animal] = []


Animal = Annotated[Union[Cat, Dog, Wolf], Field(discriminator="kind")]


class Zoo(BaseModel):
    animals: list[Animal]
    star: Animal | None = None


class Node(BaseModel):
    """A tree."""

    value: int
    children: list[Node] = []
    parent: Node | None = None
    by_name: dict[str, Node] = {}


class Left(BaseModel):
    right: Right | None = None


class Right(BaseModel):
    left: Left | None = None
    both: tuple[Left, Right] | None = None


class Forest(RootModel[list["Forest"]]):
    pass


Nested = TypeAliasType("Nested", "list[Nested] | dict[str, Nested] | int | None")


class Recursive(BaseModel):
    nested: Nested
    forest: Forest = Forest([])


class Tags(RootModel[list[str]]):
    pass


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class Pages(BaseModel):
    numbers: Page[int]
    cats: Page[Cat]
    tags: Tags


class NumbersInput(BaseModel):
    """The name that Numbers' input would have."""

    x: int


class string(BaseModel):  # noqa: N801
    Record: int = 0
'''
TWIN = '''
from pydantic import BaseModel


class Node(BaseModel):
    """Not the tree."""

    other: bool
'''
FILES = {"hard/__init__.py": "", "hard/models.py": MODELS.lstrip(), "hard/twin.py": TWIN.lstrip()}


def write_corpus(folder: Path) -> Path:
    """The project in ``folder``."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Corpus:
    """The project and what is made from it."""

    folder: Path
    models: ModelSet
    definitions: Definitions
    exported: tuple[Exported, ...]
    typescript: str
    zod: str


def rooted(corpus: Corpus, name: str, *, reads: bool = True) -> dict[str, Any]:
    """The schema of a definition, with all of them."""
    side = corpus.definitions.validation if reads else corpus.definitions.serialization
    return {"$ref": f"#/$defs/{name}", "$defs": side}


def exported_name(corpus: Corpus, definition: str, *, reads: bool = True) -> str:
    """The name under which the definition is exported."""
    found = [one for one in corpus.exported if one.definition.name == definition]
    return next((one.name for one in found if one.reads == reads), found[0].name)


def definitions() -> list[str]:
    """The definitions of hard.models, by name, that have one name only."""
    found = [
        line.split("(")[0].removeprefix("class ") for line in MODELS.splitlines() if line.startswith("class ")
    ]
    return sorted({*found, "Nested"} - {"Node", "Mood", "Level", "Mixed"})
