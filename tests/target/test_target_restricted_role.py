"""A server with users: a role that may not switch atomically, or not bypass the validator, is enough."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from target_scene import generation, live, open_target, publish, version

from bravo_agent.errors import RefusedError
from bravo_agent.events import ignore
from bravo_agent.stores.servers.binaries import find_mongod

V1, V2 = "2025-06-28-001", "2025-06-28-002"


@pytest.fixture(scope="module", params=["replica set", "standalone"])
def guarded_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of a MongoDB server with an administrator and nobody else."""
    folder = tmp_path_factory.mktemp("guarded")
    key = folder / "key"
    key.write_text("c2VjcmV0IG9mIHRoZSB0ZXN0cw==")
    key.chmod(0o600)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    options = ["--replSet", "rs0", "--keyFile", str(key)] if request.param == "replica set" else ["--auth"]
    (folder / "data").mkdir()
    server = subprocess.Popen(
        [
            *(str(find_mongod(folder / "mongod")), "--dbpath", str(folder / "data"), "--nounixsocket"),
            *("--bind_ip", "127.0.0.1", "--port", address.rpartition(":")[2], *options),
            *("--wiredTigerCacheSizeGB", "0.25"),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        _settle(address, replica_set="--replSet" in options)
        yield address
    finally:
        server.kill()
        server.wait()


def _settle(address: str, *, replica_set: bool) -> None:
    with MongoClient[dict[str, Any]](f"mongodb://{address}/?directConnection=true") as client:
        if replica_set:
            members = [{"_id": 0, "host": address}]
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            while not client.admin.command("hello")["isWritablePrimary"]:
                continue
        client.admin.command("createUser", "root", pwd="r", roles=["root"])


def user(address: str, database: str, *roles: str) -> str:
    with MongoClient[dict[str, Any]](f"mongodb://root:r@{address}/?directConnection=true") as client:
        client.drop_database(database)
        name = "_".join(roles)
        try:
            granted = [{"role": role, "db": database} for role in roles]
            client.admin.command("createUser", name, pwd="s3cret", roles=granted)
        except PyMongoError:
            client.admin.command("updateUser", name, roles=granted)
    return f"mongodb://{name}:s3cret@{address}/?directConnection=true"


@pytest.mark.parametrize("roles", [("readWrite", "dbAdmin"), ("readWrite",)])
def test_a_lesser_role_switches_one_by_one(guarded_server: str, roles: tuple[str, ...]) -> None:
    uri = user(guarded_server, "t_role", *roles)
    old, new = generation(1, "a", "b"), generation(2, "a", "b")
    with open_target(uri, "t_role") as target:
        assert target.switch_mode() == "per-collection"
        target.begin(version(V1, *old))
        target.prepare(V1, "a", validator={"$jsonSchema": {"required": ["name"]}})
        publish(target, V1, old)
        publish(target, V2, new)
        assert live(uri, "t_role") == new
        target.rollback(V1, ignore)
        assert live(uri, "t_role") == old
        assert [one.current for one in target.versions()] == [False, True]


def test_only_a_role_that_may_do_anything_switches_atomically(guarded_server: str) -> None:
    uri = f"mongodb://root:r@{guarded_server}/?directConnection=true"
    with MongoClient[dict[str, Any]](uri) as client:
        anything = {"resource": {"anyResource": True}, "actions": ["anyAction"]}
        client.admin.command("createRole", "anything", privileges=[anything], roles=[])
        client.admin.command("createUser", "super", pwd="s", roles=["anything"])
    for who, mode in ((uri, "per-collection"), (uri.replace("root:r@", "super:s@"), "atomic")):
        with open_target(who, f"t_{mode}") as target:
            publish(target, V1, generation(1, "a"))
            publish(target, V2, generation(2, "a"))
            assert target.switch_mode() == mode
            assert live(who, f"t_{mode}") == generation(2, "a")


def test_a_right_lost_on_the_way_is_no_obstacle(guarded_server: str) -> None:
    uri = user(guarded_server, "t_role", "readWrite")
    with open_target(uri, "t_role", switch="atomic") as target:
        publish(target, V1, generation(1, "a"))
        publish(target, V2, generation(2, "a"))
        assert target.switch_mode() == "per-collection"
    assert live(uri, "t_role") == generation(2, "a")


def test_denied_access_is_said_without_the_password(guarded_server: str, tmp_path: Path) -> None:
    uri = user(guarded_server, "t_role", "readWrite")
    for wrong, database in ((uri.replace("s3cret", "s3cre"), "t_role"), (uri, "t_other")):
        with open_target(wrong, database) as target, pytest.raises(RefusedError) as caught:
            target.next_version_id("2025-06-28")
        assert caught.value.code == "target-access-denied"
        assert "s3c" not in str(caught.value)
