"""Which statistics the changes ask for, before anything is read: a plan of one pass over few columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bravo_agent.changes._subjects import innermost
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.change import Added, Altered, Change, Fact, Removed
from bravo_agent.model.entities import ModelSet, Shape

Ask = Literal["nulls", "distinct", "castable", "holding", "held-before", "equal-by-key"]
Key = tuple[str, str]

# What is measured for a change, by its kind; docs/evidence.md says the same, and a test holds it to this.
ASKED: Mapping[str, tuple[Ask, ...]] = {
    "dropped_field": ("nulls", "distinct", "equal-by-key"),
    "enum_value_added": ("nulls", "castable", "holding"),
    "enum_value_removed": ("nulls", "castable", "holding", "held-before"),
    "moved_field": ("nulls", "distinct"),
    "new_field": ("nulls", "distinct", "equal-by-key"),
    "nullability_relaxed": ("nulls",),
    "precision_change": ("nulls", "castable"),
    "renamed_field": ("nulls", "distinct", "equal-by-key"),
    "type_change": ("nulls", "castable", "equal-by-key"),
    "type_widened": ("nulls", "castable"),
}
MOST_COLUMNS = 32  # of one table on each side of the pairs that are compared by key


@dataclass(frozen=True)
class Measure:
    """What is asked of ``column`` of ``table``, both as the snapshot that is read names them.

    ``key`` is where the answer is filed: (table at the baseline, column now), or ``column->`` for one that is gone.
    ``number``: the column's identity, where it is known.
    """

    key: Key
    table: str
    column: str
    asks: frozenset[Ask]
    expected: ColumnType | None = None
    labels: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class Pair:
    """A column of ``table`` at the baseline that is gone, and a new one of ``table_now`` that may be the same."""

    table: str
    table_now: str
    old: Column
    new: Column

    @property
    def key(self) -> Key:
        """Where the answer is filed."""
        return self.table, f"{self.old.name}->{self.new.name}"


@dataclass(frozen=True)
class Measures:
    """``now`` is asked of the snapshot at hand, ``last`` of the newest earlier one that has the column."""

    now: tuple[Measure, ...] = ()
    last: tuple[Measure, ...] = ()
    pairs: tuple[Pair, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.now or self.last or self.pairs)


def gone(column: str) -> str:
    """The name under which a column that is no more is filed."""
    return f"{column}->"


def measures_of(changes: Sequence[Change], models: ModelSet, *, identity: bool = False) -> Measures:
    """What is to be measured for ``changes``, sorted; settled ones ask for nothing.

    ``identity``: it tells which column is which, so that no values need be compared.
    """
    moved = _table_names(changes)
    now: dict[Key, Measure] = {}
    last: dict[Key, Measure] = {}
    for change in changes:
        if change.state == "open":
            for fact in change.facts:
                _note(_of_fact(fact, change, moved, models), now)
                _note(_of_former(fact, change), last)
    pairs = () if identity else _pairs([change for change in changes if change.state == "open"], moved)
    return Measures(_sorted(now), _sorted(last), pairs)


def type_of_shape(shape: Shape) -> ColumnType | None:
    """The column type whose values a field of ``shape`` takes; None where that cannot be said."""
    if shape.kind == "list" and shape.item is not None:
        item = type_of_shape(shape.item)
        return ColumnType(f"{item.name}[]", "array", element=item) if item else None
    if shape.kind == "str":
        return ColumnType("varchar", length=shape.max_length) if shape.max_length else ColumnType("text")
    if shape.kind == "decimal":
        bounds = (shape.max_digits, shape.decimal_places if shape.max_digits is not None else None)
        return ColumnType("numeric", precision=bounds[0], scale=bounds[1])
    if shape.kind == "enum":
        return ColumnType("labels", "enum", "public", labels=shape.labels)
    name = {"bool": "bool", "int": "int8", "float": "float8", "uuid": "uuid", "date": "date"}.get(shape.kind)
    return ColumnType(name) if name else None


def _note(found: Measure | None, into: dict[Key, Measure]) -> None:
    """Two changes of one column ask together."""
    if found is None:
        return
    known = into.get(found.key, found)
    labels = tuple(dict.fromkeys([*known.labels, *found.labels]))
    expected = known.expected or found.expected
    into[found.key] = replace(known, asks=known.asks | found.asks, expected=expected, labels=labels)


def _of_fact(fact: Fact, change: Change, moved: Mapping[str, str], models: ModelSet) -> Measure | None:
    """Of a column that is there now."""
    asks = frozenset(ASKED.get(change.kind, ())) - {"equal-by-key", "held-before"}
    if not asks:
        return None
    table = moved.get(fact.table, fact.table)
    if isinstance(fact, Added) and fact.column is not None:
        expected = _model_type(change, models) if "castable" in asks else None
        key = (fact.table, fact.column.name)
        return Measure(key, table, fact.column.name, asks, expected, number=fact.column.number)
    if isinstance(fact, Altered) and fact.old and fact.new and fact.aspect in ("type", "nullable"):
        labels = _labels(fact.old.type, fact.new.type) if "holding" in asks else ()
        expected = fact.old.type if "castable" in asks else None
        key = (fact.table, fact.new.name)
        return Measure(key, table, fact.new.name, asks, expected, labels, fact.new.number)
    return None


def _of_former(fact: Fact, change: Change) -> Measure | None:
    """Of a column, or a label, that is no more; under the names of the baseline."""
    asks = frozenset(ASKED.get(change.kind, ()))
    if isinstance(fact, Removed) and fact.column is not None and asks:
        own = frozenset[Ask]({"nulls", "distinct"})
        column = fact.column
        return Measure((fact.table, gone(column.name)), fact.table, column.name, own, number=column.number)
    if "held-before" in asks and isinstance(fact, Altered) and fact.old and fact.new:
        old, new = innermost(fact.old.type).labels, innermost(fact.new.type).labels
        lost = tuple(label for label in old if label not in new)
        key = (fact.table, gone(fact.old.name))
        return Measure(key, fact.table, fact.old.name, frozenset({"holding"}), None, lost, fact.old.number)
    return None


def _labels(old: ColumnType, new: ColumnType) -> tuple[str, ...]:
    """Labels that only one side has, in the types' order."""
    was, now = innermost(old).labels, innermost(new).labels
    return (*(one for one in was if one not in now), *(one for one in now if one not in was))


def _model_type(change: Change, models: ModelSet) -> ColumnType | None:
    entity = models.entity(change.entity) if change.entity else None
    field = entity.field(change.model_field) if entity and change.model_field else None
    return type_of_shape(field.shape) if field else None


def _table_names(changes: Iterable[Change]) -> dict[str, str]:
    """Key at the baseline -> key now, of renamed tables."""
    return {
        fact.table: fact.after
        for change in changes
        for fact in change.facts
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old is None and fact.after
    }


def _pairs(changes: Sequence[Change], moved: Mapping[str, str]) -> tuple[Pair, ...]:
    removed: dict[str, dict[str, Column]] = {}
    added: dict[str, dict[str, Column]] = {}
    for change in changes:
        for fact in change.facts if "equal-by-key" in ASKED.get(change.kind, ()) else ():
            if isinstance(fact, Removed) and fact.column is not None:
                removed.setdefault(fact.table, {})[fact.column.name] = fact.column
            elif isinstance(fact, Added) and fact.column is not None:
                added.setdefault(fact.table, {})[fact.column.name] = fact.column
    return tuple(
        Pair(table, moved.get(table, table), old, new)
        for table in sorted(set(removed) & set(added))
        for _, old in sorted(removed[table].items())[:MOST_COLUMNS]
        for _, new in sorted(added[table].items())[:MOST_COLUMNS]
    )


def _sorted(found: Mapping[Key, Measure]) -> tuple[Measure, ...]:
    return tuple(found[key] for key in sorted(found))
