"""Documents into a collection as fast as the server takes them.

An ``insert`` command in OP_MSG carries its documents as one block of bytes, end to end: what an Arrow array
of documents holds already. So a batch is handed to the driver as one value that says it is a raw document,
and nothing is done per document in Python (``insert_many`` makes, checks and copies an object for each).
The driver's way of writing a ``RawBSONDocument`` (its ``raw`` bytes, verbatim) is its documented purpose;
that several documents stand in one is our liberty, and test_target_writer.py holds it against every
update.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from bson import encode
from bson.raw_bson import RawBSONDocument
from pymongo.errors import AutoReconnect, OperationFailure

from bravo_agent.errors import FailedError
from bravo_agent.stores.mongodb.connection import RAW, Connected
from bravo_agent.stores.mongodb.errors import by_code, mapped

_BYTES = 4_000_000  # the quickest here of 1, 4 and 15 MB; pymongo bounds a command at 16 MB
_DOCUMENTS = 100_000  # the server's bound
_LARGEST = 16 * 1024 * 1024
_RETRY_DOCUMENTS = 5_000  # an error for each of them must fit into one reply
_EMPTY = encode({})

Documents: TypeAlias = "Sequence[bytes | memoryview | RawBSONDocument] | pa.Array"


class Writer:
    """Writes encoded documents into one collection; for one thread or many.

    With ``first_wins`` a retry leaves a document that is there already, whatever it holds.
    """

    def __init__(self, at: Connected, collection: str, *, first_wins: bool = False) -> None:
        self._database = at.database
        self._there = at.raw(collection)
        self._collection = collection
        self._bypass = True
        self._first_wins = first_wins

    @mapped
    def write(self, documents: Documents, *, retry: bool = False) -> int:
        """How many documents were written, acknowledged by the server; raises ``duplicate-key``.

        ``documents`` are BSON bytes, ``RawBSONDocument``s or an Arrow binary array of them (the quickest).
        With ``retry`` a document that is there already, byte for byte, counts as written before and is left.
        """
        block, offsets = _packed(documents)
        if len(offsets) > 1 and np.diff(offsets).max() > _LARGEST:
            raise by_code(10334, where=self._collection)
        return sum(self._insert(block, part, retry) for part in _batches(offsets, retry))

    def _insert(self, block: memoryview, offsets: np.ndarray[Any, Any], retry: bool) -> int:
        try:
            reply = self._send(block, offsets)
        except AutoReconnect:
            # Nobody knows whether it arrived: once more, as a retry. A second failure is the caller's.
            retry, reply = True, self._send(block, offsets)
        errors = reply.get("writeErrors", ())
        if errors:
            self._judge(block, offsets, errors, retry)
        if "writeConcernError" in reply:
            raise by_code(reply["writeConcernError"]["code"], where=self._collection)
        return len(offsets) - 1 - len(errors)

    def _send(self, block: memoryview, offsets: np.ndarray[Any, Any]) -> Mapping[str, Any]:
        command = {
            "insert": self._collection,
            "ordered": False,
            "writeConcern": {"w": 1},
            "documents": [_Block(block[int(offsets[0]) : int(offsets[-1])])],
        }
        if not self._bypass:
            return self._database.command(command)
        try:
            # The checks scan the whole collection against its validator before it is published.
            return self._database.command({**command, "bypassDocumentValidation": True})
        except OperationFailure as error:
            if error.code != 13:
                raise
            self._bypass = False  # a role without this right: validated one by one, slower, no less right
            return self._database.command(command)

    def _judge(
        self,
        block: memoryview,
        offsets: np.ndarray[Any, Any],
        errors: Sequence[Mapping[str, Any]],
        retry: bool,
    ) -> None:
        other = next(
            (one for one in errors if one["code"] != 11000 or one.get("keyPattern") != {"_id": 1}), None
        )
        if other is not None or not retry:
            raise by_code((other or errors[0])["code"], where=self._collection)
        if self._first_wins:
            return
        ours = [bytes(block[int(offsets[i]) : int(offsets[i + 1])]) for i in (one["index"] for one in errors)]
        ids = [RawBSONDocument(one, RAW)["_id"] for one in ours]
        there = self._there.find({"_id": {"$in": ids}})
        differing = set(ours) - {bytes(one.raw) for one in there}
        if differing:
            raise FailedError(
                "duplicate-key",
                f"{len(differing)} documents are there already with other content under the same key",
                hint="The source changed between the tries, or its key is not unique: build it anew.",
                where=self._collection,
            )


class _Block(RawBSONDocument):
    """Documents end to end, in the driver's clothes. Whoever looks inside (a debug log) sees an empty one."""

    __slots__ = ("_block",)

    def __init__(self, block: memoryview) -> None:
        super().__init__(_EMPTY)
        self._block = block

    @property
    def raw(self) -> memoryview:
        """All the documents' bytes."""
        return self._block


def _packed(documents: Documents) -> tuple[memoryview, np.ndarray[Any, Any]]:
    """The documents end to end, and where each begins (and the last one ends)."""
    if isinstance(documents, pa.Array):
        if documents.null_count:
            raise ValueError("an array of documents has no nulls")
        _, offsets, block = documents.buffers()
        width = np.int64 if pa.types.is_large_binary(documents.type) else np.int32
        starts = np.frombuffer(offsets, dtype=width)[documents.offset : documents.offset + len(documents) + 1]
        return memoryview(block or b""), starts
    parts = [one.raw if isinstance(one, RawBSONDocument) else one for one in documents]
    return memoryview(b"".join(parts)), np.fromiter(accumulate(map(len, parts), initial=0), dtype=np.int64)


def _batches(offsets: np.ndarray[Any, Any], retry: bool) -> Iterator[np.ndarray[Any, Any]]:
    most = _RETRY_DOCUMENTS if retry else _DOCUMENTS
    first, last = 0, len(offsets) - 1
    while first < last:
        fits = int(np.searchsorted(offsets, offsets[first] + _BYTES, side="right")) - 1
        end = max(first + 1, min(fits, first + most, last))
        yield offsets[first : end + 1]
        first = end
