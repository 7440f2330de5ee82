"""What the code of a transformation may be made of: an allow-list over its syntax tree.

Everything that is not named here is refused, with its line. It is the first of three gates: the sandbox comes
next, and a person's approval last. See docs/model-decider.md for what it does not promise.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from re import Match, Pattern
from types import MappingProxyType
from uuid import UUID

from bson.binary import Binary
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128
from bson.int64 import Int64

from bravo_agent.rules._bound import normalised

FUNCTION = "transform"
MAX_BYTES = 8_000
_MAX_NODES = 2_000

BUILTINS = (
    "abs", "all", "any", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "filter", "float", "frozenset",
    "int", "isinstance", "len", "list", "map", "max", "min", "ord", "pow", "range", "repr", "reversed", "round",
    "set", "sorted", "str", "sum", "tuple", "zip",
    "object", "ArithmeticError", "IndexError", "KeyError", "LookupError", "OverflowError", "TypeError", "UnicodeError",
    "ValueError", "ZeroDivisionError",
)  # fmt: skip

# Names by module. Modules hold others in their namespace (re.enum.sys), so a module is never a value of its own.
# Nothing here tells the time, a random number or anything of the machine.
MODULES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone", "UTC"}),
        "decimal": frozenset(
            {"Decimal", "InvalidOperation", "ROUND_CEILING", "ROUND_DOWN", "ROUND_FLOOR", "ROUND_HALF_DOWN",
             "ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_UP"}
        ),
        "math": frozenset(
            {"ceil", "copysign", "fabs", "floor", "fmod", "fsum", "gcd", "inf", "isclose", "isfinite", "isinf",
             "isnan", "isqrt", "lcm", "log", "log10", "log2", "nan", "pi", "sqrt", "trunc"}
        ),
        "re": frozenset(
            {"compile", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn",
             "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "S", "VERBOSE", "X"}
        ),
        "json": frozenset({"dumps", "loads", "JSONDecodeError"}),
        "uuid": frozenset({"UUID", "uuid5", "NAMESPACE_DNS", "NAMESPACE_OID", "NAMESPACE_URL"}),
        "unicodedata": frozenset({"category", "combining", "east_asian_width", "name", "normalize", "numeric"}),
        "string": frozenset(
            {"ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "punctuation",
             "whitespace"}
        ),
        "bson.binary": frozenset({"Binary"}),
        "bson.datetime_ms": frozenset({"DatetimeMS"}),
        "bson.decimal128": frozenset({"Decimal128"}),
        "bson.int64": frozenset({"Int64"}),
    }
)  # fmt: skip

_TYPES = (
    str, bytes, int, float, list, dict, set, frozenset, tuple, date, datetime, time, timedelta, timezone, Decimal,
    UUID, Match, Pattern, Binary, DatetimeMS, Decimal128, Int64,
)  # fmt: skip
# format() reads attributes by a text; the clock is not the row's; the rest reaches frames or the machine.
_REFUSED_METHODS = frozenset({"format", "format_map", "now", "today", "utcnow", "mro", "node", "from_uuid"})
METHODS = (
    frozenset(name for kind in _TYPES for name in dir(kind) if not name.startswith("_")) - _REFUSED_METHODS
)

_NODES: tuple[type[ast.AST], ...] = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Lambda, ast.Return, ast.Assign, ast.AugAssign,
    ast.AnnAssign, ast.For, ast.If, ast.IfExp, ast.Break, ast.Continue, ast.Pass, ast.Expr, ast.Raise, ast.Try,
    ast.ExceptHandler, ast.Import, ast.ImportFrom, ast.alias,
    ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.keyword, ast.Attribute, ast.Subscript, ast.Slice,
    ast.Starred, ast.Name, ast.Constant, ast.NamedExpr, ast.JoinedStr, ast.FormattedValue,
    ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
    ast.comprehension, ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop,
)  # fmt: skip
_AT_THE_TOP = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)


@dataclass(frozen=True)
class Refusal:
    """What is not permitted, and in which line (0: the whole text)."""

    line: int
    why: str


def refusals(code: str) -> tuple[Refusal, ...]:
    """Why ``code`` may not be a transformation, by line; () when it may go on to the sandbox."""
    text = normalised(code)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        return (Refusal(0, f"it is longer than {MAX_BYTES} bytes"),)
    hidden = tuple(_hidden(text))
    if hidden:
        return hidden
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return (Refusal(error.lineno or 0, "it is not Python"),)
    except (ValueError, RecursionError, MemoryError):
        return (Refusal(0, "it is not Python"),)
    if sum(1 for _ in ast.walk(tree)) > _MAX_NODES:
        return (Refusal(0, "it is too long"),)
    found = {*_Reader(tree).refusals(), *_shape(tree)}
    return tuple(sorted(found, key=lambda one: (one.line, one.why)))


def _hidden(text: str) -> Iterator[Refusal]:
    """Characters that a reviewer does not see, or sees elsewhere than Python does."""
    for number, line in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in line):
            yield Refusal(number, "it holds an invisible or control character (a tab counts)")


def _shape(tree: ast.Module) -> Iterator[Refusal]:
    """One function of one argument under the agreed name, and nothing at the top but what it needs."""
    for node in tree.body:
        if not isinstance(node, _AT_THE_TOP) or (
            isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        ):
            yield Refusal(node.lineno, "at the top stand imports, constants and functions only")
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION]
    if len(own) != 1:
        yield Refusal(0, f"it has no single function {FUNCTION}(value)")
        return
    arguments = own[0].args
    plain = len(arguments.args) == 1 and not (
        arguments.posonlyargs
        or arguments.kwonlyargs
        or arguments.vararg
        or arguments.kwarg
        or arguments.defaults
    )
    if not plain:
        yield Refusal(own[0].lineno, f"{FUNCTION} takes exactly one argument")


class _Reader:
    """The tree, node by node, against the names that the text itself binds."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.modules: dict[str, str] = {}
        self.bound: set[str] = set()
        self.imported: set[str] = set()
        self.top = {id(node) for node in tree.body}
        self.owners = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            self._bind(node)

    def refusals(self) -> Iterator[Refusal]:
        """Every fault, once per line and kind."""
        for node in ast.walk(self.tree):
            line = getattr(node, "lineno", 0)
            if not isinstance(node, _NODES):
                yield Refusal(line, f"{type(node).__name__} is not permitted")
                continue
            for why in self._faults(node):
                yield Refusal(line, why)

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            self.modules.update((one.asname or one.name, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            self.imported.update(one.asname or one.name for one in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif isinstance(node, ast.arg):
            self.bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ExceptHandler) and node.name:
            self.bound.add(node.name)

    def _faults(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from self._import_faults(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute_faults(node)
        elif isinstance(node, ast.Name):
            yield from self._name_faults(node)
        elif isinstance(node, ast.FunctionDef):
            yield from self._function_faults(node)
        elif isinstance(node, ast.arguments):
            defaults = [*node.defaults, *(one for one in node.kw_defaults if one is not None)]
            if not all(isinstance(one, ast.Constant) for one in defaults):
                yield "a default value is a constant"
        elif isinstance(node, ast.arg | ast.keyword | ast.ExceptHandler):
            yield from self._label_faults(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield "a text with two underscores is not permitted"

    def _import_faults(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if id(node) not in self.top:
            yield "an import stands at the top"
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name not in MODULES or "." in one.name:
                    yield f"the module {_shown(one.name)} is not permitted"
                yield from _bad_name(one.asname)
            return
        permitted = MODULES.get(node.module or "", frozenset())
        for one in node.names:
            if node.level or one.name not in permitted:
                yield f"{_shown(one.name)} of {_shown(node.module or '.')} is not permitted"
            yield from _bad_name(one.asname)

    def _attribute_faults(self, node: ast.Attribute) -> Iterator[str]:
        if not isinstance(node.ctx, ast.Load):
            yield "an attribute is never assigned"
        owner = node.value
        if isinstance(owner, ast.Name) and owner.id in self.modules:
            if node.attr not in MODULES.get(self.modules[owner.id], frozenset()):
                yield f"{_shown(node.attr)} of {_shown(owner.id)} is not permitted"
        elif node.attr not in METHODS:
            yield f"the attribute {_shown(node.attr)} is not permitted"

    def _name_faults(self, node: ast.Name) -> Iterator[str]:
        yield from _bad_name(node.id)
        if not isinstance(node.ctx, ast.Load):
            if node.id in self.modules or node.id in self.imported or node.id in (*BUILTINS, FUNCTION):
                yield f"{_shown(node.id)} is not to be assigned"
        elif node.id in self.modules:
            if id(node) not in self.owners:
                yield f"the module {_shown(node.id)} is no value"
        elif node.id not in self.bound and node.id not in self.imported and node.id not in BUILTINS:
            yield f"the name {_shown(node.id)} is not permitted"

    def _function_faults(self, node: ast.FunctionDef) -> Iterator[str]:
        yield from _bad_name(node.name)
        if id(node) not in self.top:
            yield "a function stands at the top"
        if node.decorator_list:
            yield "a decorator is not permitted"
        if node.name in (*BUILTINS, *self.modules, *self.imported):
            yield f"{_shown(node.name)} is not to be assigned"

    def _label_faults(self, node: ast.arg | ast.keyword | ast.ExceptHandler) -> Iterator[str]:
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield "an except names what it catches"
            name = node.name
        else:
            name = node.arg
        yield from _bad_name(name)
        if (
            name is not None
            and not isinstance(node, ast.keyword)
            and (name in self.modules or name in self.imported or name in BUILTINS)
        ):
            yield f"{_shown(name)} is not to be assigned"


def _bad_name(name: str | None) -> Iterator[str]:
    if name is not None and name.startswith("_"):
        yield f"the name {_shown(name)} is not permitted"


def _shown(name: str) -> str:
    """A name of the code in a message of ours: printable, and not longer than a name."""
    return ascii(name[:40])[1:-1]
