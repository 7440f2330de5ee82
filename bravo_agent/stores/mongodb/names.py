"""Names in a target: of databases, of versions, and the prefix under which our own collections stand."""

from __future__ import annotations

import hashlib
import re

from bravo_agent.errors import UsageError

PREFIX = "_bravo_"
META, VERSIONS, JOURNAL, LEDGER = "_bravo_meta", "_bravo_versions", "_bravo_journal", "_bravo_ledger"
SCHEMAS, SCHEMA_PARTS = "_bravo_schemas", "_bravo_schema_parts"
PLANS = "_bravo_plans"
AUDIT = "etl_audit"
_MAX_BYTES = 63
_REFUSED = re.compile(r'[/\\. "$*<>:|?\x00]')
_SAYS_LESS = re.compile(r"[^a-z0-9\-/_.]")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}-\d{3,}")


def build_name(version_id: str, collection: str) -> str:
    """Where ``collection`` of a version is built."""
    return f"{PREFIX}build.{version_id}.{collection}"


def keep_name(version_id: str, collection: str) -> str:
    """Where ``collection`` of a version waits that is no longer, or not again, the current one."""
    return f"{PREFIX}keep.{version_id}.{collection}"


def undo_name(version_id: str, collection: str) -> str:
    """Where an incremental version keeps what it changed in ``collection``."""
    return f"{PREFIX}undo.{version_id}.{collection}"


def is_ours(collection: str) -> bool:
    """Whether this is one of our own collections, which no application reads."""
    return collection.startswith(PREFIX) or collection == AUDIT


def check_collection(collection: str) -> None:
    """Raises ``UsageError`` ``collection-name-reserved`` for a name that production may not take."""
    if is_ours(collection) or collection.startswith("system."):
        raise UsageError(
            "collection-name-reserved",
            f"a collection cannot be called {collection}",
            hint="Give the table another collection in bravo.toml: [entities.<table>] collection = ...",
        )


def check_version(version_id: str) -> None:
    """Raises ``UsageError`` ``version-unknown`` for what is no version id at all."""
    if not _VERSION.fullmatch(version_id):
        raise UsageError(
            "version-unknown",
            "a version id looks like 2025-06-28-001",
            hint="`bravo-agent versions` lists those there are.",
        )


def database_name(
    base: str, *, branch: str | None = None, date: str | None = None, test: bool = False
) -> str:
    """``base`` with ``-test``, a branch's slug or a date's digits; what MongoDB takes, under 64 bytes.

    A branch whose slug says less than its name (other signs, capitals, too long) or that would read like a
    test or a dated database gets a few digits of its hash, so that two branches never share a database.
    """
    stem = _REFUSED.sub("-", base)
    if test:
        return _fit(f"{stem}-test", stem)
    if date is not None:
        return _fit(f"{stem}-{re.sub('[^0-9]', '', date)}", date)
    if branch is None:
        return _fit(stem, base)
    slug = re.sub(r"-+", "-", re.sub(r"[^a-z0-9]", "-", branch.lower())).strip("-")
    if _SAYS_LESS.search(branch) or not slug or slug == "test" or re.fullmatch(r"\d{8}", slug):
        slug = f"{slug or 'branch'}-{_digest(branch)}"
    return _fit(f"{stem}-{slug}", branch)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _fit(name: str, true_name: str) -> str:
    if len(name.encode()) <= _MAX_BYTES:
        return name
    cut = name.encode()[: _MAX_BYTES - 9].decode(errors="ignore").rstrip("-")
    return f"{cut}-{_digest(true_name)}"
