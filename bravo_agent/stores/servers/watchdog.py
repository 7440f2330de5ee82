"""``python -m bravo_agent.stores.servers.watchdog FOLDER``: stops the servers after their last user."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bravo_agent.errors import FailedError
from bravo_agent.stores.servers.home import Home, State
from bravo_agent.stores.servers.lifecycle import stop_all
from bravo_agent.stores.servers.processes import Proc
from bravo_agent.stores.servers.server import stop_records

_STEP = 0.25


def watch(folder: Path) -> None:
    """Return after the servers of ``folder`` were stopped, or when another watchdog looks after them."""
    home = Home(folder)
    me = Proc.of(os.getpid())
    known = State()
    while True:
        time.sleep(_STEP)
        if not home.folder.is_dir():
            # Somebody removed the folder under the servers: end them by what was last known.
            stop_records(known.servers)
            return
        known = home.read() if home.read().servers else known
        if home.in_use():
            continue
        try:
            with home.lock():
                # Whoever starts servers holds this lock, so nobody can come in between.
                state = home.read()
                if state.watchdog is None:
                    # The state was removed, the folder not (yet): as above. After a clean stop nothing runs.
                    stop_records(known.servers)
                if state.watchdog != me:
                    return
                if not home.in_use():
                    stop_all(home)
                    return
        except (FailedError, FileNotFoundError):
            continue


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
