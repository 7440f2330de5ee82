"""The application's modules as syntax trees, and what a name in one of them stands for: nothing is run."""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bravo_agent.stores.application._parsing import Bound, Imported, Module, bind, parse

_DEPTH = 30
_PYDANTIC_HOME = re.compile(
    r"^pydantic\.(?:types|networks|fields|main|config|aliases|root_model|functional_\w+)\.(?=\w+$)"
)


@dataclass(frozen=True)
class ClassFound:
    """A class of the application."""

    module: Module
    node: ast.ClassDef
    qualname: str

    @property
    def key(self) -> tuple[str, str]:
        """(module, qualified name): its identity."""
        return self.module.name, self.qualname


@dataclass(frozen=True)
class ExprFound:
    """A name that is assigned an expression: an alias, a constant."""

    module: Module
    node: ast.expr
    name: str


@dataclass(frozen=True)
class ModuleFound:
    """A module of the application."""

    module: Module


@dataclass(frozen=True)
class External:
    """A name of a library or a builtin, dotted: ``decimal.Decimal``, ``builtins.int``."""

    name: str

    @property
    def short(self) -> str:
        """Its last part."""
        return self.name.rpartition(".")[2]


def external(name: str) -> External:
    """The library's name; what pydantic defines in a module of its own goes by the name it is known under."""
    return External(_PYDANTIC_HOME.sub("pydantic.", name))


Found = ClassFound | ExprFound | ModuleFound | External


class Sources:
    """Modules by name or file, read once; ``overlay`` (file -> text) goes before what is on disk."""

    def __init__(
        self, project: Path, roots: tuple[Path, ...], overlay: Mapping[str, str] | None = None
    ) -> None:
        self.project = project
        self.roots = list(roots)
        self.notes: list[str] = []
        self._overlay = dict(overlay or {})
        self._files: dict[Path, Module | None] = {}
        self._names: dict[str, Module | None] = {}

    def by_file(self, path: Path) -> Module | None:
        """The module in ``path``, or None (with a note) where it does not parse."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def by_name(self, name: str) -> Module | None:
        """The application's module ``name``, or None."""
        if name not in self._names:
            path = next((found for root in self.roots for found in self._candidates(root, name)), None)
            self._names[name] = self.by_file(path) if path else None
        return self._names[name]

    def _candidates(self, root: Path, name: str) -> Iterator[Path]:
        if not name:
            return
        base = root.joinpath(*name.split("."))
        for path in (base.with_name(base.name + ".py"), base / "__init__.py"):
            if path.is_file() or self._relative(path) in self._overlay:
                yield path

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix() if path.is_relative_to(self.project) else str(path)

    def _text(self, path: Path) -> str:
        overlaid = self._overlay.get(self._relative(path))
        if overlaid is not None:
            return overlaid
        content = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)

    def _read(self, path: Path) -> Module | None:
        file = self._relative(path)
        try:
            text = self._text(path).removeprefix("\ufeff")
            tree = parse(text)
        except (OSError, UnicodeDecodeError) as error:
            self.notes.append(f"{file}: not read ({type(error).__name__}): skipped")
            return None
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            self.notes.append(f"{file}{f':{line}' if line else ''}: does not parse: skipped")
            return None
        root = self._root_of(path)
        module = Module(_module_name(path, root), file, tree, re.split(rb"\r\n|\r|\n", text.encode()))
        bind(module, tree.body, package=_package(module.name, path))
        return module

    def _root_of(self, path: Path) -> Path:
        top = path.parent
        if not (top / "__init__.py").is_file():
            inside = [root for root in self.roots if path.is_relative_to(root)]
            return max(inside, key=lambda root: len(root.parts), default=top)
        while (top / "__init__.py").is_file():
            top = top.parent
        if top not in self.roots:
            self.roots.append(top)
        return top

    def resolve(self, module: Module, name: str, depth: int = 0) -> Found | None:
        """What the top-level ``name`` of ``module`` stands for, through re-exports; None: not known."""
        found = self._own(module, name, depth)
        known = found is not None or name in module.twice or not hasattr(builtins, name)
        return found if known else External(f"builtins.{name}")

    def _own(self, module: Module, name: str, depth: int) -> Found | None:
        if depth > _DEPTH or name in module.twice:
            return None
        bound, line = module.bindings.get(name), module.bound_at.get(name, 0)
        for star, at in reversed(module.stars):  # the last one wins
            other = self.by_name(star) if bound is None or at > line else None
            if other and exports(other, name) and (found := self._own(other, name, depth + 1)):
                return found
        if bound is not None:
            return self._follow(module, name, bound, depth)
        return None

    def _follow(self, module: Module, name: str, bound: Bound, depth: int) -> Found | None:
        if isinstance(bound, ast.ClassDef):
            return ClassFound(module, bound, name)
        if isinstance(bound, Imported):
            return self._imported(bound, depth)
        if isinstance(bound, ast.expr):
            if isinstance(bound, (ast.Name, ast.Attribute)):
                return self.expression(module, bound, depth=depth + 1) or ExprFound(module, bound, name)
            return ExprFound(module, bound, name)
        return None

    def _imported(self, bound: Imported, depth: int) -> Found | None:
        if bound.name is None:
            inside = self.by_name(bound.module)
            return ModuleFound(inside) if inside else External(bound.module)
        submodule = self.by_name(f"{bound.module}.{bound.name}")
        inside = self.by_name(bound.module)
        if inside is not None and (bound.name in inside.bindings or submodule is None):
            return self.resolve(inside, bound.name, depth + 1)
        return ModuleFound(submodule) if submodule else external(f"{bound.module}.{bound.name}")

    def expression(
        self, module: Module, node: ast.expr, scope: tuple[ast.ClassDef, ...] = (), depth: int = 0
    ) -> Found | None:
        """What a name or dotted name stands for, as seen inside the classes ``scope``."""
        if isinstance(node, ast.Name):
            for count in range(len(scope), 0, -1):
                nested = _class_in(scope[count - 1], node.id)
                if nested is not None:
                    return ClassFound(module, nested, ".".join(c.name for c in (*scope[:count], nested)))
            return self.resolve(module, node.id, depth)
        if not isinstance(node, ast.Attribute) or depth > _DEPTH:
            return None
        owner = self.expression(module, node.value, scope, depth + 1)
        return self._attribute(owner, node.attr, depth)

    def _attribute(self, owner: Found | None, name: str, depth: int) -> Found | None:
        match owner:
            case External(dotted):
                return external(f"{dotted}.{name}")
            case ModuleFound(inside):
                if name not in inside.bindings and (below := self.by_name(f"{inside.name}.{name}")):
                    return ModuleFound(below)
                return self.resolve(inside, name, depth + 1)
            case ClassFound(inside, node, qualname):
                if nested := _class_in(node, name):
                    return ClassFound(inside, nested, f"{qualname}.{name}")
                value = class_value(node, name)
                return ExprFound(inside, value, name) if value is not None else None
        return None


def exports(module: Module, name: str) -> bool:
    """Whether ``from module import *`` brings ``name``, as far as the source tells."""
    said = module.bindings.get("__all__")
    if isinstance(said, (ast.List, ast.Tuple)) and "__all__" not in module.twice:
        names = [one.value if isinstance(one, ast.Constant) else None for one in said.elts]
        return name in names or None in names
    return said is not None or not name.startswith("_")


def class_value(node: ast.ClassDef, name: str) -> ast.expr | None:
    """The expression that ``name`` is assigned in the body of ``node``, or None."""
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    return None


def enclosing(found: ClassFound) -> tuple[ast.ClassDef, ...]:
    """The classes that ``found`` stands in, from the outermost on, and itself."""
    first, *rest = found.qualname.split(".")
    top = found.module.bindings.get(first)
    chain = [top] if isinstance(top, ast.ClassDef) else []
    for name in rest:
        inner = _class_in(chain[-1], name) if chain else None
        chain = [*chain, inner] if inner is not None else []
    return tuple(chain) if chain and chain[-1] is found.node else (found.node,)


def _class_in(owner: ast.ClassDef, name: str) -> ast.ClassDef | None:
    return next((one for one in owner.body if isinstance(one, ast.ClassDef) and one.name == name), None)


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _package(name: str, path: Path) -> str:
    return name if path.name == "__init__.py" else name.rpartition(".")[0]
