"""Enters a new decimal field into the table of digits that the other fields of its model stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import libcst as cst

from bravo_agent.model.entities import Entity
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._around import last_name, plain_text
from codemods._everywhere import Code, CodeExample, Text, ordered
from codemods._finding.roles import role_of_file
from codemods._insertion import newline_of, with_element
from codemods._requests import RoundField
from codemods._rounding_rule_examples import EXAMPLES
from codemods._roundings import TABLE
from codemods._source import Source
from codemods._splice import splice
from codemods._values import LeftAlone

_FEWEST = 2


@dataclass(frozen=True)
class RoundingRuleKind:
    """The kind ``rounding-rule``.

    A table counts where its name or its file speaks of rounding, and where it gives two decimal fields of the model
    or more the digits that the model gives them.
    """

    title: str = "Enter a new field into a table of digits"
    examples: tuple[CodeExample[RoundField], ...] = EXAMPLES

    def through(self, code: Code, edit: RoundField) -> CodeChange:
        """The patch of the only such table; none where there is none."""
        entity = code.models.entity(edit.entity)
        tables = list(_tables(code, entity)) if entity else []
        if any(edit.field in one.keys for one in tables) or not tables or entity is None:
            return CodeChange()
        if len(tables) > 1:
            why = (
                f"there is more than one table of digits: nobody says which of them {edit.field} belongs into"
            )
            advice = f"Round {edit.field} to {edit.places} digits where it is needed."
            return CodeChange(
                Patch((), ordered(ManualWork(one.text.file, one.line, why, advice) for one in tables))
            )
        return CodeChange(Patch((_entered(tables[0], entity, edit),)))


@dataclass(frozen=True)
class _Table:
    text: Text
    source: Source
    node: cst.Dict
    keys: tuple[str | None, ...]

    @property
    def line(self) -> int:
        return self.source.line(self.node)


def _tables(code: Code, entity: Entity) -> Iterator[_Table]:
    places = {
        one.name: one.shape.decimal_places for one in entity.fields if one.shape.decimal_places is not None
    }
    files = {file for name in places for file in code.named(name)}
    for file in sorted(files):
        whole = code.read(file)
        if whole is None or role_of_file(file) in ("test", "fixture") or not _may_hold(whole, places):
            continue
        text = Text(file, whole)
        try:
            source = Source(text.text)
        except LeftAlone:
            continue
        for node in _dicts(source, by_file=role_of_file(file) == "rounding"):
            table = _Table(text, source, node, tuple(map(_key, node.elements)))
            fitting = [
                key
                for key, one in zip(table.keys, node.elements, strict=True)
                if _digits(one.value) is not None
            ]
            ours = [key for key in fitting if key in places]
            same = [key for key, one in zip(table.keys, node.elements, strict=True)
                    if key in ours and _digits(one.value) == places[key or ""]]  # fmt: skip
            if len(same) >= _FEWEST and len(fitting) == len(node.elements) and len(same) * 2 > len(ours):
                yield table


def _may_hold(text: str, names: Collection[str]) -> bool:
    """Whether a text is worth its reading: the keys of a table stand in quotes."""
    return sum(f'"{name}"' in text or f"'{name}'" in text for name in names) >= _FEWEST


def _dicts(source: Source, *, by_file: bool) -> Iterator[cst.Dict]:
    for line in source.module.body:
        for one in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            value = one.value if isinstance(one, (cst.Assign, cst.AnnAssign)) else None
            targets = [target.target for target in one.targets] if isinstance(one, cst.Assign) else []
            targets += [one.target] if isinstance(one, cst.AnnAssign) else []
            named = any(TABLE.search(last_name(target)) for target in targets)
            if isinstance(value, cst.Dict) and (named or by_file):
                yield value


def _entered(table: _Table, entity: Entity, edit: RoundField) -> Edit:
    source, node = table.source, table.node
    own = [number for number, key in enumerate(table.keys) if key and entity.field(key) is not None]
    alike = [number for number in own if _digits(node.elements[number].value) == edit.places]
    after = alike[-1] if alike else len(node.elements) - 1
    model = node.elements[alike[-1] if alike else own[-1]]
    spans = [(source.start(one), source.end(one.value)) for one in node.elements]
    assert isinstance(model, cst.DictElement)
    sign = source.code(model.key)[0]
    new = f"{sign}{edit.field}{sign}: {_written(source, model.value, edit.places)}"
    text = splice(source.text, with_element(source.text, spans, after, new, newline_of(source.text)))
    Source(text)
    return Edit(table.text.file, table.text.whole, table.text.with_bom(text))


def _written(source: Source, like: cst.BaseExpression, places: int) -> str:
    if isinstance(like, cst.Integer):
        return str(places)
    sign = source.code(like).rstrip(")")[-1]
    return f"{source.code(like).partition('(')[0]}({sign}{Decimal(1).scaleb(-places):f}{sign})"


def _key(element: cst.BaseDictElement) -> str | None:
    return plain_text(element.key) if isinstance(element, cst.DictElement) else None


def _digits(node: cst.BaseExpression) -> int | None:
    """Of a plain number, or of ``Decimal("0.01")``."""
    if isinstance(node, cst.Integer):
        return int(node.evaluated_value)
    if isinstance(node, cst.Call) and len(node.args) == 1 and last_name(node.func) == "Decimal":
        try:
            step = Decimal(plain_text(node.args[0].value) or "")
        except InvalidOperation:
            return None
        exponent = step.as_tuple().exponent
        return -exponent if isinstance(exponent, int) and step == Decimal(1).scaleb(exponent) else None
    return None


KIND = RoundingRuleKind()
