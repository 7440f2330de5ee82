"""The target as the use cases see it: one class, each of its parts in a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from bravo_agent.stores.mongodb.audit import Audit
from bravo_agent.stores.mongodb.build import Build
from bravo_agent.stores.mongodb.connection import SwitchMode, connect
from bravo_agent.stores.mongodb.incremental import Incremental
from bravo_agent.stores.mongodb.plans import Plans
from bravo_agent.stores.mongodb.publish import Publish
from bravo_agent.stores.mongodb.read import Read
from bravo_agent.stores.mongodb.registry import Registry
from bravo_agent.stores.mongodb.versions import Versions


class MongoTarget(Build, Publish, Versions, Incremental, Read, Registry, Plans, Audit):
    """A MongoDB database that bravo-agent fills. A context manager: closing gives back lease and connections.

    ``allow`` are the name patterns that may be written to, ``keep_versions`` how many former versions stay at
    hand for a rollback, ``switch`` forces a way of switching (the default is the best that is permitted).
    """

    def __init__(
        self,
        uri: str,
        database: str,
        *,
        allow: Sequence[str],
        keep_versions: int,
        switch: SwitchMode | None = None,
    ) -> None:
        super().__init__(connect(uri), database, allow=tuple(allow), keep_versions=keep_versions, mode=switch)

    def __enter__(self) -> MongoTarget:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the lease and the connections; twice is once."""
        self.lease.release()
        self.client.close()
