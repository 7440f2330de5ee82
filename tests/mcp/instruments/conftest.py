"""Servers for the instruments; without the instruments, these tests say so and are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from instruments_kit import INSTALLED, Http, Stdio, stdio_of
from mcp_scene import Scene
from mcp_serving import TOKEN, serving


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if not (INSTALLED / ".installed").exists():
        pytest.skip("the instruments are not installed: make instruments-installed")


@pytest.fixture(scope="session")
def stdio(drifted: Scene) -> Stdio:
    """The server for the drifted project."""
    return stdio_of(drifted)


@pytest.fixture(scope="session")
def http(drifted: Scene) -> Iterator[Http]:
    """The same project's server, listening."""
    with serving(drifted, BRAVO_MCP_TOKEN=TOKEN) as (url, _):
        yield Http(url, TOKEN)
