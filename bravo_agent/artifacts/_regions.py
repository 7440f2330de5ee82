"""Generated text in its place: all of a JSON file, a marked region of any other; nothing else is ever touched.

``// bravo-agent: begin typescript`` and ``// bravo-agent: end typescript`` stand around a region, with the comment
sign of the file's type. What has no mark of ours is somebody else's and is not overwritten.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bravo_agent.errors import UsageError

MADE_BY = "made by bravo-agent: run `bravo-agent artifacts` instead of editing"
_SIGNS = {
    "//": (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs"),
    "#": (".py", ".pyi", ".yaml", ".yml", ".toml"),
    "--": (".sql",),
}
_MARK = re.compile(
    r"^[ \t]*(?://|#|--)[ \t]*bravo-agent:[ \t]*(begin|end)[ \t]+([\w-]+)[ \t]*\r?$", re.MULTILINE
)


def placed(kind: str, file: str, text: str, before: str | None) -> str:
    """The whole of ``file`` with ``text`` as its region ``kind``; ``before`` is what stands there now.

    Raises ``UsageError`` ``artifact-not-ours``, ``artifact-marks-broken`` and ``artifact-file-type``.
    """
    if PurePosixPath(file).suffix == ".json":
        return _whole(file, text, before)
    sign = _sign(file)
    region = f"{sign} bravo-agent: begin {kind}\n{text}{sign} bravo-agent: end {kind}\n"
    if before is None:
        return region
    if "\r\n" in before:
        region = region.replace("\n", "\r\n")
    return _replaced(kind, file, region, before)


def is_ours(file: str, text: str) -> bool:
    """Whether ``text`` bears a mark of ours."""
    return MADE_BY in text if PurePosixPath(file).suffix == ".json" else _MARK.search(text) is not None


def _whole(file: str, text: str, before: str | None) -> str:
    if before is None:
        return text
    if before.replace("\r\n", "\n") == text:  # git has its own mind about line ends on some machines
        return before
    if not is_ours(file, before):
        raise _not_ours(file)
    return text


def _replaced(kind: str, file: str, region: str, before: str) -> str:
    marks = list(_MARK.finditer(before))
    if not marks:
        raise _not_ours(file)
    _refuse_broken(file, before, marks)
    begin = next((one for one in marks if one.group(1, 2) == ("begin", kind)), None)
    if begin is None:  # a file with another region of ours: this one goes to its end
        gap = "" if before.endswith("\n") else region[-2:] if region.endswith("\r\n") else "\n"
        return f"{before}{gap}{region}"
    end = next(one for one in marks if one.group(1, 2) == ("end", kind))
    rest = before[end.end() :]
    ending = region if rest.startswith("\n") else region.rstrip("\r\n")
    return before[: begin.start()] + ending + rest.removeprefix("\n")


def _refuse_broken(file: str, before: str, marks: list[re.Match[str]]) -> None:
    """Every begin has its end right after it, and no name comes twice."""
    names = [one[2] for one in marks]
    begins, ends = marks[::2], marks[1::2]
    fine = len(begins) == len(ends) and len(set(names)) == len(begins)
    pairs = zip(begins, ends, strict=False)
    if fine and all((b[1], e[1]) == ("begin", "end") and b[2] == e[2] for b, e in pairs):
        return
    line = before.count("\n", 0, marks[0].start()) + 1
    raise UsageError(
        "artifact-marks-broken",
        f"the marks of bravo-agent in {file} are not pairs of begin and end, each name once",
        hint="Mend them by hand, or remove the file and run `bravo-agent artifacts`.",
        where=f"{file}:{line}",
    )


def _sign(file: str) -> str:
    suffix = PurePosixPath(file).suffix
    found = next((sign for sign, suffixes in _SIGNS.items() if suffix in suffixes), None)
    if found is None:
        raise UsageError(
            "artifact-file-type",
            f"{file}: how a comment is written in such a file is not known",
            hint=f"Name a file that ends in {', '.join(one for ends in _SIGNS.values() for one in ends)} or .json.",
            where="bravo.toml [artifacts]",
        )
    return found


def _not_ours(file: str) -> UsageError:
    return UsageError(
        "artifact-not-ours",
        f"{file} is there already, and bravo-agent did not make it",
        hint="Name another file in [artifacts], or put `bravo-agent: begin` and `end` marks where the generated "
        "part shall stand (docs/artifacts.md), or remove the file.",
        where=file,
    )
