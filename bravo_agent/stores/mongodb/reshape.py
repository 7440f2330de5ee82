"""The validator of a live collection follows the mapping of an increment, and goes back with it.

What the collection had before is noted in the version's document (``validators``) before it is changed, as
text: names there begin with ``$``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pymongo.errors import OperationFailure

from bravo_agent.stores.mongodb.connection import Connected, Document
from bravo_agent.stores.mongodb.records import change, find_version, write_together

_DENIED = 13


def follow(at: Connected, version_id: str, collection: str, validator: Mapping[str, Any]) -> None:
    """Give the live ``collection`` this validator; one that is not there yet is made with it."""
    existed = bool(at.database.list_collection_names(filter={"name": collection}))
    before = at.database[collection].options().get("validator") or {}
    if existed and before == validator:
        return
    noted = find_version(at, version_id).get("validators", [])
    if collection not in {one["collection"] for one in noted}:
        line = {"collection": collection, "existed": existed, "before": json.dumps(before)}
        write_together(at, [change(version_id, validators=[*noted, line])], [])
    if existed:
        _give(at, collection, validator)
    else:
        at.database.command({"create": collection, **_strict(validator)})


def give_back(at: Connected, version: Document, place: Callable[[str], str]) -> None:
    """The validators as they were before ``version``, in the collections that now stand at ``place(name)``."""
    for one in version.get("validators", ()):
        if one["existed"]:
            _give(at, place(one["collection"]), json.loads(one["before"]))


def drop_empty(at: Connected, version: Document, place: Callable[[str], str]) -> None:
    """Drop the collections that ``version`` made, unless somebody has put something there since."""
    for one in version.get("validators", ()):
        name = place(one["collection"])
        if not one["existed"] and at.database[name].find_one({}, {"_id": 1}) is None:
            at.database.drop_collection(name)


def _give(at: Connected, collection: str, validator: Mapping[str, Any]) -> None:
    try:
        at.database.command({"collMod": collection, **_strict(validator)})
    except OperationFailure as error:
        # A role without this right: the validator stays, and refuses itself what it does not take.
        if error.code != _DENIED:
            raise


def _strict(validator: Mapping[str, Any]) -> Document:
    return {"validator": dict(validator), "validationAction": "error", "validationLevel": "strict"}
