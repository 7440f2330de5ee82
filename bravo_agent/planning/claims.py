"""Facts handed to the shelf of changes by rank, until every fact has one owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import cast

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import ChangeKind
from bravo_agent.model.change import Change, Fact
from bravo_agent.registry import shelf


@cache
def kinds() -> Mapping[str, ChangeKind]:
    """The shelf, by the kinds' tags on the wire."""
    found = (cast(ChangeKind, kind) for kind in shelf("bravo_agent.changes").values())
    return {kind.name: kind for kind in found}


def claim_all(kinds: Iterable[ChangeKind], facts: Sequence[Fact], context: Context) -> tuple[Change, ...]:
    """Every fact in exactly one change; the order of ``kinds`` does not matter.

    Kinds are asked by (rank, name), each sees what is left. A kind that takes what is not its own, or a
    fact that nobody takes, is a fault of the shelf: ``AssertionError``.
    """
    left = {id(fact): fact for fact in facts}
    changes: list[Change] = []
    for kind in sorted(kinds, key=lambda kind: (kind.rank, kind.name)):
        for change in kind.claim(tuple(left.values()), context):
            for fact in change.facts:
                assert left.pop(id(fact), None) is not None, (
                    f"{kind.name} claims twice: {fact.tag} {fact.table}"
                )
            changes.append(change)
    assert not left, f"no kind claims {next(iter(left.values()))}"
    return tuple(
        sorted(changes, key=lambda change: (change.table, change.field or "", change.kind, change.id))
    )
