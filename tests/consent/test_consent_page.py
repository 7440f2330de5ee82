"""What docs/consent.md promises: its tables against the tools."""

from __future__ import annotations

import re
from pathlib import Path

from mcp_server.consent import FLAGS
from mcp_server.server import tools

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")


def test_every_tool_that_needs_consent_has_a_row() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| `(--[a-z-]+)` \|", PAGE, re.MULTILINE))
    needing = {
        name: FLAGS[kind.needs] for name, kind in tools().items() if kind.needs in ("decisions", "apply")
    }
    assert rows == needing
    asking = {name for name, kind in tools().items() if kind.asks}
    assert asking == {name for name, kind in tools().items() if kind.person}
    assert {name for name in rows if f"| `{name}` | `{rows[name]}` | not asked" in PAGE} == set(rows) - asking
