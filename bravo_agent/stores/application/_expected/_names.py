# ruff: noqa: UP006, UP035, UP045
"""Where the value of a name is written: in its function, a table of the test, a fixture, its module or another one."""

from __future__ import annotations

import ast
import sys
from typing import Any, Dict, List, Optional, Tuple

from ._sources import Function, Source, Unclear, bindings
from ._tables import argument_names, cells_of, fits, loop_names, tables_of
from ._values import UNKNOWN


class Scope:
    """Where an expression stands; ``values`` are what its names mean there, ``item`` the test that runs."""

    def __init__(
        self,
        source: Source,
        function: Optional[Function],
        values: Dict[str, Any],
        module: Dict[str, Any],
        item: Any = None,
    ) -> None:
        self.source, self.function, self.values, self.module, self.item = (
            source, function, values, module, item
        )  # fmt: skip

    def value(self, name: str) -> Any:
        """What ``name`` is bound to; ``UNKNOWN`` where the scope is not running."""
        return self.values.get(name, self.module.get(name, UNKNOWN))

    def outside(self) -> Scope:
        """The module around it."""
        return Scope(self.source, None, {}, self.module)


_Written = Tuple[ast.expr, Scope]


def written(name: str, scope: Scope, root: str) -> _Written:
    """The expression that ``name`` is bound to, and where it stands; raises ``Unclear``. ``root`` is the project."""
    if scope.function is not None:
        parameters = getattr(getattr(scope.item, "callspec", None), "params", {})
        if name in parameters and name in argument_names(scope.function):
            return _parameter(name, scope, parameters)
        bound = bindings(scope.function, name)
        if name in argument_names(scope.function):
            if bound:
                raise Unclear(f"{name} is bound more than once")
            return _fixture(name, scope, root)
        if bound:
            return _bound(bound, name, scope)
    return _global(name, scope, root)


def _bound(bound: List[ast.AST], name: str, scope: Scope) -> _Written:
    if len(bound) != 1:
        raise Unclear(f"{name} is bound more than once")
    one = bound[0]
    if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
        return one.value, scope
    if isinstance(one, ast.AnnAssign) and one.value is not None:
        return one.value, scope
    if isinstance(one, ast.For):
        return _row(loop_names(one.target), one.iter, scope, scope.values, name)
    raise Unclear(f"{name} is not bound to a written value")


def _global(name: str, scope: Scope, root: str) -> _Written:
    bound = bindings(scope.source.tree, name)
    if len(bound) == 1 and isinstance(bound[0], ast.ImportFrom):
        return _imported(bound[0], name, scope, root)
    if not bound:
        raise Unclear(f"nothing says where {name} is written")
    return _bound(bound, name, scope.outside())


def _imported(one: ast.ImportFrom, name: str, scope: Scope, root: str) -> _Written:
    package = scope.module.get("__package__") or ""
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - one.level + 1]) if one.level else ""
    dotted = ".".join(part for part in (base, one.module or "") if part)
    module = sys.modules.get(dotted)
    file = getattr(module, "__file__", None) or ""
    if not file.startswith(root):
        raise Unclear(f"{name} is written outside the project")
    real = next(alias.name for alias in one.names if (alias.asname or alias.name) == name)
    return _global(real, Scope(Source.of(file), None, {}, vars(module)), root)


def _fixture(name: str, scope: Scope, root: str) -> _Written:
    known = getattr(getattr(scope.item, "_fixtureinfo", None), "name2fixturedefs", {}).get(name)
    function = getattr(known[-1], "func", None) if known else None
    code = getattr(function, "__code__", None)
    if function is None or code is None or not code.co_filename.startswith(root):
        raise Unclear(f"nothing says where {name} is written")
    source = Source.of(code.co_filename)
    own = source.defined_at(code.co_firstlineno)
    if own is None:
        raise Unclear(f"nothing says where {name} is written")
    given = [one.value for one in ast.walk(own) if isinstance(one, (ast.Return, ast.Yield)) and one.value]
    if len(given) != 1:
        raise Unclear(f"the fixture {name} does not give one written value")
    return given[0], Scope(source, own, {}, vars(sys.modules[function.__module__]))


# -- tables ---------------------------------------------------------------------------------------------


def _parameter(name: str, scope: Scope, parameters: Dict[str, Any]) -> _Written:
    assert scope.function is not None
    for names, rows in tables_of(scope.source, scope.function):
        if name in names:
            return _row(names, rows, scope.outside(), parameters, name)
    raise Unclear(f"nothing says where {name} is written")


def _row(names: List[str], rows: ast.expr, scope: Scope, values: Dict[str, Any], name: str) -> _Written:
    """The cell of ``name`` in the one row whose written cells are the values."""
    table = _elements(rows, scope)
    fitting = [cells for cells in map(cells_of(len(names)), table) if fits(cells, names, values)]
    if len(fitting) != 1:
        raise Unclear("it is not clear which row of the table it is")
    return fitting[0][names.index(name)], scope


def _elements(rows: ast.expr, scope: Scope) -> List[ast.expr]:
    if isinstance(rows, (ast.List, ast.Tuple)):
        return rows.elts
    if isinstance(rows, ast.Name):
        bound = bindings(scope.source.tree, rows.id)
        if len(bound) == 1 and isinstance(bound[0], (ast.Assign, ast.AnnAssign)) and bound[0].value:
            return _elements(bound[0].value, scope)
    raise Unclear("the table is not written as a list")
