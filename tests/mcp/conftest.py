"""Scenes with snapshot and drift that are made once, for whoever only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from mcp_scene import Scene
from runs_fixtures import Copies, Template


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def make_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Scene]]:
    """Makes scenes: initialised and committed."""
    copies = Copies(template)
    yield lambda: Scene(**vars(copies.make(tmp_path_factory.mktemp("mcp"))))
    copies.end()


@pytest.fixture(scope="session")
def drifted(make_scene: Callable[[], Scene]) -> Scene:
    """Published once, then production drifted and a snapshot of it was taken. Only to be read."""
    return _drifted(make_scene())


@pytest.fixture(scope="module")
def planning(make_scene: Callable[[], Scene]) -> Scene:
    """The same, for tests that make plans and look at nothing that is left of them."""
    return _drifted(make_scene())


def _drifted(scene: Scene) -> Scene:
    scene.json("run")
    scene.drift(1, 2, 3, 4, 5, 7)
    scene.sql("alter table ad_groups alter column frequency_cap type text")
    scene.json("snapshot", "export")
    return scene


@pytest.fixture
def scene(make_scene: Callable[[], Scene]) -> Scene:
    """One of the test's own."""
    return make_scene()
