"""An apply that is killed, by itself and without mercy, when it reaches the moment that is named."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from bravo_agent import wire
from bravo_agent.events import Event
from bravo_agent.usecases.apply import apply
from bravo_agent.workspace import Workspace, open_workspace

plan, wanted = sys.argv[1:]
_replace, _save = Path.replace, Workspace.save_baseline


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def emit(event: Event) -> None:
    """Dies in time."""
    said = " ".join(
        str(value) for key, value in sorted(wire.plain(event).items()) if key not in ("seconds", "rows")
    )
    print(said, flush=True)
    if said.startswith(wanted):
        die()


def replace(self: Path, target: Any) -> Path:
    """A file of the code takes its place: the first one does, then it is over."""
    done = _replace(self, target)
    if wanted == "one-file-edited" and "/.bravo/" not in str(target):
        die()
    return done


def save(self: Workspace, catalog: Any) -> bool:
    """Between the code and the baseline."""
    if wanted == "before-baseline":
        die()
    return _save(self, catalog)


Path.replace = replace  # type: ignore[method-assign, assignment]
Workspace.save_baseline = save  # type: ignore[method-assign]
apply(open_workspace(Path.cwd()), plan=plan, emit=emit)
