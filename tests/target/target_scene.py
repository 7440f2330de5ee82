"""What the tests of the target share: versions to build, and what a reader finds."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import bson
from pymongo import MongoClient

from bravo_agent.events import ignore
from bravo_agent.model.version import CollectionState, Refresh, Version
from bravo_agent.stores.mongodb import MongoTarget, SwitchMode

Contents = Mapping[str, Mapping[Any, Mapping[str, Any]]]


def open_target(
    uri: str, database: str, *, keep: int = 2, switch: SwitchMode | None = None, allow: str = "t_*"
) -> MongoTarget:
    return MongoTarget(uri, database, allow=[allow], keep_versions=keep, switch=switch)


def version(id_: str, *collections: str, refresh: Refresh = "full") -> Version:
    return Version(
        id=id_,
        database="x",
        state="building",
        refresh=refresh,
        current=False,
        snapshot="s-1",
        catalog_fingerprint="c",
        models_fingerprint="m",
        plan_hash="p",
        masking_hash="k",
        transform_hash="t",
        git_commit=None,
        created_by="test",
        created_at="2025-06-28T00:00:00Z",
        verified=False,
        collections=tuple(CollectionState(name, 0) for name in collections),
    )


def build(target: MongoTarget, id_: str, contents: Contents) -> None:
    target.begin(version(id_, *contents))
    for name, documents in contents.items():
        target.prepare(id_, name)
        target.writer(id_, name).write([bson.encode(one) for one in documents.values()], retry=True)


def publish(target: MongoTarget, id_: str, contents: Contents) -> None:
    build(target, id_, contents)
    target.publish(id_, ignore)


def generation(number: int, *collections: str, documents: int = 3) -> Contents:
    return {
        name: {i: {"_id": i, "generation": number, "name": f"{name} {i}"} for i in range(documents)}
        for name in collections
    }


def live(uri: str, database: str) -> Contents:
    """All that an application sees: everything outside the reserved prefix."""
    with MongoClient[dict[str, Any]](uri) as client:
        found = client[database]
        return {
            name: {one["_id"]: one for one in found[name].find()}
            for name in sorted(found.list_collection_names())
            if not name.startswith("_bravo_") and name != "etl_audit"
        }


class Reader:
    """An application that reads all the time; ``mixed`` counts what no version ever was.

    Two reads are two commands, and a switch may fall between them. So one collection is read before and
    after the others: when it shows one generation twice, no switch fell in between, and the others show it.
    """

    def __init__(self, uri: str, database: str, collections: tuple[str, ...]) -> None:
        self.mixed: list[tuple[Any, ...]] = []
        self.reads = 0
        self.fault: BaseException | None = None
        self._args = (uri, database, collections)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        assert self.fault is None
        assert self.reads > 0

    def _run(self) -> None:
        uri, database, (first, *others) = self._args
        try:
            with MongoClient[dict[str, Any]](uri) as client:
                collections = client[database]
                while not self._stop.is_set():
                    before = self._generation(collections[first])
                    between = [self._generation(collections[name]) for name in others]
                    after = self._generation(collections[first])
                    self.reads += 1
                    if before == after and any(one != before for one in between):
                        self.mixed.append((before, *between, after))
        except BaseException as error:
            self.fault = error

    @staticmethod
    def _generation(collection: Any) -> Any:
        return collection.find_one({"_id": 1}, {"generation": 1})
