"""A million rows of the example's daily metrics: export, load, checks and publish in under 400 MB."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from bravo_agent.usecases.demo import copy_example, generator

ROWS = 1_000_000
LIMIT = 400 * 2**20
# VmHWM and not ru_maxrss, which begins with the memory of the process that started this one.
PROGRAM = """
import atexit, sys
from pathlib import Path

report = Path(sys.argv.pop())

def note():
    lines = Path("/proc/self/status").read_text().splitlines()
    report.write_text(next(one for one in lines if one.startswith("VmHWM:")).split()[1])

atexit.register(note)
from bravo_agent.cli.main import main
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from Linux' /proc")
def test_a_run_of_a_million_rows(
    pg_database: str, mongo_uri: str, mongo_database_name: str, tmp_path: Path
) -> None:
    project = copy_example(tmp_path / "campaigns")
    generator(project).generate(pg_database, rows=ROWS, seed=1)
    environ = {
        **os.environ,
        "BRAVO_SOURCE_URI": pg_database,
        "BRAVO_TARGET_URI": mongo_uri,
        "BRAVO_MASK_KEY": "of this test alone",
    }
    bravo(project, environ, "init")
    config = project / "bravo.toml"
    named = config.read_text().replace('"bravo-1"', f'"{mongo_database_name}"').replace('"bravo-*"', '"t_*"')
    config.write_text(named)
    peak = bravo(project, environ, "run")
    assert peak < LIMIT, f"{peak / 2**20:.0f} MB"
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        assert client[mongo_database_name]["daily_metrics"].count_documents({}) == ROWS


def bravo(project: Path, environ: dict[str, str], *arguments: str) -> int:
    """Runs a command; gives its peak memory in bytes."""
    report = project.parent / "peak"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments, "-C", str(project), str(report)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(report.read_text()) * 1024
