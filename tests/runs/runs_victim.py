"""A run that is killed, by itself and without mercy, when its publish reaches the step that is named."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bravo_agent.events import Event, StepReached
from bravo_agent.usecases.run import run
from bravo_agent.workspace import open_workspace

(wanted,) = sys.argv[1:]


def emit(event: Event) -> None:
    """Dies in time."""
    if isinstance(event, StepReached) and event.operation == "publish":
        print(event.step, flush=True)
        if event.step.startswith(wanted):
            os.kill(os.getpid(), signal.SIGKILL)


run(open_workspace(Path.cwd()), emit=emit)
