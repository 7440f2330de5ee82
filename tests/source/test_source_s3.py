from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from source_scene import made_snapshot

from bravo_agent.errors import FailedError, RefusedError, UsageError
from bravo_agent.events import ignore
from bravo_agent.stores.s3 import store as store_module
from bravo_agent.stores.s3.store import S3Store
from bravo_agent.stores.servers import S3Access
from bravo_agent.stores.snapshot import open_store, resolve, verify
from bravo_agent.stores.snapshot.layout import files


@pytest.fixture
def store(bucket: str, s3_server: S3Access) -> S3Store:
    return S3Store(f"s3://{bucket}/team/prod", endpoint=s3_server.endpoint)


@pytest.fixture
def client(bucket: str, s3_server: S3Access) -> Any:
    return boto3.client("s3", endpoint_url=s3_server.endpoint)


def test_up_and_down_again(store: S3Store, tmp_path: Path, bucket: str, client: Any) -> None:
    assert store.ids() == ()
    for id_ in ("2026-01-02-001", "2026-01-01-001"):
        made_snapshot(tmp_path, id_)
        store.upload(tmp_path / id_, ignore)
    assert store.ids() == ("2026-01-01-001", "2026-01-02-001")
    assert resolve(store, "latest") == "2026-01-02-001"
    folder = store.download("2026-01-01-001", tmp_path / "back", ignore)
    assert verify(folder) == store.manifest("2026-01-01-001")
    keys = {found["Key"] for found in client.list_objects_v2(Bucket=bucket)["Contents"]}
    assert "team/prod/2026-01-01-001/manifest.json" in keys
    assert "team/prod/2026-01-01-001/data/public.a/00000.parquet" in keys
    store.remove("2026-01-01-001")
    assert store.ids() == ("2026-01-02-001",)
    assert not any("2026-01-01" in key for key in _keys(client, bucket))
    for use in (store.manifest, store.remove):
        with pytest.raises(UsageError, match="snapshot-unknown"):
            use("2026-01-01-001")


def _keys(client: Any, bucket: str) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_a_half_upload_is_never_latest_and_goes_on(
    store: S3Store, tmp_path: Path, bucket: str, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_FILES_AT_ONCE", 1)
    old, new = made_snapshot(tmp_path, "2026-01-01-001"), made_snapshot(tmp_path, "2026-01-02-001")
    store.upload(tmp_path / old.id, ignore)
    sent: list[str] = []
    broken = S3Store(f"s3://{bucket}/team/prod", client=_Counting(client, sent, at_most=2))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        broken.upload(tmp_path / new.id, ignore)
    assert len(sent) == 2
    assert resolve(store, "latest") == old.id
    assert store.incomplete() == (new.id,)
    with pytest.raises(UsageError, match="snapshot-unknown"):
        store.download(new.id, tmp_path / "back", ignore)
    sent.clear()
    again = S3Store(f"s3://{bucket}/team/prod", client=_Counting(client, sent))  # type: ignore[arg-type]
    again.upload(tmp_path / new.id, ignore)
    assert len(sent) == len(files(new)) - 2
    assert resolve(store, "latest") == new.id
    again.upload(tmp_path / new.id, ignore)
    assert len(sent) == len(files(new)) - 2


class _Counting:
    def __init__(self, client: Any, sent: list[str], at_most: int = 100) -> None:
        self._client, self._sent, self._at_most = client, sent, at_most

    def upload_file(self, path: str, bucket: str, key: str, **more: Any) -> None:
        if len(self._sent) == self._at_most:
            raise KeyboardInterrupt
        self._sent.append(key)
        self._client.upload_file(path, bucket, key, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_a_changed_object_is_detected(store: S3Store, tmp_path: Path, bucket: str, client: Any) -> None:
    snapshot = made_snapshot(tmp_path)
    store.upload(tmp_path / snapshot.id, ignore)
    key = f"team/prod/{snapshot.id}/{files(snapshot)[1].path}"
    body = bytearray(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    body[50] ^= 1
    client.put_object(Bucket=bucket, Key=key, Body=bytes(body))
    with pytest.raises(FailedError, match="snapshot-corrupt") as caught:
        store.download(snapshot.id, tmp_path / "back", ignore)
    assert "public.a/00001" in str(caught.value.where)
    assert not (tmp_path / "back" / snapshot.id / "manifest.json").exists()
    client.delete_object(Bucket=bucket, Key=key)
    with pytest.raises(FailedError, match="snapshot-corrupt"):
        store.download(snapshot.id, tmp_path / "back", ignore)


def test_a_damaged_file_is_not_uploaded(store: S3Store, tmp_path: Path) -> None:
    snapshot = made_snapshot(tmp_path)
    (tmp_path / snapshot.id / files(snapshot)[1].path).write_bytes(b"x")
    with pytest.raises(FailedError, match="snapshot-corrupt"):
        store.upload(tmp_path / snapshot.id, ignore)
    assert store.ids() == ()


def test_a_file_of_many_parts(store: S3Store, tmp_path: Path, bucket: str, client: Any) -> None:
    snapshot = made_snapshot(tmp_path, rows_=40_000, width=500)
    assert max(file.size for file in files(snapshot)) > 16 * 1024 * 1024
    store.upload(tmp_path / snapshot.id, ignore)
    key = f"team/prod/{snapshot.id}/{files(snapshot)[0].path}"
    assert "-" in client.head_object(Bucket=bucket, Key=key)["ETag"]
    assert verify(store.download(snapshot.id, tmp_path / "back", ignore))


def test_another_snapshot_of_the_same_id_stays(store: S3Store, tmp_path: Path) -> None:
    store.upload(tmp_path / made_snapshot(tmp_path).id, ignore)
    made_snapshot(tmp_path / "other", rows_=10)
    with pytest.raises(UsageError, match="snapshot-exists"):
        store.upload(tmp_path / "other" / "2026-01-01-001", ignore)


def test_failures_have_a_name(
    bucket: str, s3_server: S3Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = made_snapshot(tmp_path)
    missing = S3Store("s3://no-such-bucket-here", endpoint=s3_server.endpoint)
    with pytest.raises(UsageError, match="bucket-missing"):
        missing.ids()
    with pytest.raises(UsageError, match="bucket-missing"):
        missing.upload(tmp_path / snapshot.id, ignore)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-wrong-secret")
    denied = open_store(f"s3://{bucket}", endpoint=s3_server.endpoint)
    for use in (
        denied.ids,
        lambda: denied.manifest("x"),
        lambda: denied.upload(tmp_path / snapshot.id, ignore),
    ):
        with pytest.raises(RefusedError, match="snapshot-store-denied") as caught:
            use()
        assert "a-wrong-secret" not in str(caught.value)
    nobody = S3Store(f"s3://{bucket}", endpoint="http://127.0.0.1:1")
    with pytest.raises(FailedError, match="snapshot-store-unreachable"):
        nobody.ids()
