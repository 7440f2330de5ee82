"""Snapshots below a prefix of a bucket: ``prefix/<id>/manifest.json`` and ``prefix/<id>/data/...``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from boto3.s3.transfer import TransferConfig
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.events import Emit
from bravo_agent.model.snapshot import DataFile, Snapshot
from bravo_agent.stores.s3.errors import missing, translated
from bravo_agent.stores.snapshot.copying import checked_source, each_file, fetch, taken
from bravo_agent.stores.snapshot.layout import MANIFEST, checked_id, parse_manifest, read_manifest, unknown

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, ObjectIdentifierTypeDef

_MEGABYTE = 1024 * 1024
# A thousand small tables are a thousand requests, one big table is many parts: some of both at once.
_FILES_AT_ONCE = 4
_TRANSFER = TransferConfig(
    multipart_threshold=16 * _MEGABYTE, multipart_chunksize=16 * _MEGABYTE, max_concurrency=4
)
_DELETED_AT_ONCE = 1000  # the most that DeleteObjects takes
_SHA256 = "sha256"


class S3Store:
    """A `SnapshotStore` at ``s3://bucket/prefix``; keys and region are found by boto3 where not given."""

    def __init__(
        self,
        uri: str,
        endpoint: str | None = None,
        region: str | None = None,
        client: S3Client | None = None,
    ) -> None:
        self._bucket, self._prefix = _parsed(uri)
        self._uri = f"s3://{self._bucket}/{self._prefix}"
        with translated(self._uri):
            self._s3 = client or _client(endpoint, region)

    def create(self) -> None:
        """Makes the bucket, if it is not there."""
        with translated(self._uri):
            if self._bucket not in {found["Name"] for found in self._s3.list_buckets()["Buckets"]}:
                self._s3.create_bucket(Bucket=self._bucket)

    def ids(self) -> tuple[str, ...]:
        """Ids of the complete snapshots, oldest first; one request for each, and one for every 1,000."""
        return tuple(sorted(found for found in self._folders() if self._complete(found)))

    def manifest(self, snapshot_id: str) -> Snapshot:
        """The manifest; raises ``snapshot-unknown``."""
        text = self._manifest_bytes(checked_id(snapshot_id))
        if text is None:
            raise unknown(snapshot_id)
        return parse_manifest(text, f"{self._uri}{snapshot_id}/{MANIFEST}")

    def download(self, snapshot_id: str, into: Path, emit: Emit) -> Path:
        """``into/snapshot_id``, every file verified; raises ``snapshot-corrupt``."""
        snapshot = self.manifest(snapshot_id)

        def get(path: str, target: Path) -> None:
            key = self._key(snapshot_id, path)
            with translated(f"s3://{self._bucket}/{key}"):
                self._s3.download_file(self._bucket, key, str(target), Config=_TRANSFER)

        return fetch(snapshot, into, get, emit, _FILES_AT_ONCE)

    def upload(self, folder: Path, emit: Emit) -> Snapshot:
        """Puts a local snapshot there, its manifest last; files that an earlier upload put there stay."""
        snapshot = read_manifest(folder)
        text = self._manifest_bytes(checked_id(snapshot.id))
        if text is not None:
            if parse_manifest(text, f"{self._uri}{snapshot.id}/{MANIFEST}") != snapshot:
                raise taken(snapshot.id, self._uri)
            return snapshot
        each_file(snapshot, lambda file: self._put(snapshot.id, folder, file), "upload", emit, _FILES_AT_ONCE)
        key = self._key(snapshot.id, MANIFEST)
        with translated(f"s3://{self._bucket}/{key}"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=wire.dumps(snapshot).encode(),
                ContentType="application/json",
            )
        return snapshot

    def remove(self, snapshot_id: str) -> None:
        """Removes one snapshot, or what a broken upload left of it; its manifest first."""
        manifest = self._key(checked_id(snapshot_id), MANIFEST)
        with translated(self._uri):
            keys = list(self._keys(self._key(snapshot_id, "")))
            if not keys:
                raise unknown(snapshot_id)
            self._s3.delete_object(Bucket=self._bucket, Key=manifest)
            rest = [key for key in keys if key != manifest]
            for start in range(0, len(rest), _DELETED_AT_ONCE):
                self._delete(rest[start : start + _DELETED_AT_ONCE])

    def incomplete(self) -> tuple[str, ...]:
        """Ids of what has no manifest: broken uploads, or such as somebody is at right now."""
        return tuple(sorted(found for found in self._folders() if not self._complete(found)))

    def _put(self, snapshot_id: str, folder: Path, file: DataFile) -> None:
        key = self._key(snapshot_id, file.path)
        with translated(f"s3://{self._bucket}/{key}"):
            if self._there(key, file):
                return
            self._s3.upload_file(
                str(checked_source(folder, file)),
                self._bucket,
                key,
                ExtraArgs={"Metadata": {_SHA256: file.sha256}},
                Config=_TRANSFER,
            )

    def _there(self, key: str, file: DataFile) -> bool:
        """An object appears whole or not at all, so its size and our checksum beside it are enough."""
        head = self._head(key)
        if head is None:
            return False
        return head["ContentLength"] == file.size and head["Metadata"].get(_SHA256) == file.sha256

    def _head(self, key: str) -> HeadObjectOutputTypeDef | None:
        try:
            return self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if missing(error):
                return None
            raise

    def _complete(self, snapshot_id: str) -> bool:
        with translated(self._uri):
            return self._head(self._key(snapshot_id, MANIFEST)) is not None

    def _manifest_bytes(self, snapshot_id: str) -> bytes | None:
        key = self._key(snapshot_id, MANIFEST)
        with translated(f"s3://{self._bucket}/{key}"):
            try:
                return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if missing(error):
                    return None
                raise

    def _folders(self) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2")
        with translated(self._uri):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"):
                for common in page.get("CommonPrefixes", []):
                    yield common["Prefix"].removeprefix(self._prefix).rstrip("/")

    def _keys(self, prefix: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            yield from (found["Key"] for found in page.get("Contents", []))

    def _delete(self, keys: list[str]) -> None:
        objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys]
        self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def _key(self, snapshot_id: str, path: str) -> str:
        return f"{self._prefix}{snapshot_id}/{path}"


def _parsed(uri: str) -> tuple[str, str]:
    """Bucket and prefix; the prefix ends with a slash, or is empty."""
    parts = urlsplit(uri)
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
        raise UsageError(
            "snapshot-uri-invalid",
            "this is not the place of a bucket",
            hint="BRAVO_SNAPSHOT_URI is s3://bucket/prefix; keys come from boto3's own configuration.",
        )
    prefix = parts.path.strip("/")
    return parts.netloc, f"{prefix}/" if prefix else ""


def _client(endpoint: str | None, region: str | None) -> S3Client:
    config = Config(
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=20,
        retries={"mode": "standard", "max_attempts": 4},
        # Other servers than Amazon's do not all know the newer checksums; ours is in the manifest.
        request_checksum_calculation="when_required" if endpoint else "when_supported",
        response_checksum_validation="when_required" if endpoint else "when_supported",
    )
    try:
        # A session of our own: boto3's common one keeps the first keys that it found, and is not for threads.
        return Session().client("s3", endpoint_url=endpoint, region_name=region, config=config)
    except ValueError:
        raise UsageError(
            "snapshot-endpoint-invalid",
            "the address of the S3 server cannot be used",
            hint="BRAVO_S3_ENDPOINT is https://host:port; leave it out for Amazon's.",
        ) from None
