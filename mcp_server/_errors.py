"""Failures as a client reads them: code, message and hint as JSON, and nothing of an exception we do not know."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mcp_types import CallToolResult, TextContent

from bravo_agent.errors import BravoError, FailedError
from bravo_agent.planning.untrusted import visible
from mcp_server._boundary import NOTICE

T = TypeVar("T")
_LONGEST = 2_000
_DETAILS = 12_000
"""Characters of all details."""


def error_text(error: BravoError) -> str:
    """The error as one JSON object. Names in it are texts of others: they stay inside their quotation marks."""
    document: dict[str, Any] = {
        "status": "error",
        "code": error.code,
        "message": visible(error.message, _LONGEST),
        "hint": visible(error.hint, _LONGEST),
        "retryable": error.retryable,
        "notice": NOTICE,
    }
    if error.where:
        document["where"] = visible(error.where)
    if error.details:
        document["details"] = list(_first([visible(one, 400) for one in error.details]))
        if len(error.details) > len(document["details"]):
            document["details_total"] = len(error.details)
    return _quoted(document)


def _first(lines: Sequence[str]) -> Iterator[str]:
    """As many as there is room for."""
    room = _DETAILS
    for line in lines:
        room -= len(_quoted(line))
        if room < 0:
            return
        yield line


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def error_result(error: BravoError) -> CallToolResult:
    """As a raised ToolError reaches the client, but without the words that the SDK puts before the JSON."""
    return CallToolResult(content=[TextContent(type="text", text=error_text(error))], is_error=True)


def known(error: Exception) -> BravoError:
    """``error`` itself, or what may be told of one that nobody expected: its type and place, never its text."""
    if isinstance(error, BravoError):
        return error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return FailedError(
        "internal",
        f"an unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}",
        hint="Nothing half done is visible to readers. `bravo-agent doctor` looks at everything that is needed.",
    )


def tried(work: Callable[[], T]) -> T | BravoError:
    """What ``work`` gives, or its failure as a value: neither tears down what waits for it."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is becomes an answer
        return known(error)
