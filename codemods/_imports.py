"""Imports put in their place: into a line that imports from the module already, else a line of their own."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from codemods._import_order import order, position, section_of
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice
from codemods._values import AddField, InModule, LeftAlone

_LONGEST = 88


@dataclass(frozen=True)
class Wanted:
    """``from module import name``; ``written`` is the module as the edited file spells it."""

    module: str
    name: str
    written: str


class Imports:
    """The imports of one file, and the splices that add to them."""

    def __init__(self, source: Source, request: InModule) -> None:
        self._source = source
        self._package = _package(request)
        self._lines = [
            line
            for line in source.module.body
            if isinstance(line, cst.SimpleStatementLine)
            and all(isinstance(one, (cst.Import, cst.ImportFrom)) for one in line.body)
        ]
        self._froms = [
            one
            for line in self._lines
            for one in line.body
            if isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar)
        ]
        self.bound = {
            name for one in statements(source.module) if one is not None for name in bound_names(one)
        }
        self._added: dict[str, list[str]] = {}
        self._used: dict[tuple[str, str], str] = {}

    def bound_in(self, model: cst.ClassDef) -> set[str]:
        """The names that the class body takes for something else than the module does."""
        return {name for one in statements(model.body) for name in bound_names(one)}

    def origin(self, statement: cst.ImportFrom) -> str:
        """The absolute module of ``from ... import``, as far as the file's own module is known."""
        level = len(statement.relative)
        tail = _dotted(statement.module)
        if not level:
            return tail
        if self._package is None:
            return "." * level + tail
        parts = self._package.split(".") if self._package else []
        return ".".join([*parts[: len(parts) - level + 1], *([tail] if tail else [])])

    def written(self, module: str) -> str | None:
        """How the file spells ``module`` where it imports from it already."""
        found = next((one for one in self._froms if self.origin(one) == module), None)
        return None if found is None else "." * len(found.relative) + _dotted(found.module)

    def origins(self, name: str) -> list[str]:
        """The modules that ``name`` is imported from under its own name."""
        return [
            self.origin(one)
            for one in self._froms
            if not isinstance(one.names, cst.ImportStar)
            for alias in one.names
            if alias.evaluated_name == name and alias.evaluated_alias in (None, name)
        ]

    def local_name(self, module: str, name: str) -> str | None:
        """What ``name`` of ``module`` is called in the file; None where it is not imported."""
        for statement in self._froms:
            if self.origin(statement) == module and not isinstance(statement.names, cst.ImportStar):
                for alias in statement.names:
                    if alias.evaluated_name == name:
                        return alias.evaluated_alias or name
        return None

    def use(self, module: str, name: str, hidden: Iterable[str] = ()) -> str:
        """The name to write for ``name`` of ``module``; it is imported where it is not yet.

        ``hidden`` are names that the class body takes for something else.
        """
        local = self.local_name(module, name) or self._used.get((module, name))
        if local is not None and local not in hidden:
            return local
        if self._is_tried(module, name) and name not in hidden:
            return name
        taken = (self.bound - self._for_checkers(module)) | set(hidden)
        chosen = name if name not in taken else f"{name}_type"
        if chosen in taken:
            raise LeftAlone(f"the name {name} is taken for something else in this file")
        written = self.written(module) or self._spelled(module)
        self._added.setdefault(written, []).append(name if chosen == name else f"{name} as {chosen}")
        self.bound.add(chosen)
        self._used[module, name] = chosen
        return chosen

    def _is_tried(self, module: str, name: str) -> bool:
        """Whether a ``try`` block at the top imports ``name`` of ``module``."""
        tried = [one for one in self._source.module.body if isinstance(one, cst.Try)]
        return any(name in self._imported_in(statements(one.body), module) for one in tried)

    def _for_checkers(self, module: str) -> set[str]:
        """Names of ``module`` that are imported below an ``if`` only: Pydantic needs them at run time."""
        found = [one for one in self._source.module.body if isinstance(one, cst.If)]
        return {name for one in found for name in self._imported_in(statements(one.body), module)}

    def _imported_in(
        self, body: Iterable[cst.BaseSmallStatement | cst.BaseCompoundStatement], module: str
    ) -> set[str]:
        return {
            name
            for one in body
            if isinstance(one, cst.ImportFrom) and self.origin(one) == module
            for name in bound_names(one)
        }

    def _spelled(self, module: str) -> str:
        """A module of the same package is imported as the file imports such modules: relative or absolute."""
        relative = any(statement.relative for statement in self._froms)
        if relative and self._package and module.rpartition(".")[0] == self._package:
            return f".{module.rpartition('.')[2]}"
        return module

    def splices(self) -> list[Splice]:
        """What has to be inserted for all that was used."""
        found: list[Splice] = []
        apart: dict[int, list[str]] = {}
        for written, unsorted in sorted(self._added.items()):
            names = sorted(set(unsorted), key=order)
            merged = self._merged(written, names)
            found += merged
            if not merged:
                apart.setdefault(self._section(written), []).append(written)
        for section, modules in sorted(apart.items()):
            found += self._new_lines(section, modules)
        return found

    def _merged(self, written: str, names: list[str]) -> list[Splice]:
        """The names put into an import from the same module, where that is written simply; else nothing."""
        for statement in self._froms:
            spelled = "." * len(statement.relative) + _dotted(statement.module)
            if spelled != written or isinstance(statement.names, cst.ImportStar):
                continue
            aliases = list(statement.names)
            place = self._source.range(statement)
            if place.start.line == place.end.line:
                if self._fits(statement, names):
                    return [self._between(aliases, name) for name in names]
                continue
            lines = [self._source.line(alias) for alias in aliases]
            one_each = len(set(lines)) == len(lines) and place.start.line not in lines
            if one_each and isinstance(aliases[-1].comma, cst.Comma):
                return [self._own_line(aliases, name) for name in names]
        return []

    def _fits(self, statement: cst.ImportFrom, names: list[str]) -> bool:
        line = self._source.text[self._source.line_start(statement) : self._source.after_line(statement)]
        longest = max(_LONGEST, *(len(one) for one in self._source.text.split("\n", 200)[:200]))
        return len(line.rstrip()) + sum(len(name) + 2 for name in names) <= longest

    def _own(self, aliases: list[cst.ImportAlias]) -> list[str]:
        return [self._source.code(alias).rstrip(", \t\r\n") for alias in aliases]

    def _between(self, aliases: list[cst.ImportAlias], name: str) -> Splice:
        own = self._own(aliases)
        at = position(own, name)
        if at < len(aliases):
            place = self._source.start(aliases[at])
            return Splice(place, place, f"{name}, ")
        place = self._source.start(aliases[-1]) + len(own[-1])
        return Splice(place, place, f", {name}")

    def _own_line(self, aliases: list[cst.ImportAlias], name: str) -> Splice:
        at = position(self._own(aliases), name)
        text = f"{self._source.indent(aliases[0])}{name},{self._source.newline}"
        last = self._source.after_line(aliases[-1].name)
        place = self._source.line_start(aliases[at]) if at < len(aliases) else last
        return Splice(place, place, text)

    def _statement(self, written: str) -> str:
        return f"from {written} import {', '.join(sorted(set(self._added[written]), key=order))}"

    def _new_lines(self, section: int, modules: list[str]) -> list[Splice]:
        """Lines of their own, in the section that isort would put them."""
        end = self._source.newline
        same = [line for line in self._lines if self._section_of(line) == section]
        if same:
            return [self._in_section(same, module) for module in modules]
        block = "".join(self._statement(module) + end for module in modules)
        lower = [line for line in self._lines if self._section_of(line) < section]
        if lower:
            return [self._insert(self._source.after_line(lower[-1]), end + block)]
        if self._lines:
            return [self._insert(self._source.line_start(self._lines[0]), block + end)]
        return [self._first(block)]

    def _in_section(self, same: list[cst.SimpleStatementLine], module: str) -> Splice:
        text = self._statement(module) + self._source.newline
        before = [line for line in same if self._module_of(line) <= module]
        if before:
            return self._insert(self._source.after_line(before[-1]), text)
        return self._insert(self._source.line_start(same[0]), text)

    def _first(self, block: str) -> Splice:
        end = self._source.newline
        body = self._source.module.body
        if self._source.module.get_docstring(clean=False) is not None:
            return self._insert(self._source.after_line(body[0]), end + block)
        return self._insert(self._source.line_start(body[0]), block + end + end)

    def _insert(self, place: int, text: str) -> Splice:
        end = self._source.newline
        if place == len(self._source.text) and not self._source.text.endswith(("\n", "\r")):
            text = end + text.removesuffix(end)
        return Splice(place, place, text)

    def _module_of(self, line: cst.SimpleStatementLine) -> str:
        statement = line.body[0]
        # "import x" lines go before "from x import" lines
        if isinstance(statement, cst.ImportFrom):
            return "." * len(statement.relative) + _dotted(statement.module)
        return ""

    def _section_of(self, line: cst.SimpleStatementLine) -> int:
        statement = line.body[0]
        if isinstance(statement, cst.Import):
            return self._section(statement.names[0].evaluated_name)
        return self._section(self._module_of(line))

    def _section(self, module: str) -> int:
        """The application's own modules stand apart, like relative ones."""
        top = (self._package or "").partition(".")[0]
        return 3 if top and module.partition(".")[0] == top else section_of(module)


def wanted_names(request: AddField) -> dict[str, str]:
    """name -> module, of the request's import lines; raises ``ValueError`` on any other line."""
    names: dict[str, str] = {}
    for line in request.imports:
        for statement in ast.parse(line).body:
            if not isinstance(statement, ast.ImportFrom) or statement.module is None or statement.level:
                raise ValueError(f"not a line of the form `from x import y`: {line}")
            names.update({alias.name: statement.module for alias in statement.names})
    return names


def free_names(expression: str) -> list[str]:
    """The names in ``expression`` that something has to define, builtins left out."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError:
        raise LeftAlone(f"{expression} is no expression of Python") from None
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return [name for name in dict.fromkeys(found) if not hasattr(builtins, name)]


def renamed(expression: str, names: dict[str, str]) -> str:
    """``expression`` with its names replaced."""
    tree = ast.parse(expression, mode="eval")
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in names]
    encoded = expression.encode()
    for node in sorted(nodes, key=lambda found: found.col_offset, reverse=True):
        tail = encoded[node.end_col_offset :]
        encoded = encoded[: node.col_offset] + names[node.id].encode() + tail
    return encoded.decode()


def _dotted(node: cst.BaseExpression | None) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _package(request: InModule) -> str | None:
    if request.module is None:
        return None
    return request.module if request.package else request.module.rpartition(".")[0]
