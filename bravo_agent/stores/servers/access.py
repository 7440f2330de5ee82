"""How to reach servers: the S3 access record, and what the environment names."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from bravo_agent.errors import UsageError

POSTGRES_VARIABLE = "BRAVO_EMBEDDED_POSTGRES_URI"
MONGODB_VARIABLE = "BRAVO_EMBEDDED_MONGODB_URI"
S3_VARIABLE = "BRAVO_EMBEDDED_S3_ENDPOINT"
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class S3Access:
    """An S3 endpoint (``http://host:port``) with the keys and the bucket region to use; no bucket is made."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = REGION


def s3_of_environment() -> S3Access | None:
    """The S3 server named in the environment, None without ``BRAVO_EMBEDDED_S3_ENDPOINT``.

    Raises UsageError ``s3-keys-missing`` when the endpoint is named but its keys are not.
    """
    endpoint = os.environ.get(S3_VARIABLE)
    if not endpoint:
        return None
    access_key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret_key = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key:
        raise UsageError(
            "s3-keys-missing",
            f"{S3_VARIABLE} is set, but AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not",
            hint=f"set both keys of that server, or unset {S3_VARIABLE} to start an embedded one",
        )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION
    return S3Access(endpoint, access_key, secret_key, region)
