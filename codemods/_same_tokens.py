"""After an edit by tokens: the file parses, and only the tokens that were meant differ."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Collection, Mapping

import libcst as cst
import yaml

from codemods._values import LeftAlone

_LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


def verify_python(before: str, after: str, lines: Collection[int]) -> None:
    """Raises ``LeftAlone`` where ``after`` differs by more than words on ``lines``, or does not parse."""
    try:
        cst.parse_module(after)
    except cst.ParserSyntaxError as error:
        raise LeftAlone("the edit would leave a file that does not parse", error.raw_line) from None
    old, new = _tokens(before), _tokens(after)
    if old is None or new is None:
        return  # newer syntax than this Python's; it was parsed by libcst
    if len(old) != len(new):
        raise LeftAlone("the edit would change more than words")
    for one, other in zip(old, new, strict=True):
        touched = any(line in lines for line in range(one.start[0], one.end[0] + 1))
        if one.type != other.type or (one.string != other.string and not touched):
            raise LeftAlone("the edit would change more than the places that were found", one.start[0])


def verify_shorter(before: str, after: str) -> None:
    """Raises ``LeftAlone`` where ``after`` does not parse, or says anything that ``before`` did not, in its order."""
    try:
        cst.parse_module(after)
    except cst.ParserSyntaxError as error:
        raise LeftAlone("the edit would leave a file that does not parse", error.raw_line) from None
    old, new = _tokens(before), _tokens(after)
    if old is None or new is None:
        return
    rest = iter(one.string for one in old if one.type not in _LAYOUT)
    for one in new:
        # A class that is left with nothing says pass, and a tuple of one has a comma.
        if one.type not in _LAYOUT and one.string not in ("pass", ",") and one.string not in rest:
            raise LeftAlone("the edit would change more than it takes away", one.start[0])


def verify_words(file: str, before: str, after: str, words: Mapping[str, str]) -> None:
    """Raises ``LeftAlone`` where the data of a JSON or YAML file differ by more than ``words`` (old -> new)."""
    if _named_anew(_loaded(file, before), words) != _named_anew(_loaded(file, after), words):
        raise LeftAlone("the edit would change more of the data than names")


def verify_members(file: str, before: str, after: str, names: Collection[str]) -> None:
    """As ``verify_words``, where members called one of ``names`` are taken out."""
    if _without(_loaded(file, before), names) != _without(_loaded(file, after), names):
        raise LeftAlone("the edit would change more of the data than the key")


def _tokens(text: str) -> list[tokenize.TokenInfo] | None:
    try:
        return list(tokenize.generate_tokens(io.StringIO(text, newline="").readline))
    except (tokenize.TokenError, SyntaxError):
        return None


def _loaded(file: str, text: str) -> object:
    try:
        if file.endswith(".json"):
            return json.loads(text, object_pairs_hook=list)
        if file.endswith((".jsonl", ".ndjson")):
            return [json.loads(line, object_pairs_hook=list) for line in text.splitlines() if line.strip()]
        return [_plain(one) for one in yaml.compose_all(text, Loader=yaml.SafeLoader)]
    except (ValueError, yaml.YAMLError, RecursionError):
        raise LeftAlone("the file cannot be read as what its name says") from None


def _plain(node: object) -> object:
    """A tree of YAML with mappings as lists of pairs, as JSON is read here."""
    if isinstance(node, yaml.MappingNode):
        return [(_plain(key), _plain(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return ["-", *(_plain(one) for one in node.value)]
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _without(found: object, names: Collection[str]) -> object:
    if isinstance(found, list):
        kept = [one for one in found if not (isinstance(one, tuple) and one[0] in names)]
        return [_without(one, names) for one in kept]
    if isinstance(found, tuple):
        return tuple(_without(one, names) for one in found)
    return found


def _named_anew(found: object, words: Mapping[str, str]) -> object:
    """Old names and new ones as one: a new name may hold the old one, and then says no more than it."""
    if isinstance(found, str):
        for old, new in words.items():
            both = sorted((old, new), key=len, reverse=True)
            found = re.sub("|".join(re.escape(one) for one in both), new, found)
        return found
    if isinstance(found, (list, tuple)):
        return [_named_anew(one, words) for one in found]
    return found
