"""Detached processes: start them, know them again in spite of pid reuse, end them."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_STEP = 0.03  # seconds between two looks at a process
_KILL_SECONDS = 10.0  # a killed process is gone by then, or stuck in the kernel
_PROC = Path("/proc/self/stat").is_file()  # as on Linux
# What a server needs of our environment. Nothing else is handed on: no PG* settings, no cloud keys.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Proc:
    """One process: its pid and a mark of its birth, which another process with this pid does not have."""

    pid: int
    birth: str

    @classmethod
    def of(cls, pid: int) -> Proc:
        """The process that has this pid now; one that is never `alive` when there is none."""
        return cls(pid, birth(pid) or "gone")

    @property
    def alive(self) -> bool:
        """Whether just this process still runs (a zombie does not)."""
        return birth(self.pid) == self.birth


def birth(pid: int) -> str | None:
    """A mark of when process ``pid`` was born, without spaces or ``_``; None when it does not run.

    On Linux it counts from the boot, so that a corrected clock changes nothing.
    """
    if _PROC:
        try:
            after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return None
        return None if after_name[0] in (b"Z", b"X") else f"{after_name[19].decode()}-{_boot()}"
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.Error:
        return None


@functools.cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "boot"


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The few variables that a server process gets, and ``more``."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | dict(more or {})


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    cwd: Path = Path("/"),
    ids: tuple[int, int] | None = None,
    env: Mapping[str, str] | None = None,
) -> Proc:
    """Start ``argv`` detached (own session, no stdin, output appended to ``log``), as user and group ``ids``.

    A shell that ends at once stands between, so the process is nobody's child: no zombie stays, nobody has
    to wait for it, and it holds none of our pipes. Gives the process back, even one that died already.
    """
    user, group = ids or (None, None)
    with log.open("ab") as output:
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$@" >&2 & echo $!', "sh", *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
            cwd=cwd,
            env=dict(environment() if env is None else env),
            user=user,
            group=group,
            extra_groups=None if ids is None else [],
            umask=0o077,
            check=True,
        )
    return Proc.of(int(done.stdout))


def stop(procs: Iterable[tuple[Proc, signal.Signals, float]]) -> None:
    """Send each process its signal, wait until all are gone, and kill each after its number of seconds."""
    rest = [one for one in procs if one[0].alive]
    for proc, sign, _ in rest:
        _send(proc, sign)
    begin = time.monotonic()
    while rest:
        waited = time.monotonic() - begin
        for proc, _, seconds in rest:
            if waited > seconds:
                _send(proc, signal.SIGKILL)
        if waited > max(seconds for _, _, seconds in rest) + _KILL_SECONDS:
            return
        time.sleep(_STEP)
        rest = [one for one in rest if one[0].alive]


def _send(proc: Proc, sign: signal.Signals) -> None:
    if proc.alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(proc.pid, sign)


def strays(data: Path, program: str) -> list[Proc]:
    """The processes called ``program`` that work in the data folder ``data``, however they came to be."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == program and Path(process.cwd()) == data:
                found.append(Proc.of(process.pid))
        except psutil.Error:
            continue
    return [proc for proc in found if proc.alive]
