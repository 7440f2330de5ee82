"""Where the application works values out for a model: the functions, the table they stand in, and who calls them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.entities import Entity
from codemods._class_names import module_of
from codemods._everywhere import Code
from codemods._finding.roles import role_of_file
from codemods._modules import file_of_module
from codemods._source import BOM
from codemods._values import LeftAlone

_COMPUTED = ("computed_field", "property", "cached_property")
_FEWEST = 2
Given = Literal["model", "values"]


@dataclass(frozen=True)
class Called:
    """A model's field that a function works out: ``owner`` stands before its name (``calculations.``), or is ""."""

    field: str
    function: str
    file: str
    owner: str
    given: Given


@dataclass(frozen=True)
class Calculations:
    """The functions of ``file`` that work something out for a model, as they are called from it.

    ``functions`` are (name, its field or None). ``owner`` and ``called``: how the model calls them; ``called`` is False
    where the file imports the models, so that no model can.
    """

    file: str
    functions: tuple[tuple[str, str | None], ...]
    given: Given
    called: bool
    owner: str = ""


def calculations_for(code: Code, entity: Entity) -> Calculations | None:
    """The home of what is worked out for ``entity``; None where there is none; raises ``LeftAlone`` where two are."""
    texts = _Texts(code)
    called = _called_from(texts, entity)
    if called:
        home = called[0].file
        own = tuple(one for one in called if one.file == home)
        return Calculations(
            home,
            tuple((one.function, one.field) for one in own),
            own[0].given,
            not texts.leads_back(home, entity.place.file),
            own[0].owner,
        )
    homes = [found for file in texts.of_calculations() if (found := _taking(texts, file, entity))]
    most = [one for one in homes if len(one.functions) == max(len(each.functions) for each in homes)]
    if len(most) > 1:
        raise LeftAlone(f"calculations of {entity.name} stand in {' and '.join(one.file for one in most)}")
    return most[0] if most else None


class _Texts:
    """The application's files, parsed as they are asked for."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._trees: dict[str, ast.Module | None] = {}

    def tree(self, file: str) -> ast.Module | None:
        if file not in self._trees:
            try:
                self._trees[file] = ast.parse((self.code.read(file) or "").removeprefix(BOM))
            except (SyntaxError, ValueError):
                self._trees[file] = None
        return self._trees[file]

    def of_calculations(self) -> list[str]:
        """Files that their names say so of."""
        named = sorted(set(self.code.named("def ")))
        return [one for one in named if role_of_file(one) == "calculation"]

    def file_of(self, dotted: str, file: str) -> str | None:
        module = module_of(file, self.code.models) or ""
        return file_of_module(dotted, file, module, lambda one: self.code.read(one) is not None)

    def origin(self, file: str, node: ast.ImportFrom) -> str:
        """The absolute module of ``from ... import``."""
        if not node.level:
            return node.module or ""
        module = module_of(file, self.code.models) or ""
        parts = module.split(".") if module else []
        parts = parts if file.endswith("__init__.py") else parts[:-1]
        kept = parts[: len(parts) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])

    def imported(self, file: str) -> Iterator[tuple[str, str, str | None]]:
        """(local name, module, name in it) of the imports at the top of a file, those for type checkers left out."""
        tree = self.tree(file)
        for node in tree.body if tree else ():
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield alias.asname or alias.name, self.origin(file, node), alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.asname or alias.name, alias.name, None

    def leads_back(self, file: str, model: str) -> bool:
        """Whether importing ``file`` imports the file of the model, another one."""
        if file == model:
            return False
        seen, waiting = {file}, [file]
        while waiting:
            here = waiting.pop()
            for _, module, name in self.imported(here):
                for dotted in (module, f"{module}.{name}" if name else module):
                    found = self.file_of(dotted, here) if dotted else None
                    for one in () if found is None else self._with_packages(found, model):
                        if one not in seen:
                            seen.add(one)
                            waiting.append(one)
        return model in seen

    def _with_packages(self, file: str, model: str) -> Iterator[str]:
        """A module's packages are imported before it; those of the model are there already when it imports."""
        yield file
        folder = file.rpartition("/")[0]
        while folder:
            package = f"{folder}/__init__.py"
            if not model.startswith(f"{folder}/") and self.code.read(package) is not None:
                yield package
            folder = folder.rpartition("/")[0]


def _called_from(texts: _Texts, entity: Entity) -> list[Called]:
    """What the model's own class calls, else what the other models call."""
    others = [one for one in texts.code.models.entities if one != entity]
    for group in ([entity], others):
        found = [called for one in group for called in _calls_of(texts, one)]
        if found:
            return found
    return []


def _calls_of(texts: _Texts, entity: Entity) -> Iterator[Called]:
    file = entity.place.file
    tree = texts.tree(file)
    named = (one for one in ast.walk(tree or ast.Module([], [])) if isinstance(one, ast.ClassDef))
    for statement in (each for one in named if one.name == entity.name for each in one.body):
        worked_out = _worked_out(statement)
        if worked_out is None:
            continue
        field, call = worked_out
        found = _resolved(texts, file, call.func)
        given = _given(call)
        if found is not None and given is not None:
            yield Called(field, found[1], found[0], found[2], given)


def _worked_out(statement: ast.stmt) -> tuple[str, ast.Call] | None:
    """A property, or a field with a default factory, that calls one function and does nothing else."""
    if isinstance(statement, ast.FunctionDef):
        names = {_last(one.func if isinstance(one, ast.Call) else one) for one in statement.decorator_list}
        body = [one for one in statement.body if not isinstance(one, ast.Expr)]
        if names & set(_COMPUTED) and len(body) == 1 and isinstance(body[0], ast.Return):
            value = body[0].value
            return (statement.name, value) if isinstance(value, ast.Call) else None
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Call):
        for one in statement.value.keywords:
            if one.arg == "default_factory" and isinstance(one.value, ast.Lambda):
                value = one.value.body
                if isinstance(value, ast.Call) and isinstance(statement.target, ast.Name):
                    return statement.target.id, value
    return None


def _given(call: ast.Call) -> Given | None:
    if call.keywords or not call.args:
        return None
    if len(call.args) == 1 and isinstance(call.args[0], ast.Name) and call.args[0].id == "self":
        return "model"
    plain = all(
        isinstance(one, (ast.Attribute, ast.Subscript)) and isinstance(one.value, ast.Name)
        for one in call.args
    )
    return "values" if plain else None


def _resolved(texts: _Texts, file: str, node: ast.expr) -> tuple[str, str, str] | None:
    """(file, function, what stands before its name) of what is called, where the application defines it."""
    imports = {local: (module, name) for local, module, name in texts.imported(file)}
    if isinstance(node, ast.Name):
        module, name = imports.get(node.id, ("", None))
        home = texts.file_of(module, file) if module else file
        function, owner = name or node.id, ""
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imports:
        module, name = imports[node.value.id]
        home = texts.file_of(f"{module}.{name}" if name else module, file)
        function, owner = node.attr, f"{node.value.id}."
    else:
        return None
    tree = texts.tree(home) if home else None
    defined = any(
        isinstance(one, ast.FunctionDef) and one.name == function for one in (tree.body if tree else ())
    )
    return (home, function, owner) if home and defined else None


def _taking(texts: _Texts, file: str, entity: Entity) -> Calculations | None:
    """Functions of a module of calculations that take the model, or values that are called like its fields."""
    tree = texts.tree(file)
    fields = {one.name for one in entity.fields}
    found: dict[Given, list[str]] = {"model": [], "values": []}
    for one in tree.body if tree else ():
        if isinstance(one, ast.FunctionDef) and one.args.args and one.returns is not None:
            first = one.args.args[0].annotation
            if first is not None and _last(first) == entity.name:
                found["model"].append(one.name)
            elif {arg.arg for arg in one.args.args} <= fields:
                found["values"].append(one.name)
    given: Given = "model" if found["model"] else "values"
    if not found[given]:
        return None
    functions = tuple((name, name if name in fields else None) for name in found[given])
    return Calculations(file, functions, given, not texts.leads_back(file, entity.place.file))


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.rpartition(".")[2]
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
