"""A scene with one new required column and one that the code uses dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from decisions_scene import CHANNEL, NAME, SCORE, Scene, catalog, make_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path, catalog(NAME, SCORE, CHANNEL))
