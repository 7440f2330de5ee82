"""An incremental version changes live documents in place, each of them atomically.

Batch by batch: the former fields of the documents are written to the undo collection, then the documents are
changed. A document's first line there is the one that counts, and it is written before its first change: so a
batch may be done again after a crash, and the undo collection always leads back to the version before.

States: ``building`` (begun) -> ``publishing`` (first change) -> ``published`` by ``publish``; a run that
dies in between either goes on (``begin`` with the same id, the same delta again) or is undone by
``recover``: ``failed``. An increment that is rolled back is ``dropped``: its undo is spent, and coming
forward again is a new increment. A document that production deleted goes with the fields that others gave
it; its undo line holds all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Literal

from bson import encode
from bson.raw_bson import RawBSONDocument

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, RowsDone, StepReached, ignore
from bravo_agent.stores.mongodb.connection import RAW, Document
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import check_collection, undo_name
from bravo_agent.stores.mongodb.operations import open_increment
from bravo_agent.stores.mongodb.records import change, check_base, find_version, write_together
from bravo_agent.stores.mongodb.reshape import follow
from bravo_agent.stores.mongodb.statements import BATCH, batches, delete, send, update
from bravo_agent.stores.mongodb.writer import Writer


@dataclass(frozen=True)
class _Part:
    """The documents ``ids``, what is noted of them (None: all), and what is done to them."""

    verb: Literal["update", "delete"]
    ids: list[Any]
    fields: list[str] | None
    statements: list[Document]


class Incremental(Guard):
    """Merging a delta into the live collections."""

    @mapped
    def apply_delta(
        self,
        version_id: str,
        collection: str,
        *,
        upserts: Iterable[bytes],
        deletes: Iterable[Any],
        owned_fields: Sequence[str],
        validator: Mapping[str, Any] | None = None,
        emit: Emit = ignore,
    ) -> int:
        """How many documents were merged or deleted; the same delta again changes nothing.

        ``upserts`` are whole documents as BSON, ``deletes`` are ``_id`` values. ``owned_fields`` are those
        that production sets: one that a document lacks is removed, and fields that are not among them are
        left alone. ``validator``: what the collection holds its documents against from now on.
        """
        check_collection(collection)
        self.enter()
        owned = self._open(version_id, collection, owned_fields)
        if validator is not None:
            follow(self, version_id, collection, validator)
        done, size, running = 0, 0, None
        # While the server changes one batch, the former state of the next is noted.
        with ThreadPoolExecutor(1) as behind:
            for part in chain(_upserts(upserts, owned), _deletes(deletes)):
                self.lease.require()
                self._note(version_id, collection, part, emit)
                emit(StepReached("incremental", f"{part.verb} {collection}"))
                done += _finished(running, size, collection, emit)
                running = behind.submit(send, self, part.verb, collection, part.statements)
                size = len(part.ids)
            return done + _finished(running, size, collection, emit)

    def _open(self, version_id: str, collection: str, fields: Sequence[str]) -> list[str]:
        version = find_version(self, version_id)
        if version["refresh"] != "incremental" or version["state"] not in ("building", "publishing"):
            raise UsageError(
                "version-not-open",
                f"version {version_id} is {version['state']} and {version['refresh']}: it takes no delta",
                hint="Begin a new incremental version.",
            )
        if version["state"] == "building":
            check_base(self, version)
            open_increment(self, version_id)
        before = {one["collection"]: one["fields"] for one in version.get("owned", ())}
        owned = {**before, collection: list(dict.fromkeys([*before.get(collection, ()), *fields]))}
        if owned != before:
            listed = [{"collection": name, "fields": names} for name, names in owned.items()]
            write_together(self, [change(version_id, owned=listed)], [])
        return [name for name in owned[collection] if name != "_id"]

    def _note(self, version_id: str, collection: str, part: _Part, emit: Emit) -> None:
        """Write the former state of the documents that ``part`` will change to the undo collection."""
        live, fields = self.raw(collection), part.fields
        former = {_key(one["_id"]): one for one in live.find({"_id": {"$in": part.ids}}, fields)}
        keys = [_key(one) for one in part.ids]
        if former.keys() - set(keys):
            # 5 and NumberLong(5) are one _id to MongoDB and two keys to us: so ask one by one.
            found = (
                (key, live.find_one({"_id": one}, fields)) for key, one in zip(keys, part.ids, strict=True)
            )
            former = {key: one for key, one in found if one is not None}
        lines = [
            encode({"_id": one, "existed": key in former, "before": former.get(key)})
            for key, one in zip(keys, part.ids, strict=True)
        ]
        emit(StepReached("incremental", f"note {collection}"))
        # A line that is there already is the older one, and the right one.
        Writer(self, undo_name(version_id, collection), first_wins=True).write(lines, retry=True)


def _upserts(documents: Iterable[bytes], owned: Sequence[str]) -> Iterator[_Part]:
    for batch in batches(RawBSONDocument(one, RAW) for one in documents):
        ids = [one["_id"] for one in batch]
        yield _Part("update", ids, ["_id", *owned], [_merge(one, owned) for one in batch])


def _deletes(ids: Iterable[Any]) -> Iterator[_Part]:
    rest = iter(ids)
    while some := list(islice(rest, BATCH)):
        yield _Part("delete", some, None, [delete(one) for one in some])


def _finished(running: Future[None] | None, size: int, collection: str, emit: Emit) -> int:
    if running is not None:
        running.result()
        emit(RowsDone("incremental", collection, size))
    return size


def _key(value: Any) -> bytes:
    return encode({"_id": value})


def _merge(document: RawBSONDocument, owned: Sequence[str]) -> Document:
    change: Document = {"$set": _without_id(document)}
    present = set(document)
    absent = [name for name in owned if name not in present]
    if absent:
        change["$unset"] = dict.fromkeys(absent, "")
    return update(document["_id"], change, upsert=True)


def _without_id(document: RawBSONDocument) -> Mapping[str, Any]:
    # An _id of the same value and another width than the stored one would be refused.
    raw, element = bytes(document.raw), _key(document["_id"])[4:-1]
    if raw[4 : 4 + len(element)] != element:
        return {name: value for name, value in document.items() if name != "_id"}
    rest = raw[4 + len(element) :]
    return RawBSONDocument((len(rest) + 4).to_bytes(4, "little") + rest, RAW)
