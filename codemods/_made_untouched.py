"""Where a model is made in files that nobody edits, as work for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bravo_agent.model.code import Unread
from bravo_agent.model.plan import ManualWork
from codemods._finding.roles import role_of_file


def made_untouched(entity: str, untouched: Iterable[Unread], suggestion: str) -> Iterator[ManualWork]:
    """Each line of ``untouched`` files on which a class called like the model or one built on it is called."""
    for one in untouched:
        role = f" ({role_of_file(one.file)})" if role_of_file(one.file) else ""
        for line in one.keys:
            why = f"{entity} is made here, as far as names tell{role}, and {one.why}: nobody edits it"
            yield ManualWork(one.file, line, why, suggestion)
