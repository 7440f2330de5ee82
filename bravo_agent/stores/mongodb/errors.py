"""The driver's failures as our own: one table, and no word of the server's message.

MongoDB quotes values in its messages (a duplicate key, a failed validation) and pymongo quotes the URI in
some of its own, so only the error's number and its name are passed on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar

from bson.errors import BSONError
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from bravo_agent.errors import BravoError, FailedError, RefusedError, UsageError

P = ParamSpec("P")
R = TypeVar("R")


class _Row(NamedTuple):
    kind: type[BravoError]
    code: str
    message: str
    hint: str
    retryable: bool = False


_UNREACHABLE = _Row(
    FailedError,
    "target-unreachable",
    "the MongoDB server does not answer",
    "Check host, port and replica set name in the target's URI, and that the server runs; then try again.",
    retryable=True,
)
_DENIED = _Row(
    RefusedError,
    "target-access-denied",
    "MongoDB denied access",
    "The role needs readWrite and dbAdmin on the target database; check user, password and authSource.",
)
_URI = _Row(
    UsageError,
    "target-uri-invalid",
    "the target's URI cannot be used",
    "It looks like mongodb://user:password@host:27017/?replicaSet=rs0; escape special signs in the password.",
)
_INTERRUPTED = _Row(
    FailedError,
    "target-interrupted",
    "the connection to MongoDB broke off in the middle of the work",
    "Run it again: what was written is known and is not written twice.",
    retryable=True,
)
_INVALID = _Row(
    FailedError,
    "document-invalid",
    "a document does not fit the collection's validator",
    "Run the checks: they count which rule does not hold.",
)
_DUPLICATE = _Row(
    FailedError,
    "duplicate-key",
    "two documents have the same unique key",
    "Keys that differ in microseconds alone meet in MongoDB's milliseconds: keep them as text with "
    '`rules = { column = "preserve" }` for that table in bravo.toml.',
)
_TOO_LARGE = _Row(
    FailedError,
    "document-too-large",
    "a document is larger than MongoDB's 16 MB",
    "Leave a large column out.",
)

_BY_CODE: dict[int, _Row] = {
    13: _DENIED,
    18: _DENIED,
    8000: _DENIED,
    121: _INVALID,
    11000: _DUPLICATE,
    10334: _TOO_LARGE,
    17420: _TOO_LARGE,
}
_BY_CLASS: tuple[tuple[type[Exception], _Row], ...] = (
    (ServerSelectionTimeoutError, _UNREACHABLE),
    (WTimeoutError, _INTERRUPTED),
    (AutoReconnect, _INTERRUPTED),
    (ConnectionFailure, _UNREACHABLE),
    (DocumentTooLarge, _TOO_LARGE),
    (InvalidURI, _URI),
    (ConfigurationError, _URI),
)


def by_code(code: int, *, where: str | None = None) -> BravoError:
    """Our error for the server's error number ``code``."""
    row = _BY_CODE.get(code)
    if row is None:
        row = _Row(
            FailedError,
            "target-failed",
            f"MongoDB refused the operation (its error {code})",
            "Look the number up in MongoDB's list of error codes; the server's log has the details.",
        )
    return _error(row, where)


def translate(error: Exception, *, where: str | None = None) -> BravoError:
    """Our error for a failure of the driver."""
    for kind, row in _BY_CLASS:
        if isinstance(error, kind):
            return _error(row, where)
    if isinstance(error, BulkWriteError) and error.details.get("writeErrors"):
        return by_code(error.details["writeErrors"][0]["code"], where=where)
    if isinstance(error, OperationFailure) and error.code is not None:
        return by_code(error.code, where=where)
    return _error(
        _Row(
            FailedError,
            "target-failed",
            f"the MongoDB driver gave up ({type(error).__name__})",
            "Run `bravo-agent doctor`; if it finds nothing, the server's log has the details.",
        ),
        where,
    )


def uri_invalid() -> BravoError:
    """The error for a URI that cannot be used; it does not repeat it."""
    return _error(_URI, None)


def mapped(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` raising only ``BravoError`` where the driver fails."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (PyMongoError, BSONError) as error:
            raise translate(error) from None

    return guarded


def _error(row: _Row, where: str | None) -> BravoError:
    return row.kind(row.code, row.message, hint=row.hint, where=where, retryable=row.retryable)
