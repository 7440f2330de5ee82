"""Takes a field out of its model: its declaration, the text that describes it, imports that it alone needed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.plan import DropField, ModelEdit
from codemods._declaration import Declaration, attempt, declaration_of, model_class, refuse_uses
from codemods._drop_field_examples import EXAMPLES
from codemods._mentions import mentions
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._unused import without_unused
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class


@dataclass(frozen=True)
class DropFieldKind:
    """The kind ``drop-field``. Any use keeps it from being made, in the class and anywhere else."""

    title: str = "Take a field out of a model"
    examples: tuple[Example[DropField], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` without the field."""
        assert isinstance(edit, DropField)
        suggestion = f"remove {home.model}.{edit.field} and its uses"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home, file))


def _edited(source: Source, edit: DropField, home: Home, file: str) -> str:
    model = model_class(source, home.model)
    declared = declaration_of(source, model, edit.field)
    if declared is None:
        return source.text
    line = source.line(declared.statement)
    refuse_uses(home.outside, "it is used outside its class", line=line)
    for one in mentions(model, edit.field, declared.name):
        raise LeftAlone(f"{edit.field} is used in its class", source.line(one.node))
    if len(declared.line.body) > 1:
        raise LeftAlone("other statements stand on its line", line)
    after = splice(source.text, [_gone(source, declared)])
    names = set(re.findall(r"\w+", source.code(declared.statement))) - {edit.field}
    after, lost = without_unused(after, names, file)
    verify_class(source, after, home.model, {edit.field}, lost)
    return after


def _gone(source: Source, declared: Declaration) -> Splice:
    """The whole lines; ``pass`` where the class would be left with nothing."""
    body = list(declared.model.body.body)
    at = body.index(declared.line)
    last: cst.CSTNode = declared.line
    if at + 1 < len(body) and _is_text(body[at + 1]):
        last = body[at + 1]
    start, end = source.line_start(declared.line), source.after_line(last)
    if all(one in (declared.line, last) for one in body):
        return Splice(source.start(declared.line), source.end(last), "pass")
    return Splice(start, end, "")


def _is_text(one: cst.CSTNode) -> bool:
    return (
        isinstance(one, cst.SimpleStatementLine)
        and isinstance(one.body[0], cst.Expr)
        and isinstance(one.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


KIND = DropFieldKind()
