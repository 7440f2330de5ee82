"""The Anthropic API at the transport: recorded answers for what anthropic's httpx2 sends, and nothing goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx
import respx
from respx.mocks import HTTPCoreMocker

RECORDED = Path(__file__).with_name("recorded")
URL = "https://api.anthropic.com/v1/messages"


class HTTPCore2Mocker(HTTPCoreMocker):
    """respx knows httpcore alone; the SDK stands on httpx2, and that on httpcore2."""

    name = "httpcore2-of-these-tests"
    targets: ClassVar[list[str]] = [one.replace("httpcore.", "httpcore2.") for one in HTTPCoreMocker.targets]

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: httpx.Response, target: Any, **kwargs: Any) -> Any:
        import httpcore2

        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )


def recorded(name: str) -> httpx.Response:
    """The answer of recorded/NAME.json."""
    found = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return httpx.Response(
        found["status"], headers=found["headers"], content=json.dumps(found["body"]).encode()
    )


@contextmanager
def transport() -> Iterator[respx.MockRouter]:
    """A router that every request must have a route in."""
    with respx.mock(using=HTTPCore2Mocker.name, assert_all_called=False) as router:
        yield router


def sent(route: respx.Route, number: int = -1) -> dict[str, Any]:
    """What the API was asked."""
    found: dict[str, Any] = json.loads(route.calls[number].request.content)
    return found
