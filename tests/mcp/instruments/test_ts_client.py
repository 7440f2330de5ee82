"""The TypeScript SDK's client, over both transports and in both revisions; 200 reads at once each time."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from instruments_kit import HERE, INSTALLED, NODE, Http, Stdio, run

from mcp_server.server import tools

pytestmark = pytest.mark.instruments

READS = 200
INVALID_PARAMS = -32602


@pytest.mark.parametrize(("mode", "protocol"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_client(stdio: Stdio, http: Http, tmp_path: Path, transport: str, mode: str, protocol: str) -> None:
    told: dict[str, Any] = {"installed": str(INSTALLED), "mode": mode, "reads": READS}
    if transport == "http":
        told |= {"url": http.url, "token": http.token}
    else:
        told |= {"command": sys.executable, "args": stdio.arguments, "environ": stdio.environ}
    done = run((str(NODE), str(HERE / "ts_client.mjs")), home=tmp_path, stdin=json.dumps(told))
    assert done.code == 0, done
    found = done.document
    print(found["seconds"], "s for", found["many"])
    assert (found["protocol"], found["server"]) == (protocol, "bravo-agent")
    assert set(found["tools"]) == {name for name, kind in tools().items() if kind.needs is None}
    assert set(found["prompts"]) == {"review_changes", "decide_change", "write_transform", "explain_run"}
    assert found["templates"] == 2
    ids = found["changes"]["ids"]
    assert len(ids) == len(set(ids)) == found["changes"]["total"]
    assert found["changes"]["count"] > 2
    assert found["change"] == found["linked"] == ids[0]
    assert found["completed"]
    assert len(found["read"]) == 7
    assert all(found["read"])
    assert found["messages"] == 2
    assert found["wrong"] == "arguments-invalid"
    assert found["refused"] == dict.fromkeys(("tool", "prompt", "resource"), INVALID_PARAMS)
    assert found["many"] == {"asked": READS, "answered": READS, "failed": []}
