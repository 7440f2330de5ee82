"""TOML as text: what is added to a file that people keep leaves every other byte of it as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from bravo_agent.characters import seen


def toml_string(text: str) -> str:
    """``text`` as a TOML string. JSON's escapes are not TOML's: it has no surrogates, and DEL must be escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def with_table(text: str, name: tuple[str, str], values: Mapping[str, str]) -> str | None:
    """``text`` with the table ``[first."second"]`` at its end; None where TOML does not take it there.

    It does not where the file has that table already, or has written the first as an inline table.
    """
    lines = [
        f"[{name[0]}.{toml_string(name[1])}]",
        *(f"{key} = {toml_string(one)}" for key, one in values.items()),
    ]
    end = "\r\n" if "\r\n" in text else "\n"
    between = end if not text or text.endswith("\n") else end * 2
    after = text + between + end.join(lines) + end
    try:
        before, found = tomllib.loads(text), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return None
    there = before.get(name[0], {})
    wanted = {**before, name[0]: {**there, name[1]: dict(values)}} if isinstance(there, dict) else None
    return after if found == wanted else None


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() and seen(character) else f"\\U{ord(character):08X}"
