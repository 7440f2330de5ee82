"""Makes a new model known where the others are: re-exported by its package, in lists and tables of all models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._around import last_name, plain_text
from codemods._class_names import module_of
from codemods._everywhere import Code, CodeExample, Text, ordered
from codemods._finding.roles import role_of_file
from codemods._import_order import position
from codemods._imports import Imports
from codemods._insertion import newline_of, with_element
from codemods._register_model_examples import EXAMPLES
from codemods._requests import RegisterModel
from codemods._source import Source, statements
from codemods._splice import Splice, splice
from codemods._values import Home, LeftAlone

_FEWEST = 2
_Display = cst.Dict | cst.List | cst.Tuple | cst.Set


@dataclass(frozen=True)
class RegisterModelKind:
    """The kind ``register-model``.

    A place counts where it names more than half of the other models of tables, and at least two: imports and
    ``__all__`` of a package that holds the new one, a table or list that a name is given, or that a call is handed by
    keyword. A table's key is the collection, or the model's name, as all of its neighbours have it.
    """

    title: str = "Make a new model known where the others are"
    examples: tuple[CodeExample[RegisterModel], ...] = EXAMPLES

    def through(self, code: Code, edit: RegisterModel) -> CodeChange:
        """The patch of all files that hold the others; empty where none does."""
        names = [name for name, _ in edit.neighbours]
        files = {file for name in names for file in code.named(name) if file.endswith(".py")}
        edits: list[Edit] = []
        manual: list[ManualWork] = []
        # Packages first: what they re-export the other files can import from them.
        for file in sorted(files, key=lambda one: (not one.endswith("__init__.py"), -one.count("/"), one)):
            whole = code.read(file)
            if whole is None or role_of_file(file) in ("test", "fixture"):
                continue
            place = _Place(code, edit, Text(file, whole), tuple(one.file for one in edits))
            try:
                made = place.edited()
            except LeftAlone as left:
                manual.append(ManualWork(file, left.line, left.why, f"Make {edit.model} known here."))
                continue
            if made is not None:
                edits.append(made)
        return CodeChange(Patch(tuple(sorted(edits, key=lambda one: one.file)), ordered(manual)))


@dataclass
class _Place:
    """One file; ``exporting`` are those that give the new model on by now."""

    code: Code
    edit: RegisterModel
    text: Text
    exporting: tuple[str, ...]
    source: Source = field(init=False)
    imports: Imports = field(init=False)

    def __post_init__(self) -> None:
        self._names = dict(self.edit.neighbours)

    def edited(self) -> Edit | None:
        """The file with all of its places; raises ``LeftAlone`` where one of them is not understood."""
        try:
            self.source = Source(self.text.text)
        except LeftAlone:
            return None  # what does not parse says nothing of models
        file, package = self.text.file, self.text.file.endswith("__init__.py")
        module = module_of(file, self.code.models)
        self.imports = Imports(self.source, Home("", module, package))
        new = self.edit.model not in self.imports.bound
        exports = package and new and self._is_near(module) and self._enough(self._imported())
        splices = [one for each in self._displays() for one in self._entered(each)]
        if exports:
            self.imports.use(self._given_by(), self.edit.model)
            splices += self._listed()
        added = [self._as_itself(one) for one in self.imports.splices()]
        after = splice(self.source.text, [*splices, *added])
        if after == self.source.text:
            return None
        Source(after)
        return Edit(file, self.text.whole, self.text.with_bom(after))

    # -- packages -----------------------------------------------------------------------------------

    def _is_near(self, module: str | None) -> bool:
        return module is not None and self.edit.module.startswith(f"{module}.")

    def _imported(self) -> list[str]:
        found = [one for one in statements(self.source.module) if isinstance(one, cst.ImportFrom)]
        aliases = [alias for one in found if not isinstance(one.names, cst.ImportStar) for alias in one.names]
        return [
            alias.evaluated_name for alias in aliases if alias.evaluated_alias in (None, alias.evaluated_name)
        ]

    def _given_by(self) -> str:
        """A package below that gives on all of the others, and the new one by now; else its own module."""
        origins = {one for name in self._names for one in self.imports.origins(name)}
        return next(iter(origins)) if len(origins) == 1 and origins <= self._giving() else self.edit.module

    def _giving(self) -> set[str | None]:
        return {module_of(file, self.code.models) for file in self.exporting}

    def _listed(self) -> Iterator[Splice]:
        """Its entry in ``__all__``, where there is one."""
        for one in statements(self.source.module):
            targets = [each.target for each in one.targets] if isinstance(one, cst.Assign) else []
            targets += [one.target] if isinstance(one, cst.AnnAssign) else []
            if "__all__" not in map(last_name, targets):
                continue
            assert isinstance(one, (cst.Assign, cst.AnnAssign))
            value = one.value
            texts = [plain_text(each.value) for each in _elements(value)] if _is_list(value) else [None]
            if None in texts or not texts:
                raise LeftAlone("__all__ is not written out here", self.source.line(one))
            own = [str(text) for text in texts]
            if self.edit.model not in own:
                assert isinstance(value, (cst.List, cst.Tuple))
                sign = self.source.code(value.elements[0].value)[0]
                yield from self._inserted(
                    value, position(own, self.edit.model), f"{sign}{self.edit.model}{sign}"
                )
            return

    def _as_itself(self, one: Splice) -> Splice:
        """``import X as X``, where the others are given on so."""
        name = self.edit.model
        if not any(f"import {other} as {other}" in self.source.text for other in self._names):
            return one
        return Splice(one.start, one.end, one.text.replace(f"import {name}", f"import {name} as {name}"))

    # -- tables and lists ---------------------------------------------------------------------------

    def _displays(self) -> Iterator[_Display]:
        for node in _candidates(self.source.module):
            names = [_name(one) for one in _values(node)]
            if self.edit.model not in names and self._enough([name for name in names if name]):
                yield node

    def _enough(self, names: Sequence[str]) -> bool:
        known = {name for name in names if name in self._names}
        return len(known) >= _FEWEST and len(known) * 2 > len(self._names)

    def _entered(self, node: _Display) -> Iterator[Splice]:
        line = self.source.line(node)
        values = [one for one in _values(node) if _name(one) in self._names]
        model = self._written(values, line)
        if not isinstance(node, cst.Dict):
            own = [_name(one.value) or "" for one in node.elements]
            yield from self._inserted(node, position(own, self.edit.model) if all(own) else len(own), model)
            return
        pairs = [
            one
            for one in node.elements
            if isinstance(one, cst.DictElement) and _name(one.value) in self._names
        ]
        key = self._key([(plain_text(one.key), _name(one.value) or "") for one in pairs], line)
        sign = self.source.code(pairs[0].key)[0]
        every = [plain_text(one.key) if isinstance(one, cst.DictElement) else None for one in node.elements]
        in_order = None not in every and every == sorted(map(str, every))
        after = sum(str(one) < key for one in every) if in_order else len(every)
        yield from self._inserted(node, after, f"{sign}{key}{sign}: {model}")

    def _key(self, pairs: Sequence[tuple[str | None, str]], line: int) -> str:
        if all(key == self._names[name] for key, name in pairs):
            return self.edit.collection
        if all(key == name for key, name in pairs):
            return self.edit.model
        raise LeftAlone(
            "the other models stand here, and nothing says under which key the new one goes", line
        )

    def _written(self, values: Sequence[cst.BaseExpression], line: int) -> str:
        """The new model as the others are named: by itself, or behind a module; it is imported as they are."""
        owners = {self.source.code(one.value) if isinstance(one, cst.Attribute) else "" for one in values}
        if len(owners) != 1:
            raise LeftAlone("the other models are named in more than one way here", line)
        (owner,) = owners
        if owner:
            if not self.exporting:
                raise LeftAlone(
                    "the other models stand here behind a module that does not know the new one", line
                )
            return f"{owner}.{self.edit.model}"
        origins = {origin for one in values for origin in self.imports.origins(_name(one) or "")}
        if not origins:
            raise LeftAlone("the other models stand here, and the new one would be defined below", line)
        return self.imports.use(self._home(origins, line), self.edit.model)

    def _home(self, origins: set[str], line: int) -> str:
        """The module to import it from: a package that gives it on, as it does the others, or its own."""
        package = next((one for one in sorted(origins) if one in self._giving()), None)
        if package is not None and len(origins) == 1:
            return package
        own = {entity.module for entity in self.code.models.entities if entity.name in self._names}
        if origins <= own:
            return self.edit.module
        raise LeftAlone("nobody can tell where the new model is imported from here", line)

    def _inserted(self, node: _Display, at: int, new: str) -> list[Splice]:
        """``new`` as element number ``at``."""
        spans = [(self.source.start(one), self.source.end(_last(one))) for one in node.elements]
        if at:
            return with_element(self.source.text, spans, at - 1, new, newline_of(self.source.text))
        start = spans[0][0]
        begun = self.source.text[self.source.text.rfind("\n", 0, start) + 1 : start]
        gap = f"{newline_of(self.source.text)}{begun}" if not begun.strip() else " "
        return [Splice(start, start, f"{new},{gap}")]


def _candidates(module: cst.Module) -> Iterator[_Display]:
    """What a name is given at the top of a module, and what calls anywhere get by keyword."""
    for one in statements(module):
        if isinstance(one, (cst.Assign, cst.AnnAssign)) and isinstance(
            one.value, (cst.Dict, cst.List, cst.Tuple, cst.Set)
        ):
            yield one.value
    handed = _Handed()
    module.visit(handed)
    yield from handed.found


class _Handed(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Display] = []

    def visit_Arg(self, node: cst.Arg) -> None:
        if node.keyword is not None and isinstance(node.value, (cst.Dict, cst.List, cst.Tuple)):
            self.found.append(node.value)


def _values(node: _Display) -> list[cst.BaseExpression]:
    if isinstance(node, cst.Dict):
        return [one.value for one in node.elements if isinstance(one, cst.DictElement)]
    return [one.value for one in node.elements if isinstance(one, cst.Element)]


def _name(node: cst.BaseExpression) -> str | None:
    return last_name(node) if isinstance(node, (cst.Name, cst.Attribute)) else None


def _is_list(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, (cst.List, cst.Tuple))


def _elements(node: cst.BaseExpression | None) -> Sequence[cst.BaseElement]:
    return node.elements if isinstance(node, (cst.List, cst.Tuple)) else ()


def _last(one: cst.BaseElement | cst.BaseDictElement) -> cst.CSTNode:
    return one.value


KIND = RegisterModelKind()
