"""The fields that one class body declares, before inheritance and alias generators."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bravo_agent.model.entities import Place, Shape
from bravo_agent.stores.application._annotations import Annotation, Annotations, Scope
from bravo_agent.stores.application._modules import ClassFound
from bravo_agent.stores.application._parsing import Module

_PRIVATE = frozenset(["PrivateAttr"])


@dataclass
class Declared:
    """One field as declared; ``alias`` is the key that validation reads, ``doubts`` what is not static."""

    name: str
    shape: Shape
    place: Place
    required: bool = True
    default: str | None = None
    alias: str | None = None
    computed: bool = False
    doubts: tuple[str, ...] = ()


def declared_fields(found: ClassFound, annotations: Annotations, scope: Scope) -> Iterator[Declared]:
    """The fields of the body of ``found``, in order; private names, ClassVar and PrivateAttr left out."""
    for statement in found.node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            field = _annotated(statement, statement.target.id, found, annotations, scope)
            if field is not None:
                yield field
        elif isinstance(statement, ast.FunctionDef):
            computed = _computed(statement, found, annotations, scope)
            if computed is not None:
                yield computed


def _annotated(
    statement: ast.AnnAssign, name: str, found: ClassFound, annotations: Annotations, scope: Scope
) -> Declared | None:
    module = found.module
    if name.startswith("_") or name == "model_config" or _is_private(statement.value, module, annotations):
        return None
    annotation = annotations.read(statement.annotation, module, scope)
    if annotation.class_var:
        return None
    field = Declared(name, annotation.shape, module.place(statement))
    for home, call in annotation.calls:
        _apply_field(field, call, home, annotations)
    if statement.value is not None:
        _apply_value(field, statement.value, module, annotations)
    return field


def _is_private(value: ast.expr | None, module: Module, annotations: Annotations) -> bool:
    if not isinstance(value, ast.Call):
        return False
    return (annotations.name_of(module, value) or "").rpartition(".")[2] in _PRIVATE


def _apply_value(field: Declared, value: ast.expr, module: Module, annotations: Annotations) -> None:
    if isinstance(value, ast.Call) and _short(value, module, annotations) == "Field":
        _apply_field(field, value, module, annotations)
        shape, _ = annotations.constrain(field.shape, value, module)
        field.shape = shape
        return
    _default(field, value, module)
    if isinstance(value, ast.Call) and annotations.callee_is_unknown(module, value):
        # a project's own function may return a FieldInfo
        field.doubts += (f"{field.name}: the default is made by a function",)


def _short(call: ast.Call, module: Module, annotations: Annotations) -> str:
    return (annotations.name_of(module, call) or "").rpartition(".")[2]


def _apply_field(field: Declared, call: ast.Call, module: Module, annotations: Annotations) -> None:
    if call.args:
        _default(field, call.args[0], module)
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if len(named) != len(call.keywords):
        field.doubts += (f"{field.name}: Field(**...)",)
    if "default" in named:
        _default(field, named["default"], module)
    if "default_factory" in named:
        field.required, field.default = False, f"{module.text(named['default_factory'])}()"
    alias = named.get("validation_alias", named.get("alias"))
    if alias is not None:
        _alias(field, alias, module, annotations)


def _default(field: Declared, value: ast.expr, module: Module) -> None:
    if isinstance(value, ast.Constant) and value.value is Ellipsis:
        field.required, field.default = True, None
        return
    field.required, field.default = False, module.text(value)


def _alias(field: Declared, value: ast.expr, module: Module, annotations: Annotations) -> None:
    if isinstance(value, ast.Call) and _short(value, module, annotations) == "AliasChoices":
        constants = [annotations.constant(one, module) for one in value.args]
        value_of = next((one for one in constants if isinstance(one, str)), None)
    else:
        constant = annotations.constant(value, module)
        value_of = constant if isinstance(constant, str) else None
    if value_of is not None:
        field.alias = value_of
    elif not (isinstance(value, ast.Constant) and value.value is None):
        field.doubts += (f"{field.name}: the alias is not a plain text",)


def _computed(
    statement: ast.FunctionDef, found: ClassFound, annotations: Annotations, scope: Scope
) -> Declared | None:
    for decorator in statement.decorator_list:
        if (annotations.name_of(found.module, decorator) or "").rpartition(".")[2] != "computed_field":
            continue
        read = (
            annotations.read(statement.returns, found.module, scope)
            if statement.returns is not None
            else Annotation(Shape("any"))
        )
        field = Declared(
            statement.name,
            replace(read.shape),
            found.module.place(statement),
            required=False,
            computed=True,
        )
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "alias":
                _alias(field, keyword.value, found.module, annotations)
        return field
    return None
