"""A big schema is detected whole, and gives the same bytes whatever the order of hashes; no time is asserted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.detect import big_catalog, drifted, main, write_project
from bravo_agent import wire

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from bravo_agent.cli.main import main; main()"


def test_every_way_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--tables", "20", "--columns", "12", "--repeats", "1"])
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("20 tables, 240 columns")
    assert len(said) == 6


@pytest.mark.parametrize("identity", [True, False])
def test_the_same_bytes_in_every_process(tmp_path: Path, identity: bool) -> None:
    baseline = big_catalog(60, 20)
    write_project(tmp_path / "project", baseline)
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(wire.dumps(baseline))
    after.write_text(wire.dumps(drifted(baseline, identity=identity)))
    said = {_detected(before, after, seed) for seed in ("0", "1")}
    assert len(said) == 1
    assert said.pop().count('"type": "renamed_field"') == 6


def _detected(before: Path, after: Path, seed: str) -> str:
    given = ("detect", "--json", "--before", str(before), "--after", str(after))
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
