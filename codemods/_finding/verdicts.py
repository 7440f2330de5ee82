"""What each token means: by what the checker says defines it, by the class its call makes, or by how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bravo_agent.model.code import FieldGroup, Known, Occurrence, Point, Token, TokenVerdict
from codemods._finding.facts import Facts
from codemods._finding.models import Decl
from codemods._finding.values import Candidate, ClassKey, Verdict

CODE = ("attribute", "keyword", "match", "name")
_CLASS_BEFORE = re.compile(r"\b([A-Z]\w*)\.$")
_LISTED = re.compile(r"(?:^|[\r\n])[ \t]*(?:[-*]\s+)?(?::(?:param|ivar|var|attr)\s+)?`{0,2}$")
_INIT = ("__init__", "__new__", "__post_init__")


@dataclass(frozen=True)
class Said:
    """A verdict with what it rests on."""

    verdict: TokenVerdict
    how: Known
    why: str


_NOBODY = Said("unknown", "name", "the type checker cannot tell what it belongs to")


@dataclass(frozen=True)
class Judge:
    """Of one group: ``members`` are its declarations, each with why it belongs to it."""

    group: FieldGroup
    members: Mapping[Decl, str]
    facts: Facts
    parameters: Mapping[Point, Candidate]
    """Parameters of methods that are named like the field."""
    told: Mapping[Token, Verdict]
    """What the analysis of texts says."""
    alone: bool
    """Whether nothing else of the project declares the name."""

    def occurrence(self, one: Candidate) -> Occurrence:
        """The verdict on one token."""
        said = self._said(one)
        by_text = self.told.get(one.token)
        if said.verdict == "unknown" and by_text is not None:
            said = Said(by_text.verdict, by_text.how, by_text.why)
        return Occurrence(one.token, one.form, one.role, said.verdict, said.how, said.why, one.text)

    def _said(self, one: Candidate) -> Said:
        if one.form == "declaration":
            return self._declaration(one)
        if one.form in CODE:
            return (
                self._code(one) if one.key else Said("unknown", "name", "the name is a part of another one")
            )
        if one.form in ("string", "data-key"):
            return self._position(one)
        return self._written(one)

    # -- by types ---------------------------------------------------------------------------------------

    def _declaration(self, one: Candidate) -> Said:
        decl = one.token.file, one.token.line
        if decl in self.members and one.name == self.group.asked.field:
            return Said("target", "types", self.members[decl])
        if self.facts.is_protocol(ClassKey(one.token.file, one.owner)):
            return Said("unknown", "types", f"{one.owner} is a protocol: the model may be of it")
        return Said("other", "types", f"{one.owner} declares its own")

    def _code(self, one: Candidate) -> Said:
        point = Point(one.token.file, one.token.line, one.token.column)
        landings = self.facts.definitions([point])[0] if one.form != "match" else ()
        # A keyword of a pattern is looked up like a local variable of that name: only its class tells.
        if landings:
            return self._landed(one, point, landings)
        if one.position == "super":  # no __init__ above takes it by name, so it goes to Pydantic's
            return self._of_class(one, ClassKey(one.token.file, one.owner))
        if one.call is None:
            return _NOBODY
        (keys,) = self.facts.classes_of(one.token.file, [one.call])
        return _joined([self._of_class(one, key) for key in keys])

    def _landed(self, one: Candidate, point: Point, landings: Sequence[Point]) -> Said:
        return _joined([self._landing(one, point, landing) for landing in landings])

    def _landing(self, one: Candidate, point: Point, landing: Point) -> Said:
        decl = landing.file, landing.line
        if (landing.line, landing.column) == (1, 0) and _module_name(landing.file) == one.name:
            return Said("other", "types", f"the module {_short(landing.file)}")
        if not self._names(self.facts.text_at(landing), one):
            return Said("unknown", "name", f"{_short(landing.file)}:{landing.line} does not name it")
        if decl in self.members:
            return Said("target", "types", f"defined in {landing.file}:{landing.line}")
        owner = self.facts.owner_of(decl, one.name)
        if owner is not None and self.facts.is_protocol(owner):
            return Said("mixed", "types", f"{owner.qualname} is a protocol: the model may be of it")
        parameter = self.parameters.get(landing)
        if parameter is not None and self._is_own_init(parameter):
            return Said("unknown", "types", f"{parameter.owner} takes it by a method of its own")
        if landing == point:
            return Said("other", "types", "a name of its own")
        return Said("other", "types", f"defined in {_short(landing.file)}:{landing.line}")

    def _names(self, text: str, one: Candidate) -> bool:
        """Whether a landing holds the name: as it is, or behind ``self.``, where an attribute begins to be."""
        asked = self.group.asked
        names = {asked.field, asked.alias or asked.field, one.name}
        return any(re.match(rf"(?:\w+\.)*{re.escape(name)}(?!\w)", text) for name in names)

    def _is_own_init(self, parameter: Candidate) -> bool:
        if parameter.parameter_of not in _INIT:
            return False
        key = ClassKey(parameter.token.file, parameter.owner)
        return self.facts.declaring(key, self.group.asked.field) in self.members

    def _of_class(self, one: Candidate, key: ClassKey) -> Said:
        field = self.group.asked.field
        decl = self.facts.declaring(key, field)
        if decl is None:
            return Said("unknown", "name", f"{key.qualname} has no such field")
        if decl in self.members:
            return Said("target", "types", f"a field of {key.qualname}, declared in {decl[0]}:{decl[1]}")
        return Said("other", "types", f"a field of {key.qualname}, declared in {decl[0]}:{decl[1]}")

    # -- by how it is written ---------------------------------------------------------------------------

    def _position(self, one: Candidate) -> Said:
        key = ClassKey(one.token.file, one.owner)
        if one.position == "names":
            decl = self.facts.declaring(key, self.group.asked.field)
            if decl is not None and one.name == self.group.asked.field:
                verdict: TokenVerdict = "target" if decl in self.members else "other"
                return Said(verdict, "flow", f"a validator or serializer of {one.owner} names it")
        if one.position == "alias":
            decl = self.facts.declaring(key, one.field)
            if decl is not None:
                return Said(
                    "target" if decl in self.members else "other", "flow", f"the alias of {one.field}"
                )
        return Said("unknown", "name", "it is not known where this text goes")

    def _written(self, one: Candidate) -> Said:
        """Comments and documentation."""
        before = _CLASS_BEFORE.search(one.before)
        names = {
            ref.entity.rpartition(".")[2] for ref in (self.group.asked, *(r for r, _ in self.group.coupled))
        }
        if before is not None:
            name = before.group(1)
            if name in names:
                return Said("target", "convention", f"written as a field of {name}")
            if any(entity.field(one.name) for entity in self.facts.named.get(name, ())):
                return Said("other", "convention", f"written as a field of {name}")
        if one.form == "docstring" and self._is_listed(one):
            decl = self.facts.declaring(ClassKey(one.token.file, one.owner), one.name)
            if decl is not None:
                verdict: TokenVerdict = "target" if decl in self.members else "other"
                return Said(verdict, "convention", f"the documentation of {one.owner} lists it")
        if self.alone and one.before.endswith("`") and one.after.startswith("`"):
            return Said(
                "target", "convention", "in backticks, and nothing else in the project declares the name"
            )
        return Said("unknown", "name", "a word: it may mean anything")

    def _is_listed(self, one: Candidate) -> bool:
        return (
            bool(one.owner)
            and _LISTED.search(one.before) is not None
            and one.after.lstrip("` ")[:1] in (":", "-")
        )


def _joined(said: Iterable[Said]) -> Said:
    """Several landings: one that nobody understands makes all unknown, different ones make it mixed."""
    all_ = list(dict.fromkeys(said))
    if not all_:
        return _NOBODY
    verdicts = {one.verdict for one in all_}
    if len(verdicts) == 1:
        return all_[0]
    if "unknown" in verdicts:
        return next(one for one in all_ if one.verdict == "unknown")
    return Said("mixed", "types", "; ".join(one.why for one in all_))


def _module_name(file: str) -> str:
    """The last part of the name by which a file is imported."""
    parts = file.removesuffix("i").removesuffix(".py").split("/")
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


def _short(file: str) -> str:
    """The last folders of a file outside the project: where that is differs from machine to machine."""
    return "/".join(file.split("/")[-2:]) if file.startswith("/") else file
