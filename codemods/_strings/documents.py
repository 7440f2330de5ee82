"""MongoDB: which places of queries, updates and pipelines are fields of the collection's documents."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from codemods._strings.classes import Classes
from codemods._strings.found import Path
from codemods._strings.graph import Class, Node
from codemods._strings.program import Program

RESHAPING = frozenset([
    "$group", "$project", "$replaceRoot", "$replaceWith", "$bucket", "$bucketAuto", "$count", "$sortByCount",
    "$facet", "$unionWith",
])  # fmt: skip
_ADDING = ("$addFields", "$set", "$setWindowFields", "$lookup", "$graphLookup")
_TOP = ("", "$", "-", "$$ROOT.", "$$CURRENT.")


class Collections:
    """Which model the documents of a collection have."""

    def __init__(self, program: Program, classes: Classes, given: Mapping[str, str]) -> None:
        self._program = program
        self._classes = classes
        self._given = given
        self._models: dict[str, list[Class]] | None = None
        self._every: tuple[Class, ...] | None = None

    def model(self, collection: str) -> Class | None:
        """By the project's mapping, else by the name, where one model alone has it."""
        if self._models is None:
            self._models = {}
            for one in self.models():
                self._models.setdefault(plain_name(one.name), []).append(one)
        given = self._given.get(collection)
        if given is not None:
            named = [one for one in self.models() if one.name == given.rpartition(":")[2]]
            return named[0] if len(named) == 1 else None
        found = self._models.get(plain_name(collection), [])
        return found[0] if len(found) == 1 else None

    def models(self) -> tuple[Class, ...]:
        """Every model of the application."""
        if self._every is None:
            self._every = tuple(self._find())
        return self._every

    def _find(self) -> Iterator[Class]:
        for file, text in self._program.files.items():
            if "class " not in text:
                continue
            if not re.search(r"\bpydantic\b|\bsqlmodel\b|Model\b|Document\b|Entity\b|Base\b", text):
                continue
            facts = self._program.facts(file)
            for classes in facts.classes.values() if facts is not None else ():
                yield from (one for one in classes if self._classes.is_model(one))


def plain_name(name: str) -> str:
    """``AdGroup`` and ``ad_groups`` are the same."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")):
        if bare.endswith(ending):
            return bare[: -len(ending)] + instead
    return bare[:-1] if bare.endswith("s") and not bare.endswith(("ss", "us")) else bare


Place = tuple[str, Path]
"""``document`` and where in it, ``new`` (a key that a pipeline makes) or ``unknown``."""


def field_place(part: str, path: Path, before: str | None, stages: tuple[str, ...] | None) -> Place:
    """What a text at ``path`` of an argument means; ``before``: what stands before the name in it."""
    if path and path[-1][0] == "P":
        if before not in _TOP:
            return "unknown", path
        path = path[:-1]
    labels = [label for label, _ in path]
    if part in ("filter", "found", "document", "projection", "field", "keys", "documents"):
        return _in_query(part, path, labels)
    if part == "update" and labels[:1] and labels[0] not in ("e",) and not labels[0].startswith("p"):
        return _in_update(path, labels)
    if part in ("pipeline", "update"):
        return _in_pipeline(path, labels, before, stages)
    return "unknown", path


def _in_query(part: str, path: Path, labels: list[str]) -> Place:
    if part in ("field", "keys"):
        listed = [label for label in labels if label != "K"]
        plain = all(label[0] in "ep" for label in listed) and labels[1:2] != ["p1"]
        return ("document", (("K", False),)) if plain and len(labels) <= 2 else ("unknown", path)
    if part == "documents":
        return ("document", path[1:]) if labels else ("unknown", path)
    if part == "projection" and labels and labels[0][0] in "ep":
        return "document", (("K", False),)
    while labels[:1] and labels[0] in ("k:$and", "k:$or", "k:$nor"):
        path, labels = path[2:], labels[2:]
    if labels[:1] and labels[0].startswith("k:$"):
        return "unknown", path
    return "document", path


def _in_update(path: Path, labels: list[str]) -> Place:
    if labels[0].startswith("k:$"):
        return "document", path[1:]
    return "unknown", path


def _in_pipeline(path: Path, labels: list[str], before: str | None, stages: tuple[str, ...] | None) -> Place:
    if stages is None or len(labels) < 2 or any(one in RESHAPING for one in stages):
        return "unknown", path
    stage, rest = labels[1].removeprefix("k:"), path[2:]
    is_expression = (before or "").startswith("$")
    if labels[-1] != "K" and is_expression and stage != "$lookup":
        return "document", (("K", False),)
    if stage == "$match":
        return _in_query("filter", rest, labels[2:])
    if labels[2:] == ["K"]:
        if stage in ("$sort", "$unset"):
            return "document", rest
        if stage == "$project":
            return "document", rest
        if stage == "$group":
            return "new", rest
    if stage == "$unset":
        return "document", (("K", False),)
    return "unknown", path


def stages_before(pipeline: list[Node], path: Path) -> tuple[str, ...] | None:
    """The names of the stages before the one that ``path`` begins with; None where they are not certain."""
    lists = [node.fact for node in pipeline if isinstance(node.fact, ast.List)]
    if len(lists) != 1 or not path or not path[0][0].startswith("p"):
        return None
    at = int(path[0][0][1:])
    names = [_stage(one) for one in lists[0].elts[:at]]
    return None if any(name is None for name in names) else tuple(name for name in names if name is not None)


def all_stages(pipeline: list[Node]) -> tuple[str, ...] | None:
    """The names of all stages; None where they are not certain."""
    lists = [node.fact for node in pipeline if isinstance(node.fact, ast.List)]
    if len(lists) != 1:
        return None
    names = [_stage(one) for one in lists[0].elts]
    return None if any(name is None for name in names) else tuple(name for name in names if name is not None)


def _stage(node: ast.expr) -> str | None:
    match node:
        case ast.Dict(keys=[ast.Constant(value=str(name))]):
            return name
    return None
