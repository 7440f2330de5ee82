"""The benchmark measures what it says, on tables that are too small to say anything; no time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_figure_of_a_small_run(tmp_path: Path) -> None:
    report = tmp_path / "figures.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "--rows", "1000", "--repeats", "1"),
            *("--tables", "mixed", "daily_metrics", "--json", str(report)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text())["tables"]
    assert list(found) == ["mixed", "daily_metrics"]
    assert found["mixed"]["rows"] == 1000
    assert all(value >= 0 for one in found.values() for value in one.values())
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1
    assert any("load / insert_many" in line for line in table)
