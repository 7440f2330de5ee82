"""Every token of a Python file that is named like a field: what it is, and what is around it.

A search of the text finds all occurrences of the name, and the tree says what each one is: so none is lost. Where
the two do not agree the positions are not sure, and the file is left alone as a whole.
"""

from __future__ import annotations

import keyword
from bisect import bisect_right
from collections.abc import Collection, Iterator

from bravo_agent.model.code import Token
from codemods._finding.files import occurrences
from codemods._finding.outline import outline_of
from codemods._finding.positions import Positions, parsed, spot_of, walk_tree
from codemods._finding.values import Candidate, Outline, Scan
from codemods._finding.walk import Place, Walk

_UNSURE = Scan(left_alone="its positions are not sure")
_SHOWN = 200
_KEYWORDS = frozenset([*keyword.kwlist, *keyword.softkwlist, "type"])


def scan(file: str, text: str, names: Collection[str]) -> Scan:
    """The candidates of ``file``, sorted by place."""
    return scan_and_outline(file, text, names)[0]


def scan_and_outline(file: str, text: str, names: Collection[str]) -> tuple[Scan, Outline | None]:
    """The candidates; of a file that declares the name also its outline, which will be asked for."""
    places = {begin: name for name in sorted(names, key=len) for begin in occurrences(text, name)}
    if not places:
        return Scan(), None
    read = parsed(text)
    if isinstance(read, str):
        return Scan(left_alone=read), None
    module, positions = read
    walk = Walk(file, tuple(sorted(names)))
    walk_tree(module, walk)
    found = _joined(file, text, places, walk, positions)
    declares = any(one.form == "declaration" for one in found.candidates)
    return found, outline_of(module, positions) if declares else None


def _joined(file: str, text: str, places: dict[int, str], walk: Walk, positions: Positions) -> Scan:
    claims = dict(_claims(walk, positions))
    spans = sorted(
        ((positions.start(one.node), positions.end(one.node), one) for one in walk.spans), key=_begin
    )
    begins = [start for start, _, _ in spans]
    if not claims.keys() <= places.keys():
        return _UNSURE
    found: list[Candidate] = []
    for place, name in sorted(places.items()):
        line, column = positions.at(place)
        token = Token(file, line, column, column + len(name))
        shown = positions.line(line).strip()[:_SHOWN]
        if place in claims:
            found.append(_of_name(token, name, shown, claims[place], positions))
            continue
        at = bisect_right(begins, place) - 1
        if at < 0 or place + len(name) > spans[at][1]:
            if _is_always_a_name(name):
                return _UNSURE
            continue  # the word of the language, `class` or `match`, or a subtraction: a-b
        start, end, span = spans[at]
        found.append(_of_span(token, name, shown, span, text[start:place], text[place + len(name) : end]))
    return Scan(tuple(found))


def _is_always_a_name(word: str) -> bool:
    """Whether ``word`` in the code can be nothing but a name: no keyword, and nothing with an operator in it."""
    return word.isidentifier() and word not in _KEYWORDS


def _begin(span: tuple[int, int, Place]) -> int:
    return span[0]


def _claims(walk: Walk, positions: Positions) -> Iterator[tuple[int, Place]]:
    for one in walk.named:
        start = positions.start(one.node)
        for name in walk.names:
            for begin in occurrences(one.node.value, name):
                yield start + begin, one


def _of_name(token: Token, name: str, shown: str, one: Place, positions: Positions) -> Candidate:
    known = one.known
    return Candidate(
        token,
        name,
        known.form,
        one.role,
        shown,
        owner=one.owner,
        call=spot_of(positions, known.call),
        reads=tuple(positions.spot(node) for node in known.reads),
        position=known.position,
        key=one.node.value == name,
        parameter_of=known.parameter_of,
    )


def _of_span(token: Token, name: str, shown: str, one: Place, before: str, after: str) -> Candidate:
    is_text = one.known.form == "string"
    opening = before.lstrip("rRbBuUfFtT").lstrip("'\"") if is_text else before
    dollar = is_text and opening == "$"
    whole = is_text and opening in ("", "$") and not after.strip("'\"")
    return Candidate(
        token,
        name,
        one.known.form,
        "query" if dollar and one.role not in ("test", "fixture") else one.role,
        shown,
        owner=one.owner,
        position=one.known.position if whole and not dollar else "",
        field=one.known.field,
        key=whole,
        before=before[-80:],
        after=after[:80],
    )
