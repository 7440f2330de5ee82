"""A version that is built aside: its collections under the reserved prefix, and the ledger of its chunks.

Nothing here is seen by a reader of the database. A killed build goes on: its version document says
``building``, and the ledger names the chunks that are wholly written. A chunk's line is written after the
server acknowledged its documents, and MongoDB's log is ordered: a line that survived a crash stands for
documents that did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError, OperationFailure

from bravo_agent.errors import RefusedError, UsageError
from bravo_agent.events import Emit, ignore
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb.connection import Connected
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import LEDGER, VERSIONS, build_name, check_collection, check_version
from bravo_agent.stores.mongodb.operations import settle
from bravo_agent.stores.mongodb.records import as_document, change, find_current, find_version, write_together
from bravo_agent.stores.mongodb.writer import Writer

_EXISTS = 48


@dataclass(frozen=True)
class ChunkDone:
    """A chunk that is wholly written."""

    table: str
    chunk: int
    rows: int
    documents: int
    checksums: Mapping[str, Any]


class Build(Guard):
    """Building a version aside."""

    @mapped
    def next_version_id(self, date: str) -> str:
        """A version id of ``date`` (YYYY-MM-DD) that nobody else has, now or later."""
        check_version(f"{date}-001")
        self.guard()
        taken = self.durable(VERSIONS).find({"_id": {"$regex": f"^{date}-"}}, {"_id": 1})
        number = 1 + max((int(one["_id"][11:]) for one in taken), default=0)
        while True:
            try:
                self.durable(VERSIONS).insert_one({"_id": f"{date}-{number:03d}"})
            except DuplicateKeyError:
                number += 1
            else:
                return f"{date}-{number:03d}"

    @mapped
    def begin(self, version: Version, *, emit: Emit = ignore) -> None:
        """Open ``version`` for building (again: go on); raises ``collection-not-ours``, ``target-busy``."""
        check_version(version.id)
        self.enter()
        settle(self, emit, resume=version.id)
        refuse_foreign(self, [one.name for one in version.collections])
        found = self.durable(VERSIONS).find_one({"_id": version.id, "id": {"$exists": True}})
        if found is not None and found["state"] in ("building", "publishing"):
            # Whoever goes on with it may have another plan for the same rows: that is the one which publishes it.
            write_together(self, [change(version.id, plan_hash=version.plan_hash)], [])
            return
        if found is not None:
            raise UsageError(
                "version-exists",
                f"version {version.id} is {found['state']} already",
                hint="A new build needs a new version id.",
            )
        document = {**as_document(version), "state": "building", "current": False}
        if version.refresh == "incremental":
            document["parent"] = _base(self)
        self.durable(VERSIONS).replace_one({"_id": version.id}, document, upsert=True)

    @mapped
    def prepare(
        self, version_id: str, collection: str, *, validator: Mapping[str, Any] | None = None
    ) -> None:
        """Create the collection that ``version_id`` builds, with its validator; nothing if it is there."""
        check_collection(collection)
        self.guard()
        options: dict[str, Any] = {}
        if validator:
            options = {"validator": dict(validator), "validationAction": "error", "validationLevel": "strict"}
        try:
            self.database.command({"create": build_name(version_id, collection), **options})
        except OperationFailure as error:
            if error.code != _EXISTS:
                raise

    def writer(self, version_id: str, collection: str) -> Writer:
        """What writes documents into the collection that is built."""
        self.guard()
        return Writer(self, build_name(version_id, collection))

    @mapped
    def chunk_done(
        self,
        version_id: str,
        table: str,
        chunk: int,
        *,
        rows: int,
        documents: int,
        checksums: Mapping[str, Any],
    ) -> None:
        """Note that the chunk's documents are all written; call it after ``write`` returned."""
        key = {"version": version_id, "table": table, "chunk": chunk}
        # As text: the checksums are whole numbers of any size, under column names of any spelling.
        line = {**key, "rows": rows, "documents": documents, "checksums": json.dumps(dict(checksums))}
        self.bulk(LEDGER).replace_one({"_id": key}, line, upsert=True)

    @mapped
    def chunks_done(self, version_id: str) -> Mapping[tuple[str, int], ChunkDone]:
        """The chunks that need not be written again, by (table, chunk)."""
        return {
            (one["table"], one["chunk"]): ChunkDone(
                one["table"], one["chunk"], one["rows"], one["documents"], json.loads(one["checksums"])
            )
            for one in self.bulk(LEDGER).find({"version": version_id})
        }

    @mapped
    def create_indexes(
        self, version_id: str, collection: str, indexes: Iterable[tuple[tuple[str, ...], bool]]
    ) -> None:
        """Create (fields, unique) indexes on the collection that is built; raises ``duplicate-key``."""
        models = [
            IndexModel([(field, ASCENDING) for field in fields], unique=unique) for fields, unique in indexes
        ]
        if models:
            self.bulk(build_name(version_id, collection)).create_indexes(models)

    @mapped
    def mark_verified(self, version_id: str, verified: bool = True) -> None:
        """Note whether the checks of ``version_id`` passed."""
        find_version(self, version_id)
        write_together(self, [change(version_id, verified=verified)], [])


def refuse_foreign(at: Connected, collections: Iterable[str]) -> None:
    """Raises ``collection-not-ours`` where a live collection of that name is not the current version's."""
    current = find_current(at)
    ours = {one["name"] for one in current["collections"]} if current else set()
    kinds = {one["name"]: one["type"] for one in at.database.list_collections()}
    for collection in collections:
        check_collection(collection)
        # We put collections there and nothing else: a view of that name is somebody's own.
        if collection in kinds and (collection not in ours or kinds[collection] != "collection"):
            raise RefusedError(
                "collection-not-ours",
                f"the collection {collection} stands in the way, and no version has put it there",
                hint="Rename or drop it, or give the table another collection in bravo.toml.",
                where=f"{at.name}.{collection}",
            )


def _base(at: Connected) -> str:
    current = find_current(at)
    if current is None:
        raise UsageError(
            "no-current-version",
            "an incremental refresh needs a version to start from",
            hint="Run a full refresh first: bravo-agent run --refresh full",
        )
    live = at.uuids()
    replaced = [
        one["name"] for one in current["collections"] if one["uuid"] not in (None, live.get(one["name"]))
    ]
    if replaced:
        # Only what changed would be merged: what was taken away with the collection would stay away.
        raise RefusedError(
            "collection-replaced",
            f"somebody dropped or replaced {', '.join(replaced)} after version {current['_id']} was published",
            hint="Run a full refresh: bravo-agent run --refresh full",
            where=at.name,
        )
    found: str = current["_id"]
    return found
