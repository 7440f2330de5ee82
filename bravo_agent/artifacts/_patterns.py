r"""A pattern of Pydantic's (Rust's or Python's regular expressions) in the words of JavaScript and of MongoDB (PCRE2).

``\d``, ``\w`` and ``\s`` mean all of Unicode there, ``$`` the very end, and ``.`` everything but a line feed: so they
do here. What a dialect cannot say is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# How Pydantic itself says Decimals as text: digits are ASCII there.
_DECIMAL = "^(?!^[-+.]*$)[+-]?0*"
_CATEGORY = re.compile(r"[CLMNPSZ][a-z]?")
_TOKEN = re.compile(
    r"""\\x\{(?P<braced>[0-9A-Fa-f]+)\} | \\u\{(?P<unicode>[0-9A-Fa-f]+)\}
    | \\x(?P<byte>[0-9A-Fa-f]{2}) | \\u(?P<four>[0-9A-Fa-f]{4}) | \\U(?P<eight>[0-9A-Fa-f]{8})
    | \\(?P<property>[pP])(?:\{(?P<category>\w+)\}|(?P<short>\w))
    | \\(?P<escape>.)
    | (?P<group>\(\?(?:P?<(?![=!])(?P<name>\w+)>|P=(?P<back>\w+)\)|:|=|!|<=|<!))
    | (?P<unknown>\(\?)
    | (?P<keeps>(?:\{\d*(?:,\d*)?\}|[*+?])[*+]|\{,\d+\})
    | (?P<repeat>\{\d+(?:,\d*)?\}|[*+?])
    | (?P<posix>\[:\w+:\])
    | (?P<one>.)""",
    re.VERBOSE | re.DOTALL,
)
_SYNTAX = "^$\\.*+?()[]{}|/"
_CONTROL = {"n": "\\n", "r": "\\r", "t": "\\t", "f": "\\f", "v": "\\v", "a": "\\x07", "0": "\\0"}


# Nothing stands there that could be repeated, which JavaScript does not pass over.
_ENDS = ("^", "$", "\\A", "\\z", "\\Z")


class CannotSayError(Exception):
    """What the dialect has no word for; the text is that part of the pattern."""


@dataclass(frozen=True)
class _Dialect:
    """How a dialect writes what is not the same everywhere: escapes outside and inside brackets, any character."""

    outside: Mapping[str, str]
    inside: Mapping[str, str]
    dot: str
    end: str
    point: str


def _dialect(word: str, space: str, dot: str, start: str, end: str, point: str) -> _Dialect:
    """``word`` and ``space`` are what ``\\w`` and ``\\s`` stand for, as they are written in brackets."""
    edge = rf"(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}])"
    classes = {"d": r"\p{Nd}", "s": space, "w": word}
    outside = {name: f"[{text}]" for name, text in classes.items()}
    outside |= {name.upper(): f"[^{text}]" for name, text in classes.items()}
    outside |= {"b": f"(?:{edge})", "B": f"(?!{edge})", "A": start, "z": end, "Z": end}
    return _Dialect(outside, {**classes, "D": r"\P{Nd}"}, dot, end, point)


_JAVASCRIPT = _dialect(
    word=r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}",
    space=r"\p{White_Space}",
    dot=r"[^\n]",
    start="^",
    end="$",
    point="\\u{{{:x}}}",
)
# PCRE's own \w, \d and \s are ASCII, or with (*UCP) not quite the same.
_PCRE = _dialect(
    word=r"\p{L}\p{Nl}\x{24b6}-\x{24e9}\p{M}\p{Nd}\p{Pc}\x{200c}\x{200d}",
    space=r"\t-\r\x{85}\p{Z}",
    dot=".",
    start=r"\A",
    end=r"\z",
    point="\\x{{{:x}}}",
)


def javascript(pattern: str) -> str:
    """A literal of a RegExp with the flag u; raises ``CannotSayError``."""
    flags, rest = _flags(pattern)
    if rest.startswith(_DECIMAL):
        return f"/{rest}/u"
    return f"/{''.join(_translated(rest, _JAVASCRIPT, flags)) or '(?:)'}/u{flags}"


def pcre(pattern: str) -> str:
    """The same for ``pattern`` of ``$jsonSchema``; raises ``CannotSayError``."""
    flags, rest = _flags(pattern)
    if rest.startswith(_DECIMAL):
        return rest
    return (f"(?{flags})" if flags else "") + "".join(_translated(rest, _PCRE, flags))


def _flags(pattern: str) -> tuple[str, str]:
    """The flags that the pattern begins with, and the rest."""
    found = re.match(r"\(\?([is]+)\)", pattern)
    return ("".join(sorted(set(found[1]))), pattern[found.end() :]) if found else ("", pattern)


def _translated(pattern: str, dialect: _Dialect, flags: str) -> Iterator[str]:
    bracket: int | None = None
    before = ""
    for found in _TOKEN.finditer(pattern):
        text = found[0]
        if found["repeat"] and before in _ENDS and bracket is None:
            raise CannotSayError(before + text)
        before = text
        if bracket is None and text == "[":
            bracket = found.end()
            yield text
        elif bracket is None:
            yield _outside(found, dialect, flags)
        elif text == "]" and pattern[bracket : found.start()] not in ("", "^"):
            bracket = None
            yield text
        else:
            at_start = found.start() == bracket
            yield from _inside(found, dialect, at_start)
    if bracket is not None:
        raise CannotSayError(pattern)


def _outside(found: re.Match[str], dialect: _Dialect, flags: str) -> str:
    text = found[0]
    if found["unknown"] or found["keeps"] or found["posix"]:
        raise CannotSayError(text)  # "keeps": what matches without giving back, to some
    if found["group"]:
        if found["name"]:
            return f"(?<{found['name']}>"
        return f"\\k<{found['back']}>" if found["back"] else text
    if found["escape"]:
        return _escape(found["escape"], dialect, dialect.outside, "123456789")
    if text in (".", "$"):
        return {".": dialect.dot if "s" not in flags else ".", "$": dialect.end}[text]
    if found["one"]:
        return text if text in "^()|" else _plain(text, dialect)
    return text if found["repeat"] else _point(found, dialect)


def _inside(found: re.Match[str], dialect: _Dialect, at_start: bool) -> Iterator[str]:
    text = found[0]
    if found["posix"] or (text in ("&", "~") and found.string[found.end() : found.end() + 1] == text):
        raise CannotSayError(text)  # sets of sets
    if found["escape"]:
        yield _escape(found["escape"], dialect, dialect.inside, "-")
    elif any(found[name] for name in ("group", "unknown", "repeat", "keeps")):
        yield "".join(f"\\{one}" if one in _SYNTAX else one for one in text)
    elif found["one"]:
        yield text if text == "-" or (text == "^" and at_start) else _plain(text, dialect)
    else:
        yield _point(found, dialect)


def _escape(letter: str, dialect: _Dialect, known: Mapping[str, str], kept: str) -> str:
    if letter in known:
        return known[letter]
    if letter in _CONTROL:
        return _CONTROL[letter]
    if letter in kept:
        return f"\\{letter}"
    if letter.isalnum():
        raise CannotSayError(f"\\{letter}")
    return _plain(letter, dialect)


def _plain(letter: str, dialect: _Dialect) -> str:
    if letter in _SYNTAX:
        return f"\\{letter}"
    return letter if letter.isprintable() else dialect.point.format(ord(letter))


def _point(found: re.Match[str], dialect: _Dialect) -> str:
    if found["property"]:
        name = found["category"] or found["short"]
        if _CATEGORY.fullmatch(name) is None:
            raise CannotSayError(found[0])
        return f"\\{found['property']}{{{name}}}"
    digits = next(found[one] for one in ("braced", "unicode", "byte", "four", "eight") if found[one])
    return dialect.point.format(int(digits, 16))
