"""Publishing and rolling back are one operation, written down whole before it begins, then carried out.

    journal line (state "open") -> undo increments -> switch names -> mark ("marked") -> register -> sweep -> "done"

Every part can be done again: so recovery is nothing but carrying out what stands in the journal and is not
done, always forward. An increment has a line of its own (state "applying") while it changes live documents;
nobody but its own run can go on with it, so recovery without that run undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import ReplaceOne

from bravo_agent.events import Emit, Noted, StepReached
from bravo_agent.stores.mongodb.connection import Connected, Document
from bravo_agent.stores.mongodb.names import JOURNAL, LEDGER, keep_name
from bravo_agent.stores.mongodb.records import (
    Write,
    all_versions,
    change,
    find_version,
    open_operations,
    write_together,
)
from bravo_agent.stores.mongodb.registry import register
from bravo_agent.stores.mongodb.switch import Move, switch
from bravo_agent.stores.mongodb.undo import undo_increment


def write_down(
    at: Connected,
    operation: str,
    version: str,
    *,
    moves: Sequence[Move],
    collections: Sequence[Document],
    leaving: str | None,
    undo: Sequence[str] = (),
    kept_as: str | None = None,
    replaces: object | None = None,
) -> Document:
    """The journal line of an operation that makes ``version`` current; durable, and all before it too.

    ``undo`` are the increments to take back, newest first, in the live collections or in those that are
    ``kept_as`` the top of their chain; ``replaces`` is the line of an increment that is complete.
    """
    entry: Document = {
        "_id": replaces or ObjectId(),
        "operation": operation,
        "version": version,
        "leaving": leaving,
        "undo": list(undo),
        "kept_as": kept_as,
        "moves": [asdict(move) for move in moves],
        "collections": list(collections),
        "order": 1 + max((one.get("retired_order", 0) for one in all_versions(at)), default=0),
        "state": "open",
        "began_at": datetime.now(UTC),
    }
    at.durable(JOURNAL).replace_one({"_id": entry["_id"]}, entry, upsert=True)
    return entry


def finish(at: Connected, entry: Document, emit: Emit) -> None:
    """Carry out what is written down, from wherever it stopped."""
    operation = entry["operation"]
    if entry["state"] == "open":
        _undo(at, entry, emit)
        moves = [Move(**move) for move in entry["moves"]]
        switch(at, moves, operation, emit, lambda: _open_window(at, entry))
        emit(StepReached(operation, "mark"))
        write_together(at, _marks(entry), [change(entry["_id"], state="marked")])
    if operation == "publish":
        register(at, entry["version"], emit)
    emit(StepReached(operation, "sweep"))
    _retire(at)
    sweep(at)
    emit(StepReached(operation, "done"))
    write_together(at, [], [change(entry["_id"], state="done", done_at=datetime.now(UTC))])


def settle(at: Connected, emit: Emit, *, resume: str | None = None) -> None:
    """Finish what the journal holds; an increment other than ``resume`` that was not completed is undone."""
    for entry in open_operations(at):
        if entry["state"] != "applying":
            emit(Noted("info", f"finishing the {entry['operation']} of {entry['version']}"))
            finish(at, entry, emit)
        elif entry["version"] != resume:
            emit(Noted("warning", f"undoing the unfinished increment {entry['version']}"))
            _take_back(at, entry, emit)


def sweep(at: Connected) -> None:
    """Drop what no version needs any more: kept and undo collections, finished builds, ledgers."""
    versions = {one["_id"]: one for one in all_versions(at)}
    for name in at.uuids():
        kind, _, rest = name.partition(".")
        version = versions.get(rest.partition(".")[0], {})
        state = version.get("state")
        parent = versions.get(version.get("parent", ""), {})
        gone = {
            "_bravo_keep": state in (None, "dropped", "failed"),
            "_bravo_undo": state in (None, "dropped", "failed") or parent.get("state") in (None, "dropped"),
            "_bravo_build": state != "building",
        }
        if gone.get(kind, False):
            at.database.drop_collection(name)
    building = [name for name, one in versions.items() if one["state"] in ("building", "publishing")]
    at.bulk(LEDGER).delete_many({"version": {"$nin": building}})


def _undo(at: Connected, entry: Document, emit: Emit) -> None:
    kept_as = entry["kept_as"]
    for version_id in entry["undo"]:
        emit(StepReached(entry["operation"], f"undo {version_id}"))
        version = find_version(at, version_id)
        undo_increment(at, version, lambda name: keep_name(kept_as, name) if kept_as else name)


def _open_window(at: Connected, entry: Document) -> None:
    write_together(at, [], [change(entry["_id"], window="per-collection", window_from=datetime.now(UTC))])


def _marks(entry: Document) -> list[Write]:
    # Without transactions these come one by one: the old one steps down first, so that never two are current.
    marks: list[Write] = []
    if entry["leaving"] is not None and entry["leaving"] not in entry["undo"]:
        marks.append(change(entry["leaving"], current=False, state="retired", retired_order=entry["order"]))
    marks += [change(undone, current=False, state="dropped") for undone in entry["undo"]]
    marks.append(change(entry["version"], current=True, state="published", collections=entry["collections"]))
    return marks


def _retire(at: Connected) -> None:
    retired = [one for one in all_versions(at) if one["state"] == "retired"]
    retired.sort(key=lambda one: -int(one["retired_order"]))
    # Marked as dropped before anything is dropped: nobody rolls back to a half-dropped version.
    old: list[Write] = [change(one["_id"], state="dropped") for one in retired[at.keep_versions :]]
    write_together(at, old, [])


def _take_back(at: Connected, entry: Document, emit: Emit) -> None:
    emit(StepReached("recover", f"undo {entry['version']}"))
    undo_increment(at, find_version(at, entry["version"]), lambda name: name)
    emit(StepReached("recover", "mark"))
    done: list[Write] = [change(entry["_id"], state="done", outcome="undone", done_at=datetime.now(UTC))]
    write_together(at, [change(entry["version"], state="failed")], done)
    sweep(at)


def open_increment(at: Connected, version_id: str) -> None:
    """The journal line of an increment that begins to change live documents."""
    key = f"incremental {version_id}"
    entry: Document = {"_id": key, "operation": "incremental", "version": version_id, "state": "applying"}
    entry["began_at"] = datetime.now(UTC)
    journal: list[Write] = [ReplaceOne({"_id": key}, entry, upsert=True)]
    write_together(at, [change(version_id, state="publishing")], journal)
