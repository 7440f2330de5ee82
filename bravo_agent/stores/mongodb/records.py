"""The documents that say what there is: versions in ``_bravo_versions``, operations in ``_bravo_journal``.

A version document is a ``Version`` and five fields of the store's own: ``parent`` (the version that an
incremental one changed in place), ``retired_order`` (counts up each time a version stops being
current), ``owned`` (collection -> fields that an increment set), ``validators`` (those that it replaced) and
``schema`` (what the registry is told when it is published).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pymongo import ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb.connection import DURABLE, Connected, Document
from bravo_agent.stores.mongodb.names import JOURNAL, VERSIONS
from bravo_agent.wire import loads, plain

Write = UpdateOne | ReplaceOne[Document]
_OWN_FIELDS = ("_id", "parent", "retired_order", "owned", "validators", "schema")
_NO_TRANSACTIONS = frozenset({20, 263})


def as_document(version: Version) -> Document:
    """``version`` as it stands in ``_bravo_versions``."""
    found: Document = {"_id": version.id, **plain(version)}
    return found


def as_version(document: Document) -> Version:
    """The ``Version`` of a document in ``_bravo_versions``."""
    own = {key: value for key, value in document.items() if key not in _OWN_FIELDS}
    return loads(Version, json.dumps(own), where=f"{VERSIONS} {document['_id']}")


def find_version(at: Connected, version_id: str) -> Document:
    """The document of a version; raises ``version-unknown``."""
    found = at.durable(VERSIONS).find_one({"_id": version_id, "id": {"$exists": True}})
    if found is None:
        raise UsageError(
            "version-unknown",
            f"there is no version {version_id} in {at.name}",
            hint="`bravo-agent versions` lists those there are.",
        )
    return found


def check_base(at: Connected, increment: Document) -> None:
    """Raises ``increment-stale`` where the version that it was made for is no longer the current one."""
    current = find_current(at)
    if current is None or current["_id"] != increment["parent"]:
        raise StaleError(
            "increment-stale",
            f"version {increment['_id']} was made for {increment['parent']}, which is no longer current",
            hint="Run the incremental refresh again: it starts from the version that is current.",
        )


def find_current(at: Connected) -> Document | None:
    """The document of the current version, or None before the first."""
    return at.durable(VERSIONS).find_one({"current": True})


def all_versions(at: Connected) -> tuple[Document, ...]:
    """Every version's document, newest first."""
    found = at.durable(VERSIONS).find({"id": {"$exists": True}})
    return tuple(sorted(found, key=lambda one: (one["_id"][:10], int(one["_id"][11:])), reverse=True))


def open_operations(at: Connected) -> tuple[Document, ...]:
    """What was begun and is not done, oldest first."""
    return tuple(at.durable(JOURNAL).find({"state": {"$ne": "done"}}).sort("_id", 1))


def write_together(at: Connected, versions: Sequence[Write], journal: Sequence[Write]) -> None:
    """All the writes or none; in this order, one by one, where the server has no transactions.

    Each of them gives the same result when it is done again, and the journal's come last: what a crash leaves
    half done without transactions is done again by recovery.
    """

    def write(session: ClientSession | None) -> None:
        for name, writes in ((VERSIONS, versions), (JOURNAL, journal)):
            if writes:
                at.durable(name).bulk_write(list(writes), ordered=True, session=session)

    try:
        with at.client.start_session() as session:
            session.with_transaction(write, write_concern=DURABLE)
    except OperationFailure as error:
        if error.code not in _NO_TRANSACTIONS:
            raise
        write(None)


def change(key: Any, **fields: Any) -> UpdateOne:
    """The write that sets ``fields`` of the document ``key``."""
    return UpdateOne({"_id": key}, {"$set": fields})
