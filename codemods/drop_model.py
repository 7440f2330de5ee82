"""Takes a model class out of its file, where nothing else mentions it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.plan import DropModel, ModelEdit
from codemods._declaration import attempt, refuse_uses
from codemods._drop_model_examples import EXAMPLES
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._unused import without_unused
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_top


@dataclass(frozen=True)
class DropModelKind:
    """The kind ``drop-model``. Any mention of the class keeps it from being made."""

    title: str = "Take a model away"
    examples: tuple[Example[DropModel], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` without the class."""
        assert isinstance(edit, DropModel)
        suggestion = f"remove the class {home.model} and its uses"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, home, file))


def _edited(source: Source, home: Home, file: str) -> str:
    found = source.classes(home.model)
    if not found:
        return source.text
    model = found[0]
    if len(found) > 1 or model not in source.module.body:
        raise LeftAlone(f"class {home.model} is not an ordinary class of the module", source.line(model))
    refuse_uses(home.outside, "it is mentioned elsewhere", line=source.line(model))
    around = source.text[: source.start(model)] + source.text[source.end(model) :]
    if re.search(rf"\b{re.escape(home.model)}\b", around):
        raise LeftAlone(f"this file mentions {home.model} elsewhere", source.line(model))
    after = splice(source.text, [_gone(source, model)])
    names = set(re.findall(r"\w+", source.code(model)))
    after, lost = without_unused(after, names, file)
    verify_top(source, after, {home.model}, lost)
    return after


def _gone(source: Source, model: cst.ClassDef) -> Splice:
    """The class with its decorators, and the empty lines above it, or below where it is the first."""
    start = source.line_start(model.decorators[0] if model.decorators else model)
    end = source.after_line(model)
    above = re.search(r"(?:[ \t]*(?:\r\n|\r|\n))*\Z", source.text[:start])
    blank = above.start() if above else start
    # The line end of the statement before stays.
    kept = re.match(r"[ \t]*(?:\r\n|\r|\n)", source.text[blank:start])
    if blank > 0 and kept:
        return Splice(blank + kept.end(), end, "")
    return Splice(start, end, "")


KIND = DropModelKind()
