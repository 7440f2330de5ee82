"""One table from PostgreSQL's error codes to ours. No text of the server or a driver is passed on.

Such a text may quote a row ("Key (email)=(...) already exists") or the connection string. Mid-stream errors
of ADBC and failed logins carry no SQLSTATE: their text is looked at for known phrases, and then dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import adbc_driver_manager
import psycopg
import pyarrow as pa

from bravo_agent.errors import BravoError, FailedError, RefusedError, UsageError


@dataclass(frozen=True)
class _Answer:
    kind: type[BravoError]
    code: str
    message: str
    hint: str
    retryable: bool = False


_DENIED = _Answer(
    RefusedError,
    "source-access-denied",
    "the source refused access",
    "Check user, password and pg_hba.conf; the user needs CONNECT, USAGE on the schemas and SELECT on the "
    "tables.",
)
_UNREACHABLE = _Answer(
    FailedError,
    "source-unreachable",
    "the source cannot be reached or ended the connection",
    "Check host, port and network, and that the server runs; then try again.",
    retryable=True,
)
_UNKNOWN = _Answer(
    FailedError,
    "source-failed",
    "the source reported an error",
    "The server's own log has the details, under application_name bravo-agent.",
)

# The longest prefix of the SQLSTATE that is listed counts. https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_SQLSTATE = {
    "": _UNKNOWN,
    "08": _UNREACHABLE,
    "28": _DENIED,
    "42501": _DENIED,
    "57P": _UNREACHABLE,
    "57014": _Answer(
        FailedError,
        "source-cancelled",
        "the source cancelled the query",
        "Somebody or a timeout on the way cancelled it; try again.",
        retryable=True,
    ),
    "3D000": _Answer(
        UsageError,
        "source-database-missing",
        "the source has no database of that name",
        "Check the database name at the end of the connection URI.",
    ),
    "3F000": _Answer(
        UsageError, "source-schema-missing", "a schema is missing", "Check `schemas` under [source]."
    ),
    "53300": _Answer(
        FailedError,
        "source-busy",
        "the source has no free connection",
        "Try again later, or with fewer workers ([load] workers).",
        retryable=True,
    ),
    "53200": _Answer(
        FailedError,
        "source-out-of-memory",
        "the source is out of (shared) memory",
        "With thousands of tables and partitions raise max_locks_per_transaction there, or export fewer "
        "schemas.",
    ),
    "55P03": _Answer(
        FailedError,
        "source-locked",
        "a table is locked by somebody else",
        "A migration or maintenance is probably running; try again when it is done.",
        retryable=True,
    ),
    "42P01": _Answer(
        FailedError,
        "source-changing",
        "a table was dropped or renamed while it was looked at",
        "A migration is probably running; try again when it is done.",
        retryable=True,
    ),
    "40001": _Answer(
        FailedError,
        "source-conflict",
        "the source cancelled the query, because a standby had to replay a conflicting change",
        "Set hot_standby_feedback or a longer max_standby_streaming_delay there, or export from the primary.",
        retryable=True,
    ),
    "25006": _Answer(
        FailedError,
        "source-read-only",
        "a write was refused: the session is read only",
        "Only read through this connection; if bravo-agent did this by itself, please report it.",
    ),
    "54011": _Answer(
        FailedError,
        "source-too-many-columns",
        "the columns of a table need more than 1,664 expressions to be read",
        "Leave the table out with `exclude` under [source], or split it.",
    ),
    "22": _Answer(
        FailedError,
        "source-value-unreadable",
        "the source holds a value that it cannot give out itself",
        "Its log names the statement; the value breaks a conversion of PostgreSQL itself.",
    ),
}

_BY_PHRASE = (
    ("authentication failed", "28P01"),
    ("no pg_hba.conf entry", "28000"),
    ("pg_hba.conf rejects", "28000"),
    ("no password supplied", "28P01"),
    ("permission denied", "42501"),
    ("is not permitted to log in", "28000"),
    ("too many connections", "53300"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("conflict with recovery", "40001"),
    ("canceling statement", "57014"),
    ("terminating connection", "57P01"),
    ("server closed the connection", "08006"),
    ("connection to server", "08006"),
)


def failure(sqlstate: str, where: str | None = None) -> BravoError:
    """Our error for a SQLSTATE ('' if there is none), at the place ``where``."""
    answer = next(_BY_SQLSTATE[sqlstate[:size]] for size in (5, 3, 2, 0) if sqlstate[:size] in _BY_SQLSTATE)
    message = f"{answer.message} (SQLSTATE {sqlstate})" if sqlstate else answer.message
    return answer.kind(answer.code, message, hint=answer.hint, where=where, retryable=answer.retryable)


@contextmanager
def translated(where: str | None = None) -> Iterator[None]:
    """Raises what psycopg and ADBC raise inside as a `BravoError` at ``where``."""
    try:
        yield
    except (psycopg.Error, adbc_driver_manager.Error) as error:
        raise failure(_sqlstate(error), where) from None


@contextmanager
def streamed(where: str) -> Iterator[None]:
    """The same around a read from ADBC's stream, which raises as Arrow's streams do."""
    try:
        yield
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        raise failure(_sqlstate(error), where) from None


def connection_failure(error: Exception, where: str) -> BravoError:
    """Our error for a connection that could not be opened."""
    if isinstance(error, psycopg.ProgrammingError):
        return UsageError(
            "source-uri-invalid",
            "the source's connection URI cannot be read",
            hint="It is postgresql://user@host:port/database; percent-encode signs in the password.",
        )
    return failure(_sqlstate(error) or "08001", where)


def _sqlstate(error: Exception) -> str:
    if found := getattr(error, "sqlstate", None):
        return str(found)
    text = str(error)
    if "does not exist" in text and "FATAL" in text:
        return "28000" if 'role "' in text else "3D000"
    return next((state for phrase, state in _BY_PHRASE if phrase in text), "")
