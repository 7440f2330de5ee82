"""The schema registry: what each published version was published with.

Before a version is published, its catalog and models are put down whole (``_bravo_schema_parts``: canonical JSON,
deflated, cut below the size of a document, named by the sha256 of the text) and named in the version's own
document. Publishing then enters them in ``_bravo_schemas``. That is a step of the journaled operation, derived
from the version's document alone and done again without harm: after a crash the next start that finishes the
publish finishes it too.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any, TypeVar

from pymongo.collection import Collection

from bravo_agent import wire
from bravo_agent.errors import FailedError
from bravo_agent.events import Emit, StepReached
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.schema import RegisteredSchema
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb.connection import Connected, Document
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import SCHEMA_PARTS, SCHEMAS
from bravo_agent.stores.mongodb.records import change, find_version, write_together

T = TypeVar("T")
PART = 8 * 1024 * 1024
"""Bytes of one part; a document of MongoDB has 16 MB."""
_OWN = ("catalog_fingerprint", "models_fingerprint", "git_commit")
_SAME = ("catalog_fingerprint", "models_fingerprint", "system_identifier", "source_database")


class Registry(Guard):
    """Putting schemas down, and reading them."""

    @mapped
    def stage_schema(self, version: Version, catalog: Catalog, models: ModelSet) -> None:
        """Put down what ``version`` is about to be published with; again: the same."""
        self.enter()
        find_version(self, version.id)
        staged = {
            "catalog": _put(self, catalog),
            "models": _put(self, models),
            "system_identifier": catalog.system_identifier,
            "source_database": catalog.database,
        }
        # A build that a later run goes on with may have begun under other models.
        own = {key: getattr(version, key) for key in _OWN}
        write_together(self, [change(version.id, schema=staged, **own)], [])

    @mapped
    def schemas(self) -> tuple[RegisteredSchema, ...]:
        """What is registered, newest first."""
        found = self.durable(SCHEMAS).find().sort("_id", -1)
        return tuple(_as_schema(one) for one in found)

    @mapped
    def schema_catalog(self, schema: RegisteredSchema) -> Catalog:
        """Its catalog, with the identities of the source it was read from; raises ``registry-corrupt``."""
        return _get(self, Catalog, schema.catalog)

    @mapped
    def schema_models(self, schema: RegisteredSchema) -> ModelSet:
        """Its models; raises ``registry-corrupt``."""
        return _get(self, ModelSet, schema.models)


def register(at: Connected, version_id: str, emit: Emit) -> None:
    """Enter what ``version_id`` was published with; nothing where that is done or nothing was put down.

    A new number only for another structure, other models, or another source database (a dump and restore, whose
    oids mean nothing beside the former ones); else the version is added to the newest entry.
    """
    version = find_version(at, version_id)
    if "schema" not in version:
        return
    emit(StepReached("publish", "register"))
    schemas = at.durable(SCHEMAS)
    if schemas.find_one({"versions": version_id}) is not None:
        return
    entry = _entry(version)
    newest = schemas.find_one(sort=[("_id", -1)])
    if newest is not None and all(newest[key] == entry[key] for key in _SAME):
        schemas.update_one({"_id": newest["_id"]}, {"$addToSet": {"versions": version_id}})
    else:
        schemas.insert_one({"_id": newest["_id"] + 1 if newest else 1, **entry})
    _forget_unused(at, schemas)


def _entry(version: Document) -> Document:
    return {
        "catalog_fingerprint": version["catalog_fingerprint"],
        "models_fingerprint": version["models_fingerprint"],
        **version["schema"],
        "versions": [version["_id"]],
        "registered_at": version["created_at"],
        "registered_by": version["created_by"],
        "git_commit": version["git_commit"],
    }


def _as_schema(document: Document) -> RegisteredSchema:
    own = {**document, "number": document["_id"]}
    del own["_id"]
    return wire.loads(RegisteredSchema, json.dumps(own), where=f"{SCHEMAS} {document['_id']}")


def _put(at: Connected, value: Catalog | ModelSet) -> str:
    """The name of ``value``'s text, which is there afterwards; parts of a registered one are all there already."""
    text = json.dumps(wire.plain(value), sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(text.encode()).hexdigest()
    registered = {"$or": [{"catalog": name}, {"models": name}]}
    if at.durable(SCHEMAS).find_one(registered) is None:
        packed = zlib.compress(text.encode())
        for number, start in enumerate(range(0, len(packed), PART)):
            part = {"_id": f"{name}.{number:04d}", "data": packed[start : start + PART]}
            at.durable(SCHEMA_PARTS).replace_one({"_id": part["_id"]}, part, upsert=True)
    return name


def _get(at: Connected, kind: type[T], name: str) -> T:
    parts = at.durable(SCHEMA_PARTS).find({"_id": {"$regex": rf"^{name}\."}}).sort("_id", 1)
    try:
        text = zlib.decompress(b"".join(part["data"] for part in parts))
    except zlib.error:
        raise _corrupt(at, name) from None
    if hashlib.sha256(text).hexdigest() != name:
        raise _corrupt(at, name)
    return wire.loads(kind, text, where=f"{SCHEMA_PARTS} {name}")


def _corrupt(at: Connected, name: str) -> FailedError:
    return FailedError(
        "registry-corrupt",
        f"the schema registry does not hold the content {name[:12]} whole",
        hint="Somebody changed the collections of the registry. Restore them from a backup of the database; "
        "the next run registers what it publishes all the same.",
        where=f"{at.name}.{SCHEMA_PARTS}",
    )


def _forget_unused(at: Connected, schemas: Collection[dict[str, Any]]) -> None:
    """Drop the parts that a load left which was put down and never published."""
    used = {
        one[key] for one in schemas.find({}, {"catalog": 1, "models": 1}) for key in ("catalog", "models")
    }
    parts = at.durable(SCHEMA_PARTS)
    there = parts.find({}, {"_id": 1}).hint([("_id", 1)])
    unused = [one["_id"] for one in there if one["_id"].partition(".")[0] not in used]
    if unused:
        parts.delete_many({"_id": {"$in": unused}})
