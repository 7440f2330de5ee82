"""What the checks look at: raw batches, single documents, counts, validators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo.errors import PyMongoError

from bravo_agent.stores.mongodb.blocks import read_blocks
from bravo_agent.stores.mongodb.connection import Connected
from bravo_agent.stores.mongodb.errors import mapped, translate
from bravo_agent.stores.mongodb.names import build_name, keep_name
from bravo_agent.transfer.documents import Documents


class Read(Connected):
    """Reading for checks. ``version`` names the one that is being built or kept; without it, what is live."""

    @mapped
    def server_version(self) -> str:
        """The version of the MongoDB server; raises ``target-unreachable``, ``target-access-denied``."""
        return str(self.client.server_info()["version"])

    @mapped
    def place(self, collection: str, version: str | None = None) -> str:
        """The name under which the documents of ``collection`` stand now."""
        if version is None:
            return collection
        names = set(self.database.list_collection_names())
        aside = (build_name(version, collection), keep_name(version, collection))
        return next((name for name in aside if name in names), collection)

    def blocks(
        self, collection: str, *, version: str | None = None, sort: bool = False
    ) -> Iterator[Documents]:
        """All documents, some megabytes at a time; in the order of ``_id`` with ``sort``."""
        place = self.place(collection, version)
        command: dict[str, Any] = {"find": place}
        if sort:
            command |= {"sort": {"_id": 1}, "allowDiskUse": True}
        try:
            yield from read_blocks(self.database, command)
        except (PyMongoError, BSONError) as error:
            raise translate(error, where=collection) from None

    @mapped
    def sample(
        self, collection: str, ids: Sequence[Any], *, version: str | None = None
    ) -> tuple[RawBSONDocument, ...]:
        """The documents with these ``_id``s, those that are there, in no order."""
        place = self.place(collection, version)
        return tuple(self.raw(place).find({"_id": {"$in": list(ids)}}))

    @mapped
    def count(self, collection: str, *, version: str | None = None) -> int:
        """How many documents there are, counted one by one."""
        return self.database[self.place(collection, version)].count_documents({})

    @mapped
    def collection_validator(
        self, collection: str, *, version: str | None = None
    ) -> Mapping[str, Any] | None:
        """The validator that the collection has now, or None."""
        options = self.database[self.place(collection, version)].options()
        found: Mapping[str, Any] | None = options.get("validator")
        return found

    @mapped
    def validator_violations(
        self,
        collection: str,
        validator: Mapping[str, Any],
        *,
        version: str | None = None,
        limit: int = 10_000,
    ) -> int:
        """How many documents do not fit ``validator`` (up to ``limit``), measured by the server."""
        place = self.place(collection, version)
        return self.database[place].count_documents({"$nor": [dict(validator)]}, limit=limit)

    @mapped
    def indexes(
        self, collection: str, *, version: str | None = None
    ) -> frozenset[tuple[tuple[str, ...], bool]]:
        """The indexes that are there, as (fields, unique), without the one on ``_id``."""
        found = self.database[self.place(collection, version)].index_information()
        return frozenset(
            (tuple(field for field, _ in one["key"]), bool(one.get("unique")))
            for name, one in found.items()
            if name != "_id_"
        )
