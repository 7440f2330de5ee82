"""Updates and deletes that may be done twice, without the driver's bookkeeping for those that may not.

A retryable write makes the server keep a record for each statement (a third of an increment's time).
Each statement here says what holds afterwards, so a command whose answer was lost is sent once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from bson.raw_bson import RawBSONDocument
from pymongo.errors import AutoReconnect, OperationFailure

from bravo_agent.stores.mongodb.connection import Connected, Document
from bravo_agent.stores.mongodb.errors import by_code

BATCH = 1_000
_BYTES = 8_000_000
_DENIED = 13
_FIELD = {"update": "updates", "delete": "deletes"}


def send(
    at: Connected,
    verb: Literal["update", "delete"],
    collection: str,
    statements: Sequence[Document],
    *,
    bypass: bool = False,
) -> None:
    """Carry out the statements, all together under 16 MB, acknowledged; raises for the first that failed.

    ``bypass``: past the collection's validator, where the role may.
    """
    if not statements:
        return
    command = {
        verb: collection,
        "ordered": False,
        "writeConcern": {"w": 1},
        _FIELD[verb]: list(statements),
    }
    try:
        reply = _twice(at, {**command, "bypassDocumentValidation": True} if bypass else command)
    except OperationFailure as error:
        if not bypass or error.code != _DENIED:
            raise
        reply = _twice(at, command)
    errors = [*reply.get("writeErrors", ()), *_concern(reply)]
    if errors:
        raise by_code(errors[0]["code"], where=collection)


def _twice(at: Connected, command: Document) -> Document:
    try:
        return at.database.command(command)
    except AutoReconnect:
        return at.database.command(command)


def batches(documents: Iterable[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    """``documents`` in parts that a command takes, with room for what it puts around them."""
    batch: list[RawBSONDocument] = []
    size = 0
    for one in documents:
        if batch and (len(batch) == BATCH or size + len(one.raw) > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.raw)
    if batch:
        yield batch


def delete(key: Any, **condition: Any) -> Document:
    """The statement that deletes the document ``key`` where ``condition`` holds."""
    return {"q": {"_id": key, **condition}, "limit": 1}


def update(key: Any, change: Any, *, upsert: bool) -> Document:
    """The statement that changes the document ``key``."""
    return {"q": {"_id": key}, "u": change, "upsert": upsert}


def _concern(reply: Document) -> list[Document]:
    return [reply["writeConcernError"]] if "writeConcernError" in reply else []
