"""A process that does one thing to a target and is killed, by itself and without mercy, at step N."""

from __future__ import annotations

import os
import signal
import sys

from target_delta import DELETES, OWNED, UPSERTS
from target_scene import open_target

from bravo_agent.events import Event, StepReached

uri, database, switch, verb, version_id, last = sys.argv[1:]
steps = 0


def emit(event: Event) -> None:
    global steps
    if isinstance(event, StepReached):
        print(event.step, flush=True)
        if steps == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1


with open_target(uri, database, switch=switch) as target:  # type: ignore[arg-type]
    if verb == "delta":
        target.apply_delta(version_id, "a", upserts=UPSERTS, deletes=DELETES, owned_fields=OWNED, emit=emit)
        target.publish(version_id, emit)
    elif verb == "recover":
        target.recover(emit)
    else:
        getattr(target, verb)(version_id, emit)
