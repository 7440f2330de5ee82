"""Files that are never edited, by their path and by how they begin: each with why."""

from __future__ import annotations

import re
from collections.abc import Mapping

VENDORED = frozenset(["vendor", "vendored", "_vendor", "third_party", "thirdparty", "extern"])
_MANUAL = re.compile(r"@generated\b|\bdo not (?:edit|modify)\b", re.IGNORECASE)
_GENERATED = re.compile(
    r"^\s*(?:#|//|<!--|/\*+|\*)\s*(?:this (?:file|module) (?:is|was) )?"
    r"(?:automatically |auto-?)?generated (?:by|from|with|automatically)\b|^\s*#\s*auto-?generated\b",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD_LINES = 12
_DIGEST_LINE = re.compile(r"^[0-9a-fA-F]{32,128}[ \t]+\*?(\S.*?)\s*$", re.MULTILINE)
DIGESTS = re.compile(r"^(?:(?:sha|md5|SHA|MD5)\d*SUMS?|.*\.(?:sha256|sha512|sha1|md5)|checksums?\.txt)$")


def why_left_alone(file: str, text: str, frozen: Mapping[str, str]) -> str:
    """Why ``file`` must not be edited, or nothing. ``frozen``: file -> the file that holds its digest."""
    folders = file.split("/")[:-1]
    if VENDORED & set(folders):
        return "it is somebody else's code, kept here"
    if "migrations" in folders or ("alembic" in folders and "versions" in folders):
        return "it is a migration: what it says happened already"
    if "__snapshots__" in folders:
        return "it is a recorded snapshot: its tool writes it"
    if file in frozen:
        return f"its digest stands in {frozen[file]}"
    head = "\n".join(text[:4000].splitlines()[:_HEAD_LINES])
    if _MANUAL.search(_comments(head)) or _GENERATED.search(head):
        return "it is generated: what generates it has to say the new name"
    return ""


def _comments(head: str) -> str:
    """The lines of ``head`` that are comments, or stand in a text at the very beginning."""
    lines = head.splitlines()
    opened = lines and lines[0].lstrip().startswith(('"""', "'''", "/*", "<!--"))
    return "\n".join(
        one for one in lines if opened or one.lstrip().startswith(("#", "//", '"""', "'''", '"//"'))
    )


def digests_in(file: str, text: str) -> dict[str, str]:
    """What a file of digests freezes: paths beside it."""
    folder = file.rpartition("/")[0]
    return {f"{folder}/{name}".lstrip("/"): file for name in _DIGEST_LINE.findall(text)}
