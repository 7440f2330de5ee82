"""What the three servers have in common, and how one is started."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bravo_agent.errors import FailedError
from bravo_agent.stores.servers.home import Home, Record
from bravo_agent.stores.servers.processes import spawn, stop, strays

PROGRAMS = {"postgres": "postgres", "mongodb": "mongod", "s3": "weed"}
# SIGINT is what `pg_ctl stop -m fast` sends.
_SIGNALS = {"postgres": signal.SIGINT, "mongodb": signal.SIGTERM, "s3": signal.SIGTERM}
# weed waits 15 s for streams between its own parts to end; what it acknowledged is in its files long before.
_SECONDS = {"postgres": 30.0, "mongodb": 30.0, "s3": 1.0}

_START_SECONDS = 60.0
_TRIES = 5  # each with other ports, when another program was faster to take one
_LOG_LINES = 20


class Server(Protocol):
    """One kind of server in one folder."""

    name: str
    data: Path
    port_count: int
    ids: tuple[int, int] | None

    def prepare(self) -> None:
        """Make the data folder ready to be started on; no process of an earlier start runs any more."""

    def command(self, ports: Sequence[int]) -> list[str]:
        """The command line that serves on these ports of 127.0.0.1."""

    def environment(self) -> dict[str, str]:
        """The environment of that command."""

    def ready(self, started: Record) -> bool:
        """Try once, briefly, whether just this process serves; do what it needs to get ready."""


def launch(home: Home, server: Server, ports: Sequence[int]) -> Record:
    """Start ``server``, on ``ports`` if it can have them, and wait until it serves; inside the lock.

    Raises FailedError ``server-did-not-start`` with the last lines of its log.
    """
    end_strays(server.data, server.name)
    server.prepare()
    log = home.logs / f"{server.name}.log"
    deadline = time.monotonic() + _START_SECONDS
    for attempt in range(1, _TRIES + 1):
        chosen = tuple(ports) if attempt == 1 and ports else free_ports(server.port_count)
        _set_aside(log)
        proc = spawn(
            server.command(chosen), log=log, cwd=server.data, ids=server.ids, env=server.environment()
        )
        started = Record(proc, chosen, ready=False)
        home.record(server.name, started)
        while time.monotonic() < deadline:
            if server.ready(started):
                started = replace(started, ready=True)
                home.record(server.name, started)
                return started
            if not proc.alive or _lost_port(log):
                break
            time.sleep(0.05)
        lost = _lost_port(log)
        stop_records({server.name: started})
        if not lost or attempt == _TRIES:
            break
    raise FailedError(
        "server-did-not-start",
        f"the embedded {server.name} server did not get ready; the end of its log:\n{_tail(log)}",
        where=str(log),
        hint=f"read {log}; if its data are broken and may go, remove {server.data}",
    )


def free_ports(count: int) -> tuple[int, ...]:
    """That many different ports of 127.0.0.1 which are free right now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return tuple(int(one.getsockname()[1]) for one in sockets)


def stop_records(servers: Mapping[str, Record]) -> None:
    """Stop these servers cleanly, all at once, and wait."""
    stop((record.proc, _SIGNALS[name], _SECONDS[name]) for name, record in servers.items())
    # weed has no option for the place of these, and leaves them.
    for port in servers["s3"].ports if "s3" in servers else ():
        for part in ("master", "volume", "filer", "s3"):
            with contextlib.suppress(OSError):
                Path(f"/tmp/seaweedfs-{part}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108


def end_strays(data: Path, name: str) -> None:
    """End what still runs on ``data`` without being in the state, such as backends of a killed server."""
    if found := strays(data, PROGRAMS[name]):
        stop((proc, _SIGNALS[name], 5.0) for proc in found)
        stop((proc, signal.SIGKILL, 5.0) for proc in strays(data, PROGRAMS[name]))


def _lost_port(log: Path) -> bool:
    return b"address already in use" in log.read_bytes().lower()


def _set_aside(log: Path) -> None:
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    return "\n".join(f"  {line[:500]}" for line in lines) or "  (empty)"
