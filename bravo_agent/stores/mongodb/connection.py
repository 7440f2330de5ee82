"""One client for one target: how it is opened, and what all parts of the target share."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, Literal, TypeAlias
from warnings import catch_warnings

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from bravo_agent.stores.mongodb.errors import mapped, uri_invalid
from bravo_agent.stores.mongodb.lease import Lease

Document: TypeAlias = dict[str, Any]
SwitchMode = Literal["atomic", "per-collection"]

ACKNOWLEDGED = WriteConcern(w=1)
"""For bulk data. The oplog is ordered: once a later write is durable, so are these (see ``DURABLE``)."""
DURABLE = WriteConcern(w="majority", j=True)
"""For what decides (journal, versions): the barrier that makes everything before it durable too."""

RAW: CodecOptions[RawBSONDocument] = CodecOptions(
    document_class=RawBSONDocument, datetime_conversion=DatetimeConversion.DATETIME_MS
)
"""Nothing is decoded that is not asked for, and dates that Python has no value for stay numbers."""

_QUIET = Lock()
"""The driver warns of options that it cannot use, and repeats what they say; the filter is one for all threads."""


@mapped
def connect(uri: str) -> MongoClient[Document]:
    """A client for ``uri``; raises ``target-uri-invalid``, and does not touch the network yet."""
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        raise uri_invalid()  # the driver would take any word for the name of a host
    # The driver lets these win over the URI, so what the URI may say for itself is not said here.
    patience: dict[str, Any] = (
        {} if "serverselectiontimeoutms" in uri.lower() else {"serverSelectionTimeoutMS": 10_000}
    )
    try:
        with _QUIET, catch_warnings(action="ignore", category=UserWarning):
            return MongoClient(
                uri,
                retryWrites=True,
                retryReads=True,
                uuidRepresentation="standard",
                tz_aware=True,
                appname="bravo-agent",
                **patience,
            )
    except (ValueError, TypeError, OSError):  # OSError: a file of its TLS options is not there
        raise uri_invalid() from None


class Connected:
    """What the parts of a target have in common: the database, the lease, what may be written."""

    def __init__(
        self,
        client: MongoClient[Document],
        database: str,
        *,
        allow: tuple[str, ...],
        keep_versions: int,
        mode: SwitchMode | None,
    ) -> None:
        self.client = client
        self.name = database
        self.allow = allow
        self.keep_versions = keep_versions
        self.mode = mode
        self.lease = Lease(self.durable("_bravo_meta"))

    @property
    def database(self) -> Database[Document]:
        """The target database with the client's own write concern."""
        return self.client[self.name]

    def durable(self, collection: str) -> Collection[Document]:
        """``collection`` whose writes survive any crash once they return."""
        return self.client[self.name].get_collection(collection, write_concern=DURABLE)

    def bulk(self, collection: str) -> Collection[Document]:
        """``collection`` whose writes are acknowledged, and durable at the next durable write."""
        return self.client[self.name].get_collection(collection, write_concern=ACKNOWLEDGED)

    def raw(self, collection: str) -> Collection[RawBSONDocument]:
        """``collection`` for reading bytes as they stand."""
        return self.client[self.name].get_collection(collection).with_options(codec_options=RAW)

    def uuids(self) -> Mapping[str, str]:
        """Collection name -> MongoDB's own identity of it (hex), which a rename keeps."""
        found = self.database.list_collections(filter={"type": "collection"})
        # The driver hands these over as bytes, whatever is said about the representation of UUIDs.
        return {one["name"]: bytes(one["info"]["uuid"]).hex() for one in found}
