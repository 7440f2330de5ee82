"""Where a new field of a model goes: after the last ordinary one, before everything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from codemods._source import Source, bound_names
from codemods._splice import Splice
from codemods._values import LeftAlone

_NOT_FIELDS = re.compile(r"\bClassVar\b")
_MIXED = re.compile(r"^(?: +\t|\t+ )", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where the declaration goes, and what goes around it."""

    start: int
    end: int
    before: str
    after: str

    def splice(self, declaration: str, newline: str) -> Splice:
        """The declaration with what goes around it, in the file's line ends."""
        return Splice(self.start, self.end, f"{self.before}{declaration}{self.after}".replace("\n", newline))


def place_for_field(source: Source, model: cst.ClassDef) -> Place:
    """After the last ordinary field; raises ``LeftAlone`` where the class is written in an odd way."""
    if isinstance(model.body, cst.SimpleStatementSuite):
        return _one_liner(source, model, model.body)
    if (below := _below_last(source, model.body)) is not None:
        return below
    body = [one for one in model.body.body if isinstance(one, cst.BaseStatement)]
    _check_indent(source, model, body)
    fields = [number for number, one in enumerate(body) if _is_field(source, one)]
    if fields:
        last = fields[-1]
        if last + 1 < len(body) and _is_text(body[last + 1]):
            last += 1
        return _after(source, body[last], source.indent(body[last]), gap="")
    if len(body) == 1 and _is_filler(body[0]):
        return _instead(source, body[0])
    head = [one for one in body[:2] if _is_text(one) or _is_config(one)]
    if head and head[0] is body[0]:
        return _after(source, head[-1], source.indent(body[0]), gap="\n")
    start = source.line_start(body[0])
    indent = source.indent(body[0])
    comments = _comment_lines(source, body[0])
    return Place(start - comments, start - comments, indent, "\n\n" if not _is_filler(body[0]) else "\n")


def _below_last(source: Source, block: cst.BaseSuite) -> Place | None:
    """Below the field that was put in last, where that is the last one of this class: where that was is known."""
    last, body = source.tree.last, block.body
    if last is None or not _is_field(source, last):
        return None
    at = next((n for n in range(len(body) - 1, -1, -1) if body[n] is last), None)
    below = body[at + 1] if at is not None and at + 1 < len(body) else None
    if at is None or (isinstance(below, cst.BaseStatement) and _is_text(below)):
        return None
    return _after(source, last, source.indent(last), gap="")


def _comment_lines(source: Source, statement: cst.BaseStatement) -> int:
    """The length of the comment and decorator lines right above ``statement``."""
    lines = source.text[: source.line_start(statement)].splitlines(keepends=True)
    length = 0
    while lines and lines[-1].strip().startswith(("#", "@")):
        length += len(lines.pop())
    return length


def _check_indent(source: Source, model: cst.ClassDef, body: list[cst.BaseStatement]) -> None:
    text = source.text[source.start(model) : source.end(model)]
    indents = {source.indent(one) for one in body}
    if _MIXED.search(text) or len(indents) > 1:
        raise LeftAlone(f"class {model.name.value} mixes tabs and spaces", source.line(model))


def _one_liner(source: Source, model: cst.ClassDef, body: cst.SimpleStatementSuite) -> Place:
    line_end = source.text[source.end(body.body[-1]) : source.after_line(model)].strip()
    if len(body.body) != 1 or not _is_filler_statement(body.body[0]) or line_end:
        raise LeftAlone(f"class {model.name.value} is written on one line", source.line(model))
    start = source.start(body.body[0])
    blank = len(source.text[:start]) - len(source.text[:start].rstrip(" \t"))
    step = "\t" if "\n\t" in source.text and "\n    " not in source.text else "    "
    return Place(start - blank, source.end(body.body[0]), f"\n{source.indent(model)}{step}", "")


def _after(source: Source, statement: cst.BaseStatement, indent: str, gap: str) -> Place:
    place = source.after_line(statement)
    if source.text[:place].endswith(("\n", "\r")):
        return Place(place, place, gap + indent, "\n")
    return Place(place, place, f"\n{gap}{indent}", "")


def _instead(source: Source, filler: cst.BaseStatement) -> Place:
    rest = source.text[source.end(filler) : source.after_line(filler)].strip()
    if rest:
        return _after(source, filler, source.indent(filler), gap="")
    return Place(source.start(filler), source.end(filler), "", "")


def _only(statement: cst.BaseStatement) -> cst.BaseSmallStatement | None:
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def _is_field(source: Source, statement: cst.BaseStatement) -> bool:
    """An ordinary field: annotated, public, no ClassVar, not the configuration."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    one = statement.body[-1]
    if not isinstance(one, cst.AnnAssign) or not isinstance(one.target, cst.Name):
        return False
    name = one.target.value
    if name.startswith("_") or name == "model_config":
        return False
    return not _NOT_FIELDS.search(source.code(one.annotation.annotation))


def _is_text(statement: cst.BaseStatement) -> bool:
    one = _only(statement)
    return isinstance(one, cst.Expr) and isinstance(one.value, (cst.SimpleString, cst.ConcatenatedString))


def _is_config(statement: cst.BaseStatement) -> bool:
    one = _only(statement)
    return one is not None and "model_config" in bound_names(one)


def _is_filler(statement: cst.BaseStatement) -> bool:
    one = _only(statement)
    return one is not None and _is_filler_statement(one)


def _is_filler_statement(one: cst.BaseSmallStatement) -> bool:
    return isinstance(one, cst.Pass) or (isinstance(one, cst.Expr) and isinstance(one.value, cst.Ellipsis))
