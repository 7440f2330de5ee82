"""Pydantic models for a database that has no application yet: written once by ``init``, then people's own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bravo_agent.artifacts._given import Files, Given, in_folder
from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.planning.mapping import own_key
from bravo_agent.planning.naming import class_names, collection_names, document_name, field_name
from bravo_agent.types import PRELUDE, PRELUDE_NAMES, family, skipped

_ID = "_id"
_WIDTH = 88
_CUT_ESCAPE = re.compile(r"\\(?:x[0-9a-f]?|u[0-9a-f]{0,3}|U[0-9a-f]{0,7})$")
_CONFIG = "    model_config = ConfigDict(populate_by_name=True, protected_namespaces=())\n"
_HEADER = (
    '"""Models of the documents, one for each table. Generated once by bravo-agent: yours to change."""\n'
)


@dataclass(frozen=True)
class PydanticModels:
    """The kind ``pydantic-models``."""

    regenerated: bool = False

    def files(self, given: Given, folder: str) -> Files:
        """``models.py`` for all tables of the catalog."""
        generated, _ = generate_models(given.catalog, given.switches, path=in_folder(folder, "models.py"))
        return generated


@dataclass(frozen=True)
class WrittenModel:
    """One table's class: its text, its import lines, what its annotations need besides (with imports of its own),
    and a module of it all."""

    name: str
    code: str
    imports: tuple[str, ...]
    prelude: str
    prelude_imports: tuple[str, ...]
    module: str


def generate_model(table: Table, switches: TypesSection, name: str | None = None) -> WrittenModel:
    """The class of ``table``, called ``name`` or as ``generate_models`` has it for a database of this table alone."""
    name = name or class_names([(table.schema, table.name)])[table.schema, table.name]
    code, imports = _class(table, name, switches)
    imports |= {"from pydantic import BaseModel", "from pydantic import ConfigDict"}
    needed, prelude = _prelude_parts(code, whole=False) if _needs_prelude(code) else (set[str](), "")
    module = _module(code, imports, whole=False)
    return WrittenModel(name, code, tuple(sorted(imports)), prelude, tuple(sorted(needed)), module)


def generate_models(
    catalog: Catalog, switches: TypesSection, *, path: str = "models.py"
) -> tuple[Files, Mapping]:
    """One module with a class for every table, and the mapping from the tables to them.

    A column of a single-column key becomes ``_id``; names that Python or MongoDB cannot take are escaped
    reversibly (planning/naming.py). Columns of types that are left out by default have no field.
    """
    names = class_names((table.schema, table.name) for table in catalog.tables)
    collections = collection_names((table.schema, table.name) for table in catalog.tables)
    bodies: list[str] = []
    imports: set[str] = {"from pydantic import BaseModel", "from pydantic import ConfigDict"}
    mappings: list[EntityMapping] = []
    for table in sorted(catalog.tables, key=lambda one: one.key):
        name = names[table.schema, table.name]
        body, needed = _class(table, name, switches)
        bodies.append(body)
        imports |= needed
        mappings.append(_mapping(table, name, collections[table.schema, table.name]))
    code = "\n\n".join(bodies)
    return {path: _module(code, imports)}, Mapping(tuple(mappings))


def _class(table: Table, name: str, switches: TypesSection) -> tuple[str, set[str]]:
    lines = [f"class {name}(BaseModel):\n"]
    lines.append(f"    {_docstring(table)}\n\n")
    lines.append(_CONFIG)
    needed: set[str] = set()
    fields: list[str] = []
    for column in _columns(table):
        text, imports = _field(table, column, switches)
        fields.append(text)
        needed |= imports
    lines.append(("\n" if fields else "") + "".join(fields))
    return "".join(lines), needed


def _docstring(table: Table) -> str:
    comment = " ".join((table.comment or "").split())
    text = f"{table.key}: {comment}" if comment else table.key
    plain = text.replace("\\", "\\\\") if text.isprintable() else ascii(text)[1:-1]
    readable = plain.replace('"', '\\"')
    limit = _WIDTH - 10
    return f'"""{readable if len(readable) <= limit else _shortened(readable, limit)}"""'


def _shortened(text: str, limit: int) -> str:
    """A backslash must not be cut off from what it escapes, nor an escape in two."""
    return _CUT_ESCAPE.sub("", text[: limit - 3]).rstrip("\\ ") + "..."


def _columns(table: Table) -> list[Column]:
    return [column for column in table.columns if not skipped(column.type)]


def _field(table: Table, column: Column, switches: TypesSection) -> tuple[str, set[str]]:
    annotation, imports = family(column.type).python(column.type, switches)
    name, key = field_name(column.name), _document_key(table, column.name)
    own_default = column.nullable and column.name not in table.primary_key
    if own_default and annotation != "Any":
        annotation = f"{annotation} | None"
    default = "default=None" if own_default else ""
    if name == key:
        value = " = None" if own_default else ""
        return _wrapped(f"    {name}: {annotation}{value}"), set(imports)
    arguments = ", ".join(part for part in (default, f"alias={_quoted(key)}") if part)
    return (
        _wrapped(f"    {name}: {annotation} = Field({arguments})"),
        {*imports, "from pydantic import Field"},
    )


def _quoted(text: str) -> str:
    """``text`` as a literal, in the quotes that ruff and black choose."""
    plain = repr(text) if text.isprintable() else ascii(text)
    return plain if '"' in text or "'" in text else f'"{plain[1:-1]}"'


def _wrapped(line: str) -> str:
    """``line`` as ruff and black format it, when it is too long: broken inside its last brackets."""
    if len(line) <= _WIDTH:
        return line + "\n"
    if line.endswith(")") and " = Field(" in line:
        head, _, arguments = line.partition(" = Field(")
        inner = arguments[:-1]
        if len(head) + len(" = Field(") <= _WIDTH and len(inner) + 8 <= _WIDTH:
            return f"{head} = Field(\n        {inner}\n    )\n"
    return line + "\n"


def _document_key(table: Table, column: str) -> str:
    return _ID if own_key(table) == column else document_name(column)


def _mapping(table: Table, name: str, collection: str) -> EntityMapping:
    columns = tuple(
        ColumnMapping(column.name, _document_key(table, column.name), field_name(column.name))
        for column in _columns(table)
    )
    kept = {column.name for column in _columns(table)}
    left_out = tuple((column.name, "unmapped") for column in table.columns if column.name not in kept)
    return EntityMapping(table.key, collection, name, columns, table.primary_key, left_out)


def _module(code: str, imports: set[str], *, whole: bool = True) -> str:
    """The module's text, with the prelude where an annotation uses it."""
    prelude = ""
    if _needs_prelude(code):
        needed, prelude = _prelude_parts(code, whole=whole)
        imports = imports | needed
    parts = [_HEADER, _import_block(imports)]
    if prelude:
        parts.append(f"\n{prelude}")
    return "\n".join(parts) + f"\n\n{code}" if code else "\n".join(parts)


def _needs_prelude(code: str) -> bool:
    return any(re.search(rf"\b{name}\b", code) for name in PRELUDE_NAMES)


def _prelude_parts(code: str, *, whole: bool = True) -> tuple[set[str], str]:
    """The prelude's imports and its body: all of it, or only what ``code`` needs."""
    tree = ast.parse(PRELUDE)
    imports = [one for one in tree.body if isinstance(one, ast.ImportFrom)]
    last = max(one.end_lineno or 0 for one in imports)
    body = "\n".join(PRELUDE.split("\n")[last:]).strip("\n") + "\n"
    body = body if whole else _needed_parts(body, code)
    names = {f"from {one.module} import {alias.name}" for one in imports for alias in one.names}
    used = f"{body}\n{code}"
    return {line for line in names if re.search(rf"\b{line.rpartition(' ')[2]}\b", used)}, body


def _needed_parts(body: str, code: str) -> str:
    """The statements of ``body`` (with the comments above them) that ``code`` names, or that these name."""
    lines = body.split("\n")
    ends = [0, *(one.end_lineno or 0 for one in ast.parse(body).body)]
    parts = ["\n".join(lines[start:end]) for start, end in pairwise(ends)]
    needed, kept = code, list[str]()
    # From below: a part names only what stands above it.
    for part in reversed(parts):
        name = re.search(r"^(?:def |class )?(\w+)", re.sub(r"^(#.*)?\n", "", part, flags=re.MULTILINE))
        if name and re.search(rf"\b{name[1]}\b", needed):
            kept.insert(0, part)
            needed += part
    return "\n".join(kept).strip("\n") + "\n"


def _import_block(imports: Iterable[str]) -> str:
    """Sorted and merged, as isort writes them: the standard library first."""
    modules: dict[str, set[str]] = {}
    for line in imports:
        for statement in ast.parse(line).body:
            if isinstance(statement, ast.ImportFrom) and statement.module:
                modules.setdefault(statement.module, set()).update(alias.name for alias in statement.names)
    groups: list[list[str]] = [[], []]
    for module in sorted(modules):
        names = ", ".join(sorted(modules[module], key=lambda name: (not name[0].isupper(), name)))
        third_party = module.partition(".")[0] in ("pydantic", "bson", "pydantic_extra_types")
        groups[third_party].append(f"from {module} import {names}\n")
    return "\n".join("".join(group) for group in groups if group)


KIND = PydanticModels()
