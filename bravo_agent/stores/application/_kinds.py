"""What a class of the application is: an enum, a model, a dataclass; and what it stands on."""

from __future__ import annotations

import ast

from bravo_agent.model.entities import Shape
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External, Found, Sources
from bravo_agent.stores.application._names import DATACLASSES, ENUM_BASES, MODEL_BASES
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._shapes import UNKNOWN
from bravo_agent.stores.application._values import constant, enum_shape

_DEPTH = 40


class Kinds:
    """Looks at the classes of ``sources``."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        # By the id of the class's node: the trees live as long as the sources do.
        self._bases: dict[int, list[ClassFound | External | None]] = {}
        self._outside: dict[int, frozenset[str]] = {}

    def class_shape(self, found: ClassFound) -> Shape:
        """The shape of a class of the application: enum, model, dataclass, typed dict."""
        bases = self.external_bases(found)
        if bases & ENUM_BASES:
            return enum_shape(self._sources, found, bases, self.methods(found))
        if bases & MODEL_BASES or self.dataclass_kind(found):
            return Shape("model", model=found.qualname)
        if "typing.TypedDict" in bases or "typing_extensions.TypedDict" in bases:
            return Shape("dict", item=Shape("any"))
        return UNKNOWN

    def dataclass_kind(self, found: ClassFound) -> str | None:
        """The decorator's dotted name where ``found`` is a dataclass."""
        names = [self.name_of(found.module, one) for one in found.node.decorator_list]
        return next((name for name in names if name in DATACLASSES), None)

    def methods(self, found: ClassFound, depth: int = 0) -> frozenset[str]:
        """Names of the functions of the class and of its bases in the application."""
        own = {
            one.name for one in found.node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        for base in self.bases(found) if depth < _DEPTH else ():
            own |= self.methods(base, depth + 1) if isinstance(base, ClassFound) else set()
        return frozenset(own)

    def name_of(self, module: Module, node: ast.expr) -> str | None:
        """The dotted library name of ``node``, or of what it calls."""
        target = node.func if isinstance(node, ast.Call) else node
        found = self._sources.expression(module, target)
        return found.name if isinstance(found, External) else None

    def bases(self, found: ClassFound) -> list[ClassFound | External | None]:
        """The direct bases; None for one that is not known."""
        known = self._bases.get(id(found.node))
        if known is None:
            known = self._bases[id(found.node)] = self._direct(found)
        return known

    def _direct(self, found: ClassFound) -> list[ClassFound | External | None]:
        direct: list[ClassFound | External | None] = []
        for node in found.node.bases:
            module, target, _ = self.base(found.module, node)
            base = self._sources.expression(module, target)
            direct.append(base if isinstance(base, (ClassFound, External)) else None)
        return direct

    def base(self, module: Module, node: ast.expr) -> tuple[Module, ast.expr, ast.expr | None]:
        """The class in ``Page[int]``, and what is in the brackets; through a name for it."""
        if isinstance(node, (ast.Name, ast.Attribute)):
            alias = self._sources.expression(module, node)
            if isinstance(alias, ExprFound) and isinstance(alias.node, ast.Subscript):
                return alias.module, alias.node.value, alias.node.slice
        return (module, node.value, node.slice) if isinstance(node, ast.Subscript) else (module, node, None)

    def external_bases(self, found: ClassFound, depth: int = 0) -> frozenset[str]:
        """Dotted names of all bases outside the application, at any distance."""
        known = self._outside.get(id(found.node))
        if known is not None:
            return known
        names: set[str] = set()
        for base in self.bases(found) if depth < _DEPTH else ():
            if isinstance(base, External):
                names.add(base.name)
            elif base is not None:
                names |= self.external_bases(base, depth + 1)
        self._outside[id(found.node)] = frozenset(names)
        return frozenset(names)

    def constant(self, node: ast.expr, module: Module) -> object:
        """The constant that ``node`` is, through names; None where it is not one."""
        return constant(self._sources, node, module)

    def short_name(self, module: Module, node: ast.expr) -> str:
        """The last part of that name, or ``""``."""
        return (self.name_of(module, node) or "").rpartition(".")[2]

    def called(self, module: Module, call: ast.Call) -> Found | None:
        """What ``call`` calls."""
        return self._sources.expression(module, call.func)

    def named(self, module: Module, node: ast.expr) -> Found | None:
        """What the name ``node`` stands for."""
        return self._sources.expression(module, node)
