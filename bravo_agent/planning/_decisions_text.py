"""What may stand in bravo.decisions.json: people edit and merge it, so every fault is told with what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.change import Decision

FILE = "bravo.decisions.json"
FORMAT = 1
_ID = re.compile(r"[0-9a-f]{16}")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_KEYS = frozenset(field.name for field in fields(Decision))
_MEND = "Mend that entry, or restore the file from version control; `bravo-agent decide` records answers."


def parsed(text: str) -> tuple[Decision, ...]:
    """Each entry read by itself, so that a fault names it; raises ``UsageError`` ``decisions-invalid``."""
    if _CONFLICT.search(text):
        raise _invalid(
            "it holds the marks of a merge conflict",
            "Keep one answer for each change, remove the marks, and read `bravo-agent decide --list`.",
        )
    try:
        document = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _invalid(f"line {error.lineno} is not JSON: {error.msg}") from None
    return tuple(_decision(number, entry) for number, entry in enumerate(_entries(document), 1))


def refuse_contradictions(decisions: Sequence[Decision]) -> None:
    """Raises ``decisions-invalid`` for two answers to one change, and for an answer that nobody can have given."""
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(decisions, 1):
        if (one.change_id, one.status) in seen:
            raise _invalid(
                f"{_named(number, one)}: there are two {one.status} answers for this change",
                "Two branches answered it: keep the one that counts, remove the other.",
            )
        seen.add((one.change_id, one.status))
        for fault, hint in _faults(one):
            raise _invalid(f"{_named(number, one)}: {fault}", hint)


def _faults(one: Decision) -> Iterator[tuple[str, str]]:
    names = [name for name, _ in one.params]
    if not _ID.fullmatch(one.change_id):
        yield "change_id is not an id (16 hexadecimal digits)", _MEND
    if len(names) != len(set(names)):
        yield "a param is given twice", _MEND
    if one.status == "proposed" and one.decided_by != "model":
        yield (
            f"a {one.decided_by}'s answer cannot be a proposal",
            f"Record it with `bravo-agent decide {one.change_id[:12]} {one.option}`.",
        )
    if one.status == "accepted" and one.decided_by == "model":
        yield (
            "a model's answer counts when a person has accepted it",
            f'Set its status back to "proposed", then `bravo-agent decide {one.change_id[:12]} --accept`.',
        )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _invalid(f"the key {next(name for name in names if names.count(name) > 1)} stands there twice")
    return found


def _entries(document: Any) -> Iterable[Any]:
    if not isinstance(document, dict) or not isinstance(document.get("decisions"), list):
        raise _invalid('it is not an object with a list "decisions"')
    unknown = sorted(set(document) - {"decisions", "format_version"})
    if unknown:
        raise _invalid(f"the key {unknown[0]} is not known")
    version = document.get("format_version", FORMAT)
    if version != FORMAT:
        raise _invalid(
            f"its format is {version!r}, and this bravo-agent reads {FORMAT}",
            "Install the version of bravo-agent that the team uses.",
        )
    entries: list[Any] = document["decisions"]
    return entries


def _decision(number: int, entry: Any) -> Decision:
    if not isinstance(entry, dict):
        raise _invalid(f"entry {number} is not an object")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise _invalid(f"entry {number}: the key {unknown[0]} is not known")
    try:
        return wire.loads(Decision, json.dumps(entry), where=f"entry {number}")
    except UsageError as error:
        raise _invalid(error.message) from None


def _named(number: int, one: Decision) -> str:
    place = f"{one.table}.{one.field}" if one.field else one.table
    return f"entry {number} ({one.change_id[:12]}{' ' + place if place else ''})"


def _invalid(what: str, hint: str = _MEND) -> UsageError:
    return UsageError("decisions-invalid", f"{FILE}: {what}", hint=hint, where=FILE)
