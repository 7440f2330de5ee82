"""The check of an incremental refresh: what it touched, read back and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import bson
from bson.codec_options import CodecOptions, DatetimeConversion

from bravo_agent.model.check import CheckResult, Finding
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.transfer.delta import Side, deletions, upserts

_BATCH = 1_000
# Dates outside Python's range stay numbers; UUIDs stay what they are on the wire.
DECODE: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)


def owned(mapping: EntityMapping, validator: Mapping[str, Any] | None) -> list[str]:
    """The document keys that production sets, and those that it set so far: the live ``validator`` names them.

    What is no longer among its keys must go, or its old values would stay in documents that are otherwise new.
    """
    schema = (validator or {}).get("$jsonSchema", {})
    names = [*(mapped.target for mapped in mapping.columns), *schema.get("properties", ())]
    return [name for name in dict.fromkeys(names) if name != "_id"]


def ids(documents: Iterable[bytes]) -> Iterator[Any]:
    """Their ``_id``s."""
    return (bson.decode(document, DECODE)["_id"] for document in documents)


def check_delta(
    mapping: EntityMapping, known: Side, old: Side, new: Side, target: MongoTarget, fields: Collection[str]
) -> CheckResult:
    """Every merged document holds what its row became, every deleted one is gone, nothing was quarantined.

    ``known`` is what need not be merged again: ``old``, or nothing where rows become documents in another way.
    ``fields`` are what production owns: of those a document holds none that its row does not give.
    """
    findings: dict[str, int] = {}
    examined = 0
    for batch in _batches(upserts(known, new)):
        examined += len(batch)
        _compare(mapping, batch, target, fields, findings)
    for batch in _batches(deletions(old, new)):
        examined += len(batch)
        still = target.sample(mapping.collection, list(ids(batch)))
        _add(findings, "documents are there that production deleted", len(still))
    _add(findings, "rows could not become documents", len(new.rejected))
    found = tuple(Finding(mapping.collection, message, count) for message, count in sorted(findings.items()))
    return CheckResult("delta", "post-load", mapping.table, not found, examined, found)


def _compare(
    mapping: EntityMapping,
    batch: list[bytes],
    target: MongoTarget,
    fields: Collection[str],
    findings: dict[str, int],
) -> None:
    wanted = {_key(document): document for document in (bson.decode(one, DECODE) for one in batch)}
    there = target.sample(mapping.collection, [one["_id"] for one in wanted.values()])
    found = {_key(document): document for document in (bson.decode(one.raw, DECODE) for one in there)}
    for key, document in wanted.items():
        other = found.get(key)
        if other is None:
            _add(findings, "documents are missing", 1)
        elif any(_bytes(other.get(name)) != _bytes(value) for name, value in document.items()):
            _add(findings, "documents differ from their rows", 1)
        elif any(name in other and name not in document for name in fields):
            _add(findings, "documents hold fields that their rows no longer give", 1)


def _key(document: dict[str, Any]) -> bytes:
    return _bytes(document["_id"])


def _bytes(value: Any) -> bytes:
    return bson.encode({"v": value})


def _add(findings: dict[str, int], message: str, count: int) -> None:
    if count:
        findings[message] = findings.get(message, 0) + count


def _batches(documents: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(documents, _BATCH)):
        yield batch
