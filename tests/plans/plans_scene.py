"""Plans of a scene, and what was there before and after."""

from __future__ import annotations

import hashlib
from typing import Any

from runs_scene import Scene

MODEL = "campaigns/models/campaigns.py"
OURS = ("_bravo_versions", "_bravo_journal", "_bravo_plans", "etl_audit")


def planned(scene: Scene, *arguments: str, code: int = 0) -> str:
    """The hash of a new plan."""
    made: str = scene.json("plan", *arguments, code=code)["plan"]["hash"]
    return made


def files(scene: Scene) -> dict[str, str]:
    """Every file of the project but logs, locks, caches and git's own, by the hash of its bytes."""
    found = {}
    for path in sorted(scene.project.rglob("*")):
        name = path.relative_to(scene.project).as_posix()
        if (
            path.is_file()
            and not name.startswith((".git/", "logs/", ".bravo/writing.lock", ".bravo/cache/"))
            and "__pycache__" not in name
        ):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def written(scene: Scene) -> tuple[dict[str, str], Any, Any]:
    """All that an apply could write: files, documents, and our own records."""
    with scene.client() as client:
        base = client[scene.database]
        ours = {name: list(base[name].find().sort("_id", 1)) for name in OURS}
    return files(scene), scene.documents(), ours


def journal(scene: Scene) -> dict[str, str]:
    """Hash -> state."""
    with scene.client() as client:
        return {one["_id"]: one["state"] for one in client[scene.database]["_bravo_plans"].find()}
