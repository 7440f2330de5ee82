"""The one door between values and JSON: canonical text (sorted keys), tagged unions, content hashes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bravo_agent.characters import seen
from bravo_agent.errors import UsageError

T = TypeVar("T")
_ODD = re.compile("[^\n -~]")

# TypeAdapters are costly to build; a plain dict, because types from other libraries need not be hashable
# for the type checker.
_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    found = _adapters.get(kind)
    if found is None:
        found = _adapters[kind] = TypeAdapter(kind)
    return found


def plain(value: Any) -> Any:
    """``value`` as dicts, lists, strings, numbers: what ``json.dumps`` takes."""
    return _adapter(type(value)).dump_python(value, mode="json")


def dumps(value: Any) -> str:
    """``value`` as canonical JSON: sorted keys, two spaces, a newline at the end."""
    return json_text(plain(value)) + "\n"


def json_text(value: Any) -> str:
    """JSON with sorted keys and two spaces, readable: escaped is only what nobody would see as it is."""
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False)
    return _ODD.sub(lambda found: found[0] if seen(found[0]) else json.dumps(found[0])[1:-1], text)


def loads(kind: type[T], text: str | bytes, *, where: str) -> T:
    """The value of type ``kind`` in ``text``; raises ``UsageError`` ``file-unreadable`` naming ``where``."""
    try:
        found: T = _adapter(kind).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "file-unreadable",
            f"{where} is not a {kind.__name__}: {place}: {first['msg']}",
            hint="Restore the file from version control, or make it again with the command that writes it.",
            where=where,
        ) from None
    return found


def fingerprint(value: Any) -> str:
    """sha256 (hex) of the canonical JSON of ``value``: same content, same fingerprint, on every machine."""
    canonical = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
