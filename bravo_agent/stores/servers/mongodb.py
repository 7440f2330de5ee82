"""An embedded MongoDB server: a replica set ``rs0`` of one member, on 127.0.0.1 only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bravo_agent.stores.servers.binaries import find_mongod
from bravo_agent.stores.servers.home import Home, Record
from bravo_agent.stores.servers.processes import environment

_SET = "rs0"
_NOT_INITIALIZED = 94  # NotYetInitialized


class MongoDB:
    """The `Server` for MongoDB; its data folder is ``mongodb``."""

    name = "mongodb"
    port_count = 1
    ids: tuple[int, int] | None = None

    def __init__(self, home: Home) -> None:
        self.data = home.folder / "mongodb"
        self.program = find_mongod(home.folder / "mongod")

    def prepare(self) -> None:
        """Make the data folder; the server repairs by itself what a killed one left behind."""
        self.data.mkdir(mode=0o700, exist_ok=True)

    def command(self, ports: Sequence[int]) -> list[str]:
        """``mongod`` as a member of the replica set, with a small cache."""
        return [
            *(str(self.program), "--dbpath", str(self.data), "--port", str(ports[0])),
            *("--bind_ip", "127.0.0.1", "--nounixsocket", "--replSet", _SET),
            *("--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]

    def environment(self) -> dict[str, str]:
        """Nothing of its own."""
        return environment()

    def ready(self, started: Record) -> bool:
        """Whether it is primary under this port; gives it its replica set configuration when it has none."""
        from pymongo import MongoClient
        from pymongo.errors import PyMongoError

        address = f"127.0.0.1:{started.ports[0]}"
        client: MongoClient[Mapping[str, Any]] = MongoClient(
            f"mongodb://{address}/?directConnection=true&serverSelectionTimeoutMS=300&connectTimeoutMS=300"
        )
        try:
            hello = client.admin.command("hello")
            if client.admin.command("serverStatus")["pid"] != started.proc.pid:
                return False  # another program was faster to take this port; ours will say so in its log
            if hello.get("isWritablePrimary") and hello.get("me") == address:
                return True
            _configure(client, address)
        except PyMongoError:
            return False
        finally:
            client.close()
        return False


def _configure(client: Any, address: str) -> None:
    from pymongo.errors import OperationFailure

    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != _NOT_INITIALIZED:
            raise
        client.admin.command("replSetInitiate", {"_id": _SET, "members": [{"_id": 0, "host": address}]})
        return
    if config["members"][0]["host"] != address:
        config["members"] = [config["members"][0] | {"host": address}]
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


def mongodb_uri(ports: Sequence[int]) -> str:
    """The URI of the replica set."""
    return f"mongodb://127.0.0.1:{ports[0]}/?replicaSet={_SET}"
