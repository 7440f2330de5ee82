"""The example application: every place that must change does, no other one, and its own tests pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from refactor_campaigns import EXAMPLE, MUST, MUST_NOT, NEW, OLD, copy_of_example, expected

from bravo_agent.cli.main import group


def refactor(folder: Path, *arguments: str) -> Result:
    """``bravo-agent refactor`` in a copy of the application."""
    return CliRunner().invoke(group, ["refactor", *arguments, "-C", str(folder), "--python", sys.executable])


def texts(folder: Path) -> dict[str, str]:
    """What ``expected`` speaks of."""
    return {file: (folder / file).read_text() for file in expected(EXAMPLE)}


@pytest.fixture
def campaigns(tmp_path: Path) -> Path:
    return copy_of_example(tmp_path / "campaigns")


def test_the_lists_of_lines_are_all_there_is() -> None:
    named = {
        (file, number)
        for file, text in texts(EXAMPLE).items()
        for number, line in enumerate(text.split("\n"), 1)
        if re.search(rf"\b{OLD}\b|split_{OLD}", line) and not file.endswith(".sql")
    }
    listed = {
        (file, number) for lists in (MUST, MUST_NOT) for file, numbers in lists.items() for number in numbers
    }
    assert named == listed


@pytest.mark.slow
def test_rename_of_a_field_that_is_everywhere(campaigns: Path, mongo_uri: str) -> None:
    done = refactor(campaigns, "rename", f"Campaign.{OLD}", NEW, "--apply")
    found = texts(campaigns)
    wanted = expected(EXAMPLE)
    for file in wanted:
        assert found[file].split("\n") == wanted[file].split("\n"), file
    assert "by hand" not in done.output
    assert done.exit_code == 0, done.output
    suite(campaigns, mongo_uri)
    before = texts(campaigns)
    assert refactor(campaigns, "rename", f"Campaign.{OLD}", NEW, "--apply").exit_code == 0
    assert texts(campaigns) == before
    assert refactor(campaigns, "rename", f"Campaign.{NEW}", OLD, "--apply").exit_code == 0
    assert texts(campaigns) == texts(EXAMPLE)


def suite(folder: Path, mongo_uri: str) -> None:
    """The application's own tests."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "MONGODB_URI": mongo_uri},
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
