"""Adds a field that is worked out as its neighbours are: a function beside theirs, registered and called as theirs."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from bravo_agent.model.entities import Entity, Shape
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._calculated_field_examples import EXAMPLES
from codemods._calculations import Calculations, calculations_for
from codemods._class_names import module_of
from codemods._everywhere import Code, CodeExample, Text
from codemods._expression import over_fields
from codemods._function_tables import (
    FunctionTable,
    decorated_fields,
    decoration,
    function_table,
    with_function,
)
from codemods._imports import Imports, free_names
from codemods._insertion import newline_of
from codemods._requests import CalculateField, ComputeField
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import AddField, Home, LeftAlone, Worked
from codemods.add_field import KIND as ADD
from codemods.computed_field import KIND as COMPUTE

_PLAIN = {
    "int": "int", "float": "float", "bool": "bool", "str": "str", "bytes": "bytes", "decimal": "Decimal",
    "date": "date", "datetime": "datetime", "time": "time", "timedelta": "timedelta", "uuid": "UUID",
}  # fmt: skip
_HOMES = {
    "Decimal": "decimal",
    "UUID": "uuid",
    **dict.fromkeys(("date", "datetime", "time", "timedelta"), "datetime"),
}
_INSTEAD = "{}: the expression stands in the model"


@dataclass(frozen=True)
class CalculatedFieldKind:
    """The kind ``calculated-field``.

    The home is the module whose functions the model's other computed fields call; without any, the one that the other
    models call; without any, a module of calculations whose functions take the model, or values named like its fields.
    Where there is none, or no model can call it, nothing is edited, and a note says why.
    """

    title: str = "Add a field that a function beside its neighbours' works out"
    examples: tuple[CodeExample[CalculateField], ...] = EXAMPLES

    def through(self, code: Code, edit: CalculateField) -> CodeChange:
        """The patch of the function, its registration and the model."""
        entity = code.models.entity(edit.entity)
        assert entity is not None
        try:
            home = calculations_for(code, entity)
            if home is None:
                why = f"no module works anything out for {entity.name} yet"
                return CodeChange(notes=(_INSTEAD.format(why),))
            return _Writing(code, edit, entity, home).change()
        except LeftAlone as left:
            return CodeChange(notes=(_INSTEAD.format(left.why),))


@dataclass
class _Writing:
    code: Code
    edit: CalculateField
    entity: Entity
    home: Calculations
    texts: dict[str, str] = field(default_factory=dict)
    manual: list[ManualWork] = field(default_factory=list)

    def change(self) -> CodeChange:
        """Function, registration, model, in this order; raises ``LeftAlone``."""
        source = self._source(self.home.file)
        names = [name for name, _ in self.home.functions]
        table = function_table(source, names)
        if table is not None:
            keyed = isinstance(table.node, cst.Dict)
            more = zip(table.functions, table.keys if keyed else [None] * len(table.keys), strict=True)
            known = dict(self.home.functions)
            known.update((name, key) for name, key in more if known.get(name) is None)
            self.home = replace(self.home, functions=tuple(known.items()))
        attached = self._attaches(table.keys if table else decorated_fields(source, names))
        if not attached and not self.home.called:
            raise LeftAlone(
                f"{self.home.file} imports the models, so that no model can call what stands there"
            )
        taken = (
            self._taken(source)
            if attached or (self.home.given == "model" and self.edit.add is None)
            else None
        )
        name = self._name(source)
        self._write(self.home.file, self._with_function(source, name, taken, table))
        self._declare(name, taken, attached)
        edits = [Edit(file, self.code.read(file), text) for file, text in sorted(self.texts.items())]
        return CodeChange(Patch(tuple(edits), tuple(self.manual)))

    # -- the function -------------------------------------------------------------------------------

    def _attaches(self, keys: Sequence[str]) -> bool:
        """Whether whoever walks the table gives the model its values: every entry is a field that is not computed."""
        fields = [self.entity.field(key) for key in keys]
        return bool(keys) and all(one is not None and not one.computed for one in fields)

    def _taken(self, source: Source) -> tuple[str, str] | None:
        """(name, annotation) of the parameter that the neighbours take the model as; None where they take another."""
        names = {name for name, _ in self.home.functions}
        for one in ast.parse(source.text).body:
            if isinstance(one, ast.FunctionDef) and one.name in names and one.args.args:
                first = one.args.args[0]
                said = ast.unparse(first.annotation) if first.annotation else ""
                if said.strip("'\"").rpartition(".")[2] == self.entity.name:
                    return first.arg, said
        return None

    def _name(self, source: Source) -> str:
        """As the neighbours are called after their fields: ``ctr``, ``compute_ctr``."""
        wanted = self.edit.field
        patterns = {
            name.replace(own, "{}", 1) if own and own in name else "{}" for name, own in self.home.functions
        }
        if len(patterns) == 1:
            wanted = next(iter(patterns)).replace("{}", wanted)
        if wanted in {name for one in statements(source.module) for name in bound_names(one)}:
            raise LeftAlone(f"{self.home.file} has a {wanted} already")
        return wanted

    def _with_function(
        self, source: Source, name: str, taken: tuple[str, str] | None, table: FunctionTable | None
    ) -> str:
        imports = Imports(source, self._in_module(self.home.file))
        used: list[str] = []

        def written(one: str) -> str:
            used.append(one)
            return f"{taken[0]}.{one}" if taken else one

        expression, needed = over_fields(self.edit.expression, self._fields, written)
        given = [": ".join(taken)] if taken else [f"{one}: {self._plain(one)}" for one in self._ordered(used)]
        returns = self.edit.returns
        for one in free_names(" , ".join(["0", returns, *([] if taken else [self._plain(u) for u in used])])):
            self._import(imports, one)
        for line in needed:
            self._import(imports, line.split()[3])
        last = self._last(source, table)
        lines = [*self._decorators(source, name), *_head(source, name, given, returns), *self._said(source)]
        block = [*lines, f"{self._step(source)}return {expression}"]
        newline = newline_of(source.text)
        place = source.after_line(last)
        begun = "" if source.text[:place].endswith(("\n", "\r")) else newline
        text = begun + newline * 2 + newline.join(block) + newline
        entry = list(with_function(source, table, name, self.edit.field)) if table is not None else []
        if table is not None and not entry:
            why = f"{name} is not entered where its neighbours stand: nobody can tell under which key"
            self.manual.append(ManualWork(self.home.file, table.line, why, f"Enter {name} here."))
        after = splice(source.text, [Splice(place, place, text), *entry, *imports.splices()])
        Source(after)
        return after

    def _import(self, imports: Imports, name: str) -> None:
        asked = {line.split()[3]: line.split()[1] for line in self.edit.imports}
        module = _HOMES.get(name) or asked.get(name)
        if module is None and name not in imports.bound:
            raise LeftAlone(f"nothing says where {name} comes from")
        if module is not None and imports.use(module, name) != name:
            raise LeftAlone(f"{name} is something else in {self.home.file}")

    @property
    def _fields(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.entity.fields)

    def _ordered(self, used: Sequence[str]) -> list[str]:
        """As they stand in the expression."""
        tree = ast.walk(ast.parse(self.edit.expression.strip(), mode="eval"))
        found = sorted(
            (one.col_offset, one.id) for one in tree if isinstance(one, ast.Name) and one.id in used
        )
        return list(dict.fromkeys(name for _, name in found))

    def _plain(self, name: str) -> str:
        own = self.entity.field(name)
        assert own is not None
        return plain_type(own.shape)

    def _last(self, source: Source, table: FunctionTable | None) -> cst.CSTNode:
        """Above the table, which names it."""
        names = set(table.functions) if table else {name for name, _ in self.home.functions}
        own = [
            one for one in source.module.body if isinstance(one, cst.FunctionDef) and one.name.value in names
        ]
        if not own:
            raise LeftAlone(f"the functions of {self.home.file} are not plain ones")
        return own[-1]

    def _decorators(self, source: Source, name: str) -> list[str]:
        found, line = decoration(source, self.home.functions, name, self.edit.field)
        if found is None:
            why = f"{name} is not registered as its neighbours are: their decorators are not understood"
            self.manual.append(ManualWork(self.home.file, line, why, f"Decorate {name} by hand."))
        return found or []

    def _said(self, source: Source) -> list[str]:
        """A docstring where the neighbours have one."""
        names = {name for name, _ in self.home.functions}
        own = [
            one
            for one in ast.parse(source.text).body
            if isinstance(one, ast.FunctionDef) and one.name in names
        ]
        if sum(ast.get_docstring(one) is not None for one in own) * 2 <= len(own):
            return []
        words = self.edit.field.replace("_", " ").strip()
        return [f'{self._step(source)}"""{words[:1].upper()}{words[1:]}: {self.edit.expression.strip()}."""']

    def _step(self, source: Source) -> str:
        return "\t" if "\n\t" in source.text and "\n    " not in source.text else "    "

    # -- the model ----------------------------------------------------------------------------------

    def _declare(self, name: str, taken: tuple[str, str] | None, attached: bool) -> None:
        file = self.entity.place.file
        text, edit = self._read(file), self.edit
        module = module_of(file, self.code.models)
        home = Home(self.entity.name, module, file.endswith("__init__.py"), names=self._fields)
        if attached:
            model, package = self.entity.name, home.package
            plain = AddField(model, edit.field, edit.annotation, edit.imports, module=module, package=package)
            result = ADD.edit(text, replace(edit.add or plain, expression=None, default="None"), file)
        elif edit.add is not None:
            worked = self._call(name, "data", None)
            result = ADD.edit(text, replace(edit.add, expression=None, default=None, worked=worked), file)
        else:
            worked = self._call(name, "self", taken)
            wish = ComputeField(
                edit.field, edit.annotation, edit.expression, edit.imports, worked, edit.ignore
            )
            result = COMPUTE.carry(text, wish, home, file)
        if result.manual:
            raise LeftAlone(result.manual[0].why)
        self._write(file, result.text)

    def _call(self, name: str, owner: str, taken: tuple[str, str] | None) -> Worked:
        """The call as the model writes it, and what it has to import for it."""
        fields = self._ordered(self._fields)
        values = [f'data["{one}"]' if owner == "data" else f"self.{one}" for one in fields]
        text = f"{self.home.owner}{name}({owner if taken else ', '.join(values)})"
        if self.home.owner or self.home.file == self.entity.place.file:
            return Worked(text)
        module = module_of(self.home.file, self.code.models)
        if module is None:
            raise LeftAlone(f"nobody can tell how {self.home.file} is imported")
        return Worked(text, module, name)

    # -- files --------------------------------------------------------------------------------------

    def _read(self, file: str) -> str:
        found = self.texts.get(file, self.code.read(file))
        if found is None:
            raise LeftAlone(f"{file} cannot be read as UTF-8")
        return found

    def _source(self, file: str) -> Source:
        return Source(Text(file, self._read(file)).text)

    def _write(self, file: str, text: str) -> None:
        whole = Text(file, self._read(file))
        self.texts[file] = text if text.startswith("\ufeff") else whole.with_bom(text)

    def _in_module(self, file: str) -> Home:
        return Home("", module_of(file, self.code.models), file.endswith("__init__.py"))


def plain_type(shape: Shape) -> str:
    """A value's own type, without what a model checks of it; raises ``LeftAlone`` where it has no plain one."""
    name = _PLAIN.get(shape.kind)
    if name is None:
        raise LeftAlone(f"nobody writes the type of {shape.text or shape.kind} here")
    return f"{name} | None" if shape.optional else name


def _head(source: Source, name: str, given: Sequence[str], returns: str) -> list[str]:
    """The line of the definition, or several where it is longer than the file's lines are."""
    line = f"def {name}({', '.join(given)}) -> {returns}:"
    if len(line) <= max(88, *(len(one) for one in source.text.splitlines()[:200])):
        return [line]
    return [f"def {name}(", *(f"    {one}," for one in given), f") -> {returns}:"]


KIND = CalculatedFieldKind()
