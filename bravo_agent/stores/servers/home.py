"""The folder of a server set: its lock, its state file, the leases of its users."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.stores.servers.processes import Proc

_LOCK_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Record:
    """One started server: its process, the ports it was given, and whether it got ready."""

    proc: Proc
    ports: tuple[int, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class State:
    """What runs for a folder; ``ports`` remembers the last ports of servers that do not run any more."""

    servers: dict[str, Record] = field(default_factory=dict)
    ports: dict[str, tuple[int, ...]] = field(default_factory=dict)
    watchdog: Proc | None = None


class Home:
    """The folder of a server set. Read and write the state only inside `lock`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.logs = self.folder / "logs"
        self._state = self.folder / "state.json"
        self._leases = self.folder / "leases"

    @property
    def made(self) -> bool:
        """Whether servers were ever started here."""
        return (self.folder / "lock").is_file()

    def make(self) -> None:
        """Make the folder where it is missing; UsageError ``server-folder-unusable`` when that fails."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self._leases.mkdir(exist_ok=True)
        except OSError as error:
            raise UsageError(
                "server-folder-unusable",
                f"the folder for the embedded servers cannot be made: {error.strerror}",
                where=str(self.folder),
                hint="name a folder that you may write to",
            ) from error

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one process and thread; FailedError ``servers-busy`` after five minutes."""
        deadline = time.monotonic() + _LOCK_SECONDS
        with (self.folder / "lock").open("ab") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() > deadline:
                        raise FailedError(
                            "servers-busy",
                            "another process has been starting or stopping these servers for minutes",
                            where=str(self.folder),
                            hint="look at the logs in this folder, end that process and try again",
                            retryable=True,
                        ) from error
                time.sleep(0.05)
            yield

    def read(self) -> State:
        """The state; an empty one when there is none or it cannot be read as one."""
        try:
            raw = json.loads(self._state.read_text())
            return State(
                servers={
                    name: Record(Proc(**one["proc"]), tuple(one["ports"]), one["ready"])
                    for name, one in raw["servers"].items()
                },
                ports={name: tuple(ports) for name, ports in raw["ports"].items()},
                watchdog=Proc(**raw["watchdog"]) if raw["watchdog"] else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return State()

    def write(self, state: State) -> None:
        """Replace the state file at once; only its owner may read it."""
        fresh = self._state.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(state), indent=1))
        fresh.replace(self._state)

    def record(self, name: str, record: Record) -> None:
        """Put one server into the state."""
        state = self.read()
        servers = state.servers | {name: record}
        self.write(replace(state, servers=servers, ports=state.ports | {name: record.ports}))

    def take_lease(self) -> Path:
        """Note this process as one more user; gives the lease's file back, to be deleted at the end."""
        me = Proc.of(os.getpid())
        lease = self._leases / f"{me.pid}_{me.birth}_{uuid.uuid4().hex}"
        lease.touch()
        return lease

    def in_use(self) -> bool:
        """Whether a process that holds a lease still runs; leases of dead processes are removed."""
        used = False
        for lease in self._each_lease():
            pid, mark, _ = lease.name.split("_")
            if Proc(int(pid), mark).alive:
                used = True
            else:
                lease.unlink(missing_ok=True)
        return used

    def end_leases(self) -> None:
        """Forget all users."""
        for lease in self._each_lease():
            lease.unlink(missing_ok=True)

    def _each_lease(self) -> list[Path]:
        try:
            return list(self._leases.glob("[0-9]*_*_*"))
        except OSError:
            return []
