"""Where a value is rounded to a number of digits, as far as the code itself says that it is this value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import libcst as cst

from bravo_agent.model.code import Occurrence
from codemods._around import Chain, last_name, nearest, plain_text
from codemods._source import Source
from codemods._splice import Splice

TABLE = re.compile(r"digit|round|precision|scale|places|decimals|quant", re.IGNORECASE)
_SPEC = re.compile(r"(\.)(\d+)([fF]?)$")
_STANDS_FOR_IT = ("Decimal", "float", "abs")
_BY_NAME = ("field_validator", "field_serializer", "validator", "serializer")
_WITH_DIGITS = ("digits", "places", "decimal_places", "scale", "decimals", "precision")


@dataclass(frozen=True)
class Digits:
    """How many digits behind the point values had, and have."""

    before: int
    after: int


@dataclass(frozen=True)
class Rounded:
    """What has to be edited because of one place; ``why`` where a person has to look instead."""

    splices: tuple[Splice, ...] = ()
    why: str = ""


def rounded(source: Source, chain: Chain, one: Occurrence, names: Collection[str], digits: Digits) -> Rounded:
    """What follows from the place ``one``, around which ``chain`` stands; ``names`` all mean the field."""
    if one.form == "attribute":
        return _read(source, chain, digits)
    if one.form == "string":
        in_method = _in_method(source, chain, names, digits)
        return in_method or _in_table(source, chain, one, digits)
    if one.form == "keyword" and _is_dict_call(chain) and _is_table(chain, one):
        return _number(source, _argument(chain), digits)
    return Rounded()


# -- values that are read ---------------------------------------------------------------------------


def _read(source: Source, chain: Chain, digits: Digits) -> Rounded:
    place = _operand(chain)
    if place is None:
        return Rounded()
    found = _rounds(source, chain[place], chain[place + 1 :], digits)
    if found is not None:
        return Rounded((found,))
    for number in range(place + 1, len(chain)):
        if isinstance(chain[number], (cst.BaseStatement, cst.BaseSmallStatement, cst.Lambda)):
            break
        if _rounds(source, chain[number], chain[number + 1 :], digits) is not None:
            return Rounded(why="what is rounded here is worked out from it and from other values")
        if _formats(source, chain[number]):
            return Rounded(why="a format written elsewhere shows it with a number of digits")
    return Rounded()


def _operand(chain: Chain) -> int | None:
    """The outermost expression that is still the value itself."""
    if len(chain) < 2 or not isinstance(chain[1], cst.Attribute) or chain[1].attr is not chain[0]:
        return None
    place = 1
    while place + 2 < len(chain):
        argument, call = chain[place + 1], chain[place + 2]
        wraps = isinstance(argument, cst.Arg) and isinstance(call, cst.Call) and len(call.args) == 1
        if not (wraps and isinstance(call, cst.Call) and last_name(call.func) in _STANDS_FOR_IT):
            break
        place += 2
    return place


def _rounds(source: Source, node: cst.CSTNode, outside: Chain, digits: Digits) -> Splice | None:
    """The splice where what stands around ``node`` rounds just that to the old number of digits."""
    if not outside:
        return None
    parent = outside[0]
    call = outside[1] if len(outside) > 1 else None
    if isinstance(parent, cst.FormattedStringExpression) and parent.expression is node:
        return _specified(source, parent, digits)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "quantize" and isinstance(call, cst.Call):
        return _quantum(source, call.args[0].value, digits) if call.args and call.func is parent else None
    if isinstance(parent, cst.Arg) and isinstance(call, cst.Call) and call.args and call.args[0] is parent:
        if last_name(call.func) == "round" and len(call.args) == 2:
            return _plain_number(source, call.args[1].value, digits)
        if last_name(call.func) == "format" and isinstance(call.func, cst.Name) and len(call.args) == 2:
            return _in_text(source, call.args[1].value, digits)
    return None


def _plain_number(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    if isinstance(node, cst.Integer) and node.evaluated_value == digits.before:
        return Splice(source.start(node), source.end(node), str(digits.after))
    return None


def _quantum(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    """``Decimal("0.01")`` in the same spelling."""
    text = plain_text(node.args[0].value) if isinstance(node, cst.Call) and len(node.args) == 1 else None
    if text is None or not isinstance(node, cst.Call) or last_name(node.func) != "Decimal":
        return None
    try:
        step = Decimal(text)
    except InvalidOperation:
        return None
    if step != Decimal(1).scaleb(-digits.before) or digits.before == 0:
        return None
    written = node.args[0].value
    assert isinstance(written, cst.SimpleString)
    if "e" in text.lower():
        new = re.sub(r"\d+$", str(digits.after), text)
    else:
        new = f"{text.partition('.')[0]}.{'0' * (digits.after - 1)}1" if digits.after else "1"
    start, end = source.start(written), source.end(written)
    return Splice(start, end, f"{written.prefix}{written.quote}{new}{written.quote}")


def _specified(source: Source, node: cst.FormattedStringExpression, digits: Digits) -> Splice | None:
    parts = node.format_spec or ()
    if len(parts) != 1 or not isinstance(parts[0], cst.FormattedStringText):
        return None
    return _spec(parts[0].value, source.start(parts[0]), digits)


def _in_text(source: Source, node: cst.BaseExpression, digits: Digits) -> Splice | None:
    if not isinstance(node, cst.SimpleString) or node.prefix or "\\" in node.value:
        return None
    return _spec(node.raw_value, source.start(node) + len(node.quote), digits)


def _spec(spec: str, start: int, digits: Digits) -> Splice | None:
    found = _SPEC.search(spec)
    if found is None or int(found[2]) != digits.before or not found[3]:
        return None
    return Splice(start + found.start(2), start + found.end(2), str(digits.after))


def _formats(source: Source, node: cst.CSTNode) -> bool:
    """``"%.2f" % x`` and ``"{:.2f}".format(x)``."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        return (
            plain_text(node.left) is not None
            and re.search(r"%[^%]*\.\d+f", source.code(node.left)) is not None
        )
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "format"
    ):
        return re.search(r"\{[^}]*:[^}]*\.\d+f", source.code(node.func.value)) is not None
    return False


# -- tables -----------------------------------------------------------------------------------------


def _in_table(source: Source, chain: Chain, one: Occurrence, digits: Digits) -> Rounded:
    if one.role in ("test", "fixture") or len(chain) < 2:
        return Rounded()
    parent = chain[1]
    if isinstance(parent, cst.DictElement) and parent.key is chain[0]:
        return _number(source, parent.value, digits) if _is_table(chain, one) else Rounded()
    if isinstance(parent, cst.Index) and isinstance(nearest(chain, cst.Assign), cst.Assign):
        assigned = nearest(chain, cst.Assign)
        assert isinstance(assigned, cst.Assign)
        return _number(source, assigned.value, digits) if _is_table(chain, one) else Rounded()
    if isinstance(parent, cst.Arg):
        return _beside(source, chain, digits)
    pair = chain[2] if len(chain) > 2 else None
    if isinstance(parent, cst.Element) and isinstance(pair, cst.Tuple) and len(pair.elements) == 2:
        return _number(source, pair.elements[1].value, digits) if _is_table(chain, one) else Rounded()
    return Rounded()


def _number(source: Source, node: cst.BaseExpression | None, digits: Digits) -> Rounded:
    if node is None:
        return Rounded()
    found = _plain_number(source, node, digits) or _quantum(source, node, digits)
    return Rounded((found,) if found else ())


def _beside(source: Source, chain: Chain, digits: Digits) -> Rounded:
    """``Column("cost", digits=2)``."""
    call = nearest(chain, cst.Call)
    if not isinstance(call, cst.Call) or chain[1] not in call.args:
        return Rounded()
    found = [
        splice
        for argument in call.args
        if argument.keyword is not None and argument.keyword.value in _WITH_DIGITS
        if (splice := _plain_number(source, argument.value, digits)) is not None
    ]
    return Rounded(tuple(found))


def _is_table(chain: Chain, one: Occurrence) -> bool:
    """Whether a table says with how many digits something is rounded."""
    if one.role == "rounding":
        return True
    names: list[str] = []
    for node in chain:
        if isinstance(node, cst.Assign):
            names += [last_name(target.target) or _subscripted(target.target) for target in node.targets]
        elif isinstance(node, cst.AnnAssign):
            names.append(last_name(node.target))
    return any(TABLE.search(name) for name in names)


def _subscripted(node: cst.BaseExpression) -> str:
    return last_name(node.value) if isinstance(node, cst.Subscript) else ""


def _is_dict_call(chain: Chain) -> bool:
    call = nearest(chain, cst.Call)
    return isinstance(call, cst.Call) and last_name(call.func) == "dict"


def _argument(chain: Chain) -> cst.BaseExpression | None:
    found = nearest(chain, cst.Arg)
    return found.value if isinstance(found, cst.Arg) else None


# -- serializers and validators ---------------------------------------------------------------------


def _in_method(source: Source, chain: Chain, names: Collection[str], digits: Digits) -> Rounded | None:
    """What a method that a decorator calls for the field does with its value; None where it is no such place."""
    decorator, method = nearest(chain, cst.Decorator), nearest(chain, cst.FunctionDef)
    call = decorator.decorator if isinstance(decorator, cst.Decorator) else None
    if not isinstance(call, cst.Call) or last_name(call.func) not in _BY_NAME:
        return None
    if not isinstance(method, cst.FunctionDef) or len(method.params.params) < 2:
        return Rounded()
    value = method.params.params[1].name.value
    found = list(_roundings_of(source, method.body, value, digits))
    others = [
        text for one in call.args if one.keyword is None and (text := plain_text(one.value)) not in names
    ]
    if found and others:
        return Rounded(why=f"the value of {', '.join(map(str, others))} is rounded here as well")
    return Rounded(tuple(found))


def _roundings_of(source: Source, body: cst.CSTNode, name: str, digits: Digits) -> Iterator[Splice]:
    finder = _OfName(source, name, digits)
    body.visit(finder)
    yield from finder.found


class _OfName(cst.CSTVisitor):
    """Roundings of a plain name."""

    def __init__(self, source: Source, name: str, digits: Digits) -> None:
        self.found: list[Splice] = []
        self._source, self._name, self._digits = source, name, digits
        self._stack: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Name) and node.value == self._name:
            splice = _rounds(self._source, node, tuple(reversed(self._stack)), self._digits)
            self.found += [splice] if splice else []
        self._stack.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._stack.pop()
