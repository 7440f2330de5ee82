"""What keeps a process small while batches of megabytes come and go."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

_ARENA_MAX = -8  # glibc's M_ARENA_MAX
_ARENAS = 2


def give_memory_back() -> None:
    """For processes that are ours, before they start threads: memory that is freed goes to whoever asks next.

    Arrow's own allocators keep what each thread has freed for that thread, and glibc does so with more arenas: a
    million rows took a quarter more, at the same speed.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_ARENA_MAX, _ARENAS)
