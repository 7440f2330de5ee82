"""Which attributes' values an expression hands on as they are, but for rounding and conversion."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

_CONSTANTS = (cst.SimpleString, cst.Integer, cst.Float, cst.UnaryOperation)


def direct_reads(value: cst.BaseExpression, names: Collection[str]) -> tuple[cst.Name, ...]:
    """The attributes called like one of ``names`` that are the value: ``x.f``, ``str(x.f)``, ``x.f or 0``.

    Not where something is calculated with it: that is another figure, which may keep its name.
    """
    match value:
        case cst.Attribute():
            return (value.attr,) if value.attr.value in names else ()
        case cst.Await():
            return direct_reads(value.expression, names)
        case cst.IfExp():
            return (*direct_reads(value.body, names), *direct_reads(value.orelse, names))
        case cst.BooleanOperation():
            return (*direct_reads(value.left, names), *direct_reads(value.right, names))
        case cst.Call():
            return _through_call(value, names)
    return ()


def _through_call(call: cst.Call, names: Collection[str]) -> tuple[cst.Name, ...]:
    of_receiver = direct_reads(call.func.value, names) if isinstance(call.func, cst.Attribute) else ()
    arguments = [one.value for one in call.args]
    found = [*of_receiver, *(read for one in arguments for read in direct_reads(one, names))]
    others = [one for one in arguments if not direct_reads(one, names) and not _is_constant(one)]
    return tuple(found) if len(found) == 1 and not others else ()


def _is_constant(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Call):
        return all(_is_constant(one.value) for one in value.args)
    if isinstance(value, cst.Attribute):
        return value.attr.value.isupper()
    if isinstance(value, cst.Name):
        return value.value.isupper() or value.value in ("None", "True", "False")
    return isinstance(value, _CONSTANTS)
