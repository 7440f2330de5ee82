"""Where the value of a place is written: beside it, in a variable, a default, a row of a test, a call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bravo_agent.model.code import Occurrence
from codemods._around import Chain, last_name, plain_text


def given_value(chain: Chain, one: Occurrence) -> cst.BaseExpression | None:
    """The value that the field is given here."""
    if len(chain) < 2:
        return None
    parent = chain[1]
    if one.form == "keyword" and isinstance(parent, cst.Arg) and parent.keyword is chain[0]:
        return parent.value
    if one.form == "string" and isinstance(parent, cst.DictElement) and parent.key is chain[0]:
        return parent.value
    if one.form == "attribute" and len(chain) > 3 and isinstance(chain[2], cst.AssignTarget):
        return chain[3].value if isinstance(chain[3], cst.Assign) and len(chain[3].targets) == 1 else None
    return None


def compared_with(node: cst.CSTNode, outside: Chain) -> Iterator[cst.BaseExpression]:
    """What ``node`` is held against: by an operator, by ``assertEqual``, inside of ``approx`` too."""
    sides: list[cst.BaseExpression] = []
    above = outside[0] if outside else None
    if isinstance(above, cst.ComparisonTarget):
        above = outside[1]
    if isinstance(above, cst.Comparison):
        sides = [above.left, *(one.comparator for one in above.comparisons)]
    elif isinstance(above, cst.Arg) and isinstance(outside[1], cst.Call):
        call = outside[1]
        sides = [one.value for one in call.args[:2]] if last_name(call.func).startswith("assert") else []
    for side in sides:
        if side is not node:
            approx = isinstance(side, cst.Call) and last_name(side.func) == "approx" and side.args
            yield side.args[0].value if approx and isinstance(side, cst.Call) else side


def either_of(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What an expression may be, one value or the other, as a decimal or not."""
    if isinstance(value, cst.IfExp):
        yield from (*either_of(value.body), *either_of(value.orelse))
    elif isinstance(value, cst.BooleanOperation):
        yield from (*either_of(value.left), *either_of(value.right))
    elif (
        isinstance(value, cst.Call)
        and last_name(value.func) in ("Decimal", "float", "str")
        and len(value.args) == 1
        and isinstance(value.args[0].value, (cst.Name, cst.Call))
    ):
        yield from either_of(value.args[0].value)
    else:
        yield value


def param_of(function: cst.FunctionDef, name: str) -> cst.Param | None:
    """The parameter of that name, of whatever kind."""
    params = function.params
    every = (*params.posonly_params, *params.params, *params.kwonly_params)
    return next((one for one in every if one.name.value == name), None)


def parametrized(function: cst.FunctionDef, name: str) -> Iterator[cst.BaseExpression]:
    """The values of ``name`` in ``@pytest.mark.parametrize("name, ...", [...])``."""
    for one in function.decorators:
        call = one.decorator
        if not isinstance(call, cst.Call) or last_name(call.func) != "parametrize" or len(call.args) < 2:
            continue
        names, rows = _names(call.args[0].value), call.args[1].value
        if name not in names or not isinstance(rows, (cst.List, cst.Tuple)):
            continue
        for row in rows.elements:
            cells = _cells(row.value)
            if len(names) == 1 and not isinstance(row.value, cst.Call):
                yield row.value
            elif len(cells) == len(names):
                yield cells[names.index(name)]


def _cells(row: cst.BaseExpression) -> list[cst.BaseExpression]:
    """What stands in a row, in ``pytest.param(...)`` too."""
    if isinstance(row, (cst.Tuple, cst.List)):
        return [one.value for one in row.elements]
    if isinstance(row, cst.Call) and last_name(row.func) == "param":
        return [one.value for one in row.args if one.keyword is None]
    return [row]


def _names(node: cst.BaseExpression) -> list[str]:
    text = plain_text(node)
    if text is not None:
        return [one.strip() for one in text.split(",")]
    if isinstance(node, (cst.Tuple, cst.List)):
        return [plain_text(one.value) or "" for one in node.elements]
    return []


def assigned(node: cst.CSTNode, name: str) -> Iterator[cst.BaseExpression]:
    """What the statements of a body give to a name; not those of functions in it."""
    targets: list[cst.BaseExpression] = []
    if isinstance(node, cst.Assign):
        targets = [one.target for one in node.targets]
    elif isinstance(node, cst.AnnAssign):
        targets = [node.target]
    if isinstance(node, (cst.Assign, cst.AnnAssign)):
        if node.value is not None and any(last_name(one) == name for one in targets):
            yield node.value
    elif not isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        for child in node.children:
            yield from assigned(child, name)
