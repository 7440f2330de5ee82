"""What rounds or formats an expression to a number of digits, and the same with another number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import libcst as cst

from codemods._around import Chain, last_name, plain_text
from codemods._source import Source
from codemods._splice import Splice, splice

_SPEC = re.compile(r"(\.)(\d+)([fF]?)$")
_ELSEWHERE = "a format written elsewhere shows it with a number of digits"
_WORKED_OUT = "to how many digits it is rounded here is worked out"
Named = Callable[[cst.BaseExpression], cst.BaseExpression | None]
"""What the project assigns to a name, where it is a constant of a module."""


@dataclass(frozen=True)
class Digits:
    """How many digits behind the point values had (None: nobody said), and have."""

    before: int | None
    after: int


@dataclass(frozen=True)
class Rounding:
    """``whole`` rounds to the old number of digits: ``edit`` gives the new one, or ``why`` says why nobody can.

    ``open``: the number of digits is not known.
    """

    whole: cst.CSTNode
    edit: Splice | None = None
    why: str = ""
    open: bool = False

    def written(self, source: Source) -> str:
        """``whole`` with the new number of digits; "" where nobody can write it."""
        if self.edit is None:
            return ""
        start = source.start(self.whole)
        cut = Splice(self.edit.start - start, self.edit.end - start, self.edit.text)
        return splice(source.code(self.whole), [cut])


def rounding_of(
    source: Source, node: cst.CSTNode, outside: Chain, digits: Digits, named: Named
) -> Rounding | None:
    """What stands right around ``node`` and rounds just that to the old number of digits."""
    if not outside:
        return None
    parent = outside[0]
    call = outside[1] if len(outside) > 1 else None
    if isinstance(parent, cst.FormattedStringExpression) and parent.expression is node:
        return _specified(source, parent, digits)
    whole = outside[2] if isinstance(call, cst.Tuple) and len(outside) > 2 else parent
    if isinstance(whole, cst.BinaryOperation):
        return Rounding(whole, why=_ELSEWHERE) if _percent(source, whole, digits) else None
    if not isinstance(call, cst.Call):
        return None
    if isinstance(parent, cst.Attribute) and call.func is parent:
        return _by_method(source, parent.attr.value, call, digits, named)
    if isinstance(parent, cst.Arg):
        return _by_call(source, parent, call, digits, named)
    return None


def _by_method(source: Source, method: str, call: cst.Call, digits: Digits, named: Named) -> Rounding | None:
    given = _argument(call, 0, "exp" if method == "quantize" else "decimals")
    if given is None or method not in ("quantize", "round"):
        return None
    return _to(source, call, given, digits, named, _quantum if method == "quantize" else _plain_number)


def _by_call(source: Source, arg: cst.Arg, call: cst.Call, digits: Digits, named: Named) -> Rounding | None:
    name, first = last_name(call.func), call.args[0] is arg and arg.keyword is None
    if name == "round" and first and (given := _argument(call, 1, "ndigits", "decimals")) is not None:
        return _to(source, call, given, digits, named, _plain_number)
    if name == "format" and first and isinstance(call.func, cst.Name) and len(call.args) == 2:
        found = _in_text(source, call.args[1].value, digits)
        return Rounding(call, found) if found else None
    if isinstance(call.func, cst.Attribute) and name == "format":
        formats = re.findall(r"\{[^}]*:[^}]*\.(\d+)f", source.code(call.func.value))
        return Rounding(call, why=_ELSEWHERE) if _are(formats, digits) else None
    return None


def _argument(call: cst.Call, position: int, *names: str) -> cst.BaseExpression | None:
    for number, one in enumerate(call.args):
        if (one.keyword is None and number == position) or (one.keyword and one.keyword.value in names):
            return one.value
    return None


_Reader = Callable[[Source, cst.BaseExpression, Digits], "Splice | None"]


def _to(
    source: Source, call: cst.Call, given: cst.BaseExpression, digits: Digits, named: Named, read: _Reader
) -> Rounding | None:
    """A rounding to ``given``: written here, or a constant that has a name."""
    found = read(source, given, digits)
    if found is not None:
        return Rounding(call, found)
    before = places_of(given)
    if before is None:
        constant = named(given)
        before = None if constant is None else places_of(constant)
        if before is None:
            return Rounding(call, why=_WORKED_OUT, open=True)
        if before == digits.before or (digits.before is None and before != digits.after):
            return Rounding(
                call, why=f"{source.code(given)}, which may round others too, says to how many digits"
            )
        return None
    if before == digits.before:
        return Rounding(call, why=f"{source.code(given)} is a number of digits in a way that nobody follows")
    if digits.before is None and before != digits.after:
        return Rounding(
            call, why=f"it is rounded to {before} digits, and its type did not say how many it had"
        )
    return None


def places_of(node: cst.BaseExpression) -> int | None:
    """How many digits a number of digits, or a step such as ``Decimal("0.01")``, means."""
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    of = node.args[0].value if isinstance(node, cst.Call) and len(node.args) == 1 else None
    if not isinstance(node, cst.Call) or last_name(node.func) != "Decimal" or of is None:
        return None
    if isinstance(of, cst.Integer):
        return 0
    text = plain_text(of)
    try:
        exponent = Decimal(text).as_tuple().exponent if text is not None else None
    except InvalidOperation:
        return None
    return -exponent if isinstance(exponent, int) and exponent <= 0 else None


def number_splice(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    """A number of digits, or a step, as the new one."""
    return _plain_number(source, node, digits) or _quantum(source, node, digits)


def _plain_number(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    if isinstance(node, cst.Integer) and node.evaluated_value == digits.before:
        return Splice(source.start(node), source.end(node), str(digits.after))
    return None


def _quantum(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    """``Decimal("0.01")`` in the same spelling."""
    if not isinstance(node, cst.Call) or places_of(node) != digits.before or not digits.before:
        return None
    written = node.args[0].value
    text = plain_text(written)
    if text is None or not isinstance(written, cst.SimpleString):
        return None
    if "e" in text.lower():
        new = re.sub(r"\d+$", str(digits.after), text)
    else:
        whole, _, places = text.partition(".")
        new = f"{whole}.{'0' * (digits.after - 1)}{places[-1]}" if digits.after else "1"
    start, end = source.start(written), source.end(written)
    return Splice(start, end, f"{written.prefix}{written.quote}{new}{written.quote}")


# -- formats ----------------------------------------------------------------------------------------


def _specified(source: Source, node: cst.FormattedStringExpression, digits: Digits) -> Rounding | None:
    parts = node.format_spec or ()
    if any(isinstance(one, cst.FormattedStringExpression) for one in parts):
        return Rounding(node, why=_WORKED_OUT, open=True)
    if len(parts) != 1 or not isinstance(parts[0], cst.FormattedStringText):
        return None
    found = _spec(parts[0].value, source.start(parts[0]), digits)
    return Rounding(node, found) if found else None


def _in_text(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    if not isinstance(node, cst.SimpleString) or node.prefix or "\\" in node.value:
        return None
    return _spec(node.raw_value, source.start(node) + len(node.quote), digits)


def _spec(spec: str, start: int, digits: Digits) -> Splice | None:
    found = _SPEC.search(spec)
    if found is None or int(found[2]) != digits.before or not found[3]:
        return None
    return Splice(start + found.start(2), start + found.end(2), str(digits.after))


def _percent(source: Source, node: cst.BinaryOperation, digits: Digits) -> bool:
    """``"%.2f" % x``."""
    if not isinstance(node.operator, cst.Modulo) or plain_text(node.left) is None:
        return False
    return _are(re.findall(r"%[^%]*?\.(\d+)f", source.code(node.left)), digits)


def _are(formats: list[str], digits: Digits) -> bool:
    """Whether one of the formats has the old number of digits."""
    return any(digits.before is None or int(one) == digits.before for one in formats)
