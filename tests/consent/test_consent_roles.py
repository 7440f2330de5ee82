"""Roles that the databases themselves hold: what they do not permit, no flag and no yes brings about."""

from __future__ import annotations

import re
import socket
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from consent_scene import Person, call, serve
from pymongo import MongoClient
from runs_scene import Scene

from bravo_agent.stores.servers.binaries import find_mongod

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")


@pytest.fixture
def reader(scene: Scene) -> Iterator[str]:
    """The role of the page, under a name of this test's own."""
    name = f"reader_{uuid.uuid4().hex[:8]}"
    (script,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    scene.sql(script.replace("bravo_reader", name))
    yield name
    scene.sql(f"drop owned by {name}; drop role {name}")


def test_the_role_of_the_page_reads_and_cannot_write(scene: Scene, reader: str) -> None:
    uri = scene.source_uri.replace("postgres@", f"{reader}@")
    limited = replace(scene, source_uri=uri, environ={**scene.environ, "BRAVO_SOURCE_URI": uri})
    for statement in (
        "delete from users",
        "create table mine (id int)",
        "set transaction read write; delete from ads",
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            limited.sql(statement)
    server = serve(limited)
    made = call(server, "make_plan")
    assert call(server, "apply_plan", person=Person(), plan=made["plan"])["status"] == "applied"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """host:port of a MongoDB server with an administrator."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    (tmp_path / "data").mkdir()
    words = (
        "--auth",
        "--dbpath",
        str(tmp_path / "data"),
        "--nounixsocket",
        "--bind_ip",
        "127.0.0.1",
        "--port",
        port,
    )
    started = subprocess.Popen(
        [str(find_mongod(tmp_path / "mongod")), *words, "--wiredTigerCacheSizeGB", "0.25"],
        stdout=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{port}"
    with MongoClient[dict[str, Any]](f"mongodb://{address}/?directConnection=true") as client:
        client.admin.command("createUser", "root", pwd="r", roles=["root"])
    yield address
    started.kill()
    started.wait()


def test_a_target_user_that_only_reads_can_look_and_plan_and_nothing_else(scene: Scene, guarded: str) -> None:
    def as_user(name: str, password: str) -> Scene:
        uri = f"mongodb://{name}:{password}@{guarded}/?directConnection=true"
        return replace(scene, target_uri=uri, environ={**scene.environ, "BRAVO_TARGET_URI": uri})

    root = as_user("root", "r")
    root.json("--auto")
    root.commit()
    with root.client() as client:
        client.admin.command("createUser", "looker", pwd="l", roles=[{"role": "read", "db": scene.database}])
    server, person = serve(as_user("looker", "l")), Person()
    (version,) = call(server, "list_versions")["versions"]
    assert call(server, "validate_target")["status"] == "valid"
    assert call(server, "get_run")["status"] == "finished"
    made = call(server, "make_plan")
    assert made["status"] == "planned"
    assert call(server, "get_plan", plan=made["plan"])["status"] == "ready"
    refused = call(server, "apply_plan", person=person, plan=made["plan"])
    assert (refused["code"], len(person.asked)) == ("target-access-denied", 1)
    with root.client() as client:
        found = client[scene.database]["_bravo_versions"].count_documents({})
    assert (found, version["current"]) == (1, True)
