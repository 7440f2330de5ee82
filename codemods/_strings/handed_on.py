"""Whether a function is called from where we cannot see it."""

from __future__ import annotations

from codemods._strings.graph import Call, Function, Node, Op
from codemods._strings.program import Program

_HARMLESS = frozenset([
    "staticmethod", "classmethod", "property", "cached_property", "computed_field", "cache", "lru_cache", "wraps",
    "contextmanager", "asynccontextmanager", "fixture", "overload", "override", "abstractmethod", "final",
    "field_validator", "model_validator", "validator", "root_validator", "field_serializer", "model_serializer",
    "parametrize", "usefixtures", "skip", "skipif", "xfail", "slow", "asyncio", "anyio", "setter", "deprecated",
])  # fmt: skip


def is_handed_on(program: Program, function: Function) -> bool:
    """Whether ``function`` is used as a value, or has a decorator that may call it as it likes."""
    if any(name.rpartition(".")[2] not in _HARMLESS and ".mark." not in name for name in function.decorators):
        return True
    if function.owner is not None:
        return any(_is_value(target) for target, _ in program.loads(function.name))
    seen: set[int] = set()
    waiting = [function.value]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if _is_value(node):
            return True
        waiting += [other for op, _, other in node.edges if op is Op.FLOW]
        if node.kind == "global":
            waiting += [one for one in program.imports(function.name) if one.fact[1] == function.name]
    return False


def _is_value(node: Node) -> bool:
    return any(op in (Op.ARGUMENT, Op.STORE) for op, _, _ in node.edges)


def may_call(call: Call, function: Function) -> bool:
    """Whether a call of the same name is one of a method on something."""
    by_attribute = any(op is Op.LOADED for op, _, _ in call.function.edges)
    return by_attribute and function.owner is not None and not call.known
