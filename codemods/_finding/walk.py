"""One walk over a tree for the tokens of some names: what each is, with the role of what it is inside of."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.change import Role
from bravo_agent.model.code import TokenForm
from codemods._finding.direct import direct_reads
from codemods._finding.roles import called, last_name, role_of_call, role_of_file, role_of_function

_CONSTRUCT = ("model_construct", "construct")
_OF_FIRST = ("partial", "replace")
_NAMING = ("field_validator", "field_serializer", "validator", "serializer")
_ALIASES = ("alias", "validation_alias", "serialization_alias")
_BINARY = (cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power)
_AUGMENTED = (
    cst.AddAssign, cst.SubtractAssign, cst.MultiplyAssign, cst.DivideAssign, cst.FloorDivideAssign,
    cst.ModuloAssign, cst.PowerAssign,
)  # fmt: skip
Text = cst.SimpleString | cst.FormattedStringText | cst.TemplatedStringText | cst.Comment


@dataclass(frozen=True)
class Known:
    """What a parent knows of a child before the child is reached; see ``Candidate``, here as nodes."""

    form: TokenForm
    call: cst.BaseExpression | None = None
    reads: tuple[cst.Name, ...] = ()
    role: Role | None = None
    position: str = ""
    field: str = ""
    parameter_of: str = ""


@dataclass(frozen=True)
class Place:
    """A name, or a text or a comment that holds one of the names somewhere."""

    node: cst.Name | Text
    known: Known
    role: Role
    owner: str


@dataclass(frozen=True)
class _Scope:
    is_class: bool
    name: str
    naming: bool = False
    """A validator or serializer of fields: its info.data is of the class."""


class Walk(cst.CSTVisitor):
    """Collects ``named`` (names) and ``spans`` (texts and comments)."""

    def __init__(self, file: str, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names
        self.named: list[Place] = []
        self.spans: list[Place] = []
        self._held: dict[str, bool] = {}
        self._role = role_of_file(file)
        self._fixed = self._role in ("test", "fixture")
        self._roles: list[Role | None] = []
        self._scopes: list[_Scope] = []
        self._known: dict[cst.CSTNode, Known] = {}
        self._reads: dict[cst.CSTNode, tuple[cst.Name, ...]] = {}

    # -- tokens -----------------------------------------------------------------------------------------

    def _holds(self, text: str) -> bool:
        known = self._held.get(text)
        if known is None:  # the same names come again and again
            known = self._held[text] = any(name in text for name in self.names)
        return known

    def _know(self, node: cst.Name | Text, known: Known) -> None:
        if self._holds(node.value):
            self._known[node] = known

    def _place(self, node: cst.Name | Text, form: TokenForm) -> Place:
        known = self._known.pop(node, None) or Known(form)
        inner = next((role for role in reversed(self._roles) if role is not None), None)
        nearest = None if self._fixed else known.role or inner
        return Place(node, known, nearest or self._role or "other", self._owner())

    def _owner(self) -> str:
        """The qualified name of the innermost class; inside a method, the class it belongs to."""
        last = max((i for i, scope in enumerate(self._scopes) if scope.is_class), default=-1)
        return ".".join(scope.name for scope in self._scopes[: last + 1])

    def visit_Name(self, node: cst.Name) -> None:
        """A name is what its parent says it is."""
        if self._holds(node.value):
            self.named.append(self._place(node, "name"))

    def _visit_text(self, node: Text, form: TokenForm) -> None:
        if self._holds(node.value):
            self.spans.append(self._place(node, form))

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        """A text."""
        self._visit_text(node, "string")

    def visit_FormattedStringText(self, node: cst.FormattedStringText) -> None:
        """The text of an f-string between its expressions."""
        self._visit_text(node, "string")

    def visit_TemplatedStringText(self, node: cst.TemplatedStringText) -> None:
        """As of an f-string."""
        self._visit_text(node, "string")

    def visit_Comment(self, node: cst.Comment) -> None:
        """A comment."""
        self._visit_text(node, "comment")

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """What is behind the dot."""
        self._know(node.attr, Known("attribute", reads=self._reads.pop(node, ())))

    def visit_MatchClass(self, node: cst.MatchClass) -> None:
        """The keywords of a class pattern belong to the class."""
        for one in node.kwds:
            self._know(one.key, Known("match", call=node.cls))

    def visit_Expr(self, node: cst.Expr) -> None:
        """A text that is nothing else is documentation."""
        parts: list[cst.BaseExpression] = [node.value]
        while parts:
            one = parts.pop()
            if isinstance(one, cst.ConcatenatedString):
                parts += [one.left, one.right]
            elif isinstance(one, cst.SimpleString):
                self._know(one, Known("docstring"))

    # -- bindings ---------------------------------------------------------------------------------------

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        """In a class, a declaration."""
        if isinstance(node.target, cst.Name):
            self._bind(node.target)
            if self._in_class():
                self._find_aliases(node, node.target.value)
        elif node.value is not None:
            self._hand_on(node.target, node.value)

    def visit_Assign(self, node: cst.Assign) -> None:
        """In a class, a declaration; ``out.field = model.field`` hands a value on."""
        for one in node.targets:
            if isinstance(one.target, cst.Name):
                self._bind(one.target)
            self._hand_on(one.target, node.value)

    def _in_class(self) -> bool:
        return bool(self._scopes) and self._scopes[-1].is_class

    def _bind(self, name: cst.Name) -> None:
        if self._in_class():
            self._know(name, Known("declaration", role="api" if self._role == "api" else "model"))

    def _hand_on(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        if isinstance(target, cst.Attribute) and target.attr.value in self.names:
            self._reads[target] = direct_reads(value, self.names)

    def _find_aliases(self, node: cst.AnnAssign, name: str) -> None:
        found = _Aliases()
        node.visit(found)
        for text in found.texts:
            self._know(text, Known("string", position="alias", field=name))

    def visit_Param(self, node: cst.Param) -> None:
        """A parameter, perhaps of a method."""
        scopes = self._scopes
        if len(scopes) > 1 and scopes[-2].is_class and not scopes[-1].is_class:
            self._know(node.name, Known("name", parameter_of=scopes[-1].name))

    # -- what is inside of what -------------------------------------------------------------------------

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """Its keywords are keywords; its body declares."""
        for one in node.keywords:
            if one.keyword is not None:
                self._know(one.keyword, Known("keyword"))
        self._bind(node.name)
        self._scopes.append(_Scope(is_class=True, name=node.name.value))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        """Out of it."""
        self._scopes.pop()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """A function gives its role to what is inside, and to its decorators."""
        self._bind(node.name)
        naming = False
        for decorator in node.decorators:
            if last_name(called(decorator.decorator)) in _NAMING:
                naming = True
                self._find_named(decorator.decorator)
        self._roles.append(role_of_function(node))
        self._scopes.append(_Scope(is_class=False, name=node.name.value, naming=naming))

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        """Out of it."""
        self._scopes.pop()
        self._roles.pop()

    def _find_named(self, decorator: cst.BaseExpression) -> None:
        """Texts in ``@field_validator("field")``."""
        for one in decorator.args if isinstance(decorator, cst.Call) else ():
            if one.keyword is None and isinstance(one.value, cst.SimpleString):
                self._know(one.value, Known("string", position="names"))

    def visit_Call(self, node: cst.Call) -> None:
        """Rounding, queries and dumps give their role to their arguments; keywords belong to what is called."""
        name = last_name(node.func)
        self._roles.append(role_of_call(name))
        for one in node.args:
            if one.keyword is not None and self._holds(one.keyword.value):
                reads = direct_reads(one.value, self.names)
                position = "super" if _is_super_init(node) else ""
                call = _constructed(node, name)
                self._know(one.keyword, Known("keyword", call=call, reads=reads, position=position))
        if name in ("get", "pop") and isinstance(node.func, cst.Attribute) and node.args:
            self._find_in_data(node.func.value, node.args[0].value)

    def leave_Call(self, original_node: cst.Call) -> None:
        """Out of it."""
        self._roles.pop()

    def visit_Subscript(self, node: cst.Subscript) -> None:
        """``info.data["field"]``."""
        first = node.slice[0].slice if node.slice else None
        if isinstance(first, cst.Index):
            self._find_in_data(node.value, first.value)

    def visit_Comparison(self, node: cst.Comparison) -> None:
        """``"field" in info.data``."""
        for one in node.comparisons:
            if isinstance(one.operator, (cst.In, cst.NotIn)):
                self._find_in_data(one.comparator, node.left)

    def _find_in_data(self, data: cst.BaseExpression, text: cst.BaseExpression) -> None:
        naming = bool(self._scopes) and self._scopes[-1].naming
        if naming and isinstance(text, cst.SimpleString) and last_name(data) == "data":
            self._know(text, Known("string", position="names"))

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        """Arithmetic is a calculation, unless the place says more."""
        self._calculate(isinstance(node.operator, _BINARY))

    def leave_BinaryOperation(self, original_node: cst.BinaryOperation) -> None:
        """Out of it."""
        self._roles.pop()

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        """As arithmetic."""
        self._calculate(isinstance(node.operator, _AUGMENTED))

    def leave_AugAssign(self, original_node: cst.AugAssign) -> None:
        """Out of it."""
        self._roles.pop()

    def _calculate(self, arithmetic: bool) -> None:
        free = all(role is None for role in self._roles)
        self._roles.append("calculation" if arithmetic and free else None)


def _is_super_init(call: cst.Call) -> bool:
    """``super().__init__(...)``."""
    func = call.func
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value == "__init__"
        and isinstance(func.value, cst.Call)
        and last_name(func.value.func) == "super"
    )


def _constructed(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """Whose fields the keywords of a call may be."""
    if name in _CONSTRUCT and isinstance(call.func, cst.Attribute):
        return call.func.value
    if name in _OF_FIRST:
        return next((one.value for one in call.args if one.keyword is None and not one.star), None)
    return call.func


class _Aliases(cst.CSTVisitor):
    """Texts given as an alias."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[cst.SimpleString] = []

    def visit_Arg(self, node: cst.Arg) -> None:
        """``alias="x"``, ``validation_alias=AliasChoices("x", "y")``."""
        if node.keyword is None or node.keyword.value not in _ALIASES:
            return
        inside = node.value.args if isinstance(node.value, cst.Call) else (node,)
        self.texts += [one.value for one in inside if isinstance(one.value, cst.SimpleString)]
