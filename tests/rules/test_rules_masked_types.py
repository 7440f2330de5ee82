"""Every type of the type table, every column masked: it arrives, it fits, and nothing of production is in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from bravo_agent.stores.servers import ServerSet

SCRIPT = Path(__file__).parent.parent / "roundtrip" / "all_types.sql"
_LONG_ENOUGH = 6  # shorter words stand in other places by chance


@dataclass(frozen=True)
class Masked:
    """A folder whose project was made from a database, and where it is loaded to."""

    folder: Path
    source: str
    target: str
    database: str

    def bravo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {
            **os.environ,
            "BRAVO_SOURCE_URI": self.source,
            "BRAVO_TARGET_URI": self.target,
            "BRAVO_MASK_KEY": "key",
        }
        command = [sys.executable, "-c", "from bravo_agent.cli.main import main; main()", *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def masked(servers: ServerSet, pg_database: str, tmp_path: Path) -> Iterator[Masked]:
    assert servers.mongodb_uri is not None
    with psycopg.connect(pg_database, autocommit=True) as connection:
        connection.execute(SCRIPT.read_bytes())
    scene = Masked(tmp_path, pg_database, servers.mongodb_uri, f"bravo-{uuid.uuid4().hex[:10]}")
    yield scene
    with MongoClient[dict[str, Any]](scene.target) as client:
        client.drop_database(scene.database)


_TEXTS = """
select format('select %1$I::text from %2$s where %1$I is not null', a.attname, a.attrelid::regclass)
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
  and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype)
  and not exists (
    select from pg_constraint k where k.contype in ('p', 'f')
    and (k.conrelid = c.oid and a.attnum = any (k.conkey) or k.confrelid = c.oid and a.attnum = any (k.confkey)))
"""


def _words(source: str) -> set[bytes]:
    """Whole values, and the words in them, of columns that are no keys."""
    found: set[bytes] = set()
    with psycopg.connect(source) as connection:
        for (query,) in connection.execute(_TEXTS).fetchall():
            for (value,) in connection.execute(query.encode()).fetchall():
                found |= {
                    word.encode() for word in (value, *re.findall(r"\w+", value)) if len(word) >= _LONG_ENOUGH
                }
    return found


def _unclassified(masked: Masked) -> None:
    """Takes every classification out: what nobody classified is masked."""
    config = masked.folder / "bravo.toml"
    text = config.read_text(encoding="utf-8").replace('"bravo-1"', f'"{masked.database}"')
    head, _, rest = text.partition("[privacy.columns]\n")
    text = head + rest[rest.index("\n\n") :]
    # Keys are never masked, so infinite dates among them stay what they are.
    config.write_text(text.replace('infinity = "fail"', 'infinity = "string"'), encoding="utf-8")


@pytest.mark.slow
def test_everything_masked(masked: Masked) -> None:
    made = masked.bravo("init", "--from-database", "--privacy", "mask")
    assert made.returncode == 0, made.stderr
    _unclassified(masked)
    done = masked.bravo("run", "--auto", "--json")
    report = json.loads(done.stdout)
    failed = [one for one in report.get("checks", ()) if not one["passed"]]
    assert (done.returncode, failed) == (0, []), done.stderr[-3000:]
    assert len(report["masked"]) > 150
    words = _words(masked.source)
    assert len(words) > 30
    with MongoClient[dict[str, Any]](masked.target, document_class=RawBSONDocument) as client:
        base = client[masked.database]
        for name in base.list_collection_names():
            if not name.startswith("_bravo") and name != "etl_audit":
                block = b"".join(bytes(one.raw) for one in base[name].find())
                assert [word for word in words if b"\0" + word + b"\0" in block] == [], name
