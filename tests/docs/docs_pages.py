"""The pages as tests read them: blocks, tables, sections."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGE = re.compile(r"\b[0-9a-f]{12}(?:[0-9a-f]{4})?\b")
# What differs from run to run or with the catalog's form: ids and times.
_VARIES = (
    (re.compile(r"\d{4}-\d\d-\d\d-(\d{3,})"), r"DATE-\1"),
    (re.compile(r"\d{8}T\d{6}Z"), "SNAPSHOT"),
    (re.compile(r"\d+\.\d\d s"), "N s"),
    (_CHANGE, "ID"),
)


def text(name: str) -> str:
    """The page, relative to the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of that language, in order."""
    return [body for found, body in _BLOCK.findall(text(name)) if found == language]


def sections(name: str) -> dict[str, str]:
    """Heading (any level) -> the text up to the next heading."""
    parts = re.split(r"^#+ (.*)$", text(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(page: str) -> list[str]:
    """The first cell of each row of the page's tables, heads and rules left out."""
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("|")]
    return [cell.strip("`") for cell in rows if cell and not set(cell) <= {"-", ":"}]


def normalised(line: str) -> str:
    """``line`` without what varies from run to run."""
    for pattern, word in _VARIES:
        line = pattern.sub(word, line)
    return line.strip()


def in_order(shown: list[str], told: list[str]) -> list[tuple[str, str]]:
    """(shown, told) for each line of ``shown``, one after the other; a shown line may be a beginning, with ``...``."""
    rest = iter(told)
    pairs = []
    for line in (one for one in shown if one.strip()):
        wanted = normalised(line).removesuffix("...").rstrip()
        found = next((one for one in rest if normalised(one).startswith(wanted)), None)
        assert found is not None, f"not told (any more, or in this order): {line}\n" + "\n".join(told)
        pairs.append((line, found))
    return pairs


def ids(line: str) -> list[str]:
    """Ids of changes."""
    return _CHANGE.findall(line)
