"""Every place that names a field: attribute, keyword argument, text equal to the name, key of a JSON fixture.

Exact for what it claims: tokens that are named like the field (``how="name"``). Whether such a token is this
field or another one of the same name is not claimed. One pass over all files for all names.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from bravo_agent.model.change import Role, Use
from bravo_agent.model.entities import Place

Wanted = tuple[str, str]
_SKIPPED = frozenset(["__pycache__", "node_modules", "site-packages"])
_LARGEST = 5_000_000
_BY_WORD: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("rounding", re.compile(r"round|quantiz|precision")),
    ("validation", re.compile(r"validat|constraint")),
    ("serialization", re.compile(r"serializ|serialis|model_dump|to_dict|to_json|export|encode")),
    ("calculation", re.compile(r"calculat|comput|formula|metric_?math|arithmetic")),
    ("api", re.compile(r"^(api|apis|routes?|routers?|endpoints?|views?|schemas?|handlers?)$")),
    ("query", re.compile(r"repositor|quer(y|ies)|aggregat|pipeline|^dao$|^crud$")),
)
_HTTP = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket", "route"]
)
_QUERY = frozenset([
    "find", "find_one", "find_one_and_update", "find_one_and_replace", "find_one_and_delete",
    "update_one", "update_many", "replace_one", "delete_one", "delete_many", "insert_one",
    "insert_many", "aggregate", "count_documents", "distinct", "sort", "create_index",
])  # fmt: skip
_ROUNDING = frozenset(["round", "quantize", "round_field"])
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def find_uses(
    project: Path,
    sources: Sequence[str],
    exclude: Sequence[str],
    wanted: Iterable[Wanted],
    declared: Collection[Place] = (),
) -> dict[Wanted, tuple[Use, ...]]:
    """Uses by (entity, field), sorted by file and line; ``declared`` are declarations, which are no uses."""
    asked = list(dict.fromkeys(wanted))
    names = {field for _, field in asked}
    found: dict[str, list[Use]] = {name: [] for name in names}
    if names:
        anywhere = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
        places = {(place.file, place.line) for place in declared}
        for path in source_files(project, sources, exclude):
            for name, use in _uses_in(path, path.relative_to(project).as_posix(), names, anywhere):
                if (use.file, use.line) not in places or use.role != "model":
                    found[name].append(use)
    ordered = {name: tuple(sorted(set(uses), key=_by_place)) for name, uses in found.items()}
    return {(entity, field): ordered[field] for entity, field in asked}


def _by_place(use: Use) -> tuple[str, int, str]:
    return use.file, use.line, use.role


def source_files(project: Path, sources: Sequence[str], exclude: Sequence[str]) -> Iterator[Path]:
    """Python files and JSON files of ``sources``, each once, in order; hidden and installed ones left out."""
    seen: set[Path] = set()
    for source in sources:
        for folder, names, files in os.walk(project / source):
            names[:] = sorted(one for one in names if not _is_skipped(Path(folder) / one))
            for name in sorted(files):
                path = Path(folder) / name
                file = path.relative_to(project).as_posix()
                if name.endswith((".py", ".json")) and path not in seen and not _excluded(file, exclude):
                    seen.add(path)
                    yield path


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED or (folder / "pyvenv.cfg").exists()


def _excluded(file: str, exclude: Sequence[str]) -> bool:
    parts = file.split("/")
    heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(fnmatch(head, pattern.rstrip("/")) for pattern in exclude for head in heads)


def _uses_in(path: Path, file: str, names: set[str], anywhere: re.Pattern[str]) -> Iterator[tuple[str, Use]]:
    is_json = file.endswith(".json")
    if is_json and ("fixtures" not in file.split("/") or path.stat().st_size > _LARGEST):
        return
    text = path.read_bytes().decode("utf-8-sig", "replace")
    if not anywhere.search(text):
        return
    lines = re.split(r"\r\n|\r|\n", text)
    if is_json:
        yield from _in_json(file, lines, names)
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        yield from _in_text(file, lines, names)
        return
    finder = _Finder(file, lines, names)
    finder.visit(tree)
    yield from finder.found


def _in_json(file: str, lines: list[str], names: set[str]) -> Iterator[tuple[str, Use]]:
    keys = re.compile(r'"([^"\\]+)"\s*:')
    for number, line in enumerate(lines, 1):
        for name in dict.fromkeys(keys.findall(line)):
            if name in names:
                yield name, Use(file, number, "fixture", "name", line.strip()[:200])


def _in_text(file: str, lines: list[str], names: set[str]) -> Iterator[tuple[str, Use]]:
    """Words of a file that this Python cannot parse."""
    role = role_of_file(file) or "other"
    for number, line in enumerate(lines, 1):
        for name in dict.fromkeys(re.findall(r"\w+", line)):
            if name in names:
                yield name, Use(file, number, role, "name", line.strip()[:200])


def role_of_file(file: str) -> Role | None:
    """What a file is about, by its name and folders; None where they do not say."""
    parts = file.lower().split("/")
    stem = parts[-1].partition(".")[0]
    if "fixtures" in parts[:-1]:
        return "fixture"
    if "tests" in parts[:-1] or "test" in parts[:-1] or stem.startswith("test_") or stem.endswith("_test"):
        return "test"
    if stem == "conftest":
        return "test"
    for word in (stem, *reversed(parts[:-1])):
        role = _role_of_word(word)
        if role is not None:
            return role
    return None


def _role_of_word(word: str) -> Role | None:
    return next((role for role, pattern in _BY_WORD if pattern.search(word.lower())), None)


class _Finder(ast.NodeVisitor):
    """Collects (name, use) of one file; ``_roles`` is the stack of what the place is inside of."""

    def __init__(self, file: str, lines: list[str], names: set[str]) -> None:
        self.found: list[tuple[str, Use]] = []
        self._file = file
        self._lines = lines
        self._names = names
        self._role = role_of_file(file)
        self._fixed = self._role in ("test", "fixture")
        self._roles: list[Role] = []

    def _add(self, name: str, line: int, role: Role | None = None) -> None:
        if name not in self._names:
            return
        inner = self._roles[-1] if self._roles else None
        nearest = None if self._fixed else role or inner
        chosen: Role = nearest or self._role or "other"
        text = self._lines[line - 1].strip()[:200] if line <= len(self._lines) else ""
        self.found.append((name, Use(self._file, line, chosen, "name", text)))

    def _inside(self, role: Role | None, node: ast.AST) -> None:
        if role is not None:
            self._roles.append(role)
        self.generic_visit(node)
        if role is not None:
            self._roles.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function gives its role to what is inside, and to its decorators."""
        self._inside(_role_of_function(node), node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """As any function."""
        self._inside(_role_of_function(node), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Annotated names in a class are declarations: of another model, if not of the entity's own."""
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                self._add(statement.target.id, statement.lineno, "api" if self._role == "api" else "model")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Rounding, queries and dumps give their role to their arguments."""
        name = _called(node)
        role: Role | None = None
        if name in _ROUNDING:
            role = "rounding"
        elif name in _QUERY:
            role = "query"
        elif name in ("model_dump", "model_dump_json"):
            role = "serialization"
        self._inside(role, node)

    def visit_keyword(self, node: ast.keyword) -> None:
        """A keyword argument."""
        if node.arg is not None:
            self._add(node.arg, node.value.lineno if node.lineno is None else node.lineno)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Arithmetic is a calculation, unless the place says more."""
        self._inside("calculation" if self._calculates(node.op) else None, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """As arithmetic."""
        self._inside("calculation" if self._calculates(node.op) else None, node)

    def _calculates(self, op: ast.operator) -> bool:
        return isinstance(op, _ARITHMETIC) and not self._roles

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """An attribute, at the line of its name."""
        self._add(node.attr, node.end_lineno or node.lineno)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A text equal to the name; ``$name`` is one of MongoDB's expressions."""
        if isinstance(node.value, str):
            self._add(node.value, node.lineno)
            if node.value.startswith("$"):
                self._add(node.value[1:], node.lineno, "query")

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        """A keyword of a class pattern."""
        for name in node.kwd_attrs:
            self._add(name, node.lineno)
        self.generic_visit(node)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _role_of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Role | None:
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if name in ("field_validator", "model_validator", "validator", "root_validator"):
            return "validation"
        if name in ("field_serializer", "model_serializer"):
            return "serialization"
        if name in ("computed_field", "cached_property"):
            return "calculation"
        if isinstance(target, ast.Attribute) and name in _HTTP:
            return "api"
    return _role_of_word(node.name)
