"""One table from what boto3 raises to our errors; no text of the service is passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from boto3.exceptions import Boto3Error
from botocore import exceptions as boto

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
    "snapshot-store-denied",
    "the snapshot store refused access",
    "Check the keys that boto3 finds (AWS_ACCESS_KEY_ID, a profile, a role) and their rights to list, read "
    "and write below the prefix.",
)
_UNREACHABLE = _Answer(
    FailedError,
    "snapshot-store-unreachable",
    "the snapshot store cannot be reached or broke off",
    "Check BRAVO_S3_ENDPOINT and the network; what was copied already is not copied again.",
    retryable=True,
)
_BUCKET = _Answer(
    UsageError,
    "bucket-missing",
    "there is no such bucket",
    "Make the bucket, or check BRAVO_SNAPSHOT_URI (s3://bucket/prefix).",
)
_GONE = _Answer(
    FailedError,
    "snapshot-corrupt",
    "a file of the snapshot is missing from the store",
    "Export and upload again; then remove this one.",
)
_OTHER = _Answer(
    FailedError,
    "snapshot-store-failed",
    "the snapshot store reported an error",
    "Its own log has the details; try again.",
    retryable=True,
)

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; HEAD has no body, so only a status.
_BY_CODE = {
    "AccessDenied": _DENIED,
    "401": _DENIED,
    "403": _DENIED,
    "Forbidden": _DENIED,
    "AllAccessDisabled": _DENIED,
    "InvalidAccessKeyId": _DENIED,
    "SignatureDoesNotMatch": _DENIED,
    "ExpiredToken": _DENIED,
    "InvalidToken": _DENIED,
    "RequestTimeTooSkewed": _DENIED,
    "NoSuchBucket": _BUCKET,
    "NoSuchKey": _GONE,
    "404": _GONE,
    "NotFound": _GONE,
    "SlowDown": _UNREACHABLE,
    "ServiceUnavailable": _UNREACHABLE,
    "InternalError": _UNREACHABLE,
    "RequestTimeout": _UNREACHABLE,
    "500": _UNREACHABLE,
    "503": _UNREACHABLE,
}

_BY_CLASS: tuple[tuple[type[Exception], _Answer], ...] = (
    (boto.NoCredentialsError, _DENIED),
    (boto.PartialCredentialsError, _DENIED),
    (boto.CredentialRetrievalError, _DENIED),
    (boto.TokenRetrievalError, _DENIED),
    (boto.ConnectionError, _UNREACHABLE),
    (boto.HTTPClientError, _UNREACHABLE),
    (boto.IncompleteReadError, _UNREACHABLE),
    (boto.ResponseStreamingError, _UNREACHABLE),
)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raises what boto3 raises inside as a `BravoError` at ``where``."""
    try:
        yield
    except (boto.BotoCoreError, boto.ClientError, Boto3Error) as error:
        answer = _answer(error)
        raise answer.kind(
            answer.code, answer.message, hint=answer.hint, where=where, retryable=answer.retryable
        ) from None


def missing(error: boto.ClientError) -> bool:
    """Whether the service says that there is no such object."""
    return _code(error) in ("404", "NoSuchKey", "NotFound")


def _answer(error: BaseException) -> _Answer:
    if isinstance(error, boto.ClientError):
        return _BY_CODE.get(_code(error), _OTHER)
    # An upload wraps what went wrong: S3UploadFailedError from ClientError.
    inner = error.__cause__ or error.__context__
    if isinstance(error, Boto3Error) and inner is not None:
        return _answer(inner)
    return next((answer for kind, answer in _BY_CLASS if isinstance(error, kind)), _OTHER)


def _code(error: boto.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
