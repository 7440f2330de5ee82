"""``python -m bravo_agent`` is the script ``bravo-agent`` where no script is on the path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = "import sys; from bravo_agent.cli.main import main; sys.argv[0] = 'bravo-agent'; main()"


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("--auto", "--help"), ("refactor", "rename"), ("nothing",)]
)
def test_it_says_and_ends_as_the_script_does(arguments: tuple[str, ...], tmp_path: Path) -> None:
    as_module, as_script = (
        subprocess.run(
            [sys.executable, *how, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for how in (["-m", "bravo_agent"], ["-c", SCRIPT])
    )
    assert (as_module.returncode, as_module.stdout, as_module.stderr) == (
        as_script.returncode,
        as_script.stdout,
        as_script.stderr,
    )
    assert "bravo-agent" in as_module.stdout + as_module.stderr
