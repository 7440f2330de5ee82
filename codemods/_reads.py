"""Reads of a field that no type checker judges: of who knows what, and in formats that None has no place in."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bravo_agent.model.code import Occurrence
from bravo_agent.model.plan import ManualWork
from codemods._around import around
from codemods._everywhere import Code, Text, by_file, not_editable, work
from codemods._source import Source
from codemods._values import LeftAlone

_READS = ("attribute", "string", "match")


def unknown_reads(code: Code, suggestion: str) -> list[ManualWork]:
    """Places in code that may read the field, where nobody can tell."""
    return [
        work(one, "nobody can tell whether this is the field", suggestion)
        for one in code.finding.occurrences
        if one.verdict in ("unknown", "mixed") and one.form in _READS and one.token.file.endswith(".py")
    ]


def formatted_reads(code: Code, suggestion: str) -> Iterator[ManualWork]:
    """``f"{x.field:.2f}"``: None has no such format."""
    reads = [one for one in code.finding.occurrences if one.verdict == "target" and one.form == "attribute"]
    for file, found in by_file(reads).items():
        whole = code.read(file)
        if whole is None:
            yield from not_editable(found, suggestion)
            continue
        text = Text(file, whole)
        try:
            yield from _formatted(Source(text.text), text, found, suggestion)
        except LeftAlone:
            continue


def _formatted(source: Source, text: Text, found: list[Occurrence], suggestion: str) -> Iterator[ManualWork]:
    chains = around(source, [text.offset(one.token) for one in found])
    for one in found:
        chain = chains.get(text.offset(one.token), ())
        parent = chain[2] if len(chain) > 2 else None
        if isinstance(parent, cst.FormattedStringExpression) and parent.format_spec:
            yield work(one, "None has no such format", suggestion)
