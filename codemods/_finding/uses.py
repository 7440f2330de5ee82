"""What a finding says of the code that depends on a field: what severity, report and edits rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from bravo_agent.model.change import Use
from bravo_agent.model.code import Finding
from bravo_agent.model.entities import Place
from codemods._finding.cache import Cache
from codemods._finding.documents import scan_data
from codemods._finding.files import PYTHON, Repository, holding, read_repository
from codemods._finding.lines import LINE_END
from codemods._finding.reading import scans
from codemods._finding.roles import role_of_file
from codemods._finding.values import OWN, Candidate

Wanted = tuple[str, str]
_WORDS = ("comment", "docstring", "text")
_SHOWN = 200


def finding_uses(finding: Finding) -> tuple[Use, ...]:
    """Every place that means the field, or may: sorted, one per line and role.

    Not its own declaration, nor what is only written about it. Of a file that nobody could read each line with the name
    counts.
    """
    found = [
        Use(one.token.file, one.token.line, one.role, one.how, one.text)
        for one in finding.occurrences
        if one.verdict != "other" and one.form not in _WORDS and one.why != OWN
    ]
    found += [
        Use(one.file, line, role_of_file(one.file) or "other", "name", f"not read: {one.why}")
        for one in finding.unread
        for line in one.keys or (1,) * one.may_use
    ]
    return _ordered(found)


def _ordered(uses: Iterable[Use]) -> tuple[Use, ...]:
    best: dict[tuple[str, int, str], Use] = {}
    for use in uses:
        key = use.file, use.line, use.role
        # Of several tokens on a line the one that is known best.
        if key not in best or _SURE[use.how] < _SURE[best[key].how]:
            best[key] = use
    return tuple(best[key] for key in sorted(best))


_SURE = {"types": 0, "flow": 1, "convention": 2, "name": 3}


def named_uses(
    project: Path,
    sources: Sequence[str],
    exclude: Sequence[str],
    wanted: Iterable[Wanted],
    declared: Collection[Place] = (),
) -> dict[Wanted, tuple[Use, ...]]:
    """What is called like ``wanted`` (owner, name), whatever it means: all that can be told of a label or a key.

    ``declared`` are declarations, which are no uses. Sorted by file and line.
    """
    asked = list(dict.fromkeys(wanted))
    names = sorted({name for _, name in asked if name})
    found: dict[str, list[Use]] = {name: [] for _, name in asked}
    if names:
        places = {(place.file, place.line) for place in declared}
        for name, use in _named(read_repository(project, sources, exclude, names), names):
            if (use.file, use.line) not in places or use.role != "model":
                found[name].append(use)
    ordered = {name: _ordered(uses) for name, uses in found.items()}
    return {one: ordered[one[1]] for one in asked}


def _named(files: Repository, names: Sequence[str]) -> Iterable[tuple[str, Use]]:
    with Cache(None) as cache:
        read, _ = scans({file: files.python[file] for file in files.hits}, names, cache)
    data = {file: text for file, text in files.data.items() if "fixtures" in file.split("/")}
    read |= {file: scan_data(file, text, names) for file, text in data.items()}
    for file, one in read.items():
        if one.left_alone:
            text = files.python.get(file) or files.data[file]
            yield from _words(file, text, names)
        for candidate in one.candidates:
            if _counts(candidate):
                token = candidate.token
                yield candidate.name, Use(token.file, token.line, candidate.role, "name", candidate.text)


def _counts(one: Candidate) -> bool:
    """Local names are no uses, and texts only where they are the name and nothing else."""
    of_data = one.token.file.endswith((".json", ".yaml", ".yml")) and one.form == "string"
    return one.key and one.form not in (*_WORDS, "name") and not of_data


def _words(file: str, text: str, names: Sequence[str]) -> Iterable[tuple[str, Use]]:
    role = role_of_file(file) or "other"
    for number, line in enumerate(LINE_END.split(text), 1):
        for name in holding(line, names):
            yield name, Use(file, number, role, "name", line.strip()[:_SHOWN])


def find_mentions(
    project: Path, sources: Sequence[str], exclude: Sequence[str], word: str
) -> tuple[Use, ...]:
    """Every line of a Python file with ``word`` as a whole word, comments and texts included."""
    files = read_repository(project, sources, exclude, [word], only=PYTHON)
    return _ordered(
        use
        for file, text in sorted(files.python.items())
        if word in text
        for _, use in _words(file, text, [word])
    )
