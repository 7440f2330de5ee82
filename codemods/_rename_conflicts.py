"""What a new name would collide with: found before anything is edited."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from bravo_agent.model.code import FieldRef, Occurrence
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import ManualWork
from codemods._around import Chain, around, plain_text
from codemods._everywhere import Code, Text, work
from codemods._source import BOM, Source, bound_names, statements


def in_models(code: Code, refs: Sequence[FieldRef], new: str) -> Iterator[ManualWork]:
    """Models of the group, and those below them, that have something called ``new`` already."""
    names = {ref.entity.rpartition(".")[2] for ref in refs}
    for entity in code.models.entities:
        found = entity.field(new) if entity.name in _with_children(code.models, names) else None
        if found is not None:
            yield ManualWork(found.place.file, found.place.line, f"{entity.name} has a {new} already")


def in_classes(code: Code, refs: Sequence[FieldRef], new: str) -> Iterator[ManualWork]:
    """As ``in_models``, for methods, attributes and what the reader of the models does not see."""
    trees = {file: tree for file in sorted(set(code.named(new))) if (tree := _tree(code, file)) is not None}
    names = {ref.entity.rpartition(".")[2] for ref in refs}
    classes = [
        (file, one) for file, tree in trees.items() for one in ast.walk(tree) if isinstance(one, ast.ClassDef)
    ]
    family = _with_children(code.models, names)
    while more := {one.name for _, one in classes if _bases(one) & family} - family:
        family |= more
    for file, one in classes:
        if one.name in family:
            for line in _bound(one, new):
                yield ManualWork(file, line, f"{one.name} has a {new} already")


def in_body(source: Source, file: str, model: cst.ClassDef, new: str) -> Iterator[ManualWork]:
    """Names in the body of a class that mean something outside of it, and would be hidden by a field ``new``."""
    for one in statements(model.body):
        if new in bound_names(one):
            continue
        for node in _evaluated(one):
            yield from _hidden(source, file, node, new)


def _evaluated(one: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What of a statement is evaluated in the class: of a method its decorators, defaults and annotations."""
    if isinstance(one, (cst.FunctionDef, cst.ClassDef)):
        yield from one.decorators
    if isinstance(one, cst.FunctionDef):
        yield one.params
        if one.returns is not None:
            yield one.returns
    elif isinstance(one, cst.ClassDef):
        yield from one.bases
    else:
        yield one


def in_places(source: Source, text: Text, places: Sequence[tuple[Occurrence, str]]) -> Iterator[ManualWork]:
    """Calls, patterns and literals that say the new name beside the old one. ``places``: with their new words."""
    chains = around(source, [text.offset(one.token) for one, _ in places])
    for one, new in places:
        chain = chains.get(text.offset(one.token), ())
        if new in _siblings(chain, text.offset(one.token), source):
            yield work(one, f"{new} stands beside it already")


def _siblings(chain: Chain, offset: int, source: Source) -> set[str]:
    """The names and texts that stand in the same place of the same call, pattern or literal."""
    for number, node in enumerate(chain[1:], 1):
        inner = chain[number - 1]
        if isinstance(node, cst.Call) and isinstance(inner, cst.Arg):
            if inner.keyword is not None and source.start(inner.keyword) == offset:
                return {arg.keyword.value for arg in node.args if arg.keyword is not None}
            # An attribute read among the arguments is no text beside theirs: f("cost", x.worth) may become x.cost.
            texts = {said for arg in node.args if (said := plain_text(arg.value)) is not None}
            return texts if plain_text(inner.value) is not None else set()
        if isinstance(node, cst.MatchClass):
            return {one.key.value for one in node.kwds}
        if isinstance(node, cst.Dict):
            keys = [one.key for one in node.elements if isinstance(one, cst.DictElement)]
            at_key = any(source.start(key) <= offset < source.end(key) for key in keys)
            return {said for key in keys if (said := plain_text(key)) is not None} if at_key else set()
        if isinstance(node, (cst.Set, cst.List, cst.Tuple)):
            texts = {said for one in node.elements if (said := plain_text(one.value)) is not None}
            said_here = isinstance(inner, cst.BaseElement) and plain_text(inner.value) is not None
            return texts if said_here else set()
        if isinstance(node, cst.BaseStatement):
            break
    return set()


def _with_children(models: ModelSet, names: set[str]) -> set[str]:
    """``names`` and every model below one of them."""
    found = set(names)
    while more := {one.name for one in models.entities if _parents(one) & found} - found:
        found |= more
    return found


def _parents(entity: Entity) -> set[str]:
    return {base.partition("[")[0].rpartition(".")[2] for base in entity.base_names}


def _tree(code: Code, file: str) -> ast.Module | None:
    text = code.read(file)
    try:
        return None if text is None else ast.parse(text.removeprefix(BOM))
    except (SyntaxError, ValueError):
        return None  # what does not parse is listed elsewhere


def _bases(one: ast.ClassDef) -> set[str]:
    found = set()
    for base in one.bases:
        bare = base.value if isinstance(base, ast.Subscript) else base
        found.add(bare.attr if isinstance(bare, ast.Attribute) else getattr(bare, "id", ""))
    return found


def _bound(model: ast.ClassDef, name: str) -> Iterator[int]:
    for one in model.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and one.name == name:
            yield one.lineno
        targets = (
            [one.target]
            if isinstance(one, ast.AnnAssign)
            else one.targets
            if isinstance(one, ast.Assign)
            else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            yield one.lineno


def _hidden(source: Source, file: str, node: cst.CSTNode, name: str) -> Iterator[ManualWork]:
    """Plain names, not attributes, keywords, or what stands in a function's body."""
    if isinstance(node, cst.Name) and node.value == name:
        yield ManualWork(file, source.line(node), f"a field called {name} would hide this {name}")
    for child in node.children:
        skipped = (isinstance(node, cst.Attribute) and child is node.attr) or (
            isinstance(node, (cst.Arg, cst.Param))
            and child in (getattr(node, "keyword", None), getattr(node, "name", None))
        )
        if not skipped and not isinstance(node, cst.Lambda):
            yield from _hidden(source, file, child, name)
