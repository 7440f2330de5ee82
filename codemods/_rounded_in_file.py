"""What one file rounds a field to: what follows its digits, and what a person has to look at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from bravo_agent.model.code import Occurrence, Token
from bravo_agent.model.plan import ManualWork
from codemods._around import Chain, last_name
from codemods._digits import Digits, Rounding, rounding_of
from codemods._everywhere import Code
from codemods._given_values import DOUBTS, EXPECTED_ADVICE, GivenValues, Limits, too_fine
from codemods._holding import DERIVED, EITHER, Handed, Held, Seed
from codemods._reach import reach
from codemods._roundings import called_for, captured, seed_of, tabled
from codemods._source import Source
from codemods._splice import Splice
from codemods._values import LeftAlone
from codemods._variables import InFile
from codemods._written_values import compared_with

_UNSURE = {
    "mixed": "this rounds the field and something else of that name",
    "unknown": "nobody can tell whether what is rounded here is the field",
}
_MANY = 3
_COMPARED = "See to it that it is still what was meant."
Constant = Callable[[str, Source, cst.BaseExpression], cst.BaseExpression | None]
"""What a name of a file stands for, where it is a constant of a module."""


@dataclass
class Told:
    """Edits of the file, work by hand in it and in what it calls, and the places that either is owed to."""

    splices: set[Splice] = field(default_factory=set)
    manual: list[ManualWork] = field(default_factory=list)
    edited: list[Token] = field(default_factory=list)
    by_hand: list[Token] = field(default_factory=list)


@dataclass
class FileRoundings:
    """``names`` all mean the field."""

    code: Code
    file: str
    source: Source
    digits: Digits
    names: Collection[str]
    constant: Constant
    limits: Limits
    _told: Told = field(default_factory=Told)

    def told(self, found: Iterable[tuple[Occurrence, Chain]]) -> Told:
        """What follows from the places ``found``, each with what stands around it."""
        known = [(one, chain) for one, chain in found if chain and one.form != "declaration"]
        rounds = self.digits.before != self.digits.after
        for one, chain in known:
            if rounds:
                self._table(one, tabled(self.source, chain, one, self.digits))
            given = list(GivenValues(self.code, self.limits).in_python(self.file, self.source, chain, one))
            self._told.manual += given
            self._told.by_hand += [one.token] if given else []
        reads = [(one, seed) for one, chain in known if (seed := seed_of(chain, one, _doubt(one)))]
        reads += [(one, seed) for one, chain in known for seed in captured(chain, one, _doubt(one))]
        methods = [(one, called) for one, chain in known if (called := called_for(chain, one, self.names))]
        if reads or methods:
            file = InFile(self.source)
            params = [called.param for _, called in methods]
            for one, called in methods:
                doubt = _doubt(one) or called.doubt
                reads += [(one, Seed(node, doubt)) for node in file.reads(called.param)]
            self._read(file, [one for one, _ in reads], [seed for _, seed in reads], params)
        return self._told

    # -- tables -------------------------------------------------------------------------------------

    def _table(self, one: Occurrence, splices: tuple[Splice, ...]) -> None:
        if not splices:
            return
        if one.verdict == "target" or (
            one.verdict == "mixed" and one.form == "string" and not self._others()
        ):
            self._told.splices.update(splices)
            self._told.edited.append(one.token)
            return
        self._leave(one, one.token.line, _doubt(one), f"Round the field to {self.digits.after} digits.")

    def _others(self) -> list[str]:
        """Fields of that name that are not decided with this one and have digits of their own."""
        group = self.code.finding.group
        refs = {(ref.module, ref.entity) for ref in (group.asked, *(ref for ref, _ in group.coupled))}
        entities = self.code.models.entities
        places = {
            f.place for e in entities if (e.module, e.name) in refs for f in e.fields if f.name in self.names
        }
        return [
            f"{entity.name}.{one.name}"
            for entity in entities
            for one in entity.fields
            if one.name in self.names and one.place not in places and one.shape.decimal_places is not None
        ]

    # -- values -------------------------------------------------------------------------------------

    def _read(
        self, file: InFile, owners: list[Occurrence], seeds: list[Seed], params: list[cst.Param]
    ) -> None:
        reached = reach(file, seeds, params)
        for held in reached.held:
            self._compared(owners[held.origin], file, held)
        if self.digits.before == self.digits.after:
            return
        found = [
            (held, rounding)
            for held in reached.held
            if (rounding := self._rounding(self.file, self.source, file, held, self.digits)) is not None
        ]
        doubtful = {rounding.whole for held, rounding in found if held.doubt or rounding.edit is None}
        for held, rounding in found:
            one = owners[held.origin]
            if rounding.whole not in doubtful and rounding.edit is not None:
                self._told.splices.add(rounding.edit)
                self._told.edited.append(one.token)
            elif not (rounding.open and held.doubt) and (held.doubt or rounding.why):
                why = held.doubt or rounding.why
                self._leave(one, self.source.line(rounding.whole), why, self._advice(self.source, rounding))
        for handed in reached.handed:
            self._handed(owners[handed.origin], handed, {seed.node for seed in seeds})

    def _compared(self, one: Occurrence, file: InFile, held: Held) -> None:
        """What the value itself is held against, where it has other digits than it may have."""
        if held.doubt in (DERIVED, EITHER):
            return
        for side in compared_with(held.node, file.outside(held.node)):
            why = too_fine(self.limits, self.source, side, test=False, expected=True)
            if why:
                said = f"{why}, and the field is held against it{DOUBTS.get(one.verdict, '')}"
                advice = EXPECTED_ADVICE if one.role in ("test", "fixture") else _COMPARED
                self._leave(one, self.source.line(side), said, advice)

    def _rounding(
        self, name: str, source: Source, file: InFile, held: Held, digits: Digits
    ) -> Rounding | None:
        def named(node: cst.BaseExpression) -> cst.BaseExpression | None:
            return self.constant(name, source, node) if isinstance(node, cst.Name) else None

        return rounding_of(source, held.node, file.outside(held.node), digits, named)

    def _advice(self, source: Source, rounding: Rounding) -> str:
        written = rounding.written(source)
        plain = f"Where it is to have {self.digits.after} digits"
        known = written and "\n" not in written
        return f"{plain}: {written}" if known else f"Round the field to {self.digits.after} digits."

    def _leave(self, one: Occurrence, line: int, why: str, suggestion: str) -> None:
        self._told.manual.append(ManualWork(self.file, line, f"{why} ({one.role})", suggestion))
        self._told.by_hand.append(one.token)

    # -- functions that are given it ------------------------------------------------------------------

    def _handed(self, one: Occurrence, handed: Handed, seeds: set[cst.CSTNode]) -> None:
        """What a function of the project rounds that it is given: others may give it other values."""
        name = last_name(handed.call.func)
        if not name or name[:1].isupper():
            return
        for where, source, function in self._defined(name):
            param = _parameter(function, handed)
            if param is None:
                continue
            file = InFile(source)
            reached = reach(file, [Seed(node) for node in file.reads(param)], [param])
            for held in reached.held:
                rounding = self._rounding(where, source, file, held, self.digits)
                if rounding is None or rounding.open or held.doubt == DERIVED:
                    continue
                given = f"{self.file}:{self.source.line(handed.call)}"
                why = f"{name} rounds what it is given, and is given the field in {given} ({one.role})"
                self._told.manual.append(
                    ManualWork(where, source.line(rounding.whole), why, self._advice(source, rounding))
                )
                self._told.by_hand.append(one.token)

    def _defined(self, name: str) -> Iterator[tuple[str, Source, cst.FunctionDef]]:
        """The functions of that name: those of this file, else all, where they are few."""
        own = [(self.file, self.source, one) for one in _functions(self.source.module, name)]
        if own:
            yield from own
            return
        found = []
        for file in self.code.named(f"def {name}("):
            text = self.code.read(file)
            try:
                source = Source(text) if text is not None else None
            except LeftAlone:
                continue
            found += [(file, source, one) for one in _functions(source.module, name)] if source else []
        yield from found if len(found) <= _MANY else ()


def _doubt(one: Occurrence) -> str:
    return "" if one.verdict == "target" else _UNSURE.get(one.verdict, _UNSURE["unknown"])


def _functions(node: cst.CSTNode, name: str) -> Iterator[cst.FunctionDef]:
    if isinstance(node, cst.FunctionDef) and node.name.value == name:
        yield node
    if isinstance(node, (cst.Module, cst.ClassDef, cst.IndentedBlock, cst.If, cst.Try)):
        for child in node.children:
            yield from _functions(child, name)


def _parameter(function: cst.FunctionDef, handed: Handed) -> cst.Param | None:
    params = [*function.params.posonly_params, *function.params.params]
    if handed.keyword:
        named = (*params, *function.params.kwonly_params)
        return next((one for one in named if one.name.value == handed.keyword), None)
    bound = bool(params) and params[0].name.value in ("self", "cls")
    position = handed.position + bound
    return params[position] if position < len(params) else None
