"""The finder's benchmark runs and finds the same twice; no time is asserted."""

from __future__ import annotations

from benchmarks.finder import measure


def test_every_step_is_measured() -> None:
    figures = measure(4_000, 5)
    assert figures["lines"] > 3_000
    assert figures["notes"] == []
    assert 0 < figures["targets"] < figures["tokens"]
    assert {"ceiling_s", "first_s", "again_s", "changed_s", "first_peak_mb"} <= figures.keys()
