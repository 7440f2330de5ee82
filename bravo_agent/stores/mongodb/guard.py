"""What may be written to: a name that the project allows, and a database that bears our mark.

The mark is a document in ``_bravo_meta``. An empty database gets it by itself; one that holds data gets it
only by ``adopt``, so that a production database that is named by mistake is never written to.
"""

from __future__ import annotations

import fnmatch
import getpass
import os
import socket
from datetime import UTC, datetime

from bravo_agent.errors import RefusedError
from bravo_agent.stores.mongodb.connection import Connected
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.names import META, is_ours

_NEVER = frozenset({"admin", "local", "config"})


class Guard(Connected):
    """The door that every write goes through."""

    @mapped
    def guard(self) -> None:
        """Raises ``target-not-allowed`` or ``target-not-marked``; marks an empty database."""
        if not self.look():
            self._mark(adopted=False)

    @mapped
    def look(self) -> bool:
        """Whether the database bears the mark; False: it is empty and may. Raises as the guard, writes nothing."""
        self._allowed()
        if self.is_marked():
            return True
        present = self.database.list_collection_names()
        if not all(is_ours(name) or name.startswith("system.") for name in present):
            raise RefusedError(
                "target-not-marked",
                f"the database {self.name} holds data that bravo-agent has not put there",
                hint="If it is a development copy that may be written to, mark it with `bravo-agent adopt`; "
                "else choose another [target] database.",
                where=self.name,
            )
        return False

    @mapped
    def reserve(self) -> None:
        """The lease alone, of a database that may be written to: nothing else can change it from now on."""
        self.look()
        self.lease.require()

    @mapped
    def adopt(self) -> None:
        """Mark a database that holds data already, on an explicit wish; its collections stay as they are."""
        self._allowed()
        self._mark(adopted=True)

    @mapped
    def is_marked(self) -> bool:
        """Whether the database bears the mark; for ``doctor``, writes nothing."""
        return self.durable(META).find_one({"_id": "marker"}) is not None

    def enter(self) -> None:
        """The guard, then the lease: a refused database stays as it is."""
        self.guard()
        self.lease.require()

    def _allowed(self) -> None:
        if self.name in _NEVER or not any(fnmatch.fnmatchcase(self.name, one) for one in self.allow):
            raise RefusedError(
                "target-not-allowed",
                f"the database {self.name} is not one that this project may write to",
                hint="[target] allow in bravo.toml lists name patterns; add one for a development copy.",
                where=self.name,
            )

    def _mark(self, *, adopted: bool) -> None:
        mark = {
            "adopted": adopted,
            "by": f"{_user()}@{socket.gethostname()}",
            "at": datetime.now(UTC),
            "format": 1,
        }
        self.durable(META).update_one({"_id": "marker"}, {"$setOnInsert": mark}, upsert=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
