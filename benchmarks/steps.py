"""The measured steps, each run in a process of its own: ``python -m benchmarks.steps`` reads what to do as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.ceiling import ceiling
from benchmarks.process import Usage, usage
from benchmarks.scene import Scene
from bravo_agent.events import Event, StageFinished, StageStarted
from bravo_agent.transfer.memory import give_memory_back, peak_memory
from bravo_agent.usecases.acquire import export_snapshot
from bravo_agent.usecases.run import run
from bravo_agent.usecases.versions import list_versions, rollback

Found = dict[str, Any]


class Stages:
    """An ``emit`` that takes the usage of every stage."""

    def __init__(self, scene: Scene) -> None:
        self._servers = scene.servers
        self._begun: dict[str, Usage] = {}
        self.found: dict[str, dict[str, float]] = {}

    def __call__(self, event: Event) -> None:
        """Notes where stages begin and end."""
        if isinstance(event, StageStarted):
            self._begun[event.stage] = usage(self._servers)
        if isinstance(event, StageFinished):
            self.found[event.stage] = usage(self._servers).since(self._begun[event.stage])


def _export(scene: Scene) -> Found:
    """A snapshot of production as it is now."""
    stages = Stages(scene)
    snapshot = export_snapshot(scene.workspace(), emit=stages)
    return {"rows": snapshot.rows, "stages": stages.found, "snapshot": snapshot.id}


def _refresh(scene: Scene, refresh: str = "full", snapshot: str = "latest") -> Found:
    """A run: ``snapshot`` ``latest`` exports one, else it is a local one."""
    stages = Stages(scene)
    before = usage(scene.servers)
    report = run(scene.workspace(), refresh=refresh, snapshot=snapshot, code="leave", emit=stages)  # type: ignore[arg-type]
    if not report.published:
        failed = [one for one in report.checks if not one.passed]
        raise SystemExit(f"bench: nothing was published: {failed}")
    return {
        "rows": sum(one.rows for one in report.tables),
        "documents": sum(one.documents for one in report.tables),
        "bytes": report.run.bytes_written,
        "whole": usage(scene.servers).since(before),
        "stages": stages.found,
    }


def _rollback(scene: Scene) -> Found:
    """Back to the version before the current one."""
    workspace = scene.workspace()
    versions = [one for one in list_versions(workspace) if one.state in ("published", "retired")]
    current = next(one for one in versions if one.current)
    former = next(one for one in versions if one.id < current.id)
    return {"seconds": rollback(workspace, version=former.id).seconds}


STEPS: dict[str, Callable[..., Found]] = {
    "export": _export,
    "refresh": _refresh,
    "rollback": _rollback,
    "ceiling": ceiling,
}


def main() -> None:
    """Does what standard input says, and prints what was found as one line of JSON."""
    give_memory_back()  # as the command line does
    told = json.load(sys.stdin)
    found = STEPS[told["step"]](Scene(**told["scene"]), **told["options"])
    print(json.dumps({**found, "peak": peak_memory()}))


if __name__ == "__main__":
    main()
