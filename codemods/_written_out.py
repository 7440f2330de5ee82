"""Places that write a name out where the program runs: ``f"{ad.cost=}"`` says what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from bravo_agent.model.code import Occurrence
from bravo_agent.model.plan import ManualWork
from codemods._around import around
from codemods._everywhere import Text, work
from codemods._source import Source
from codemods._values import LeftAlone

_SHOWS_ITSELF = re.compile(r"=\s*(?:![rsa])?(?::[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*)?\}")
WHY = "this f-string writes the expression out: the text that it makes changes with the name"


def written_out(text: Text, chosen: Sequence[Occurrence]) -> Iterator[ManualWork]:
    """Those of ``chosen`` whose name is a part of the text that an f-string makes."""
    if not chosen or not _SHOWS_ITSELF.search(text.text):
        return
    try:
        chains = around(Source(text.text), [text.offset(one.token) for one in chosen])
    except LeftAlone:
        return
    for one in chosen:
        if any(
            isinstance(node, cst.FormattedStringExpression) and node.equal is not None
            for node in chains.get(text.offset(one.token), ())
        ):
            yield work(one, WHY)
