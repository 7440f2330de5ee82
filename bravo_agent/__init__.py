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
    from bravo_agent.model.code import FieldRef, Finding
    from bravo_agent.model.plan import Patch, Plan
    from bravo_agent.model.proposal import Draft, Proposals
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
    from bravo_agent.usecases.apply import Application, apply
    from bravo_agent.usecases.artifacts import apply_artifacts, make_artifacts
    from bravo_agent.usecases.cascade import Cascade, apply_cascade, make_cascade
    from bravo_agent.usecases.convert import ConvertedTable, transform
    from bravo_agent.usecases.decide import (
        accept_proposal,
        list_decisions,
        prune_decisions,
        record_decision,
        reject_proposal,
    )
    from bravo_agent.usecases.detect import Comparison, Detection, compare_files, detect, source_catalog
    from bravo_agent.usecases.doctor import Diagnosis, doctor
    from bravo_agent.usecases.draft import draft
    from bravo_agent.usecases.explain import Explanation, explain
    from bravo_agent.usecases.initialise import Initialised, initialise
    from bravo_agent.usecases.plan import Planned, draft_plan, plan
    from bravo_agent.usecases.propose import propose
    from bravo_agent.usecases.run import run
    from bravo_agent.usecases.schema import (
        SchemaContent,
        SchemaDiff,
        SchemaEntry,
        diff_schemas,
        export_registry,
        schema_log,
        show_schema,
    )
    from bravo_agent.usecases.schema_check import Compatibility, check_schema
    from bravo_agent.usecases.uses import find_uses
    from bravo_agent.usecases.validate import validate
    from bravo_agent.usecases.versions import Rollback, list_versions, rollback
    from bravo_agent.workspace import Workspace, make_workspace, open_workspace

_HOMES = {
    "errors": ("BravoError",),
    "events": ("Event",),
    "model.catalog": ("Catalog",),
    "model.change": ("Change", "Decision"),
    "model.check": ("CheckResult",),
    "model.code": ("FieldRef", "Finding"),
    "model.plan": ("Patch", "Plan"),
    "model.proposal": ("Draft", "Proposals"),
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
    "usecases.apply": ("Application", "apply"),
    "usecases.artifacts": ("apply_artifacts", "make_artifacts"),
    "usecases.cascade": ("Cascade", "apply_cascade", "make_cascade"),
    "usecases.convert": ("ConvertedTable", "transform"),
    "usecases.decide": (
        "accept_proposal",
        "list_decisions",
        "prune_decisions",
        "record_decision",
        "reject_proposal",
    ),
    "usecases.detect": ("Comparison", "Detection", "compare_files", "detect", "source_catalog"),
    "usecases.doctor": ("Diagnosis", "doctor"),
    "usecases.draft": ("draft",),
    "usecases.explain": ("Explanation", "explain"),
    "usecases.initialise": ("Initialised", "initialise"),
    "usecases.plan": ("Planned", "draft_plan", "plan"),
    "usecases.propose": ("propose",),
    "usecases.run": ("run",),
    "usecases.schema": (
        "SchemaContent",
        "SchemaDiff",
        "SchemaEntry",
        "diff_schemas",
        "export_registry",
        "schema_log",
        "show_schema",
    ),
    "usecases.schema_check": ("Compatibility", "check_schema"),
    "usecases.uses": ("find_uses",),
    "usecases.validate": ("validate",),
    "usecases.versions": ("Rollback", "list_versions", "rollback"),
    "workspace": ("Workspace", "make_workspace", "open_workspace"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Application",
    "BravoError",
    "Cascade",
    "Catalog",
    "Change",
    "CheckResult",
    "Comparison",
    "Compatibility",
    "ConvertedTable",
    "Decision",
    "Detection",
    "Diagnosis",
    "Draft",
    "Event",
    "Explanation",
    "FieldRef",
    "Finding",
    "Initialised",
    "Patch",
    "Plan",
    "Planned",
    "Proposals",
    "Rollback",
    "RunReport",
    "SchemaContent",
    "SchemaDiff",
    "SchemaEntry",
    "Snapshot",
    "SnapshotList",
    "Version",
    "Workspace",
    "accept_proposal",
    "adopt",
    "apply",
    "apply_artifacts",
    "apply_cascade",
    "check_schema",
    "compare_files",
    "detect",
    "diff_schemas",
    "doctor",
    "draft",
    "draft_plan",
    "explain",
    "export_registry",
    "export_snapshot",
    "fetch_snapshot",
    "find_uses",
    "initialise",
    "list_decisions",
    "list_snapshots",
    "list_versions",
    "make_artifacts",
    "make_cascade",
    "make_workspace",
    "open_workspace",
    "plan",
    "propose",
    "prune_decisions",
    "prune_snapshots",
    "record_decision",
    "reject_proposal",
    "rollback",
    "run",
    "schema_log",
    "share_snapshot",
    "show_schema",
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
