"""Files read into candidates and outlines: from the cache where the text is known, else on all cores.

The workers are processes of their own that get texts and give JSON: a pool would run the caller's program again, or
take over half of its threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

import codemods
from codemods._finding.cache import Cache, key_of
from codemods._finding.outline import outline
from codemods._finding.scan import scan
from codemods._finding.values import Outline, Scan

T = TypeVar("T", Scan, Outline)
_SCAN: TypeAdapter[Scan] = TypeAdapter(Scan)
_OUTLINE: TypeAdapter[Outline] = TypeAdapter(Outline)
_WORTH_IT = 400_000
"""Characters from which on workers are started; one takes most of a second to be there."""
_CHUNK = 1_000_000
_HOME = str(Path(codemods.__path__[0]).parent)

Job = tuple[str, str, list[str] | None]
"""File, text, and the names to look for (None: its outline)."""


def scans(texts: Mapping[str, str], names: Sequence[str], cache: Cache) -> dict[str, Scan]:
    """The candidates of each Python file."""
    return _read(texts, list(names), cache, _SCAN)


def outlines(texts: Mapping[str, str], cache: Cache) -> dict[str, Outline]:
    """The outline of each Python file."""
    return _read(texts, None, cache, _OUTLINE)


def _read(
    texts: Mapping[str, str], names: list[str] | None, cache: Cache, kind: TypeAdapter[T]
) -> dict[str, T]:
    what = "outline" if names is None else "\0".join(("scan", *(names or ())))
    # An outline is the same wherever the file lies; candidates have its name in them.
    keys = {file: key_of(what, "" if names is None else file, text) for file, text in texts.items()}
    known = cache.get(keys.values())
    jobs: list[Job] = [(file, text, names) for file, text in texts.items() if keys[file] not in known]
    fresh = dict(zip((job[0] for job in jobs), _done(jobs), strict=True))
    cache.put({keys[file]: value for file, value in fresh.items()})
    return {file: kind.validate_json(fresh.get(file) or known[keys[file]]) for file in texts}


def _done(jobs: Sequence[Job]) -> list[str]:
    if sum(len(text) for _, text, _ in jobs) < _WORTH_IT:
        return [work(job) for job in jobs]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return [one for part in pool.map(_elsewhere, _chunks(jobs)) for one in part]


def work(job: Job) -> str:
    """What one job gives, as JSON."""
    file, text, names = job
    if names is None:
        return _OUTLINE.dump_json(outline(text)).decode()
    return _SCAN.dump_json(scan(file, text, names)).decode()


def _chunks(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    chunk: list[Job] = []
    size = 0
    for job in jobs:
        chunk.append(job)
        size += len(job[1])
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _elsewhere(chunk: list[Job]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "codemods._finding.worker"],
        input=json.dumps(chunk).encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": _HOME},
        check=False,
    )
    if done.returncode:
        return [work(job) for job in chunk]  # a worker that was killed: the work is still to be done
    found: list[str] = json.loads(done.stdout)
    return found
