"""One writer at a time: a lease in ``_bravo_meta`` that its owner renews and a dead owner loses.

Times are the server's (``$$NOW``), so that clocks of machines do not matter. An owner that died on this
machine is known by its process id and start time, and loses the lease at once; one that died elsewhere loses
it when the lease runs out.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from typing import Any

import psutil
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from bravo_agent.errors import FailedError

SECONDS = 30
_BEAT = 5.0
_FRESH = 1.0
# What this process holds: what it gave up while the server was out of reach is nobody's.
_HELD: set[str] = set()
# Goes on while the machine sleeps, where the system has such a clock.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Lease:
    """The right to change a target; taken on the first need, renewed by a thread, given back at the end."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection
        self._token = uuid.uuid4().hex
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = False
        self._renewed = 0.0

    def require(self) -> None:
        """Hold the lease from now on; raises ``target-busy`` or ``target-lease-lost``.

        To be called before every step that a reader sees: a process that was stopped, or a machine that slept,
        goes on where it stood, long after somebody else took over, and before its next beat.
        """
        if self._thread is not None and not self._lost and _now() - self._renewed > _FRESH:
            self.renew()
        if self._lost:
            raise FailedError(
                "target-lease-lost",
                "another run took the target over while this one stood still",
                hint="Start again; what the other run did is kept.",
                retryable=True,
            )
        if self._thread is None:
            self._take()
            self._stop.clear()
            self._thread = threading.Thread(target=self._beat, name="bravo-lease", daemon=True)
            self._thread.start()

    @property
    def token(self) -> str:
        """What the lock says while we hold it."""
        return self._token

    def held(self, token: str | None) -> bool:
        """Whether somebody who lives holds the lease, under ``token`` where one is known; writes nothing."""
        holder = self._collection.find_one({"_id": "lock", "$expr": {"$not": [_EXPIRED]}})
        return holder is not None and token in (None, holder["token"]) and not _is_dead(holder)

    def release(self) -> None:
        """Give the lease back, if it is held."""
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join()
        self._thread = None
        _HELD.discard(self._token)
        try:
            self._collection.delete_one({"_id": "lock", "token": self._token})
        except PyMongoError:
            return  # it runs out by itself

    def _take(self) -> None:
        _HELD.add(self._token)
        try:
            self._take_or_raise()
        except BaseException:
            _HELD.discard(self._token)
            raise

    def _take_or_raise(self) -> None:
        self._renewed = _now()
        holder = self._claim(_EXPIRED)
        if holder["token"] != self._token and _is_dead(holder):
            holder = self._claim({"$eq": ["$token", holder["token"]]})
        if holder["token"] != self._token:
            raise FailedError(
                "target-busy",
                f"another run is writing to this target ({holder['owner']})",
                hint=f"Wait until it is done; one that died on another machine is forgotten in {SECONDS} s.",
                retryable=True,
            )

    def _claim(self, condition: dict[str, Any]) -> dict[str, Any]:
        """The lock as it is afterwards: ours where ``condition`` held."""
        me = {
            "_id": "lock",
            "token": self._token,
            "owner": f"{os.getpid()}@{socket.gethostname()}",
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "process_started": psutil.Process().create_time(),
        }
        mine = {"$mergeObjects": [{"$literal": me}, {"expires": _LATER}]}
        found: dict[str, Any] | None = self._collection.find_one_and_update(
            {"_id": "lock"},
            [{"$replaceWith": {"$cond": [condition, mine, "$$ROOT"]}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        assert found is not None  # an upsert
        return found

    def renew(self) -> bool:
        """Whether the lease is still ours; renewed if so."""
        began = _now()
        mine = self._collection.update_one({"_id": "lock", "token": self._token}, [_EXTEND])
        self._lost, self._renewed = mine.matched_count == 0, began
        return not self._lost

    def _beat(self) -> None:
        while not self._stop.wait(_BEAT):
            try:
                if not self.renew():
                    return
            except PyMongoError:
                continue  # the next beat may get through; the lease outlasts several


def _now() -> float:
    return time.clock_gettime(_CLOCK)


_LATER: dict[str, Any] = {"$add": ["$$NOW", SECONDS * 1000]}
_EXTEND: dict[str, Any] = {"$set": {"expires": _LATER}}
_EXPIRED: dict[str, Any] = {"$lt": ["$expires", "$$NOW"]}  # true of a lock that is not there, too


def _is_dead(holder: dict[str, Any]) -> bool:
    if holder.get("host") != socket.gethostname():
        return False
    try:
        started = psutil.Process(int(holder["pid"])).create_time()
        if holder["pid"] == os.getpid() and holder["token"] not in _HELD:
            return True
        return abs(started - float(holder["process_started"])) > 1.0
    except psutil.NoSuchProcess:
        return True
