"""Under which key is masked, told without the key."""

from __future__ import annotations

import hashlib
import hmac

from bravo_agent import wire
from bravo_agent.model.mapping import Mapping
from bravo_agent.workspace import Workspace


def mask_key_digest(workspace: Workspace) -> str:
    """The fingerprint of a keyed digest: tells two keys apart, and nothing else; that of "" without a key."""
    key = workspace.mask_key() or b""
    told = hmac.new(key, b"bravo-agent masking policy", hashlib.sha256).hexdigest() if key else ""
    return wire.fingerprint(told)


def masking_hash(workspace: Workspace, mapping: Mapping) -> str:
    """``KEY:COLUMNS``: under which key is masked, and which columns."""
    masked = [f"{e.table}.{c.column}" for e in mapping.entities for c in e.columns if c.rule == "masking"]
    return f"{mask_key_digest(workspace)}:{wire.fingerprint(masked)}"
