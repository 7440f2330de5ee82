"""Classes as entities: fields over the whole lineage, as pydantic collects them, and what only an import would show."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bravo_agent.model.entities import Entity, EntityForm, Field
from bravo_agent.stores.application._annotations import Annotations
from bravo_agent.stores.application._collecting import Collected, Collecting
from bravo_agent.stores.application._fields import Declared
from bravo_agent.stores.application._lineage import Ancestor, Lineages
from bravo_agent.stores.application._modules import ClassFound, External, Sources
from bravo_agent.stores.application._names import (
    ENUM_BASES,
    IMPORT_MARKS,
    MODEL_BASES,
    PYDANTIC_BASES,
    SQLMODELS,
)
from bravo_agent.stores.application._options import Configs
from bravo_agent.stores.application._parsing import Imported, Module, blocks, typing_block

_HOOKS = frozenset(["__init_subclass__", "__pydantic_init_subclass__"])


@dataclass(frozen=True)
class Reading:
    """An entity as the source shows it; with ``doubts`` an import knows better. ``sure``: it is a model."""

    entity: Entity
    doubts: tuple[str, ...]
    sure: bool = True


class Classes:
    """Reads the model classes of modules."""

    def __init__(self, sources: Sources) -> None:
        self.annotations = Annotations(sources)
        self._lineages = Lineages(self.annotations)
        self._configs = Configs(self.annotations)
        self._collecting = Collecting(self.annotations, self._lineages, self._configs)

    def models_of(self, module: Module) -> Iterator[Reading]:
        """The models that ``module`` defines, nested ones too, and what may be one."""
        for name, bound in module.bindings.items():
            if name in module.typing_only:
                continue
            if isinstance(bound, ast.ClassDef):
                yield from self._class_tree(ClassFound(module, bound, name))
            elif (
                isinstance(bound, ast.Call)
                and self.annotations.name_of(module, bound) == "pydantic.create_model"
            ):
                entity = Entity(name, module.name, module.place(_statement(module, bound)), ())
                yield Reading(entity, (f"{name} is made by create_model",))

    def _class_tree(self, found: ClassFound) -> Iterator[Reading]:
        reading = self._reading(found)
        if reading is not None:
            yield reading
        for inner in found.node.body:
            if isinstance(inner, ast.ClassDef) and inner.name != "Config":
                yield from self._class_tree(ClassFound(found.module, inner, f"{found.qualname}.{inner.name}"))

    def _reading(self, found: ClassFound) -> Reading | None:
        lineage = self._lineages.order(Ancestor(found))
        own = [one.found for one in lineage if isinstance(one, Ancestor)]
        outside = {base.name for base in lineage if isinstance(base, External)}
        strange = tuple(sorted(name for name in outside if not _without_fields(name)))
        missing = any(base is None for one in own for base in self.annotations.bases(one))
        as_dataclass = self.annotations.dataclass_kind(found) is not None
        sure = bool(outside & MODEL_BASES) or as_dataclass
        if outside & ENUM_BASES or not (sure or ((strange or missing) and _looks_like_a_model(found))):
            return None
        collected = self._collecting.collect(Ancestor(found))
        doubts = (*collected.doubts, *self._doubts(own, strange, missing))
        form: EntityForm = "dataclass" if as_dataclass else "sqlmodel" if outside & SQLMODELS else "pydantic"
        bases = tuple(found.module.text(base) for base in found.node.bases)
        place = found.module.place(found.node)
        fields = _fields(collected)
        return Reading(
            Entity(found.qualname, found.module.name, place, fields, bases, form=form), doubts, sure
        )

    def _doubts(self, own: list[ClassFound], strange: tuple[str, ...], missing: bool) -> Iterator[str]:
        """What may change a class after it is written down, or what it stands on without being seen."""
        yield from (f"base {name} is a library's" for name in strange)
        if missing:
            yield "a base is not found in the source"
        for one in own:
            if one.qualname in one.module.twice:
                yield f"{one.qualname} is defined more than once"
            if _is_conditional(one):
                yield f"{one.qualname} declares under a condition"
            if any(keyword.arg in ("metaclass", None) for keyword in one.node.keywords):
                yield f"{one.qualname} has a metaclass"
            if any(not self._is_plain(one, decorator) for decorator in one.node.decorator_list):
                yield f"{one.qualname} is decorated"
        for one in own[1:]:
            if any(isinstance(inner, ast.FunctionDef) and inner.name in _HOOKS for inner in one.node.body):
                yield f"{one.qualname} changes its subclasses"

    def _is_plain(self, found: ClassFound, decorator: ast.expr) -> bool:
        """Whether a decorator is the standard library's, typing's or pydantic's: those leave fields alone."""
        top = (self.annotations.name_of(found.module, decorator) or "?").partition(".")[0]
        return top in sys.stdlib_module_names or top in ("typing_extensions", "pydantic")


def _fields(collected: Collected) -> tuple[Field, ...]:
    return tuple(_field(one, collected.by_name) for one in collected.fields.values())


def _field(one: Declared, by_name: bool) -> Field:
    key = one.name if by_name and not one.computed else one.alias or one.generated or one.name
    return Field(one.name, key, one.shape, one.required, one.place, one.default, one.computed)


def _looks_like_a_model(found: ClassFound) -> bool:
    """Whether a class with an unknown base may be a model: it is annotated, its module imports pydantic."""
    imported = {
        bound.module.partition(".")[0]
        for bound in found.module.bindings.values()
        if isinstance(bound, Imported)
    }
    annotated = any(isinstance(statement, ast.AnnAssign) for statement in found.node.body)
    return annotated and bool(imported & IMPORT_MARKS)


def _is_conditional(found: ClassFound) -> bool:
    """Whether a public field is declared below an ``if`` or ``try`` of the class body."""
    inner = [one for statement in found.node.body for one in _below(statement)]
    fields = [
        one for one in inner if isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.dump(one.annotation)
    ]
    names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
    return any(not name.startswith("_") and name != "model_config" for name in names)


def _below(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in the blocks of ``statement`` that are run as a part of the class body."""
    for block, _ in blocks(statement):
        for one in block if block is not typing_block(statement) else ():
            yield one
            yield from _below(one)


def _without_fields(base: str) -> bool:
    """The standard library's bases (ABC, Generic, TypedDict, Protocol) bring no fields."""
    top = base.partition(".")[0]
    known = base in PYDANTIC_BASES or base in SQLMODELS
    return known or top == "typing_extensions" or top in sys.stdlib_module_names


def _statement(module: Module, value: ast.expr) -> ast.stmt:
    for statement in ast.walk(module.tree):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is value:
            return statement
    return module.tree.body[0]
