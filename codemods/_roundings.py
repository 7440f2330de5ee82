"""Which places of a field are reads of its value, and which tables say to how many digits it is rounded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.code import Occurrence
from codemods._around import Chain, last_name, nearest, plain_text
from codemods._digits import Digits, number_splice
from codemods._holding import EITHER, Seed
from codemods._source import Source
from codemods._splice import Splice

TABLE = re.compile(r"digit|round|precision|scale|places|decimals|quant", re.IGNORECASE)
_BY_NAME = ("field_validator", "field_serializer", "validator", "serializer")
_WITH_DIGITS = ("digits", "places", "decimal_places", "scale", "decimals", "precision")
_CONVENTION = "that what is rounded here is the field is known by its name alone"


def tabled(source: Source, chain: Chain, one: Occurrence, digits: Digits) -> tuple[Splice, ...]:
    """What a table says of the field at the place ``one``, around which ``chain`` stands."""
    if one.form == "string":
        return _in_table(source, chain, one, digits)
    if one.form == "keyword" and _is_dict_call(chain) and _is_table(chain, one):
        return _number(source, _argument(chain), digits)
    return ()


# -- values that are read ---------------------------------------------------------------------------


def seed_of(chain: Chain, one: Occurrence, doubt: str) -> Seed | None:
    """The expression that is the field's value at the place ``one``; None where it is not read there."""
    node = _read(chain, one)
    if node is None or isinstance(_beyond(chain, node), cst.AssignTarget):
        return None
    by_name = one.form == "string" and one.how == "convention"
    return Seed(node, doubt or (_CONVENTION if by_name else ""))


def captured(chain: Chain, one: Occurrence, doubt: str) -> Iterator[Seed]:
    """Reads of ``b`` under ``case Ad(cost=b)``; in doubt where the block gives it another value."""
    element, case = nearest(chain, cst.MatchKeywordElement), nearest(chain, cst.MatchCase)
    pattern = element.pattern if isinstance(element, cst.MatchKeywordElement) else None
    if one.form != "match" or not isinstance(pattern, cst.MatchAs) or not isinstance(case, cst.MatchCase):
        return
    if pattern.name is None or pattern.pattern is not None:
        return
    parts = [case.body, *([case.guard] if case.guard is not None else [])]
    reads = [read for part in parts for read in _names(part, pattern.name.value)]
    stored = any(isinstance(above, _STORES) for _, above in reads)
    for read, above in reads:
        if not isinstance(above, _STORES):
            yield Seed(read, doubt or (EITHER if stored else ""))


_STORES = (cst.AssignTarget, cst.NamedExpr, cst.For, cst.CompFor, cst.AugAssign, cst.AnnAssign, cst.Param)


def _names(node: cst.CSTNode, name: str) -> Iterator[tuple[cst.Name, cst.CSTNode]]:
    """Where a variable is named, with what stands around it; not attributes and keywords."""
    own = (
        node.attr if isinstance(node, cst.Attribute) else node.keyword if isinstance(node, cst.Arg) else None
    )
    for child in node.children:
        if isinstance(child, cst.Name) and child.value == name and child is not own:
            yield child, node
        yield from _names(child, name)


def _read(chain: Chain, one: Occurrence) -> cst.CSTNode | None:
    if len(chain) < 2:
        return None
    above = chain[1]
    if one.form == "attribute":
        return above if isinstance(above, cst.Attribute) and above.attr is chain[0] else None
    if one.form != "string" or len(chain) < 4 or not _is_whole(chain[0], one):
        return None
    if isinstance(above, cst.Index) and isinstance(chain[3], cst.Subscript):
        # A table of digits gives a number of digits.
        return None if TABLE.search(_subscripted(chain[3])) else chain[3]
    call = chain[2]
    if not isinstance(above, cst.Arg) or not isinstance(call, cst.Call):
        return None
    name, method = last_name(call.func), isinstance(call.func, cst.Attribute)
    plain = all(_is_default(arg.value) for arg in call.args[2 if name == "getattr" else 1 :])
    position = 1 if name == "getattr" else 0 if method and name in ("get", "pop") else -1
    return call if position >= 0 and plain and call.args[position : position + 1] == (above,) else None


def _is_default(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.Integer, cst.Float)) or (isinstance(node, cst.Name) and node.value == "None")


def _is_whole(node: cst.CSTNode, one: Occurrence) -> bool:
    """Whether the text is the name and nothing else: of ``a.cost`` nobody knows what it gives."""
    text = plain_text(node)
    return text is not None and len(text) == one.token.end - one.token.column


def _beyond(chain: Chain, node: cst.CSTNode) -> cst.CSTNode | None:
    place = chain.index(node)
    return chain[place + 1] if place + 1 < len(chain) else None


# -- serializers and validators ---------------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """A parameter that a decorator gives the field's value; ``doubt``: those of other fields as well."""

    param: cst.Param
    doubt: str = ""


def called_for(chain: Chain, one: Occurrence, names: Collection[str]) -> Called | None:
    """The method that a decorator calls for the field; None where the place says none."""
    decorator, method = nearest(chain, cst.Decorator), nearest(chain, cst.FunctionDef)
    call = decorator.decorator if isinstance(decorator, cst.Decorator) else None
    if one.form != "string" or not isinstance(call, cst.Call) or last_name(call.func) not in _BY_NAME:
        return None
    if not isinstance(method, cst.FunctionDef) or len(method.params.params) < 2:
        return None
    others = [
        text for arg in call.args if arg.keyword is None and (text := plain_text(arg.value)) not in names
    ]
    doubt = f"the value of {', '.join(map(str, others))} is rounded here as well" if others else ""
    return Called(method.params.params[1], doubt)


# -- tables -----------------------------------------------------------------------------------------


def _in_table(source: Source, chain: Chain, one: Occurrence, digits: Digits) -> tuple[Splice, ...]:
    if one.role in ("test", "fixture") or len(chain) < 2:
        return ()
    parent = chain[1]
    if isinstance(parent, cst.DictElement) and parent.key is chain[0]:
        return _number(source, parent.value, digits) if _is_table(chain, one) else ()
    if isinstance(parent, cst.Index) and isinstance(nearest(chain, cst.Assign), cst.Assign):
        assigned = nearest(chain, cst.Assign)
        assert isinstance(assigned, cst.Assign)
        return _number(source, assigned.value, digits) if _is_table(chain, one) else ()
    if isinstance(parent, cst.Arg):
        return _beside(source, chain, digits)
    pair = chain[2] if len(chain) > 2 else None
    if isinstance(parent, cst.Element) and isinstance(pair, cst.Tuple) and len(pair.elements) == 2:
        return _number(source, pair.elements[1].value, digits) if _is_table(chain, one) else ()
    return ()


def _number(source: Source, node: cst.BaseExpression | None, digits: Digits) -> tuple[Splice, ...]:
    if node is None:
        return ()
    found = number_splice(source, node, digits)
    return (found,) if found else ()


def _beside(source: Source, chain: Chain, digits: Digits) -> tuple[Splice, ...]:
    """``Column("cost", digits=2)``."""
    call = nearest(chain, cst.Call)
    if not isinstance(call, cst.Call) or chain[1] not in call.args:
        return ()
    found = [
        splice
        for argument in call.args
        if argument.keyword is not None and argument.keyword.value in _WITH_DIGITS
        if (splice := number_splice(source, argument.value, digits)) is not None
    ]
    return tuple(found)


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
