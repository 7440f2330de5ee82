"""One hash over everything a run is made from."""

from __future__ import annotations

import hashlib
import hmac

from bravo_agent import wire
from bravo_agent.model.mapping import Mapping
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace

FORMAT = 1


def plan_hash(workspace: Workspace, found: Detection, mapping: Mapping) -> str:
    """Same fingerprints, decisions, mapping and configuration: same hash, on every machine."""
    return wire.fingerprint(
        {
            "format": FORMAT,
            "fingerprints": found.fingerprints(),
            "decisions": [wire.plain(one) for one in workspace.decisions() if one.status == "accepted"],
            "mapping": wire.plain(mapping),
            "config": workspace.config.model_dump(mode="json"),
        }
    )


def masking_hash(workspace: Workspace, mapping: Mapping) -> str:
    """``KEY:COLUMNS``: under which key is masked (told by a keyed digest, never by the key), and which columns."""
    masked = [f"{e.table}.{c.column}" for e in mapping.entities for c in e.columns if c.rule == "masking"]
    key = workspace.mask_key() or b""
    told = hmac.new(key, b"bravo-agent masking policy", hashlib.sha256).hexdigest() if key else ""
    return f"{wire.fingerprint(told)}:{wire.fingerprint(masked)}"
