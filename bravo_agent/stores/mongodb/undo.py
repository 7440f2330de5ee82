"""Taking an increment back: each document that it touched gets its former fields again.

A line of ``_bravo_undo.<version>.<collection>`` holds the ``_id``, whether the document was there, and the
former fields (all of them where it was deleted). What the line says is what holds afterwards, so it can be
done twice:

- it was there: its former owned fields are put back and those it had not are removed; fields of others stay
  as they are now. Where it is gone (deleted by the increment, or by somebody since) it comes back.
- it was not there: it is deleted; if somebody gave it fields of their own since, only the owned ones go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bson.raw_bson import RawBSONDocument

from bravo_agent.stores.mongodb.connection import Connected, Document
from bravo_agent.stores.mongodb.names import undo_name
from bravo_agent.stores.mongodb.reshape import drop_empty, give_back
from bravo_agent.stores.mongodb.statements import batches, delete, send, update


def undo_increment(at: Connected, version: Document, place: Callable[[str], str]) -> None:
    """Take ``version`` back in the collections that now stand at ``place(name)``; time follows the delta."""
    give_back(at, version, place)
    for one in version.get("owned", ()):
        target, owned = place(one["collection"]), one["fields"]
        with at.raw(undo_name(version["_id"], one["collection"])).find({}) as lines:
            for batch in batches(lines):
                added = [line["_id"] for line in batch if not line["existed"]]
                changed = [line for line in batch if line["existed"]]
                # What nobody else had a hand in goes whole; what is left after that loses the owned fields.
                send(at, "delete", target, [_remove(key, owned) for key in added])
                # What others made of a document need not fit the validator, and must not stop the way back.
                send(at, "update", target, [_strip(key, owned) for key in added], bypass=True)
                send(at, "update", target, [_restore(line, owned) for line in changed], bypass=True)
    drop_empty(at, version, place)


def _restore(line: RawBSONDocument, owned: Sequence[str]) -> Document:
    before = line["before"]
    # A pipeline, because it takes a whole document as one value, whatever its fields are called.
    steps: list[dict[str, Any]] = [{"$replaceWith": {"$mergeObjects": ["$$ROOT", {"$literal": before}]}}]
    absent = sorted({*owned} - {*before})
    return update(line["_id"], [*steps, {"$unset": absent}] if absent else steps, upsert=True)


def _remove(key: Any, owned: Sequence[str]) -> Document:
    names = {"$map": {"input": {"$objectToArray": "$$ROOT"}, "in": "$$this.k"}}
    return delete(key, **{"$expr": {"$setIsSubset": [names, ["_id", *owned]]}})


def _strip(key: Any, owned: Sequence[str]) -> Document:
    return update(key, {"$unset": dict.fromkeys((name for name in owned if name != "_id"), "")}, upsert=False)
