"""Classes as entities: inheritance over modules, alias generators, and what only an import would show."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import alias_generators

from bravo_agent.model.entities import Entity, Field
from bravo_agent.stores.application._annotations import Annotations, Scope
from bravo_agent.stores.application._fields import Declared, declared_fields
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External, Sources, class_value
from bravo_agent.stores.application._names import (
    ENUM_BASES,
    IMPORT_MARKS,
    MODEL_BASES,
    PYDANTIC_BASES,
)
from bravo_agent.stores.application._parsing import Imported, Module

Generator = Callable[[str], str]
_GENERATORS: dict[str, Generator] = {
    f"pydantic.alias_generators.{name}": getattr(alias_generators, name)
    for name in ("to_camel", "to_pascal", "to_snake")
}
_UNSTATIC = "alias generator"


@dataclass(frozen=True)
class Reading:
    """An entity as the source shows it; with ``doubts`` an import knows better. ``sure``: it is a model."""

    entity: Entity
    doubts: tuple[str, ...]
    sure: bool = True


class Classes:
    """Reads the model classes of modules."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.annotations = Annotations(sources)

    def models_of(self, module: Module) -> Iterator[Reading]:
        """The models that ``module`` defines, nested ones too, and what may be one."""
        for name, bound in module.bindings.items():
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
        lineage = self._lineage(found)
        outside = {base.name for base in lineage if isinstance(base, External)}
        strange = tuple(sorted(name for name in outside - PYDANTIC_BASES if not _without_fields(name)))
        missing = any(
            base is None for one in lineage if isinstance(one, ClassFound) for base in self._bases(one)
        )
        sure = bool(outside & MODEL_BASES)
        if outside & ENUM_BASES or not (sure or ((strange or missing) and _looks_like_a_model(found))):
            return None
        fields, doubts = self._fields(lineage)
        doubts += tuple(f"base {name} is a library's" for name in strange)
        doubts += ("a base is not found in the source",) if missing else ()
        bases = tuple(found.module.text(base) for base in found.node.bases)
        place = found.module.place(found.node)
        return Reading(Entity(found.qualname, found.module.name, place, fields, bases), doubts, sure)

    def _bases(self, found: ClassFound) -> list[ClassFound | External | None]:
        return self.annotations.bases(found)

    def _lineage(self, found: ClassFound, depth: int = 0) -> list[ClassFound | External]:
        """The class and its bases in method resolution order, as far as they are known."""
        if depth > 30:
            return [found]
        bases = [base for base in self._bases(found) if base is not None]
        lists: list[list[ClassFound | External]] = [
            [b] if isinstance(b, External) else self._lineage(b, depth + 1) for b in bases
        ]
        lists.append(bases)
        return [found, *_merged(lists)]

    def _fields(self, lineage: list[ClassFound | External]) -> tuple[tuple[Field, ...], tuple[str, ...]]:
        declared: dict[str, Declared] = {}
        generator: Generator | str | None = None
        doubts: list[str] = []
        for one in reversed(lineage):
            if isinstance(one, External):
                continue
            generator = self._generator(one, generator)
            doubts += [f"{one.qualname} declares under a condition"] if _is_conditional(one) else []
            for field in (*self._root(one), *declared_fields(one, self.annotations, _scope(one))):
                declared[field.name] = field
        if isinstance(generator, str):
            doubts.append(generator)
            generator = None
        for field in declared.values():
            doubts.extend(field.doubts)
            if _has_unknown(field):
                doubts.append(f"{field.name}: {field.shape.text} is not understood")
        return tuple(_field(one, generator) for one in declared.values()), tuple(doubts)

    def _root(self, found: ClassFound) -> Iterator[Declared]:
        for base in found.node.bases:
            if isinstance(base, ast.Subscript):
                name = self._sources.expression(found.module, base.value)
                if isinstance(name, External) and name.name.endswith(".RootModel"):
                    shape = self.annotations.read(base.slice, found.module, _scope(found)).shape
                    yield Declared("root", shape, found.module.place(found.node))

    def _generator(self, found: ClassFound, inherited: Generator | str | None) -> Generator | str | None:
        """The alias generator from ``found`` on; a text says why it is not known."""
        nodes = [keyword.value for keyword in found.node.keywords if keyword.arg == "alias_generator"]
        config = class_value(found.node, "model_config")
        if config is not None:
            nodes += _config_values(config, found.module, self._sources)
        for inner in found.node.body:
            if isinstance(inner, ast.ClassDef) and inner.name == "Config":
                value = class_value(inner, "alias_generator")
                nodes += [value] if value is not None else []
        return self._as_generator(nodes[-1], found.module) if nodes else inherited

    def _as_generator(self, node: ast.expr, module: Module) -> Generator | str | None:
        if isinstance(node, ast.Constant) and node.value is None:
            return None
        if isinstance(node, ast.Call) and (self.annotations.name_of(module, node) or "").endswith(
            "AliasGenerator"
        ):
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            inner = named.get("validation_alias", named.get("alias", node.args[0] if node.args else None))
            return self._as_generator(inner, module) if inner is not None else None
        name = self.annotations.name_of(module, node)
        return _GENERATORS.get(name or "", f"{_UNSTATIC} {module.text(node)} is not a known one")


def _config_values(node: ast.expr, module: Module, sources: Sources) -> list[ast.expr]:
    match node:
        case ast.Call(keywords=keywords):
            return [keyword.value for keyword in keywords if keyword.arg == "alias_generator"]
        case ast.Dict(keys=keys, values=values):
            return [
                value
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "alias_generator"
            ]
        case ast.BinOp(left=left, right=right):
            return _config_values(left, module, sources) + _config_values(right, module, sources)
    found = sources.expression(module, node)
    return _config_values(found.node, found.module, sources) if isinstance(found, ExprFound) else []


def _field(one: Declared, generator: Generator | None) -> Field:
    key = one.alias or (generator(one.name) if generator else one.name)
    return Field(one.name, key, one.shape, one.required, one.place, one.default, one.computed)


def _has_unknown(field: Declared) -> bool:
    shape = field.shape
    while shape.kind != "unknown" and shape.item is not None:
        shape = shape.item
    return shape.kind == "unknown"


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
    inner = [
        statement
        for one in found.node.body
        if isinstance(one, (ast.If, ast.Try))
        for statement in (*one.body, *one.orelse)
    ]
    fields = [
        one for one in inner if isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.dump(one.annotation)
    ]
    names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
    return any(not name.startswith("_") and name != "model_config" for name in names)


def _without_fields(base: str) -> bool:
    """The standard library's bases (ABC, Generic, TypedDict, Protocol) bring no fields."""
    top = base.partition(".")[0]
    return top == "typing_extensions" or top in sys.stdlib_module_names


def _scope(found: ClassFound) -> Scope:
    return (found.node,)


def _statement(module: Module, value: ast.expr) -> ast.stmt:
    for statement in ast.walk(module.tree):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is value:
            return statement
    return module.tree.body[0]


def _merged(lists: list[list[ClassFound | External]]) -> list[ClassFound | External]:
    """The C3 merge of ``lists``; where they contradict each other, the first come first."""
    merged: list[ClassFound | External] = []
    rest = [list(one) for one in lists if one]
    while rest:
        tails = {_key(base) for one in rest for base in one[1:]}
        head = next((one[0] for one in rest if _key(one[0]) not in tails), rest[0][0])
        merged.append(head)
        rest = [[base for base in one if _key(base) != _key(head)] for one in rest]
        rest = [one for one in rest if one]
    return merged


def _key(base: ClassFound | External) -> tuple[str, str]:
    return base.key if isinstance(base, ClassFound) else ("", base.name)
