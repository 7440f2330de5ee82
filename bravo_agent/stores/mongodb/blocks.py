"""A collection's documents as they stand, some megabytes at a time.

``find_raw_batches`` would do, but makes an object of every document before it joins them again: that took longer
than all that is done with them here. So the server is asked with its own commands, and the bytes of its replies are
taken as they come: in the array of a batch each document follows its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from struct import Struct
from typing import Any

import numpy as np
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import PyMongoError

from bravo_agent.stores.mongodb.connection import RAW, Document
from bravo_agent.transfer.documents import Documents
from bravo_agent.transfer.hashing import Bytes
from bravo_agent.transfer.split import BrokenDocumentError, fields_of

_FIRST = 1_000
_BYTES = 4 * 2**20
_LENGTH = Struct("<i").unpack_from


def read_blocks(database: Database[Document], command: Mapping[str, Any]) -> Iterator[Documents]:
    """The documents of a ``find`` command."""
    with database.client.start_session() as session:
        block, cursor = _asked(database, {**command, "batchSize": _FIRST}, session)
        try:
            while True:
                documents = _documents(block)
                if len(documents):
                    yield documents
                if not cursor:
                    return
                size = max(1, len(documents) * _BYTES // max(1, len(block)))
                more = {"getMore": Int64(cursor), "collection": command["find"], "batchSize": size}
                block, cursor = _asked(database, more, session)
        finally:
            if cursor:  # not read to the end
                with suppress(PyMongoError):
                    database.command(
                        {"killCursors": command["find"], "cursors": [Int64(cursor)]}, session=session
                    )


def _asked(
    database: Database[Document], command: dict[str, Any], session: ClientSession
) -> tuple[Bytes, int]:
    """The reply's cursor as bytes, and its id: 0 at the end."""
    reply: RawBSONDocument = database.command(command, codec_options=RAW, session=session)
    raw = reply["cursor"].raw
    block = np.frombuffer(raw, np.uint8)
    at = int(_fields(block)["id"][0].begin[0])
    return block, int.from_bytes(raw[at : at + 8], "little", signed=True)


def _fields(block: Bytes) -> Mapping[str, Any]:
    return fields_of(block, np.zeros(1, np.int64), np.full(1, len(block)))


def _documents(block: Bytes) -> Documents:
    fields = _fields(block)
    batch = (fields.get("firstBatch") or fields["nextBatch"])[0]
    at, last = int(batch.begin[0]) + 4, int(batch.begin[0] + batch.size[0]) - 1
    begin, end, view = list[int](), list[int](), block.data
    number, digits, more = 0, 1, 10
    while at < last:
        at += digits + 2  # the type byte, the number, its NUL
        begin.append(at)
        size = _LENGTH(view, at)[0]
        at += size
        if size < 5 or at > last:
            raise BrokenDocumentError(f"no document at byte {at - size} of a reply")
        end.append(at)
        number += 1
        if number == more:
            digits, more = digits + 1, more * 10
    return Documents(block, np.array(begin, np.int64), np.array(end, np.int64))
