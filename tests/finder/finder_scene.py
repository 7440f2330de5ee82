"""Small projects whose texts say what is to be found: «target», ‹other›, ±mixed±, ¿unknown?."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from bravo_agent.config import ProjectSection
from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.stores.application import read_models
from bravo_agent.stores.language_server import DefinitionServer, checker_version
from codemods import Surroundings, find_field

EXAMPLE = Path(__file__).parents[2] / "examples" / "campaigns"
MARKS = {"«": "target", "‹": "other", "±": "mixed", "¿": "unknown"}
_MARKED = re.compile(r"«(\w+)»|‹(\w+)›|±(\w+)±|¿(\w+)\?")

Expected = dict[tuple[str, int, int], str]


def write_marked(project: Path, files: Mapping[str, str]) -> Expected:
    """Writes ``files`` without their marks; gives what they say."""
    expected: Expected = {}
    for file, marked in files.items():
        lines = []
        for number, line in enumerate(marked.split("\n"), 1):
            while found := _MARKED.search(line):
                expected[file, number, found.start()] = MARKS[line[found.start()]]
                line = line[: found.start()] + next(filter(None, found.groups())) + line[found.end() :]
            lines.append(line)
        path = project / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("\n".join(lines).encode())
    return expected


def find(project: Path, model: str, field: str, **given: object) -> Finding:
    """With the real type checker."""
    section = ProjectSection(models=given.pop("models", ()))  # type: ignore[arg-type]
    models = read_models(project, section).models
    entity = models.entity(model)
    assert entity is not None, [one.name for one in models.entities]

    def checker(texts: Mapping[str, str]) -> DefinitionServer:
        return DefinitionServer(project, texts, python=sys.executable)

    around = Surroundings(checker, checker_version(), **given)  # type: ignore[arg-type]
    return find_field(project, section, models, FieldRef(entity.module, entity.name, field), around)


def said(finding: Finding) -> Expected:
    """The verdict on each token."""
    return {(one.token.file, one.token.line, one.token.column): one.verdict for one in finding.occurrences}


def lines(finding: Finding, verdict: str, *forms: str) -> dict[str, list[int]]:
    """The lines of the tokens with that verdict, by file; each once."""
    found: dict[str, list[int]] = {}
    for one in finding.occurrences:
        if one.verdict == verdict and (not forms or one.form in forms):
            kept = found.setdefault(one.token.file, [])
            if one.token.line not in kept:
                kept.append(one.token.line)
    return found
