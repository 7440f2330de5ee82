"""One field as its annotation and its value declare it, before inheritance and alias generators."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, replace

from bravo_agent.model.entities import Place, Shape
from bravo_agent.stores.application._annotations import Annotation, Annotations, Scope
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._values import is_none

_HARMLESS = frozenset(sys.stdlib_module_names) | {"pydantic"}
# Parameters of FastAPI are Fields.
_FIELDS = frozenset(["Field", "Query", "Body", "Form", "Header", "Cookie", "File"])


@dataclass(frozen=True)
class Declared:
    """One field as declared; ``alias`` is the key that validation reads, ``generated`` one by a generator.

    ``doubts`` say what is not static; ``alias_doubt`` only why a generated alias is not known.
    """

    name: str
    shape: Shape
    place: Place
    required: bool = True
    default: str | None = None
    alias: str | None = None
    generated: str | None = None
    computed: bool = False
    left_out: bool = False
    doubts: tuple[str, ...] = ()
    alias_doubt: str | None = None


class Declarations:
    """Reads the declarations of class bodies."""

    def __init__(self, annotations: Annotations) -> None:
        self._annotations = annotations

    def field(
        self,
        statement: ast.AnnAssign,
        name: str,
        module: Module,
        scope: Scope,
        value: tuple[Module, ast.expr] | None,
    ) -> Declared:
        """The field ``name`` that ``statement`` annotates; ``value`` is what the class attribute holds."""
        annotation = self._annotations.read(statement.annotation, module, scope)
        field = Declared(name, annotation.shape, module.place(statement))
        if annotation.class_var:
            return replace(field, left_out=True)
        for home, call in annotation.calls:
            field = self._by_field(field, call, home)
        if value is not None:
            field = self._by_value(field, value[1], value[0])
        if annotation.final and not field.required:
            return replace(field, left_out=True)
        if _has_unknown(field.shape):
            field = _doubt(field, f"{module.text(statement.annotation)} is not understood")
        return field

    def _by_value(self, field: Declared, value: ast.expr, module: Module) -> Declared:
        if isinstance(value, ast.Call):
            return self._by_call(field, value, module)
        if isinstance(value, (ast.Name, ast.Attribute)):
            return self._by_name(field, value, module)
        return _default(field, value, module)

    def _by_call(self, field: Declared, call: ast.Call, module: Module) -> Declared:
        found = self._annotations.called(module, call)
        if isinstance(found, External) and found.short == "Relationship":
            return replace(field, left_out=True)  # SQLModel: another table, no column
        if isinstance(found, External) and (found.short in _FIELDS or found.name == "dataclasses.field"):
            shape, _ = self._annotations.constrain(field.shape, call, module)
            return self._by_field(replace(field, shape=shape), call, module)
        default = _default(field, call, module)
        # a project's own function may return a FieldInfo
        known = isinstance(found, (ClassFound, External))
        return default if known else _doubt(default, "the default is made by a function")

    def _by_name(self, field: Declared, value: ast.Name | ast.Attribute, module: Module) -> Declared:
        """A name may stand for ``Field(...)``: the application's is looked at, a library's is a doubt."""
        default = _default(field, value, module)
        found = self._annotations.named(module, value)
        if isinstance(found, ExprFound) and isinstance(found.node, ast.Call):
            by_call = self._by_call(field, found.node, found.module)
            called = self._annotations.short_name(found.module, found.node)
            return by_call if called in _FIELDS else replace(by_call, default=default.default)
        library = isinstance(found, External) and found.name.partition(".")[0] not in _HARMLESS
        return _doubt(default, f"the default {module.text(value)} is a library's") if library else default

    def _by_field(self, field: Declared, call: ast.Call, module: Module) -> Declared:
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if None in named or any(isinstance(one, ast.Starred) for one in call.args):
            field = _doubt(field, "Field(**...)")
        if "alias_priority" in named:
            field = _doubt(field, "alias_priority")
        value = call.args[0] if call.args else named.get("default")
        if value is not None:
            field = _default(field, value, module)
        if (factory := named.get("default_factory")) is not None and not is_none(factory):
            field = replace(field, required=False, default=f"{module.text(factory)}()")
        if isinstance(off := named.get("init"), ast.Constant) and off.value is False:
            # pydantic lets a default in all the same, a dataclass nothing
            plain = self._annotations.short_name(module, call) == "field"
            field = replace(field, left_out=True) if plain else _doubt(field, "init=False")
        for name in ("validation_alias", "alias"):
            if name in named and not is_none(named[name]):
                return self._aliased(field, named[name], module)
        return field

    def _aliased(self, field: Declared, value: ast.expr, module: Module) -> Declared:
        nodes = [value]
        if isinstance(value, ast.Call) and self._annotations.short_name(module, value) == "AliasChoices":
            nodes = value.args
        constants = [self._annotations.constant(one, module) for one in nodes]
        # the first key; a path into another key is none, but what is computed might be the first
        for node, one in zip(nodes, constants, strict=True):
            if isinstance(one, str):
                return replace(field, alias=one)
            if not (isinstance(node, ast.Call) and self._annotations.short_name(module, node) == "AliasPath"):
                break
        return _doubt(field, "the alias is not a plain text")

    def computed(self, statement: ast.FunctionDef, found: ClassFound, scope: Scope) -> Declared | None:
        """The field that a ``@computed_field`` declares; None for another function."""
        for decorator in statement.decorator_list:
            if self._annotations.short_name(found.module, decorator) != "computed_field":
                continue
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            named = {keyword.arg: keyword.value for keyword in keywords}
            returns = named.get("return_type", statement.returns)
            read = (
                self._annotations.read(returns, found.module, scope)
                if returns is not None
                else Annotation(Shape("any"))
            )
            place = found.module.place(statement)
            field = Declared(statement.name, read.shape, place, required=False, computed=True)
            if _has_unknown(field.shape):
                field = _doubt(field, f"{field.shape.text} is not understood")
            alias = named.get("alias")
            return field if alias is None else self._aliased(field, alias, found.module)
        return None


def _doubt(field: Declared, why: str) -> Declared:
    return replace(field, doubts=(*field.doubts, f"{field.name}: {why}"))


def _default(field: Declared, value: ast.expr, module: Module) -> Declared:
    if isinstance(value, ast.Constant) and value.value is Ellipsis:
        return replace(field, required=True, default=None)
    return replace(field, required=False, default=module.text(value))


def _has_unknown(shape: Shape) -> bool:
    while shape.kind != "unknown" and shape.item is not None:
        shape = shape.item
    return shape.kind == "unknown"
