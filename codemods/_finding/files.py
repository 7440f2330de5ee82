"""The files of an application: what there is, decoded, with positions as libcst and ast count them."""

from __future__ import annotations

import codecs
import io
import os
import re
import tokenize
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from bravo_agent.model.code import Unread
from codemods._finding.keys import Keys, is_environment, keys_in
from codemods._finding.left_alone import DIGESTS, digests_in, why_left_alone
from codemods._finding.lines import line_starts

LARGEST = 5_000_000
_HEAD = 65_536
_SKIPPED = frozenset(["__pycache__", "node_modules", "site-packages"])
_OWN = frozenset(["bravo.catalog.json", "bravo.decisions.json", "schema-change-report.json"])
PYTHON = (".py", ".pyi")
DATA = (".json", ".jsonl", ".ndjson", ".yaml", ".yml")
DOCUMENTS = (".md", ".rst", ".txt")


@dataclass
class Repository:
    """All Python texts, and of the others those that hold one of the words; no text has a byte order mark.

    ``hits``: the Python files that hold one and are read.
    """

    python: dict[str, str] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    unread: list[tuple[Unread, Mapping[str, Keys]]] = field(default_factory=list)
    """Each with the words that it holds, and the lines where they are keys."""

    def leave(self, file: str, why: str, words: Mapping[str, Keys], *, may_use: bool = False) -> None:
        """Lists a file that is not read; once is enough."""
        if not any(one.file == file for one, _ in self.unread):
            self.unread.append((Unread(file, why, may_use), dict(words)))


def read_repository(
    project: Path,
    sources: Sequence[str],
    exclude: Sequence[str],
    words: Collection[str],
    *,
    overlay: Mapping[str, str] | None = None,
    listed: Collection[str] | None = None,
    only: Sequence[str] = (),
) -> Repository:
    """``overlay`` (file -> text) goes before the disk; ``listed``: what belongs to it, where that is known.

    ``only``: endings of the names to look at, where not all kinds of files are wanted.
    """
    found = Repository()
    asked = _Words(words)
    new = overlay or {}
    files = [one for one in walk(project, sources, exclude) if listed is None or one in listed or one in new]
    frozen = _frozen(project, files)
    for file in sorted({*files, *(one for one in new if not is_excluded(one, exclude))}):
        if only and not file.endswith(tuple(only)):
            continue
        data = new[file].encode() if file in new else _bytes(project / file)
        if data is not None:
            _take(found, file, data, asked, frozen)
    return found


class _Words:
    """The words as bytes and as patterns."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = sorted(words)
        self._wide = [
            (word, [word.encode(code) for code in ("utf-16-le", "utf-16-be")]) for word in self.words
        ]
        self._bytes = [(word, word.encode()) for word in self.words]

    def in_bytes(self, data: bytes) -> list[str]:
        """The words that may be in ``data``."""
        if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return [word for word, forms in self._wide if any(form in data for form in forms)]
        return [word for word, form in self._bytes if form in data]

    def in_text(self, text: str, words: Sequence[str]) -> list[str]:
        """Those of ``words`` that ``text`` holds as words."""
        return holding(text, words)


def holding(text: str, words: Iterable[str]) -> list[str]:
    """Those of ``words`` that ``text`` holds as words."""
    return [word for word in words if next(occurrences(text, word), None) is not None]


def lines_with(text: str, words: Iterable[str]) -> dict[str, Keys]:
    """For each word the lines on which it stands: all that can be told of code that nobody can read."""
    starts = line_starts(text)
    return {
        word: tuple(dict.fromkeys(bisect_right(starts, place) for place in occurrences(text, word)))
        for word in words
    }


def occurrences(text: str, word: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where ``word`` stands as a whole word, or as a part between double underscores, or after an escape."""
    pattern = _pattern(word)
    for found in pattern.finditer(text, start, len(text) if end is None else end):
        if _begins_word(text, found.start(), word):
            yield found.start()


def _begins_word(text: str, place: int, word: str) -> bool:
    before = text[place - 1 : place]
    if not _is_word(before) or not _is_word(word[:1]) or text[max(place - 2, 0) : place] == "__":
        return True
    return before in "abfnrtv" and _escaped(text, place - 1)


_patterns: dict[str, re.Pattern[str]] = {}


def _pattern(word: str) -> re.Pattern[str]:
    found = _patterns.get(word)
    if found is None:
        tail = r"(?!\w)|(?=__)" if _is_word(word[-1:]) else ""
        found = _patterns[word] = re.compile(f"{re.escape(word)}(?:{tail})")
    return found


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _escaped(text: str, place: int) -> bool:
    """Whether the sign at ``place`` belongs to an escape: an odd number of backslashes is before it."""
    start = place
    while start > 0 and text[start - 1] == "\\":
        start -= 1
    return (place - start) % 2 == 1


def walk(project: Path, sources: Sequence[str], exclude: Sequence[str]) -> Iterator[str]:
    """Files of ``sources``, relative to ``project``, each once; hidden, installed and linked ones left out."""
    seen: set[str] = set()
    for source in sources:
        for folder, names, files in os.walk(project / source):
            home = Path(folder)
            names[:] = sorted(one for one in names if not _is_skipped(home / one))
            within = home.relative_to(project).as_posix()
            for name in sorted(files):
                file = name if within == "." else f"{within}/{name}"
                if file not in seen and not is_excluded(file, exclude) and not (home / name).is_symlink():
                    seen.add(file)
                    yield file


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED or (folder / "pyvenv.cfg").exists()


def is_excluded(file: str, exclude: Sequence[str]) -> bool:
    """Whether a pattern of ``exclude`` fits ``file`` or a folder around it, or bravo-agent itself writes it."""
    if file in _OWN:
        return True
    parts = file.split("/")
    heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(fnmatch(head, pattern.rstrip("/")) for pattern in exclude for head in heads)


def _bytes(path: Path) -> bytes | None:
    try:
        if not path.name.endswith((*PYTHON, *DATA, *DOCUMENTS)) and path.stat().st_size > LARGEST:
            with path.open(
                "rb"
            ) as stream:  # what people write is not that large; a table has its names on top
                return stream.read(_HEAD).rpartition(b"\n")[0]
        return path.read_bytes()
    except OSError:
        return None  # gone since, or not ours to read


def _frozen(project: Path, files: Sequence[str]) -> dict[str, str]:
    frozen: dict[str, str] = {}
    for file in files:
        if DIGESTS.match(file.rpartition("/")[2]):
            data = _bytes(project / file)
            frozen.update(digests_in(file, data.decode("utf-8", "replace")) if data else {})
    return frozen


def _take(found: Repository, file: str, data: bytes, asked: _Words, frozen: Mapping[str, str]) -> None:
    maybe = asked.in_bytes(data if not is_environment(file) else data + data.lower())
    is_python = file.endswith(PYTHON)
    if not maybe and not is_python:
        return
    text = _decoded(data, is_python)
    if text is None:
        if maybe and (is_python or b"\0" not in data[:8000] or data[:2] in (b"\xff\xfe", b"\xfe\xff")):
            keys = (lines_with if is_python else partial(keys_in, file))(_guessed(data), maybe)
            found.leave(file, "its encoding cannot be read", keys, may_use=is_python)
        return
    if is_python:
        found.python[file] = text
    words = asked.in_text(text, maybe) if maybe else []
    if not words and not is_environment(file):
        return
    why, never = _why_unread(file, text), why_left_alone(file, text, frozen)
    if why and not is_python and not never:
        keys = keys_in(file, text, maybe if is_environment(file) else words)
        keys = {word: lines for word, lines in keys.items() if lines or word in words}
        if keys:
            found.leave(file, why, keys)
    elif why or never:
        found.leave(file, why or never, dict.fromkeys(words, ()), may_use=is_python and bool(why))
    elif is_python:
        found.hits.append(file)
    elif file.endswith(DATA):
        found.data[file] = text
    else:
        found.documents[file] = text


def _why_unread(file: str, text: str) -> str:
    if len(text) > LARGEST:
        return f"it is larger than {LARGEST // 1_000_000} MB"
    if file.endswith(".ipynb"):
        return "it is a notebook"
    if not file.endswith((*PYTHON, *DATA, *DOCUMENTS)):
        kind = file.rpartition("/")[2].rpartition(".")[2]
        return (
            f"{kind} files are not read"
            if "." in file.rpartition("/")[2]
            else "files of this kind are not read"
        )
    return ""


def _decoded(data: bytes, is_python: bool) -> str | None:
    if b"\0" in data:
        return None
    try:
        if not is_python:
            return data.decode("utf-8-sig")
        text = data.decode(_encoding(data))
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None
    return text.removeprefix("\ufeff")


def text_of(project: Path, file: str) -> tuple[str, bool]:
    """What a file says as well as can be told, and whether it is UTF-8; nothing where it is gone."""
    data = _bytes(project / file) or b""
    try:
        return data.decode("utf-8-sig"), b"\0" not in data
    except UnicodeDecodeError:
        return _decoded(data, file.endswith(PYTHON)) or _guessed(data), False


def _guessed(data: bytes) -> str:
    """Good enough to look for names in it."""
    wide = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return data.decode("utf-16" if wide else "latin-1", "replace")


def _encoding(data: bytes) -> str:
    """As PEP 263 has it; most files say nothing, which is quicker found out."""
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0] if b"coding" in data[:400] else "utf-8"
