"""What a file calls a class of the application: by where it imports the name from, through re-exports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.entities import Entity, ModelSet
from codemods._imports import Imports
from codemods._modules import file_of_module
from codemods._source import Source, bound_names, statements
from codemods._values import Home, LeftAlone

_HOPS = 5


def family_of(models: ModelSet, entity: Entity) -> tuple[Entity, ...]:
    """The model and all that are built on it: what it demands, they demand too."""
    found = [entity]
    for one in found:
        found += [e for e in models.entities if one.name in _last(e.base_names) and e not in found]
    return tuple(found)


def _last(names: Collection[str]) -> list[str]:
    return [name.rpartition(".")[2] for name in names]


def is_imported(imports: Imports, name: str, module: str) -> bool:
    """Whether a file has ``name`` of ``module`` already, from a package of the same application that hands it on."""
    top = module.partition(".")[0]
    found = imports.origins(name)
    return len(found) == 1 and (found[0].startswith(".") or found[0].partition(".")[0] == top)


@dataclass(frozen=True)
class ClassNames:
    """``plain`` names mean one of the classes; ``qualified`` ones do behind a module that is imported."""

    plain: frozenset[str]
    qualified: frozenset[str]
    modules: frozenset[str]

    def means(self, node: cst.BaseExpression) -> bool:
        """Whether ``node`` is the class."""
        if isinstance(node, cst.Name):
            return node.value in self.plain
        base = node
        while isinstance(base, cst.Attribute):
            base = base.value
        return (
            isinstance(node, cst.Attribute)
            and node.attr.value in self.qualified
            and isinstance(base, cst.Name)
            and base.value in self.modules
        )


def class_names(
    source: Source,
    file: str,
    entities: Collection[Entity],
    models: ModelSet,
    read: Callable[[str], str | None],
) -> ClassNames:
    """What ``file`` calls the classes."""
    wanted = {(one.module, one.name) for one in entities}
    known = {name: [e for e in models.entities if e.name == name] for _, name in wanted}
    module = module_of(file, models)
    plain = {one.name for one in entities if one.place.file == file}
    modules: set[str] = set()
    home = Home("", module, file.endswith("__init__.py"))
    imports = Imports(source, home)
    for one in statements(source.module):
        if isinstance(one, cst.Import):
            modules |= set(bound_names(one))
        elif isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar):
            for alias in one.names:
                local = alias.evaluated_alias or alias.evaluated_name
                modules.add(local)
                origin = (imports.origin(one), alias.evaluated_name)
                if alias.evaluated_name in known and _leads_to(origin, wanted, file, module, read):
                    plain.add(local)
    single = frozenset(name for name, found in known.items() if len(found) == 1)
    return ClassNames(frozenset(plain), single, frozenset(modules))


def _leads_to(
    origin: tuple[str, str], wanted: set[tuple[str, str]], file: str, module: str | None,
    read: Callable[[str], str | None],
) -> bool:  # fmt: skip
    for _ in range(_HOPS):
        if origin in wanted:
            return True
        found = file_of_module(origin[0], file, module or "", lambda one: read(one) is not None)
        if found is None:
            # Of a relative import of a file that is no module of a package only the name tells.
            return origin[0].startswith(".") and any(name == origin[1] for _, name in wanted)
        following = next(_imports_of(found, origin, read), None)
        if following is None:
            return False
        origin = following
    return False


def _imports_of(
    file: str, origin: tuple[str, str], read: Callable[[str], str | None]
) -> Iterator[tuple[str, str]]:
    try:
        source = Source(read(file) or "")
    except LeftAlone:
        return
    imports = Imports(source, Home("", origin[0], file.endswith("__init__.py")))
    for one in statements(source.module):
        if isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar):
            for alias in one.names:
                if (alias.evaluated_alias or alias.evaluated_name) == origin[1]:
                    yield imports.origin(one), alias.evaluated_name


def module_of(file: str, models: ModelSet) -> str | None:
    """The dotted name of a file, from how the models' files are called; of others by their packages."""
    for entity in models.entities:
        own = entity.module.replace(".", "/")
        stem = entity.place.file.removesuffix(".py").removesuffix("/__init__")
        root = stem.removesuffix(own) if stem.endswith(own) else None
        if root is not None and file.startswith(root):
            return file.removeprefix(root).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return None
