"""What was found in a file, kept by the hash of its content: the same text is never read twice.

JSON in one SQLite file, for a project may hold a hundred thousand files; never pickles, which would run what a
stranger put there. A cache that cannot be used is none.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType

_LARGEST = 512 * 1024 * 1024


class Cache:
    """A context manager; ``folder`` None: nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._base: sqlite3.Connection | None = None

    def __enter__(self) -> Cache:
        if self._folder is not None:
            with suppress(OSError, sqlite3.Error):
                self._folder.mkdir(parents=True, exist_ok=True)
                # Wherever it lies, version control has nothing to do with it.
                (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
                self._base = self._opened(self._folder / "finder.db")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None

    def _opened(self, path: Path) -> sqlite3.Connection:
        if path.exists() and path.stat().st_size > _LARGEST:
            path.unlink()
        base = sqlite3.connect(path, timeout=5)
        try:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("CREATE TABLE IF NOT EXISTS found (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """What is known of ``keys``."""
        known: dict[str, str] = {}
        if self._base is None:
            return known
        with suppress(sqlite3.Error), closing(self._base.cursor()) as cursor:
            for key in keys:
                row = cursor.execute("SELECT value FROM found WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    known[key] = row[0]
        return known

    def put(self, values: Mapping[str, str]) -> None:
        """Keeps ``values`` by key."""
        if self._base is None or not values:
            return
        with suppress(sqlite3.Error), self._base:
            self._base.executemany("INSERT OR REPLACE INTO found VALUES (?, ?)", sorted(values.items()))


@lru_cache(maxsize=1)
def _version() -> str:
    """Of all that reads files: another codemod may see another thing in the same text."""
    home = Path(__file__).parents[1]
    found = [(path.relative_to(home).as_posix(), path.stat()) for path in sorted(home.rglob("*.py"))]
    return " ".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in found)


def key_of(*parts: str) -> str:
    """A hash over ``parts``, and over the version of what reads files."""
    digest = hashlib.sha256(_version().encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
