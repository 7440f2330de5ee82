"""Classes of the application: what they inherit, and under which names their values are known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bravo_agent.model.code import FieldRef
from bravo_agent.model.entities import ModelSet
from codemods._strings.graph import Class, Function, Node
from codemods._strings.program import Program
from codemods._strings.scopes import Scope
from codemods._strings.shapes import Annotations, Shape

_MODELS = ("BaseModel", "SQLModel", "RootModel", "GenericModel", "BaseSettings")
_ALIASES = ("serialization_alias", "alias", "validation_alias")


@dataclass(frozen=True)
class Member:
    """A field: ``alias`` the key where it differs, ``owner`` the class that declares it."""

    name: str
    alias: str
    owner: Class
    annotation: ast.expr | None
    required: bool


class Classes:
    """Facts about classes, each found out once."""

    def __init__(self, program: Program, annotations: Annotations, models: ModelSet) -> None:
        self._program = program
        self._annotations = annotations
        self._entities = {(one.place.file, one.name): one for one in models.entities}
        self._files = {(one.module, one.name): one.place.file for one in models.entities}
        self._mro: dict[Class, tuple[Class, ...]] = {}
        self._members: dict[Class, dict[str, Member]] = {}
        self._foreign: dict[Class, frozenset[str]] = {}
        self._attributes: dict[tuple[Class, str], Node] = {}

    def file_of(self, ref: FieldRef) -> str:
        """Where the model of ``ref`` is."""
        known = self._files.get((ref.module, ref.entity))
        return known or self._program.module(ref.module, "") or ref.module

    def mro(self, found: Class) -> tuple[Class, ...]:
        """The class and all it inherits from, near ones first."""
        if found not in self._mro:
            self._mro[found] = (found,)  # a circle ends here
            bases: list[Class] = []
            foreign: set[str] = set()
            for node in found.node.bases:
                for shape in self._annotations.of(node, self._outer(found)):
                    if shape.kind == "class" and shape.of is not None:
                        bases += (shape.of, *self.mro(shape.of)[1:])
                        foreign |= self.foreign_bases(shape.of)
                    elif shape.kind == "foreign":
                        foreign.add(shape.name.rpartition(".")[2])
                    elif isinstance(node, ast.Name):
                        foreign.add(node.id)
            self._mro[found] = tuple(dict.fromkeys((found, *bases)))
            self._foreign[found] = frozenset(foreign)
        return self._mro[found]

    def _outer(self, found: Class) -> Scope:
        outer = found.scope.parent
        assert outer is not None
        return outer

    def foreign_bases(self, found: Class) -> frozenset[str]:
        """The last names of the bases that are not the application's."""
        self.mro(found)
        return self._foreign.get(found, frozenset())

    def is_model(self, found: Class) -> bool:
        """Whether it is one of Pydantic's."""
        return bool(self.foreign_bases(found) & set(_MODELS)) or (found.file, found.name) in self._entities

    def is_typed_dict(self, found: Class) -> bool:
        """Whether its instances are dictionaries."""
        return "TypedDict" in self.foreign_bases(found)

    def is_enum(self, found: Class) -> bool:
        """Whether its names are labels."""
        return any(name.endswith(("Enum", "Flag")) for name in self.foreign_bases(found))

    def has_fields(self, found: Class) -> bool:
        """Whether what it is made with goes to its fields: a model, a dataclass, a named tuple."""
        if self.is_model(found) or "NamedTuple" in self.foreign_bases(found):
            return True
        return any(_is_dataclass(one) for base in self.mro(found) for one in base.node.decorator_list)

    def members(self, found: Class) -> dict[str, Member]:
        """All fields by name, inherited ones too, in the order of the class."""
        if found not in self._members:
            result: dict[str, Member] = {}
            for one in reversed(self.mro(found)):
                for name, node in one.fields.items():
                    if not name.startswith("__") and not _is_class_variable(node):
                        result[name] = self._member(one, name, node)
                for name, function in one.functions.items():
                    if any(mark.endswith("computed_field") for mark in function.decorators):
                        returns = getattr(function.node, "returns", None)
                        result[name] = Member(name, name, one, returns, required=False)
            self._members[found] = result
        return self._members[found]

    def _member(self, owner: Class, name: str, node: ast.AnnAssign) -> Member:
        entity = self._entities.get((owner.file, owner.name))
        known = entity.field(name) if entity is not None else None
        written = next(_aliases(node), None)
        alias = written or (known.document_name if known is not None else name)
        return Member(name, alias, owner, node.annotation, not _has_default(node))

    def member(self, found: Class, key: str, form: str) -> Member | None:
        """The field that is called ``key``: ``D`` by its name, ``A`` by its alias, ``I`` by either."""
        members = self.members(found)
        if form != "A" and key in members:
            return members[key]
        if form == "D":
            return None
        return next((one for one in members.values() if one.alias == key), None)

    def declares(self, found: Class, key: str) -> bool:
        """Whether the class itself has a field of that name or key."""
        own = (one for one in self.members(found).values() if one.owner is found)
        return any(key in (one.name, one.alias) for one in own)

    def lets_pass(self, found: Class) -> bool:
        """Whether it says that it takes keys which it does not know."""
        for one in self.mro(found):
            for node in one.node.body:
                said = _extra(node)
                if said is not None:
                    return said in ("allow", "ignore")
        return False

    def has_attribute(self, found: Class, name: str) -> bool:
        """Whether instances have it, field or not."""
        return any(
            name in one.fields or name in one.members or name in one.assigned or name in one.functions
            for one in self.mro(found)
        )

    def declaring(self, found: Class, attribute: str) -> Class | None:
        """The most basic class that has the attribute: all its heirs share it."""
        having = [
            one
            for one in self.mro(found)
            if attribute in one.fields or attribute in one.assigned or attribute in one.members
        ]
        return having[-1] if having else None

    def attribute(self, found: Class, name: str) -> Node | None:
        """What instances of the class have under the name, all of them together."""
        owner = self.declaring(found, name)
        if owner is None:
            return None
        node = self._attributes.get((owner, name))
        if node is None:
            node = Node("attribute", owner.file, owner.node.lineno, (owner, name))
            self._attributes[owner, name] = node
        return node

    def function(self, found: Class, name: str) -> Function | None:
        """The method, the nearest one."""
        return next((one.functions[name] for one in self.mro(found) if name in one.functions), None)

    def shape_of(self, member: Member) -> tuple[Shape, ...]:
        """What the field's annotation means."""
        if member.annotation is None:
            return ()
        return self._annotations.of(member.annotation, self._outer(member.owner))


def _is_dataclass(node: ast.expr) -> bool:
    target = node.func if isinstance(node, ast.Call) else node
    return (target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")) in (
        "dataclass", "define", "frozen", "attrs",
    )  # fmt: skip


def _is_class_variable(node: ast.AnnAssign) -> bool:
    return "ClassVar" in ast.unparse(node.annotation)


def _aliases(node: ast.AnnAssign) -> Iterator[str]:
    for one in (*ast.walk(node.annotation), *(ast.walk(node.value) if node.value is not None else ())):
        if isinstance(one, ast.Call):
            given = {keyword.arg: keyword.value for keyword in one.keywords}
            for name in _ALIASES:
                value = given.get(name)
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def _has_default(node: ast.AnnAssign) -> bool:
    match node.value:
        case None:
            return False
        case ast.Constant(value=value) if value is Ellipsis:
            return False
        case ast.Call(func=ast.Name(id="Field") | ast.Attribute(attr="Field"), args=args, keywords=keywords):
            if any(one.arg in ("default", "default_factory") for one in keywords):
                return True
            return bool(args) and not (isinstance(args[0], ast.Constant) and args[0].value is Ellipsis)
    return True


def _extra(node: ast.stmt) -> str | None:
    """What ``model_config`` says of keys that the model does not know."""
    match node:
        case ast.Assign(targets=[ast.Name(id="model_config")], value=value):
            given = [(one.arg, one.value) for one in ast.walk(value) if isinstance(one, ast.keyword)]
            for one in (one for one in ast.walk(value) if isinstance(one, ast.Dict)):
                keys = [getattr(key, "value", None) for key in one.keys]
                given += zip(keys, one.values, strict=True)
            said = next((one for name, one in given if name == "extra"), None)
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                return said.value
    return None
