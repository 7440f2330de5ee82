"""Short ways to write the examples of kinds."""

from __future__ import annotations

from bravo_agent.model.catalog import Column, ColumnType, ForeignKey, Index, Table
from bravo_agent.model.change import Role, Use
from bravo_agent.model.entities import Field, Place, Shape

TEXT = ColumnType("text")
INT4 = ColumnType("int4")
INT8 = ColumnType("int8")
UUID = ColumnType("uuid")
TIMESTAMP = ColumnType("timestamp")
TIMESTAMPTZ = ColumnType("timestamptz")
ID = Column("id", INT8, nullable=False, number=1)
ID_FIELD = Field("id", "_id", Shape("int"), True, Place("app/models.py", 1))


def varchar(length: int) -> ColumnType:
    """``varchar(length)``."""
    return ColumnType("varchar", length=length)


def numeric(precision: int, scale: int) -> ColumnType:
    """``numeric(precision,scale)``."""
    return ColumnType("numeric", precision=precision, scale=scale)


def enum(*labels: str, name: str = "status") -> ColumnType:
    """An enum type of the schema public."""
    return ColumnType(name, form="enum", schema="public", labels=labels)


def column(
    name: str,
    type_: ColumnType = TEXT,
    number: int | None = 2,
    *,
    nullable: bool = True,
    default: str | None = None,
    generated: bool = False,
    comment: str | None = None,
) -> Column:
    """A column; its number is its identity."""
    return Column(name, type_, nullable, default, generated, False, comment, number)


def table(
    *columns: Column,
    name: str = "campaigns",
    oid: int | None = 1000,
    key: tuple[str, ...] = ("id",),
    checks: tuple[str, ...] = (),
    indexes: tuple[Index, ...] = (),
    foreign_keys: tuple[ForeignKey, ...] = (),
    comment: str | None = None,
    partitioned: bool = False,
) -> Table:
    """A table of the schema public with ``id`` and ``columns``."""
    return Table(
        "public", name, (ID, *columns), key, foreign_keys, indexes, checks, comment, oid, partitioned
    )


def field(name: str, shape: Shape | None = None, *, required: bool = True) -> Field:
    """A field of the model ``Campaign``."""
    return Field(name, name, shape or Shape("str"), required, Place("app/models.py", 2))


def optional(kind: Shape) -> Shape:
    """``kind | None``."""
    return Shape(
        kind.kind,
        True,
        kind.text,
        kind.item,
        kind.labels,
        kind.model,
        kind.max_length,
        kind.max_digits,
        kind.decimal_places,
    )


def use(role: Role) -> tuple[Use, ...]:
    """One use of a field in code."""
    return (Use("app/code.py", 10, role, "types"),)
