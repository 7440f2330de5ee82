"""Marked examples turned into files and findings: «target», ‹other›, ¿nobody knows?, ×both×."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bravo_agent.config import ProjectSection
from bravo_agent.model.code import FieldGroup, FieldRef, Finding, Occurrence, TokenVerdict
from bravo_agent.stores.application import read_models
from codemods._everywhere import Code, CodeExample
from codemods._finding.documents import scan_data, scan_document
from codemods._finding.scan import scan
from codemods._finding.values import Candidate

MARKS: dict[str, tuple[str, TokenVerdict]] = {
    "«": ("»", "target"),
    "‹": ("›", "other"),
    "¿": ("?", "unknown"),
    "×": ("×", "mixed"),
}
MARKED = re.compile(r"«(\w+)»|‹(\w+)›|¿(\w+)\?|×(\w+)×")


def unmarked(text: str) -> str:
    """The file as it is on disk."""
    return MARKED.sub(lambda found: next(filter(None, found.groups())), text)


def code_of(example: CodeExample, folder: Path) -> Code:  # type: ignore[type-arg]
    """The example written to ``folder``, with its finding made by hand."""
    for file, text in example.before.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(unmarked(text).encode())
    models = read_models(folder, ProjectSection(), allow_import=False).models
    verdicts = {key: one for file, text in example.before.items() for key, one in _verdicts(file, text)}
    words = {word for _, _, word in verdicts} or {"cost"}
    found = [(one, verdicts) for file in example.before for one in _candidates(folder, file, words)]
    field = next(
        f for e in models.entities if e.name == "Ad" for f in e.fields if not f.name.startswith("tax")
    )
    asked = FieldRef(
        "app.models", "Ad", field.name, field.document_name if field.document_name != field.name else None
    )
    return code(folder, Finding(group_of(asked, found), tuple(occurrence(*one) for one in found)), models)


def code(folder: Path, finding: Finding, models) -> Code:  # type: ignore[no-untyped-def]
    """What a codemod gets, over the files of ``folder``."""

    def read(file: str) -> str | None:
        try:
            return (folder / file).read_bytes().decode()
        except (UnicodeDecodeError, OSError):
            return None

    def named(word: str) -> Iterator[str]:
        for path in sorted(folder.rglob("*.py")):
            if word in path.read_bytes().decode("utf-8", "replace"):
                yield path.relative_to(folder).as_posix()

    return Code(finding, models, read, named)


def group_of(asked: FieldRef, found: list[tuple[Candidate, object]]) -> FieldGroup:
    """Every declaration that is a target belongs to it."""
    coupled = []
    for one, verdicts in found:
        if one.form == "declaration" and occurrence(one, verdicts).verdict == "target":  # type: ignore[arg-type]
            ref = FieldRef(
                one.token.file.removesuffix(".py").replace("/", "."), one.owner, one.name, asked.alias
            )
            if (ref.entity, ref.field) != (asked.entity, asked.field):
                coupled.append((ref, "the example says so"))
    return FieldGroup(asked, tuple(coupled))


def occurrence(one: Candidate, verdicts: Mapping[tuple[str, int, str], TokenVerdict]) -> Occurrence:
    """A candidate judged by its mark; without one it is something else in code, and unknown in prose."""
    prose = one.form in ("comment", "docstring", "text")
    verdict = verdicts.get((one.token.file, number_of(one), one.name), "unknown" if prose else "other")
    return Occurrence(one.token, one.form, one.role, verdict, "types", "marked", one.text)


_numbers: dict[tuple[str, int, int], int] = {}


def number_of(one: Candidate) -> int:
    """The how-manyth of its name in its file."""
    return _numbers[one.token.file, one.token.line, one.token.column]


def _candidates(folder: Path, file: str, words: set[str]) -> Iterator[Candidate]:
    text = (folder / file).read_bytes().decode().removeprefix("\ufeff")
    look = scan if file.endswith(".py") else scan_data if not file.endswith(".md") else scan_document
    found = look(file, text, words)
    assert not found.left_alone, found.left_alone
    counted = dict.fromkeys(words, 0)
    for one in found.candidates:
        _numbers[file, one.token.line, one.token.column] = counted[one.name]
        counted[one.name] += 1
        yield one


def _verdicts(file: str, text: str) -> Iterator[tuple[tuple[str, int, str], TokenVerdict]]:
    counted: dict[str, int] = {}
    names = {next(filter(None, found.groups())) for found in MARKED.finditer(text)}
    every = re.compile("|".join([MARKED.pattern, *(rf"\b{name}\b" for name in sorted(names))]))
    for found in every.finditer(text):
        word = next(filter(None, found.groups()), found[0])
        number = counted.get(word, 0)
        counted[word] = number + 1
        if found[0] != word:
            yield (file, number, word), MARKS[found[0][0]][1]
