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

from pydantic import TypeAdapter

import codemods
from codemods._finding.cache import Cache, key_of
from codemods._finding.outline import outline
from codemods._finding.scan import scan_and_outline
from codemods._finding.values import Outline, Scan

_SCAN: TypeAdapter[Scan] = TypeAdapter(Scan)
_OUTLINE: TypeAdapter[Outline] = TypeAdapter(Outline)
_WORTH_IT = 400_000
"""Characters from which on workers are started; one takes most of a second to be there."""
_CHUNK = 1_000_000
_HOME = str(Path(codemods.__path__[0]).parent)

Job = tuple[str, str, list[str] | None]
"""File, text, and the names to look for (None: its outline)."""
Answer = tuple[str | None, str | None]
"""A scan and an outline as JSON, as far as there are such."""


def scans(
    texts: Mapping[str, str], names: Sequence[str], cache: Cache
) -> tuple[dict[str, Scan], dict[str, Outline]]:
    """The candidates of each Python file, and the outlines that were read on the way."""
    what = "\0".join(("scan", *names))
    # Candidates have the name of their file in them.
    keys = {file: key_of(what, file, text) for file, text in texts.items()}
    known = cache.get(keys.values())
    jobs: list[Job] = [(file, text, list(names)) for file, text in texts.items() if keys[file] not in known]
    fresh = dict(zip((job[0] for job in jobs), _done(jobs), strict=True))
    found = {file: one for file, (one, _) in fresh.items() if one is not None}
    more = {file: one for file, (_, one) in fresh.items() if one is not None}
    cache.put({keys[file]: value for file, value in found.items()})
    cache.put({_outline_key(texts[file]): value for file, value in more.items()})
    return (
        {file: _SCAN.validate_json(found.get(file) or known[keys[file]]) for file in texts},
        {file: _OUTLINE.validate_json(value) for file, value in more.items()},
    )


def outlines(texts: Mapping[str, str], cache: Cache) -> dict[str, Outline]:
    """The outline of each Python file."""
    keys = {file: _outline_key(text) for file, text in texts.items()}
    known = cache.get(keys.values())
    jobs: list[Job] = [(file, text, None) for file, text in texts.items() if keys[file] not in known]
    fresh = {job[0]: one or "" for job, (_, one) in zip(jobs, _done(jobs), strict=True)}
    cache.put({keys[file]: value for file, value in fresh.items()})
    return {file: _OUTLINE.validate_json(fresh.get(file) or known[keys[file]]) for file in texts}


def _outline_key(text: str) -> str:
    """An outline is the same wherever the file lies."""
    return key_of("outline", text)


def _done(jobs: Sequence[Job]) -> list[Answer]:
    size = sum(len(text) for _, text, _ in jobs)
    if size < _WORTH_IT:
        return [work(job) for job in jobs]
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        return [one for part in pool.map(_elsewhere, _chunks(jobs, size // cores + 1)) for one in part]


def work(job: Job) -> Answer:
    """What one job gives."""
    file, text, names = job
    if names is None:
        return None, _OUTLINE.dump_json(outline(text)).decode()
    found, more = scan_and_outline(file, text, names)
    return _SCAN.dump_json(found).decode(), None if more is None else _OUTLINE.dump_json(more).decode()


def _chunks(jobs: Sequence[Job], share: int) -> Iterator[list[Job]]:
    """As large as the ``share`` of a core, if not too large."""
    chunk: list[Job] = []
    size = 0
    for job in jobs:
        chunk.append(job)
        size += len(job[1])
        if size >= min(_CHUNK, share):
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _elsewhere(chunk: list[Job]) -> list[Answer]:
    done = subprocess.run(
        [sys.executable, "-m", "codemods._finding.worker"],
        input=json.dumps(chunk).encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": _HOME},
        check=False,
    )
    if done.returncode:
        return [work(job) for job in chunk]  # a worker that was killed: the work is still to be done
    found: list[Answer] = [(one, more) for one, more in json.loads(done.stdout)]
    return found
