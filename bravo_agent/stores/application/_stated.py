"""JSON Schema files as entities: what a project states of its documents, besides or instead of Python models."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Entity, Field, Place
from bravo_agent.stores.application._stated_shapes import Schema, StatedShapes, name_of

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DEFINITIONS = ("$defs", "definitions")

Pointer = tuple[str | int, ...]
Placing = Callable[[Pointer], Place]


@dataclass(frozen=True)
class Stated:
    """The entities of schemas, what about them is not known, and the files that are none (``unread``)."""

    entities: tuple[Entity, ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_schema_files(project: Path, patterns: Iterable[str], overlay: Mapping[str, str]) -> Stated:
    """The entities of the files that ``patterns`` name; raises ``UsageError`` ``schemas-missing``."""
    roots: list[Entity] = []
    definitions: list[Entity] = []
    notes: list[str] = []
    unread: list[str] = []
    for path in _files(project, patterns):
        file = path.relative_to(project).as_posix()
        try:
            text = overlay[file] if file in overlay else path.read_bytes().decode("utf-8-sig")
            schema = json.loads(text)
        except (OSError, UnicodeDecodeError, RecursionError) as error:
            unread.append(f"{file}: not read ({type(error).__name__}): skipped")
            continue
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            unread.append(f"{file}:{line}: is not JSON: skipped")
            continue
        lines = key_lines(text)
        stem = path.name.partition(".")[0]
        stated = Schemas(schema, file, stem, partial(_place, file, lines))
        roots += stated.root()
        definitions += stated.definitions({entity.name for entity in roots if entity.module == file})
        notes += (f"{file}: {one} is not in the file: known in part" for one in stated.missing)
    return Stated(_without_copies([*roots, *definitions]), tuple(notes), tuple(unread))


def _files(project: Path, patterns: Iterable[str]) -> list[Path]:
    found: dict[Path, None] = {}
    for pattern in patterns:
        try:
            paths = sorted(path for path in project.glob(pattern) if path.is_file())
        except (ValueError, NotImplementedError):
            paths = []
        inside = [path for path in paths if path.resolve().is_relative_to(project)]
        if not inside:
            raise UsageError(
                "schemas-missing",
                f"[project] names {pattern!r}, and no file of the project is called so",
                hint="Write it relative to the project's folder: `schemas/*.json`.",
                where="bravo.toml [project]",
            )
        found.update(dict.fromkeys(inside))
    return sorted(found)


class Schemas:
    """The entities of one document; ``file`` is their module, ``stem`` the name of a schema without a title."""

    def __init__(self, schema: object, file: str, stem: str, place: Placing) -> None:
        self._schema: Schema = schema if isinstance(schema, Mapping) else {}
        self._file = file
        self._name = name_of(schema, stem) or stem
        self._place = place
        self._shapes = StatedShapes(self._schema, self._name)

    @property
    def missing(self) -> tuple[str, ...]:
        """References that lead out of the document, of what was read until now."""
        return tuple(self._shapes.missing)

    def root(self) -> list[Entity]:
        """The schema itself, where it is an object with properties."""
        plain, name = self._shapes.resolved(self._schema)
        return self._entity(plain, name or self._name, _pointer(self._schema))

    def definitions(self, known: set[str]) -> list[Entity]:
        """Its definitions that are objects with properties, and not ``known`` already."""
        found: list[Entity] = []
        for key in _DEFINITIONS:
            inside = self._schema.get(key)
            for name, one in inside.items() if isinstance(inside, Mapping) else ():
                called = name_of(one, name) or name
                if called not in known:
                    found += self._entity(self._shapes.resolved(one)[0], called, (key, name))
                    known.add(called)
        return found

    def _entity(self, plain: Schema | None, name: str, where: Pointer) -> list[Entity]:
        whole = self._shapes.joined(plain) if plain and "allOf" in plain else plain or {}
        if not isinstance(whole.get("properties"), Mapping) or not whole["properties"]:
            return []
        required = set(whole.get("required", ()))
        fields = tuple(
            self._field(key, one, key in required, where) for key, one in whole["properties"].items()
        )
        place = self._place(where)
        return [Entity(name, self._file, place, fields, known_by="json-schema", form="schema")]

    def _field(self, key: str, schema: object, required: bool, where: Pointer) -> Field:
        shape = self._shapes.read(schema)
        default = None
        if isinstance(schema, Mapping) and "default" in schema:
            default = json.dumps(schema["default"], ensure_ascii=False)
        place = self._place((*where, "properties", key))
        return Field(key, key, replace(shape, text=_text(schema)), required, place, default)


def _text(schema: object) -> str:
    """The schema of a field in short, as an annotation is shown."""
    if not isinstance(schema, Mapping):
        return str(schema).lower()
    told = {
        key: schema[key] for key in ("$ref", "type", "format", "enum", "const", "maxLength") if key in schema
    }
    return json.dumps(told, ensure_ascii=False) if told else "{...}" if schema else "{}"


def _pointer(schema: Schema) -> Pointer:
    reference = schema.get("$ref")
    return (
        tuple(reference[2:].split("/")) if isinstance(reference, str) and reference.startswith("#/") else ()
    )


def _place(file: str, lines: Mapping[Pointer, int], pointer: Pointer) -> Place:
    while pointer and pointer not in lines:
        pointer = pointer[:-1]
    return Place(file, lines.get(pointer, 1))


def key_lines(text: str) -> dict[Pointer, int]:
    """The line of every key of a JSON text, by the path to it."""
    lines: dict[Pointer, int] = {}
    path: list[str | int] = []
    expects_key: list[bool] = []
    line, last = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", last, token.start())
        last = token.start()
        match token[0]:
            case "{" | "[" as opened:
                expects_key.append(opened == "{")
                path.append("" if opened == "{" else 0)
            case "}" | "]":
                expects_key.pop()
                path.pop()
            case ",":
                inside = path[-1]
                path[-1] = inside + 1 if isinstance(inside, int) else inside
                expects_key[-1] = not isinstance(inside, int)
            case ":":
                pass
            case key if expects_key and expects_key[-1]:
                path[-1] = json.loads(key)
                lines[tuple(path)] = line
                expects_key[-1] = False
    return lines


def _without_copies(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Of definitions that several files repeat word by word, the first one."""
    kept: dict[tuple[object, ...], Entity] = {}
    for entity in entities:
        nowhere = tuple(replace(field, place=Place("", 0)) for field in entity.fields)
        kept.setdefault((entity.name, nowhere), entity)
    return tuple(kept.values())
