"""One required column is new and one that the code calculates with is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from review_browser import Opens, Watched
from review_scene import Project, make_project

from bravo_agent.review.server import Served


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "shop"
    folder.mkdir()
    return make_project(folder)


@pytest.fixture
def opens(chromium: Browser) -> Iterator[Opens]:
    there: list[Watched] = []

    def make(**options: Any) -> Watched:
        there.append(Watched(chromium, **options))
        return there[-1]

    yield make
    for one in there:
        one.close()


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    with project.served() as made:
        yield made
