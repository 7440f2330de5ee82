"""Secrets that are planted wherever one may stand, and the search for them in everything that comes out.

Every one of them holds ``SIGN`` on both sides of each character that an address could be cut at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient

SIGN = "hUsHw7"
PASSWORD = f"1{SIGN}@2{SIGN}/3{SIGN}:4{SIGN}?5{SIGN}#6{SIGN}%7{SIGN} 8{SIGN}"
QUOTED = quote(PASSWORD, safe="")
PLANTED = {
    "BRAVO_MASK_KEY": f"mask-key-of-40-or-more-characters-{SIGN}",
    "BRAVO_MCP_TOKEN": f"mcp-token-of-16-or-more-{SIGN}",
    "ANTHROPIC_API_KEY": f"sk-ant-{SIGN}",
    "AWS_SESSION_TOKEN": f"session-{SIGN}",
    "DATABASE_URL": f"postgresql://app:app-{SIGN}@127.0.0.1:1/app",
    "APP_SETTINGS": f"host=127.0.0.1 password='app-{SIGN}' user=app",
}


class Leaks:
    """Collects where a secret came out."""

    def __init__(self, *more: str) -> None:
        self._signs = (SIGN, *more)
        self.found: list[str] = []

    def search(self, where: object, *texts: object) -> None:
        """Looks through ``texts``; of a find only its surroundings are told."""
        for text in map(str, texts):
            for sign in self._signs:
                place = text.casefold().find(sign.casefold())
                if place >= 0:
                    self.found.append(f"{where}: ...{text[max(0, place - 60) : place + 30]!r}")

    def search_tree(self, folder: Path, but: tuple[str, ...] = ()) -> None:
        """Every file below ``folder``, whatever it is; ``but``: those that a test planted one in."""
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not name.startswith(".git/") and name not in but:
                self.search(name, path.name, path.read_bytes().decode("utf-8", "replace"))

    def search_target(self, uri: str, prefix: str) -> None:
        """Every document of the databases whose name begins so."""
        with MongoClient[dict[str, Any]](uri) as client:
            for name in client.list_database_names():
                if name.startswith(prefix):
                    for collection in client[name].list_collection_names():
                        for document in client[name][collection].find():
                            self.search(f"{name}.{collection}", document)


def sources(host: str, port: int, user: str, database: str) -> Iterator[tuple[str, str]]:
    """Addresses of a source that does not open, each with the secret somewhere in it."""
    at, end = f"postgresql://{user}:{QUOTED}@", f"/{database}?connect_timeout=2"
    wrong = quote(PASSWORD + "x", safe="")
    yield "wrong password", f"postgresql://{user}:{wrong}@{host}:{port}{end}"
    yield "wrong in words", f"host={host} port={port} user={user} dbname={database} password='{PASSWORD}x'"
    yield "refused", f"{at}{host}:1{end}"
    yield "unknown host", f"{at}nowhere.invalid:5432{end}"
    yield "no tls", f"{at}{host}:{port}{end}&sslmode=verify-full&sslpassword={QUOTED}"
    yield "no such database", f"{at}{host}:{port}/nothing"
    yield "not encoded", f"postgresql://{user}:{PASSWORD}@{host}:{port}/{database}"
    for sign in "@/:?#[":
        yield (
            f"{sign} not encoded",
            f"postgresql://{user}:x{sign}{SIGN}@{host}:1/{database}?connect_timeout=2",
        )
    yield "no port", f"{at}{host}:port{end}"
    yield "unknown parameter", f"postgresql://{host}/{database}?password={QUOTED}&{SIGN}={SIGN}"
    yield "half quoted", f"host={host} password='{PASSWORD}"
    yield "words", f"my password is {PASSWORD}"
    yield "bare", PASSWORD
    yield "mongodb", f"mongodb://{user}:{QUOTED}@{host}:1"


def targets(working: str) -> Iterator[tuple[str, str]]:
    """Addresses of a target that does not open."""
    after = working.partition("://")[2]
    end = "?serverSelectionTimeoutMS=300"
    joined = "&" if "?" in after else "?"
    yield "denied", f"mongodb://me:{QUOTED}@{after}"
    yield "no tls", f"{working}{joined}tls=true&serverSelectionTimeoutMS=500"
    yield (
        "key file",
        f"{working}{joined}tls=true&tlsCertificateKeyFile=/nowhere&tlsCertificateKeyFilePassword={SIGN}",
    )
    yield "refused", f"mongodb://me:{QUOTED}@127.0.0.1:1/{end}"
    yield "unknown host", f"mongodb://me:{QUOTED}@nowhere.invalid/{end}"
    yield "srv", f"mongodb+srv://me:{QUOTED}@nowhere.invalid/{end}"
    yield "mechanism", f"mongodb://me:{QUOTED}@127.0.0.1:1/{end}&authMechanism={SIGN}"
    yield "option", f"mongodb://127.0.0.1:1/{end}&maxPoolSize={SIGN}"
    for sign in "@/:?#[":
        yield f"{sign} not encoded", f"mongodb://me:x{sign}{SIGN}@127.0.0.1:1/{end}"
    yield "words", f"my password is {PASSWORD}"


def shared_places(working: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Environments whose shared place does not open."""
    keys = {"AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": f"k-{SIGN}", "AWS_SESSION_TOKEN": f"t-{SIGN}"}
    yield "wrong keys", {**working, **keys}
    yield "refused", {**working, **keys, "BRAVO_S3_ENDPOINT": f"http://me:{SIGN}@127.0.0.1:1"}
    yield "endpoint", {**working, **keys, "BRAVO_S3_ENDPOINT": f"me:{SIGN}@nowhere"}
    yield "in the address", {**working, "BRAVO_SNAPSHOT_URI": f"s3://me:{SIGN}@bucket/prefix"}
    yield "no address", {**working, "BRAVO_SNAPSHOT_URI": f"s3:/me:{SIGN}@bucket"}
    yield "another kind", {**working, "BRAVO_SNAPSHOT_URI": f"https://me:{SIGN}@example.invalid/x"}
