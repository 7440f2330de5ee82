"""Names of libraries that a reader of models has to know, dotted as they resolve."""

from __future__ import annotations

import re
from typing import Final

from bravo_agent.model.entities import ShapeKind

_BY_KIND: Final[dict[ShapeKind, str]] = {
    "bool": "builtins.bool pydantic.StrictBool",
    "int": "builtins.int pydantic.StrictInt pydantic.ByteSize",
    "float": "builtins.float pydantic.StrictFloat",
    "decimal": "decimal.Decimal",
    "str": "builtins.str typing.Text pydantic.StrictStr pydantic.EmailStr pydantic.AnyUrl pydantic.HttpUrl "
    "pydantic.AnyHttpUrl pydantic.PostgresDsn pydantic.MongoDsn pydantic.RedisDsn pydantic.SecretStr "
    "pydantic.FileUrl pydantic.FtpUrl pydantic.WebsocketUrl pydantic.AnyWebsocketUrl pydantic.MySQLDsn "
    "pydantic.MariaDBDsn pydantic.KafkaDsn pydantic.AmqpDsn pydantic.NatsDsn pydantic.ClickHouseDsn "
    "pydantic.CockroachDsn pydantic.SnowflakeDsn pydantic.FilePath pydantic.DirectoryPath pydantic.NewPath "
    "pydantic.NameEmail pydantic.IPvAnyAddress ipaddress.IPv4Address ipaddress.IPv6Address pathlib.Path "
    "pathlib.PurePath ipaddress.IPv4Network ipaddress.IPv6Network zoneinfo.ZoneInfo re.Pattern",
    "bytes": "builtins.bytes builtins.bytearray pydantic.StrictBytes pydantic.SecretBytes bson.Binary",
    "uuid": "uuid.UUID pydantic.UUID1 pydantic.UUID3 pydantic.UUID4 pydantic.UUID5 pydantic.UUID6 "
    "pydantic.UUID7 pydantic.UUID8",
    "date": "datetime.date pydantic.PastDate pydantic.FutureDate",
    "datetime": "datetime.datetime pydantic.AwareDatetime pydantic.NaiveDatetime pydantic.PastDatetime "
    "pydantic.FutureDatetime",
    "time": "datetime.time",
    "timedelta": "datetime.timedelta",
    "any": "typing.Any builtins.object pydantic.Json pydantic.JsonValue typing_extensions.Any",
}
_CHECKED: Final[dict[ShapeKind, str]] = {
    "str": "constr",
    "decimal": "condecimal",
    "int": "conint PositiveInt NegativeInt NonNegativeInt NonPositiveInt",
    "float": "confloat PositiveFloat NegativeFloat NonNegativeFloat NonPositiveFloat FiniteFloat",
    "bytes": "conbytes",
    "date": "condate",
}

SCALARS: Final[dict[str, ShapeKind]] = {
    name: kind for kind, names in _BY_KIND.items() for name in names.split()
}
CALLS: Final[dict[str, ShapeKind]] = {
    f"pydantic.{name}": kind for kind, names in _CHECKED.items() for name in names.split()
}
"""Types of pydantic that check more than their shape says."""

CONTAINERS: Final = frozenset(
    [f"builtins.{name}" for name in ("list", "set", "frozenset", "tuple")]
    + [
        f"{home}.{name}"
        for home in ("typing", "typing_extensions", "collections.abc", "collections")
        for name in re.findall(
            r"\w+",
            "List Set FrozenSet Tuple Sequence MutableSequence Iterable Collection AbstractSet MutableSet "
            "Deque deque",
        )
    ]
)
MAPPINGS: Final = frozenset(
    ["builtins.dict"]
    + [
        f"{home}.{name}"
        for home in ("typing", "typing_extensions", "collections.abc", "collections")
        for name in re.findall(
            r"\w+", "Dict Mapping MutableMapping DefaultDict defaultdict OrderedDict Counter"
        )
    ]
)
ENUM_BASES: Final = frozenset(f"enum.{name}" for name in ("Enum", "StrEnum", "IntEnum", "IntFlag", "Flag"))

DATACLASSES: Final = frozenset(["dataclasses.dataclass", "pydantic.dataclasses.dataclass"])
PYDANTIC_BASES: Final = frozenset(["pydantic.BaseModel", "pydantic.RootModel"])
SQLMODELS: Final = frozenset(["sqlmodel.SQLModel", "sqlmodel.main.SQLModel"])
FOREIGN_MODEL_BASES: Final = frozenset([
    "pydantic_settings.BaseSettings", "beanie.Document", "beanie.View",
    "odmantic.Model", "odmantic.EmbeddedModel", "pydantic.v1.BaseModel",
])  # fmt: skip
"""Models with fields of their own that only an import shows."""

MODEL_BASES: Final = PYDANTIC_BASES | FOREIGN_MODEL_BASES | SQLMODELS
NEUTRAL_METADATA: Final = frozenset(
    ["BeforeValidator", "PlainSerializer", "WrapSerializer", "WithJsonSchema", "Doc", "doc"]
)
"""Metadata of Annotated that changes how a value is read or shown, not which values fit."""

IMPORT_MARKS: Final = frozenset(["pydantic", "beanie", "sqlmodel", "odmantic", "pydantic_settings"])
