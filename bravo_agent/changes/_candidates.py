"""How a question tells that a rename is possible, and how to say that it is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bravo_agent.model.change import Candidate, Option


def was_one_of(table: str, column: str, candidates: tuple[Candidate, ...]) -> str:
    """Of an added column: a sentence to add to its question; "" without candidates."""
    names = [found.field for found in candidates if found.table == table and found.field]
    return _sentence("may be", names, f'"{table}.{names[0]}" = "{column}"') if names else ""


def is_one_of(table: str, column: str, candidates: tuple[Candidate, ...]) -> str:
    """Of a removed column: a sentence to add to its question; "" without candidates."""
    names = [found.field for found in candidates if found.table == table and found.field]
    return _sentence("may have become", names, f'"{table}.{column}" = "{names[0]}"') if names else ""


def lost_beside(lost: tuple[str, ...]) -> str | None:
    """Of an added column without candidates: which columns of its table nobody knows the fate of; None without."""
    if not lost:
        return None
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return f"{', '.join(lost[:3])}{more} of this table are gone: say first what became of them"


def without_safe(options: Iterable[Option], possible: bool) -> tuple[Option, ...]:
    """While a rename is possible, no answer goes without saying: a policy cannot take one either."""
    return tuple(replace(option, safe=False) if possible else option for option in options)


def _sentence(verb: str, names: list[str], line: str) -> str:
    return f" It {verb} {' or '.join(names[:3])} under another name: if so, say it in bravo.toml [renames]: {line}."
