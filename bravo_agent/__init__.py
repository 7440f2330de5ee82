"""The Python API: the verbs (use cases) and the values they return, nothing else.

    from bravo_agent import open_workspace, run
    report = run(open_workspace(Path("my-application")))

Every name is imported at its first use, so that `import bravo_agent` alone (as the watchdog of the embedded
servers does it) stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bravo_agent.errors import BravoError
    from bravo_agent.events import Event
    from bravo_agent.model.catalog import Catalog
    from bravo_agent.model.change import Change, Decision
    from bravo_agent.model.check import CheckResult
    from bravo_agent.model.plan import Patch
    from bravo_agent.model.run import RunReport
    from bravo_agent.model.snapshot import Snapshot
    from bravo_agent.model.version import Version
    from bravo_agent.usecases.acquire import (
        SnapshotList,
        export_snapshot,
        fetch_snapshot,
        list_snapshots,
        prune_snapshots,
        share_snapshot,
        verify_snapshot,
    )
    from bravo_agent.usecases.adopt import adopt
    from bravo_agent.usecases.cascade import Applied, Cascade, apply_cascade, make_cascade
    from bravo_agent.usecases.convert import ConvertedTable, transform
    from bravo_agent.usecases.decide import record_decision
    from bravo_agent.usecases.detect import Detection, compare_files, detect, source_catalog
    from bravo_agent.usecases.doctor import Diagnosis, doctor
    from bravo_agent.usecases.explain import Explanation, explain
    from bravo_agent.usecases.initialise import Initialised, initialise
    from bravo_agent.usecases.run import run
    from bravo_agent.usecases.validate import validate
    from bravo_agent.usecases.versions import Rollback, list_versions, rollback
    from bravo_agent.workspace import Workspace, make_workspace, open_workspace

_HOMES = {
    "errors": ("BravoError",),
    "events": ("Event",),
    "model.catalog": ("Catalog",),
    "model.change": ("Change", "Decision"),
    "model.check": ("CheckResult",),
    "model.plan": ("Patch",),
    "model.run": ("RunReport",),
    "model.snapshot": ("Snapshot",),
    "model.version": ("Version",),
    "usecases.acquire": (
        "SnapshotList",
        "export_snapshot",
        "fetch_snapshot",
        "list_snapshots",
        "prune_snapshots",
        "share_snapshot",
        "verify_snapshot",
    ),
    "usecases.adopt": ("adopt",),
    "usecases.cascade": ("Applied", "Cascade", "apply_cascade", "make_cascade"),
    "usecases.convert": ("ConvertedTable", "transform"),
    "usecases.decide": ("record_decision",),
    "usecases.detect": ("Detection", "compare_files", "detect", "source_catalog"),
    "usecases.doctor": ("Diagnosis", "doctor"),
    "usecases.explain": ("Explanation", "explain"),
    "usecases.initialise": ("Initialised", "initialise"),
    "usecases.run": ("run",),
    "usecases.validate": ("validate",),
    "usecases.versions": ("Rollback", "list_versions", "rollback"),
    "workspace": ("Workspace", "make_workspace", "open_workspace"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Applied",
    "BravoError",
    "Cascade",
    "Catalog",
    "Change",
    "CheckResult",
    "ConvertedTable",
    "Decision",
    "Detection",
    "Diagnosis",
    "Event",
    "Explanation",
    "Initialised",
    "Patch",
    "Rollback",
    "RunReport",
    "Snapshot",
    "SnapshotList",
    "Version",
    "Workspace",
    "adopt",
    "apply_cascade",
    "compare_files",
    "detect",
    "doctor",
    "explain",
    "export_snapshot",
    "fetch_snapshot",
    "initialise",
    "list_snapshots",
    "list_versions",
    "make_cascade",
    "make_workspace",
    "open_workspace",
    "prune_snapshots",
    "record_decision",
    "rollback",
    "run",
    "share_snapshot",
    "source_catalog",
    "transform",
    "validate",
    "verify_snapshot",
]


def __getattr__(name: str) -> Any:
    """The exported ``name``, from its home."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
