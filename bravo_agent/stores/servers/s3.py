"""An embedded S3 server: SeaweedFS on 127.0.0.1 only, with one generated key pair."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from bravo_agent.stores.servers.access import S3Access
from bravo_agent.stores.servers.binaries import find_weed
from bravo_agent.stores.servers.home import Home, Record
from bravo_agent.stores.servers.processes import environment

# All ports are ours: weed's own choice for gRPC, its port plus 10,000, could be taken or too high.
_PORTS = ("s3.port", "s3.port.grpc", "filer.port", "filer.port.grpc")
_MORE_PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc")


class S3:
    """The `Server` for S3; its data folder is ``s3``, its keys stand in ``s3.json``."""

    name = "s3"
    port_count = len(_PORTS) + len(_MORE_PORTS)
    ids: tuple[int, int] | None = None

    def __init__(self, home: Home) -> None:
        self.data = home.folder / "s3"
        self.keys = keys_file(home)
        self.program = find_weed()

    def prepare(self) -> None:
        """Make the data folder and, once, the keys."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.keys.exists():
            return
        credentials = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(30)}
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identity = {"name": "bravo", "credentials": [credentials], "actions": actions}
        fresh = self.keys.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"identities": [identity]}, file)
        fresh.rename(self.keys)

    def command(self, ports: Sequence[int]) -> list[str]:
        """``weed server`` with master, volume server, filer and S3, and no word to anybody outside."""
        numbered = [f"-{name}={port}" for name, port in zip(_PORTS + _MORE_PORTS, ports, strict=True)]
        return [
            *(str(self.program), "-logtostderr=true", f"-config_dir={self.data}", "server"),
            *("-dir=.", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={self.keys}"),
            *numbered,
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-master.peers=none"),
            *(f"-filer.localSocket={self.data}/filer.sock", f"-s3.localSocket={self.data}/s3.sock"),
            *("-master.resumeState=false", "-master.volumeSizeLimitMB=64", "-volume.max=1000"),
            *("-volume.preStopSeconds=0", "-volume.minFreeSpacePercent=0"),
        ]

    def environment(self) -> dict[str, str]:
        """One volume at a time for a bucket, where weed would make seven."""
        return environment({"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"})

    def ready(self, started: Record) -> bool:
        """Whether a bucket can be made and an object kept in it, with our keys."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        access = s3_access(self.keys, started.ports)
        config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}, proxies={})
        client = boto3.client(
            "s3",
            endpoint_url=access.endpoint,
            aws_access_key_id=access.access_key,
            aws_secret_access_key=access.secret_key,
            region_name=access.region,
            config=config,
        )
        bucket = f"bravo-ready-{secrets.token_hex(8)}"
        try:
            client.create_bucket(Bucket=bucket)
            client.put_object(Bucket=bucket, Key="ready", Body=b"ready")
            client.delete_object(Bucket=bucket, Key="ready")
            client.delete_bucket(Bucket=bucket)
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True


def keys_file(home: Home) -> Path:
    """The file with the generated keys, readable by its owner only."""
    return home.folder / "s3.json"


def s3_access(keys: Path, ports: Sequence[int]) -> S3Access:
    """The endpoint with the keys of the file ``keys``."""
    pair = json.loads(keys.read_text())["identities"][0]["credentials"][0]
    return S3Access(f"http://127.0.0.1:{ports[0]}", pair["accessKey"], pair["secretKey"])
