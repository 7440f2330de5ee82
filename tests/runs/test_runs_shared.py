"""Snapshots shared on S3, through the command line and a real server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from runs_production import expected, without
from runs_scene import Scene


@pytest.fixture
def bucket(shared: Scene) -> Any:
    place = urlsplit(shared.environ["BRAVO_SNAPSHOT_URI"])
    resource = boto3.resource(
        "s3",
        endpoint_url=shared.environ["BRAVO_S3_ENDPOINT"],
        aws_access_key_id=shared.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=shared.environ["AWS_SECRET_ACCESS_KEY"],
        region_name=shared.environ["AWS_DEFAULT_REGION"],
    )
    found = resource.Bucket(place.netloc)
    found.create()
    return found


def _elsewhere(scene: Scene, folder: Path) -> Scene:
    """Another developer: the same project, no snapshot yet, and no way to production."""
    scene.git("clone", "-q", ".", str(folder))
    return replace(scene, project=folder, environ={**scene.environ, "BRAVO_SOURCE_URI": ""})


@pytest.mark.slow
def test_one_exports_and_another_loads(shared: Scene, bucket: Any, tmp_path: Path) -> None:
    exported = shared.json("snapshot", "export")
    assert exported["tables"]["public.daily_metrics"] == 2_000
    assert shared.json("snapshot", "upload")["id"] == exported["id"]
    other = _elsewhere(shared, tmp_path / "other")
    listed = other.json("snapshot", "list")
    assert [one["id"] for one in listed["shared"]] == [exported["id"]]
    assert listed["local"] == []
    assert other.json("detect", "--source", "s3")["changes"] == []
    report = other.json("--auto", "--source", "s3")
    assert report["run"]["snapshot"] == exported["id"]
    masked = report["masked"]
    assert without(other.documents(), masked) == without(expected(shared, without=masked), ())
    assert other.json("snapshot", "verify")["id"] == exported["id"]
    assert other.json("snapshot", "download")["id"] == exported["id"]  # it is here already
    assert other.json("load")["published"]
    folder = other.project / ".bravo" / "snapshots" / exported["id"]
    assert other.json("--auto", "--source", str(folder))["published"]
    assert other.json("snapshot", "prune", "--keep", "0")["removed"] == [exported["id"]]


def test_a_half_upload_is_never_latest(shared: Scene, bucket: Any, tmp_path: Path) -> None:
    first = shared.json("snapshot", "export")["id"]
    shared.json("snapshot", "upload")
    second = shared.json("snapshot", "export")["id"]
    assert second > first
    with shared.start("snapshot", "upload") as process:
        process.kill()
    # However far it came: without its manifest it is no snapshot.
    shared.json("snapshot", "upload")
    bucket.Object(f"campaigns/{second}/manifest.json").delete()
    other = _elsewhere(shared, tmp_path / "other")
    assert other.json("snapshot", "download")["id"] == first
    assert other.json("snapshot", "download", "--id", second, code=2)["error"]["code"] == "snapshot-unknown"
    shared.json("snapshot", "upload")
    assert other.json("snapshot", "download")["id"] == second


def test_a_corrupted_object_is_refused(shared: Scene, bucket: Any, tmp_path: Path) -> None:
    snapshot = shared.json("snapshot", "export")["id"]
    shared.json("snapshot", "upload")
    (first, *_) = [one.key for one in bucket.objects.filter(Prefix=f"campaigns/{snapshot}/data/public.ads/")]
    body = bytearray(bucket.Object(first).get()["Body"].read())
    body[len(body) // 2] ^= 1
    bucket.Object(first).put(Body=bytes(body))
    other = _elsewhere(shared, tmp_path / "other")
    outcome = other.cli("--auto", "--json", "--source", "s3")
    assert outcome.code == 1
    assert outcome.json["error"]["code"] == "snapshot-corrupt"
    assert other.json("snapshot", "list")["local"] == []
    with other.client() as client:
        assert "ads" not in client[other.database].list_collection_names()
    local = next((shared.project / ".bravo" / "snapshots" / snapshot / "data" / "public.ads").glob("*"))
    local.write_bytes(bytes(body))
    assert shared.json("snapshot", "verify", code=1)["error"]["code"] == "snapshot-corrupt"
    assert shared.json("load", code=1)["error"]["code"] == "snapshot-corrupt"


def test_a_shared_place_that_is_not_there(shared: Scene, scene: Scene) -> None:
    shared.json("snapshot", "export")
    assert shared.json("snapshot", "upload", code=2)["error"]["code"] == "bucket-missing"
    assert scene.json("snapshot", "upload", code=2)["error"]["code"] == "snapshots-not-configured"
    assert scene.json("--auto", "--source", "s3", code=2)["error"]["code"] == "snapshots-not-configured"
    assert scene.json("--auto", "--source", "nowhere", code=2)["error"]["code"] == "source-unknown"
    wrong = replace(shared, environ={**shared.environ, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert wrong.json("snapshot", "upload", code=6)["error"]["code"]
