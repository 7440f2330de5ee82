"""One required column is new and one that the code calculates with is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from review_scene import Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "shop"
    folder.mkdir()
    return make_project(folder)
