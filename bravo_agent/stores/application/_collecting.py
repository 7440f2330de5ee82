"""The fields of a class over its bases, as pydantic's ``collect_model_fields`` finds them: no plain inheritance.

Names come in the order of the whole lineage. A field that the class does not annotate itself is taken over ready
from the bases that are models, the first one winning; an annotation of a plain mixin counts only where no model
has the name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bravo_agent.stores.application._annotations import Annotations
from bravo_agent.stores.application._fields import Declarations, Declared
from bravo_agent.stores.application._lineage import Ancestor, Lineages
from bravo_agent.stores.application._modules import External, class_value
from bravo_agent.stores.application._names import MODEL_BASES
from bravo_agent.stores.application._options import Configs, Generator
from bravo_agent.stores.application._parsing import Module


@dataclass(frozen=True)
class Collected:
    """The fields of a class, computed ones last; ``by_name``: its keys are the names, whatever the aliases."""

    fields: dict[str, Declared]
    doubts: tuple[str, ...] = ()
    by_name: bool = False


class Collecting:
    """Collects fields."""

    def __init__(self, annotations: Annotations, lineages: Lineages, configs: Configs) -> None:
        self._annotations = annotations
        self._lineages = lineages
        self._configs = configs
        self._declarations = Declarations(annotations)
        self._names_taken: dict[int, set[str]] = {}
        self._known: dict[int, dict[str, Declared]] = {}

    def collect(self, one: Ancestor) -> Collected:
        """All fields of ``one``, and what about them is not static."""
        options = self._configs.of(one.found)
        fields = {name: field for name, field in self._fields(one).items() if not field.left_out}
        computed = self._computed(one, self._configs.generator(options))
        found = {**fields, **computed}
        doubts = [doubt for field in found.values() for doubt in field.doubts]
        doubts += dict.fromkeys(
            field.alias_doubt for field in found.values() if field.alias_doubt and field.alias is None
        )
        return Collected(found, tuple(doubts), self._configs.by_name(options))

    def _fields(self, one: Ancestor, depth: int = 0) -> dict[str, Declared]:
        known = None if one.given else self._known.get(id(one.found.node))
        if known is None:
            known = self._collected(one, depth)
            if not one.given:
                self._known[id(one.found.node)] = known
        return known

    def _collected(self, one: Ancestor, depth: int) -> dict[str, Declared]:
        lineage = [base for base in self._lineages.order(one) if isinstance(base, Ancestor)]
        if not self._is_pydantic(one):  # a dataclass takes nothing from a base that is none
            lineage = [base for base in lineage if self._is_model(base)]
        ready: dict[str, Declared] = {}
        for base in reversed(self._lineages.bases(one)) if depth < 30 else ():
            if isinstance(base, Ancestor) and self._is_model(base):
                ready |= {
                    n: field for n, field in self._fields(base, depth + 1).items() if not field.left_out
                }
        fields: dict[str, Declared] = {}
        for name, (home, statement) in self._hints(lineage).items():
            value = self._value(name, one, lineage)
            if home.found.node is not one.found.node and name in ready and value is None:
                fields[name] = ready[name]
            else:
                fields[name] = self._declared(name, one, home, statement, value)
        generator = self._configs.generator(self._configs.of(one.found))
        return {name: _generated(field, generator) for name, field in fields.items()}

    def _hints(self, lineage: list[Ancestor]) -> dict[str, tuple[Ancestor, ast.stmt]]:
        """Name -> the class that annotates it, of several the nearest, in the order of the lineage."""
        hints: dict[str, tuple[Ancestor, ast.stmt]] = {}
        for base in reversed(lineage):
            for name, statement in _annotated(base):
                hints[name] = (base, statement)
            if next(self._root_of(base), None) is not None:
                hints["root"] = (base, base.found.node)
        return hints

    def _root_of(self, base: Ancestor) -> Iterator[ast.expr]:
        """What stands in ``RootModel[...]``."""
        for node in base.found.node.bases:
            of_root = isinstance(node, ast.Subscript) and (
                self._annotations.short_name(base.found.module, node.value) == "RootModel"
            )
            if of_root and isinstance(node, ast.Subscript):
                yield node.slice

    def _value(self, name: str, one: Ancestor, lineage: list[Ancestor]) -> tuple[Module, ast.expr] | None:
        """What the attribute of the class holds: models take theirs away, mixins and dataclasses keep it."""
        for base in lineage:
            if base.found.node is one.found.node or not self._is_pydantic(base):
                value = class_value(base.found.node, name)
                if value is not None:
                    return base.found.module, value
        return None

    def _declared(
        self,
        name: str,
        one: Ancestor,
        home: Ancestor,
        statement: ast.stmt,
        value: tuple[Module, ast.expr] | None,
    ) -> Declared:
        module = home.found.module
        if not isinstance(statement, ast.AnnAssign):
            annotation = next(self._root_of(home))
            statement = ast.copy_location(ast.AnnAssign(ast.Name(name), annotation, None, 1), statement)
        field = self._declarations.field(statement, name, module, home.scope, value)
        hidden = sorted(_names(statement.annotation) & self._taken(home))
        if hidden:
            doubt = f"{name}: {', '.join(hidden)} may be the attribute of the class"
            field = replace(field, doubts=(*field.doubts, doubt))
        return field

    def _taken(self, one: Ancestor) -> set[str]:
        known = self._names_taken.get(id(one.found.node))
        if known is None:
            known = self._names_taken[id(one.found.node)] = _taken(one)
        return known

    def _is_model(self, one: Ancestor) -> bool:
        return self._is_pydantic(one) or self._annotations.dataclass_kind(one.found) is not None

    def _is_pydantic(self, one: Ancestor) -> bool:
        return bool(self._annotations.external_bases(one.found) & MODEL_BASES)

    def _computed(self, one: Ancestor, generator: Generator | None) -> dict[str, Declared]:
        found: dict[str, Declared] = {}
        lineage = self._lineages.order(one)
        for base in (base for base in reversed(lineage) if not isinstance(base, External)):
            for statement in base.found.node.body:
                if isinstance(statement, ast.FunctionDef):
                    field = self._declarations.computed(statement, base.found, base.scope)
                    if field is not None:
                        found[field.name] = field
        computed = Generator(generator.computed, None, generator.doubt) if generator else None
        return {name: _generated(field, computed) for name, field in found.items()}


def _generated(field: Declared, generator: Generator | None) -> Declared:
    """``field`` with the key that the generator makes; without one, an inherited key stays."""
    if generator is None:
        return field
    made = generator.field(field.name) if generator.field else None
    if (field.generated, field.alias_doubt) == (made, generator.doubt):
        return field
    return replace(field, generated=made, alias_doubt=generator.doubt)


def _annotated(base: Ancestor) -> Iterator[tuple[str, ast.AnnAssign]]:
    for statement in base.found.node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            if not name.startswith("_") and name != "model_config":
                yield name, statement


def _names(annotation: ast.expr, depth: int = 0) -> set[str]:
    """Names in an annotation that stand for types, in its quoted parts too; not in literals and calls."""
    if isinstance(annotation, ast.Name):
        return {annotation.id}
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str) and depth < 30:
        try:
            return _names(ast.parse(annotation.value.strip(), mode="eval").body, depth + 1)
        except SyntaxError:
            return set()
    if isinstance(annotation, ast.Subscript):
        called = ast.unparse(annotation.value).rpartition(".")[2]
        if called == "Literal":
            return _names(annotation.value, depth)
        if called == "Annotated" and isinstance(annotation.slice, ast.Tuple):
            return _names(annotation.value, depth) | _names(annotation.slice.elts[0], depth)
    if isinstance(annotation, ast.Call):
        return set()
    inner = (one for one in ast.iter_child_nodes(annotation) if isinstance(one, ast.expr))
    return {name for one in inner for name in _names(one, depth)}


def _taken(base: Ancestor) -> set[str]:
    """Names that the body of the class gives to something else than a class: they hide the module's."""
    found: set[str] = set()
    for one in base.found.node.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(one.name)
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
            found.add(one.target.id)
        elif isinstance(one, ast.Assign):
            found |= {target.id for target in one.targets if isinstance(target, ast.Name)}
    return found
