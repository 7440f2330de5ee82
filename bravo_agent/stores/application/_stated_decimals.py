"""Decimals in JSON Schema, which has none: they are told by the pattern of their text.

Read are the patterns that Pydantic writes (in two generations, of both modes), and the plain ones that people
write: ``^-?\\d{1,10}(\\.\\d{1,2})?$``. Digits without a point are a code, not a decimal.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bravo_agent.model.entities import Shape

# The text of a pattern -> names of its groups: whole digits, all digits, places.
_KNOWN = tuple(re.compile(re.escape(head).replace("WHOLE", r"(?P<whole>\d+)").replace("PLACES", r"(?P<places>\d+)")
                          .replace("ALL", r"(?P<all>\d+)")) for head in (
    r"^[+-]?(?:0*[0-9]{1,WHOLE}(?:\.[0-9]{0,PLACES}0*)?|",
    r"^[+-]?(?:[0-9]+(?:\.[0-9]{0,PLACES}0*)?|",
    r"^[+-]?(?:0*[0-9]{1,ALL}(?:\.0*)?|",
    r"^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)",
    r"^-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]{1,PLACES}0*)?|",
    r"^-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|",
    r"^-?(?:0(?:\.[0-9]{1,ALL}0*)?|",
    r"^(?!^[-+.]*$)[+-]?0*(?:\d{0,WHOLE}|(?=[\d.]{1,",
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d{0,PLACES}0*$",
    r"^(?!^[-+.]*$)[+-]?0*",
))  # fmt: skip
_OLD_PLACES = re.compile(r"\\\.\\d\{0,(\d+)\}0\*\$\)$")
_TOLD_WHOLE = re.compile(
    r"^\^-\?\(\?:\(\?:0\|\[1-9\]\[0-9\]\{0,(\d+)\}\)\(\?:\\\.\[0-9\]\{1,(\d+)\}0\*\)\?\|"
)
_DIGIT = r"(?:\\d|\[0-9\])"
_COUNT = r"(?:[+*]|\{(?:\d+,)?(\d+)\})"
_PLAIN = re.compile(
    rf"^\^(?:[+-]|\[[+-]{{1,2}}\])?\??{_DIGIT}{_COUNT}\(?(?:\?:)?\\\.{_DIGIT}{_COUNT}?\)?\??\$$"
)


def decimal_of_pattern(pattern: str) -> Shape | None:
    """The decimal whose text ``pattern`` describes, or None."""
    told = _TOLD_WHOLE.match(pattern)
    if told:
        return _bounded(int(told[1]) + 1, int(told[2]), None)
    for known in _KNOWN:
        found = known.match(pattern)
        if found:
            groups = {name: int(value) for name, value in found.groupdict().items() if value}
            old = _OLD_PLACES.search(pattern)
            places = groups.get("places", int(old[1]) if old else None)
            return _bounded(groups.get("whole"), places, groups.get("all"))
    plain = _PLAIN.match(pattern)
    if plain is None:
        return None
    whole, places = (int(one) if one else None for one in plain.groups())
    return _bounded(whole, places, None)


def _bounded(whole: int | None, places: int | None, digits: int | None) -> Shape:
    if whole is not None and places is not None:
        digits = whole + places
    return Shape("decimal", max_digits=digits, decimal_places=places)


def decimal_of_step(step: object) -> Shape | None:
    """``multipleOf: 0.01`` is how a schema speaks of two decimal places; None for another step."""
    try:
        number = Decimal(str(step)).normalize()
    except InvalidOperation:
        return None
    sign, digits, exponent = number.as_tuple()
    if sign or digits != (1,) or not isinstance(exponent, int) or exponent >= 0:
        return None
    return Shape("decimal", decimal_places=-exponent)
