"""Values that are written for a decimal field, and that its new digits do not take: listed, never rounded by us.

Those of the field's calls, dictionaries and data files, through constants, parameters and tables of parametrized tests;
what it is compared with; and those that were refused and are taken now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import libcst as cst

from bravo_agent.model.code import Occurrence
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ManualWork
from codemods._around import Chain, around, nearest
from codemods._calls import calls_in, constraint_calls
from codemods._conversions import fits_digits, literal_of
from codemods._data_nodes import data_tree
from codemods._defaults import written_default
from codemods._everywhere import Code, Text
from codemods._source import Source
from codemods._values import LeftAlone
from codemods._written_values import assigned, either_of, given_value, param_of, parametrized

EXPECTED_ADVICE = (
    "Write the value that the application gives now: --recompute runs the tests and proposes it."
)
"""Of values that are compared: a proposal for the same line stands in its place."""
_ADVICE = "Write a value that fits, or leave the field its digits."
_TAKEN = "See whether the test still says what is meant: it may wait for an error."
DOUBTS: Mapping[str, str] = {
    "mixed": " (if it is the field, which is one of two meanings)",
    "unknown": " (if it is the field, which nobody can tell)",
}
"""Said of places by their verdict."""
_TESTS = ("test", "fixture")
_HOPS = 3
_EDGES = ("ge", "gt", "le", "lt")


@dataclass(frozen=True)
class Limits:
    """What a decimal field took, and takes."""

    before: Shape
    after: Shape

    def why(self, written: str, number: str, *, test: bool) -> str:
        """Why the new digits are of consequence for a value; "" where they are not."""
        was, now = fits_digits(number, self.before), fits_digits(number, self.after)
        if was and not now:
            return f"{written} has more digits than the field takes now ({self._said})"
        if now and not was and test:
            return written + self._taken
        return ""

    @property
    def _said(self) -> str:
        places, digits = self.after.decimal_places, self.after.max_digits
        return f"{places} behind the point" + ("" if digits is None else f" of {digits} in all")

    def advice(self, why: str) -> str:
        """What to do about it."""
        return _TAKEN if why.endswith(self._taken) else _ADVICE

    @property
    def _taken(self) -> str:
        return f" was refused, and is taken now ({self._said})"


def too_fine(
    limits: Limits, source: Source, node: cst.BaseExpression, *, test: bool, expected: bool = False
) -> str:
    """What is wrong with a literal; "" with all else. ``expected``: of a text, noughts at the end count too."""
    text = source.code(node)
    number = _number(text)
    if number is None:
        return ""
    why = limits.why(text, number, test=test)
    digits = (
        len(number.partition(".")[2])
        if isinstance(node, cst.SimpleString) and "e" not in number.lower()
        else 0
    )
    places = limits.after.decimal_places or 0
    if not why and expected and fits_digits(number, limits.before) and digits > places:
        return f"{text} is written with more digits than the field has now ({places} behind the point)"
    return why


@dataclass(frozen=True)
class GivenValues:
    """What the places of one file give to the field."""

    code: Code
    limits: Limits

    def in_python(self, file: str, source: Source, chain: Chain, one: Occurrence) -> Iterator[ManualWork]:
        """The value of a keyword or of a key of a dictionary, as far as it is written somewhere."""
        value = given_value(chain, one)
        if value is None:
            yield from self._in_row(file, source, chain, one)
            return
        expected = one.role == "test" and nearest(chain, cst.Comparison) is not None
        for where, whose, literal, via in self._literals(file, source, chain, value):
            why = too_fine(self.limits, whose, literal, test=one.role in _TESTS, expected=expected)
            if why:
                how = f", and is given to it in {file}:{one.token.line}" if via else ""
                yield ManualWork(
                    where,
                    whose.line(literal),
                    f"{why}{how}{DOUBTS.get(one.verdict, '')} ({one.role})",
                    EXPECTED_ADVICE if expected else self.limits.advice(why),
                )

    def _in_row(self, file: str, source: Source, chain: Chain, one: Occurrence) -> Iterator[ManualWork]:
        """What stands beside the field's name in a table of a test: ``("cost", "7.12345", "7.1235")``."""
        row = chain[2] if len(chain) > 2 and isinstance(chain[1], cst.Element) else None
        if one.form != "string" or one.role not in _TESTS or not isinstance(row, (cst.Tuple, cst.List)):
            return
        for element in row.elements:
            why = too_fine(self.limits, source, element.value, test=False, expected=True)
            if why:
                said = f"{why}, and stands beside the field's name{DOUBTS.get(one.verdict, '')} ({one.role})"
                yield ManualWork(file, source.line(element), said, EXPECTED_ADVICE)

    def in_data(self, text: Text, found: list[Occurrence]) -> Iterator[ManualWork]:
        """The values of a JSON or YAML file."""
        tree = data_tree(text.file, text.text)
        keys = {text.offset(one.token): one for one in found if one.form == "data-key"}
        for node in tree.walk() if tree is not None else ():
            for _, start, value in node.members:
                one = keys.get(start) or keys.get(start + 1)
                if one is None or value.kind != "value" or isinstance(value.value, bool):
                    continue
                written = text.text[value.start : value.end]
                number = value.value if isinstance(value.value, str) else written
                why = self.limits.why(written, number, test=True) if _is_number(number) else ""
                if why:
                    line = text.text.count("\n", 0, value.start) + 1
                    said = f"{why}{DOUBTS.get(one.verdict, '')} ({one.role})"
                    yield ManualWork(text.file, line, said, self.limits.advice(why))

    # -- where a value is written ---------------------------------------------------------------------

    def _literals(
        self, file: str, source: Source, chain: Chain, value: cst.BaseExpression, hops: int = 0
    ) -> Iterator[tuple[str, Source, cst.BaseExpression, bool]]:
        """The literals that ``value`` may be: file, its source, and whether another place gives it."""
        for part in either_of(value):
            if isinstance(part, cst.Name) and hops < _HOPS:
                for where, whose, literal, _ in self._named(file, source, chain, part.value, hops + 1):
                    yield where, whose, literal, True
            else:
                yield file, source, part, hops > 0

    def _named(
        self, file: str, source: Source, chain: Chain, name: str, hops: int
    ) -> Iterator[tuple[str, Source, cst.BaseExpression, bool]]:
        """What a parameter or a variable is given."""
        function = nearest(chain, cst.FunctionDef)
        if isinstance(function, cst.FunctionDef) and (param := param_of(function, name)) is not None:
            if param.default is not None:
                yield file, source, param.default, True
            rows = list(parametrized(function, name))
            yield from ((file, source, one, True) for one in rows)
            if not rows and not function.name.value.startswith("test"):
                yield from self._handed(file, function, name, hops)
            return
        body: list[cst.CSTNode] = [function.body] if isinstance(function, cst.FunctionDef) else []
        for inside in (*body, source.module):
            found = list(assigned(inside, name))
            if found:
                yield from ((file, source, one, True) for one in found)
                return

    def _handed(
        self, file: str, function: cst.FunctionDef, name: str, hops: int
    ) -> Iterator[tuple[str, Source, cst.BaseExpression, bool]]:
        """What calls of a factory give to its parameter."""
        params = [one.name.value for one in function.params.params]
        position = params.index(name) - (params[:1] in (["self"], ["cls"])) if name in params else -1
        for where in sorted({file, *self.code.named(f"{function.name.value}(")}):
            text = self.code.read(where)
            try:
                source = Source(text) if text is not None else None
            except LeftAlone:
                continue
            for call in calls_in(source.module, (function.name.value,)) if source else ():
                for number, arg in enumerate(call.args):
                    named = arg.keyword is not None and arg.keyword.value == name
                    if source and (named or (arg.keyword is None and number == position and not arg.star)):
                        at = source.start(arg.value)
                        chain = around(source, [at]).get(at, ())
                        yield from self._literals(where, source, chain, arg.value, hops)


def in_declaration(
    limits: Limits, source: Source, statement: cst.AnnAssign
) -> Iterator[tuple[cst.BaseExpression, str]]:
    """Values in a field's own declaration that do not go with its new digits, with why."""
    default, _ = written_default(statement.value)
    if default is not None and (why := too_fine(limits, source, default, test=False)):
        yield default, f"its default: {why}"
    for call in (*constraint_calls(statement.annotation), *constraint_calls(statement.value)):
        for arg in call.args:
            name = arg.keyword.value if arg.keyword is not None else ""
            number = _number(source.code(arg.value)) if name in (*_EDGES, "multiple_of") else None
            if number is None:
                continue
            places = max(0, -int(Decimal(number).normalize().as_tuple().exponent))
            if name == "multiple_of" and places < (limits.after.decimal_places or 0):
                yield arg.value, f"{source.code(arg)} takes no finer values"
            elif name in _EDGES and places > (limits.after.decimal_places or 0):
                yield arg.value, f"{source.code(arg)} has more digits than its values have now"


def _number(text: str) -> str | None:
    """A written number, in quotes or in ``Decimal(...)`` too."""
    known = literal_of(text)
    if known is None or known.called not in ("", "Decimal") or isinstance(known.value, bool):
        return None
    if isinstance(known.value, (int, float)):
        return text.replace("_", "") if _is_number(text.replace("_", "")) else str(known.value)
    return known.value if isinstance(known.value, str) and _is_number(known.value) else None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
