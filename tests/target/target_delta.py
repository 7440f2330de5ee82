"""The delta of the tests on increments: more than one batch, with all that can happen to a document."""

from __future__ import annotations

from typing import Any

import bson

OWNED = ("generation", "name")
BEFORE: dict[Any, dict[str, Any]] = {
    i: {"_id": i, "generation": 1, "name": f"a {i}", **({"mine": [i]} if i % 2 else {})} for i in range(2_000)
}
CHANGED = {i: {"_id": i, "generation": 2, "name": f"new {i}"} for i in range(0, 1_300)}
ADDED = {i: {"_id": i, "generation": 2, "name": f"added {i}"} for i in range(5_000, 5_100)}
DELETES = list(range(1_500, 1_600))
UPSERTS = [bson.encode(one) for one in [*CHANGED.values(), *ADDED.values()]]
AFTER = {
    **{i: {**one, **CHANGED.get(i, {})} for i, one in BEFORE.items() if i not in DELETES},
    **ADDED,
}
