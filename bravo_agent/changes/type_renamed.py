"""A type's name, its domain or the order of its labels changed; no value of the column did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import ACCEPT
from bravo_agent.changes._samples import TEXT, column, enum, field, table
from bravo_agent.changes._subjects import AlteredColumn, altered
from bravo_agent.changes._types import type_changed
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.change import Change, Fact
from bravo_agent.model.entities import Shape

_EMAIL = replace(TEXT, domains=("email",), checks=("VALUE ~ '@'",))


class TypeRenamed:
    """Claims a type fact whose two types hold the same values, whatever they are called."""

    name = "type_renamed"
    rank = 33
    summary = "The name of a type, its domain or the order of its labels changed."
    alters_values = False
    examples = (
        Example(
            "an enum type under another name",
            table(column("s", enum("a", "b", name="old"))),
            table(column("s", enum("a", "b", name="new"))),
            (field("s", Shape("enum", labels=("a", "b"))),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
        Example(
            "labels in another order",
            table(column("s", enum("a", "b"))),
            table(column("s", enum("b", "a"))),
            (field("s"),),
            "info",
            "auto-approve",
        ),
        Example(
            "a domain with a check instead of its base",
            table(column("s", TEXT)),
            table(column("s", _EMAIL)),
            (field("s"),),
            "info",
            "auto-approve",
        ),
        Example(
            "its check is gone",
            table(column("s", _EMAIL)),
            table(column("s", TEXT)),
            (field("s"),),
            "warning",
            "review",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "type"):
            if _values(found.old.type) == _values(found.new.type):
                yield _change(found)


def _change(found: AlteredColumn) -> Change:
    lost = set(_checks(found.old.type)) - set(_checks(found.new.type))
    return type_changed(
        TypeRenamed.name,
        found,
        severity="warning" if lost else "info",
        verdict="review" if lost else "auto-approve",
        options=(ACCEPT,),
        settled=False,
        note="a check of the domain is gone: other values may come" if lost else None,
    )


def _checks(type_: ColumnType) -> tuple[str, ...]:
    inner = [type_.element] if type_.element else []
    inner += [part for _, part in type_.fields]
    return (*type_.checks, *(check for part in inner for check in _checks(part)))


def _values(type_: ColumnType) -> ColumnType:
    """``type_`` without what does not change which values there are."""
    named = type_.form in ("enum", "composite")
    return replace(
        type_,
        name="" if named or type_.form == "array" else type_.name,
        schema="" if named else type_.schema,
        labels=tuple(sorted(type_.labels)),
        element=_values(type_.element) if type_.element else None,
        fields=tuple((name, _values(part)) for name, part in type_.fields),
        domains=(),
        checks=(),
    )


KIND = TypeRenamed()
