"""The official conformance suite, over HTTP, in both revisions of the protocol."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from instruments_kit import CONFORMANCE, HERE, Http, run
from mcp_serving import TOKEN, listening
from token_proxy import bearing

pytestmark = pytest.mark.instruments

OURS = {
    "2025-11-25": (
        "server-initialize",
        "server-session-lifecycle",
        "ping",
        "tools-list",
        "resources-list",
        "prompts-list",
        "dns-rebinding-protection",
        "server-sse-multiple-streams",
    ),
    "2026-07-28": (
        "tools-list",
        "resources-list",
        "prompts-list",
        "sep-2164-resource-not-found",
        "dns-rebinding-protection",
        "caching",
        "http-header-validation",
        "server-sse-multiple-streams",
        "input-required-result-unsupported-methods",
    ),
}
ASKING = tuple(
    f"input-required-result-{name}"
    for name in (
        "basic-elicitation",
        "basic-sampling",
        "basic-list-roots",
        "request-state",
        "multiple-input-requests",
        "multi-round",
        "missing-input-response",
        "non-tool-request",
        "result-type",
        "unsupported-methods",
        "tampered-state",
        "capability-check",
        "ignore-extra-params",
        "validate-input",
    )
)


@pytest.fixture(scope="module")
def ours(http: Http) -> Iterator[str]:
    with bearing(http.url, http.token) as url:
        yield url


@pytest.fixture(scope="module")
def asking() -> Iterator[str]:
    environ = {**os.environ, "PYTHONPATH": str(HERE.parents[2]), "BRAVO_MCP_TOKEN": TOKEN}
    with (
        listening((str(HERE / "asking_server.py"),), environ) as (address, _),
        bearing(address, TOKEN) as url,
    ):
        yield url


@pytest.mark.parametrize(("revision", "scenario"), [(one, name) for one in OURS for name in OURS[one]])
def test_ours(ours: str, tmp_path: Path, revision: str, scenario: str) -> None:
    _held(ours, tmp_path, revision, scenario)


@pytest.mark.parametrize("scenario", ASKING)
def test_questions(asking: str, tmp_path: Path, scenario: str) -> None:
    _held(asking, tmp_path, "2026-07-28", scenario)


def _held(url: str, home: Path, revision: str, scenario: str) -> None:
    """Every check of it was made and passed: no warning, nothing left out."""
    results = home / "results"
    done = run(
        CONFORMANCE,
        *("server", "--url", url, "--scenario", scenario, "--spec-version", revision),
        *("--output-dir", str(results)),
        home=home,
    )
    checks: list[dict[str, Any]] = [
        one for path in results.rglob("checks.json") for one in json.loads(path.read_text(encoding="utf-8"))
    ]
    found = [(one["status"], one["id"], one.get("errorMessage", "")) for one in checks]
    print(*found, sep="\n")
    assert done.code == 0, done
    assert [one for one in found if one[0] == "SUCCESS"], done
    assert [one for one in found if one[0] not in ("SUCCESS", "INFO")] == []
