"""Servers for the instruments; without the instruments, these tests say so and are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from instruments_kit import INSTALLED, Http, Stdio
from mcp_scene import Scene
from mcp_serving import MODULE, TOKEN, serving

_PASSED_ON = ("BRAVO_TARGET_URI", "BRAVO_SOURCE_URI", "BRAVO_MASK_KEY", "BRAVO_USER", "PYTHONPATH")


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if not (INSTALLED / ".installed").exists():
        pytest.skip("the instruments are not installed: make instruments-installed")


@pytest.fixture(scope="session")
def stdio(drifted: Scene) -> Stdio:
    """The server for the drifted project, to be started with an environment that holds what it needs."""
    environ = drifted.outside(PYTHONPATH=str(Path(__file__).parents[3]))
    return Stdio((*MODULE, "-C", str(drifted.project)), {name: environ[name] for name in _PASSED_ON})


@pytest.fixture(scope="session")
def http(drifted: Scene) -> Iterator[Http]:
    """The same project's server, listening."""
    with serving(drifted, BRAVO_MCP_TOKEN=TOKEN) as (url, _):
        yield Http(url, TOKEN)
