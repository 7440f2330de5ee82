"""Runs that must not go ahead: exit code, the hint, and that nothing was touched, and no secret told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from runs_scene import Outcome, Scene

SECRET = "s3cr3t-Passw0rd"


def _error(outcome: Outcome, code: int) -> dict[str, str]:
    assert outcome.code == code, outcome.err
    document = outcome.json
    assert document["status"] == "error"
    assert document["exitCode"] == code
    error: dict[str, str] = document["error"]
    assert error["hint"]
    assert f"[{error['code']}]" in outcome.err
    return error


def test_an_answer_that_is_not_legal_any_more_is_stale(scene: Scene) -> None:
    scene.drift(2)
    change = scene.json("detect")["changes"][0]["id"]
    scene.json("decide", change, "make-optional")
    path = scene.project / "bravo.decisions.json"
    path.write_text(path.read_text().replace("make-optional", "make-it-so"))
    error = _error(scene.cli("--auto", "--json"), 5)
    assert error["code"] == "decision-stale"
    assert change in error["message"]
    with scene.client() as client:
        assert "campaigns" not in client[scene.database].list_collection_names()


def test_a_database_that_is_not_ours_is_refused(scene: Scene) -> None:
    assert _error(scene.cli("--auto", "--json", "--db", "campaigns"), 6)["code"] == "target-not-allowed"
    with scene.client() as client:
        assert "campaigns" not in client.list_database_names()
        client[scene.database]["orders"].insert_one({"_id": 1})
        assert _error(scene.cli("--auto", "--json"), 6)["code"] == "target-not-marked"
        assert client[scene.database].list_collection_names() == ["orders"]


def test_configuration_that_is_missing_or_wrong(scene: Scene, tmp_path: Path) -> None:
    nowhere = replace(scene, project=tmp_path)
    assert _error(nowhere.cli("--auto", "--json"), 2)["code"] == "config-missing"
    config = scene.project / "bravo.toml"
    text = config.read_text()
    for wrong, message in (
        ("[project\n", "not TOML"),
        (text + "\n[load]\nworkers = 0\n", "load.workers"),
        (text + "\n[sauce]\n", "sauce"),
    ):
        config.write_text(wrong)
        error = _error(scene.cli("--auto", "--json"), 2)
        assert error["code"] == "config-invalid"
        assert message in error["message"]
    config.write_text(text)
    (scene.project / "bravo.catalog.json").unlink()
    assert _error(scene.cli("--auto", "--json"), 2)["code"] == "baseline-missing"


@pytest.mark.parametrize(
    ("name", "value", "code", "exit_code"),
    [
        ("BRAVO_SOURCE_URI", "", "source-not-configured", 2),
        ("BRAVO_TARGET_URI", "", "target-not-configured", 2),
        ("BRAVO_MASK_KEY", "", "mask-key-missing", 2),
        ("BRAVO_SOURCE_URI", "postgresql://127.0.0.1:1/nowhere?connect_timeout=2", "source-unreachable", 1),
        ("BRAVO_TARGET_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300", "target-unreachable", 1),
        ("BRAVO_SOURCE_URI", "not a uri", "source-uri-invalid", 2),
        ("BRAVO_TARGET_URI", "not a uri", "target-uri-invalid", 2),
    ],
)
def test_what_is_not_there_is_said_with_a_hint(
    scene: Scene, name: str, value: str, code: str, exit_code: int
) -> None:
    broken = replace(scene, environ={**scene.environ, name: value})
    assert _error(broken.cli("--auto", "--json"), exit_code)["code"] == code
    assert broken.cli("doctor", "--json").code in (0, 1)


def _with_password(uri: str) -> str:
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"postgres:{SECRET}@{host}").geturl()


def test_no_secret_is_ever_told(scene: Scene) -> None:
    scene = replace(
        scene,
        environ={
            **scene.environ,
            "BRAVO_SOURCE_URI": _with_password(scene.source_uri),
            "BRAVO_MASK_KEY": f"{SECRET}-mask",
            "AWS_SECRET_ACCESS_KEY": f"{SECRET}-aws",
        },
    )
    scene.drift(1, 2)
    told = [scene.process("--auto", "--json", BRAVO_DEBUG="")]
    told += [scene.cli(*command) for command in (("doctor",), ("versions",), ("snapshot", "list", "--json"))]
    wrong = {
        "BRAVO_SOURCE_URI": f"postgresql://postgres:{SECRET}@127.0.0.1:1/nowhere",
        "BRAVO_TARGET_URI": f"mongodb://me:{SECRET}@127.0.0.1:1/?serverSelectionTimeoutMS=300",
        "BRAVO_SNAPSHOT_URI": f"s3://me:{SECRET}@bucket/prefix",
    }
    for name, value in wrong.items():
        broken = replace(scene, environ={**scene.environ, name: value})
        told += [
            broken.cli("doctor", "--json"),
            broken.cli("--auto", "--json"),
            broken.cli("snapshot", "list"),
        ]
    for one in told:
        assert SECRET not in one.out + one.err
    for path in scene.project.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    with scene.client() as client:
        for name in client[scene.database].list_collection_names():
            for document in client[scene.database][name].find():
                assert SECRET not in repr(document), name


def test_the_server_that_refuses_a_password_is_exit_6(scene: Scene) -> None:
    # MongoDB without access control refuses a user it does not know all the same.
    uri = scene.target_uri.replace("mongodb://", f"mongodb://me:{SECRET}@", 1)
    outcome = replace(scene, environ={**scene.environ, "BRAVO_TARGET_URI": uri}).cli("--auto", "--json")
    assert _error(outcome, 6)["code"] == "target-access-denied"
    assert SECRET not in outcome.out + outcome.err


def test_a_role_that_may_not_read_is_told_so(scene: Scene) -> None:
    scene.sql("revoke connect on database " + urlsplit(scene.source_uri).path[1:] + " from public")
    role = f"weak_{scene.database[-8:]}"
    scene.sql(f"create role {role} login")
    try:
        uri = scene.source_uri.replace("postgres@", f"{role}@", 1)
        outcome = replace(scene, environ={**scene.environ, "BRAVO_SOURCE_URI": uri}).cli("--auto", "--json")
        assert _error(outcome, 6)["code"] == "source-access-denied"
    finally:
        scene.sql(f"drop role {role}")


def test_a_project_that_is_not_mapped_at_all(scene: Scene) -> None:
    for folder in ("campaigns",):
        shutil.rmtree(scene.project / folder)
    error = _error(scene.cli("--auto", "--json"), 2)
    assert error["code"]
    assert json.dumps(error)
