"""The API never answers from the network here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import respx
from claude_transport import URL, transport
from decider_scene import Scene, make_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    with transport() as found:
        yield found


@pytest.fixture
def api(router: respx.MockRouter) -> respx.Route:
    """The one address that is asked."""
    return router.post(URL)
