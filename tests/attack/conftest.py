"""An application for each test."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from attack_scene import App


@pytest.fixture
def app(pg_database: str, mongo_uri: str, mongo_database_name: str, tmp_path: Path) -> App:
    """An empty project in git, with an empty source and target."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    environ = {"BRAVO_SOURCE_URI": pg_database, "BRAVO_TARGET_URI": mongo_uri, "BRAVO_MASK_KEY": "k" * 40}
    return App(tmp_path, pg_database, mongo_uri, mongo_database_name, environ)
