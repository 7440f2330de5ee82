"""mcpscore: 95 of 100 points or more, and its smoke checks of every reading tool."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from instruments_kit import ALL_ALLOWED, HERE, MCPSCORE, Done, Http, Stdio, named, run

pytestmark = pytest.mark.instruments

GATE = ("--fail-under", "95", "--fail-under-readiness", "100", "--smoke", "--json")


def _told(done: Done) -> Done:
    report = done.document
    print(report["score"], "of", report["max_score"])
    for one in report["results"]:
        if not one["passed"]:
            print(one["severity"], one["rule_id"])
    return done


def test_stdio(stdio: Stdio, tmp_path: Path) -> None:
    """By its own rules and weights, none of them turned off."""
    start = ("--stdio", sys.executable, *stdio.arguments, *ALL_ALLOWED)
    done = run(MCPSCORE, "--no-config", *GATE, *named(stdio.environ, "--env"), *start, home=tmp_path)
    assert _told(done).code == 0, done


def test_http(http: Http, tmp_path: Path) -> None:
    """Without the two rules that a server on loopback with a token of its own cannot follow."""
    config = str(HERE / "mcpscore.toml")
    done = run(MCPSCORE, "--config", config, *GATE, http.url, home=tmp_path, MCPSCORE_TOKEN=http.token)
    assert _told(done).code == 0, done
