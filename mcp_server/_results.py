"""What tools answer: values whose every field is described, with a status and what may be done next.

Texts that somebody else chose (names, comments, labels, defaults, file names) stand in fields of a ``Foreign`` type
alone, and in no sentence of ours. Such a field is made visible: one line, no unseen characters, cut in length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bravo_agent import wire
from bravo_agent.errors import FailedError, StaleError, UsageError
from bravo_agent.planning.untrusted import visible
from mcp_server._boundary import NOTICE

MOST = 50_000
"""Characters of a result: what is longer, clients file away unread."""
_ROOM = 40_000
"""Characters for the items of one page; the rest is for what stands around them."""
_SENTENCE = 600


@dataclass(frozen=True)
class Untrusted:
    """Marks a field whose text somebody else chose."""


FOREIGN = Untrusted()
Foreign = Annotated[str, AfterValidator(visible), FOREIGN]
"""A name or a short text, 200 characters at most."""
ForeignLine = Annotated[str, AfterValidator(lambda text: visible(text, _SENTENCE)), FOREIGN]
"""A sentence that holds names."""


class Shown(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(Shown):
    """What every tool answers at least."""

    status: str = Field(description="What this result says, in a word.")
    next_steps: tuple[str, ...] = Field(
        description="What may be done next: tools to call, or commands to run."
    )


class ForeignResult(Result):
    """A result that holds texts of others."""

    notice: str = Field(default=NOTICE, description="How texts in this result are to be taken.")


Limit = Annotated[int, Field(ge=1, le=200, description="How many at most; a page may hold fewer.")]
Cursor = Annotated[
    str | None,
    Field(max_length=64, description="next_cursor of the page before; leave out for the first page."),
]
LIMIT = 50


class PagedResult(ForeignResult):
    """One page of a list."""

    total: int = Field(description="How many there are on all pages.")
    limit: int = Field(description="How many this page may hold.")
    next_cursor: str | None = Field(description="Give it as cursor for the next page; null on the last one.")


M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def shown_as(model: type[M], source: object, **others: object) -> M:
    """What ``source`` has under the model's own names; ``others`` are the fields that it has under another one."""
    same = {name: getattr(source, name) for name in model.model_fields if name not in others}
    return model(**same, **others)


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The items of one page, and the fields of ``PagedResult`` around them."""

    items: tuple[M, ...]
    total: int
    limit: int
    next_cursor: str | None


I = TypeVar("I", str, BaseModel)  # noqa: E741


def fitting(items: Iterable[I], room: int) -> tuple[I, ...]:
    """The first of a list that has no pages, as many as ``room`` characters of JSON hold; one at least."""
    found: list[I] = []
    for one in items:
        room -= len(as_json(one)) + 1
        if found and room < 0:
            break
        found.append(one)
    return tuple(found)


def as_json(one: str | BaseModel) -> str:
    """As it will stand in the result."""
    if isinstance(one, BaseModel):
        return one.model_dump_json()
    return json.dumps(visible(one, _SENTENCE), ensure_ascii=False)


def page_of(
    all_of_them: Sequence[T],
    shown: Callable[[T], M],
    *,
    key: Callable[[T], str],
    cursor: str | None,
    limit: int,
    taken: int = 0,
) -> Slice[M]:
    """The page that ``cursor`` names, as long as the list is the one that it was given for.

    ``taken``: characters that the rest of the result needs beyond what is kept free for it.

    Raises ``UsageError`` ``cursor-invalid``, ``StaleError`` ``cursor-stale``.
    """
    stamp = wire.fingerprint([key(one) for one in all_of_them])[:12]
    start = _start(cursor, stamp, len(all_of_them))
    items: list[M] = []
    room = _ROOM - taken
    for one in all_of_them[start : start + limit]:
        item = shown(one)
        room -= len(item.model_dump_json()) + 1
        if items and room < 0:
            break
        items.append(item)
    end = start + len(items)
    following = f"{end}.{stamp}" if end < len(all_of_them) else None
    return Slice(tuple(items), len(all_of_them), limit, following)


def _start(cursor: str | None, stamp: str, total: int) -> int:
    if cursor is None:
        return 0
    number, _, given = cursor.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10 and given):
        raise UsageError(
            "cursor-invalid",
            "this is no cursor of this server",
            hint="Give next_cursor of the page before as it is, or leave it out.",
        )
    if given != stamp or int(number) >= total:
        raise StaleError(
            "cursor-stale",
            "the list has changed since the page before",
            hint="Begin again without a cursor.",
        )
    return int(number)


R = TypeVar("R", bound="Result")


def within_bounds(result: R) -> R:
    """The result; raises ``FailedError`` ``result-too-long`` where clients would file it away instead of reading it."""
    long = len(result.model_dump_json(by_alias=True))
    if long >= MOST:
        raise FailedError(
            "result-too-long",
            f"the result has {long:,} characters, and clients take {MOST:,}; what was to be done is done",
            hint="Where the tool takes limit, ask for fewer at once; the command line shows all of it.",
        )
    return result
