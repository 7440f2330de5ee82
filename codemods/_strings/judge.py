"""From what texts meet to verdicts: by flow, by convention, and by what has to be equal to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bravo_agent.model.code import Known, Token, TokenVerdict
from codemods._strings.found import Found
from codemods._strings.graph import Class
from codemods._strings.group import Group
from codemods._strings.texts import Text

_TANGLED = "the flow of this text is too tangled to be followed"
_NOTHING = "nothing says what this text names"


@dataclass(frozen=True)
class Judged:
    """What a text means: ``how`` that is known, and ``why`` in words."""

    verdict: TokenVerdict
    how: Known
    why: str


@dataclass
class Case:
    """A text and what is known of it. ``equals``: texts that have to stay equal to it.

    ``rivals``: texts that the same place reads beside the field's own name; they have to mean the field too.
    ``muddy``: places where something comes in that nobody knows.
    """

    text: Text
    ins: list[str] = field(default_factory=list)
    outs: list[str] = field(default_factory=list)
    muddy: list[str] = field(default_factory=list)
    equals: set[Token] = field(default_factory=set)
    rivals: set[Token] = field(default_factory=set)
    tangled: bool = False
    how: Known = "flow"

    @property
    def own(self) -> Judged | None:
        """What it says by itself."""
        if self.tangled:
            return Judged("unknown", "name", _TANGLED)
        if self.ins and (self.outs or self.muddy):
            return Judged("mixed", self.how, f"{self.ins[0]}, but also {(self.outs + self.muddy)[0]}")
        if self.ins:
            return Judged("target", self.how, self.ins[0])
        if self.outs and self.muddy:
            return Judged("unknown", "name", f"{self.outs[0]}, but also {self.muddy[0]}")
        return Judged("other", self.how, self.outs[0]) if self.outs else None


def case_of(text: Text, found: Found, group: Group) -> Case:
    """What ``found`` says of ``text``."""
    case = Case(text, tangled=found.tangled)
    _weigh(case, found, group)
    case.equals |= {one.token for one in found.texts}
    for site in found.sites:
        one, keyed = site.found, site.kind == "keyed"
        meant = _weigh(case, one, group, keyed=keyed)
        tokens = {other.token for other in one.texts} - {text.token}
        if not keyed and (one.names or one.others or site.kind == "reads"):
            case.muddy += [f"what is not known: {why}" for why in list(one.unknown)[:1]]
            case.muddy += ["more that is too tangled to be followed"] * one.tangled
        case.muddy += list(one.heirs)[:1]
        if meant and not keyed:
            case.rivals |= tokens
        else:
            case.equals |= tokens
    return case


def _weigh(case: Case, found: Found, group: Group, *, keyed: bool = False) -> bool:
    """Whether ``found`` says that the text means the field.

    That free keys are looked up in a table (``keyed``) does not say what the keys of the table are.
    """
    named = fields(found.names.items(), group)
    case.ins += named[0]
    case.outs += [*named[1], *([] if keyed else found.others)]
    return bool(named[0])


def fields(names: Iterable[tuple[tuple[Class, str], str]], group: Group) -> tuple[list[str], list[str]]:
    """Of the fields of the group, and of others."""
    ins: list[str] = []
    outs: list[str] = []
    for (one, name), why in names:
        (ins if group.has(one, name) else outs).append(f"{one.name}.{name}: {why.partition(' at ')[2]}")
    return ins, outs


def judged(cases: dict[Token, Case]) -> dict[Token, Judged]:
    """The verdict of each, those that rest on others included."""
    own = {token: case.own for token, case in cases.items()}
    links = _links(cases)
    result = {token: one for token, one in own.items() if one is not None}
    for token, judgement in list(result.items()):
        result[token] = _against(judgement, [own.get(other) for other in links[token]])
    _spread(result, links)
    while _rivalled(result, cases):
        pass
    return {token: result.get(token) or Judged("unknown", "name", _NOTHING) for token in cases}


def _rivalled(result: dict[Token, Judged], cases: dict[Token, Case]) -> bool:
    """Whether one more target is mixed, since what reads it reads something that is none."""
    for token, case in cases.items():
        one = result.get(token)
        if one is None or one.verdict != "target":
            continue
        rivals = (other for other in sorted(case.rivals, key=_place) if not _agrees(result, other))
        rival = next(rivals, None)
        if rival is not None:
            why = f"{one.why}, but also the text at {rival.file}:{rival.line}"
            result[token] = Judged("mixed", one.how, why)
            return True
    return False


def _place(token: Token) -> tuple[str, int, int]:
    return token.file, token.line, token.column


def _agrees(result: dict[Token, Judged], token: Token) -> bool:
    one = result.get(token)
    return one is not None and one.verdict == "target"


def _links(cases: dict[Token, Case]) -> dict[Token, list[Token]]:
    """Who has to be equal to whom. A rival gets nothing from the place that reads it."""
    links: dict[Token, set[Token]] = {token: set() for token in cases}
    for token, case in cases.items():
        for other in case.equals & cases.keys():
            if token not in cases[other].rivals:
                links[token].add(other)
            if other not in case.rivals:
                links[other].add(token)
    return {token: sorted(others - {token}, key=_place) for token, others in links.items()}


def _against(one: Judged, others: list[Judged | None]) -> Judged:
    """A text that must equal another one of another meaning serves both."""
    clash = {"target": "other", "other": "target"}.get(one.verdict)
    against = next((other for other in others if other is not None and other.verdict == clash), None)
    if against is None:
        return one
    return Judged("mixed", one.how, f"{one.why}, but it has to equal a text that means {against.why}")


def _spread(result: dict[Token, Judged], links: dict[Token, list[Token]]) -> None:
    """Texts that say nothing by themselves take the verdict of those they have to equal."""
    while True:
        new: dict[Token, Judged] = {}
        for token, others in links.items():
            if token in result:
                continue
            known = [(other, result[other]) for other in others if other in result]
            known = [(other, one) for other, one in known if one.verdict != "unknown"]
            if known:
                new[token] = _taken(known)
        if not new:
            return
        result.update(new)


def _taken(known: list[tuple[Token, Judged]]) -> Judged:
    verdicts = {one.verdict for _, one in known}
    other, first = known[0]
    how: Known = "flow" if all(one.how == "flow" for _, one in known) else "convention"
    verdict: TokenVerdict = next(iter(verdicts)) if len(verdicts) == 1 else "mixed"
    return Judged(verdict, how, f"has to equal the text at {other.file}:{other.line} ({first.why})")
