"""Start, share and stop the servers of a folder."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from bravo_agent.stores.servers.access import (
    MONGODB_VARIABLE,
    POSTGRES_VARIABLE,
    S3Access,
    s3_of_environment,
)
from bravo_agent.stores.servers.home import Home, State
from bravo_agent.stores.servers.mongodb import MongoDB, mongodb_uri
from bravo_agent.stores.servers.postgres import Postgres, postgres_uri
from bravo_agent.stores.servers.processes import environment, spawn, stop
from bravo_agent.stores.servers.s3 import S3, keys_file, s3_access
from bravo_agent.stores.servers.server import PROGRAMS, Server, end_strays, launch, stop_records

_MAKERS: dict[str, Callable[[Home], Server]] = {"postgres": Postgres, "mongodb": MongoDB, "s3": S3}


@dataclass(frozen=True, slots=True)
class ServerSet:
    """Running servers; a field is None when that server was not asked for.

    Ports may differ after the next start. As a context manager it is released at the end; without, it
    lasts as long as the process.
    """

    postgres_uri: str | None
    mongodb_uri: str | None
    s3: S3Access | None
    _lease: Path | None = field(default=None, repr=False, compare=False)

    def release(self) -> None:
        """Give the servers up; they stop within seconds if nobody else uses them. May be called twice."""
        if self._lease is not None and self._lease.name.startswith(f"{os.getpid()}_"):
            self._lease.unlink(missing_ok=True)

    def __enter__(self) -> ServerSet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def start_servers(
    folder: Path, *, postgres: bool = True, mongodb: bool = True, s3: bool = False
) -> ServerSet:
    """Give back servers whose data are in ``folder``, starting those that do not run yet.

    A server named in the environment is given back as it is, and not started. Raises UsageError
    ``no-server-binary``, ``no-matching-postgres``, ``no-system-user``, ``server-folder-unusable`` or
    ``s3-keys-missing``; FailedError ``server-did-not-start`` (each server has 60 s) or ``servers-busy``.
    """
    uris = {
        "postgres": os.environ.get(POSTGRES_VARIABLE) or None,
        "mongodb": os.environ.get(MONGODB_VARIABLE) or None,
    }
    outside = s3_of_environment() if s3 else None
    asked = {"postgres": postgres, "mongodb": mongodb, "s3": s3}
    wanted = [name for name, wish in asked.items() if wish and not uris.get(name)]
    if outside is not None:
        wanted.remove("s3")
    home = Home(folder)
    ports: dict[str, tuple[int, ...]] = {}
    lease = None
    if wanted:
        home.make()
        with home.lock():
            lease = home.take_lease()
            try:
                _guard(home)
                ports = {name: _ensure(home, name) for name in wanted}
            except BaseException:
                lease.unlink(missing_ok=True)
                raise
    return ServerSet(
        postgres_uri=postgres_uri(ports["postgres"]) if "postgres" in ports else uris["postgres"],
        mongodb_uri=mongodb_uri(ports["mongodb"]) if "mongodb" in ports else uris["mongodb"],
        s3=s3_access(keys_file(home), ports["s3"]) if "s3" in ports else outside,
        _lease=lease,
    )


def stop_servers(folder: Path) -> None:
    """Stop the servers of ``folder`` cleanly, whoever uses them, and wait for their end; keeps the data."""
    home = Home(folder)
    if not home.made:
        return
    with home.lock():
        if watchdog := home.read().watchdog:
            stop([(watchdog, signal.SIGTERM, 5.0)])
        home.end_leases()
        stop_all(home)


def running(folder: Path) -> frozenset[str]:
    """Which of ``postgres``, ``mongodb``, ``s3`` run for ``folder`` now; empty when none does."""
    servers = Home(folder).read().servers
    return frozenset(name for name, record in servers.items() if record.ready and record.proc.alive)


def stop_all(home: Home) -> None:
    """Stop what runs for ``home``, in the state or not, and write a state without it; inside the lock."""
    state = home.read()
    stop_records(state.servers)
    for name in PROGRAMS:
        end_strays(home.folder / name, name)
    home.write(State(ports=state.ports))


def _ensure(home: Home, name: str) -> tuple[int, ...]:
    state = home.read()
    record = state.servers.get(name)
    if record is not None and record.proc.alive:
        if record.ready:
            return record.ports
        stop_records({name: record})
    return launch(home, _MAKERS[name](home), state.ports.get(name, ())).ports


def _guard(home: Home) -> None:
    """See to it that a watchdog runs."""
    state = home.read()
    if state.watchdog is not None and state.watchdog.alive:
        return
    packages = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    watchdog = spawn(
        [sys.executable, "-P", "-m", "bravo_agent.stores.servers.watchdog", str(home.folder)],
        log=home.logs / "watchdog.log",
        env=environment({"PYTHONPATH": os.pathsep.join(filter(None, packages))}),
    )
    home.write(replace(state, watchdog=watchdog))
