"""The mark that data stands between: new for every answer."""

from __future__ import annotations

import secrets


def new_boundary() -> str:
    """Nobody can have known it when they chose a name."""
    return f"data-{secrets.token_hex(12)}"
