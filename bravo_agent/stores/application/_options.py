"""``model_config`` of a class: its own, by keyword, inherited. Of interest is what names the keys."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import alias_generators

from bravo_agent.stores.application._annotations import Annotations
from bravo_agent.stores.application._modules import ClassFound, ExprFound, class_value
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._values import is_none

_CONFIGS = frozenset(["ConfigDict", "SettingsConfigDict", "SQLModelConfig", "dict"])
_DEPTH = 30
_GENERATORS: dict[str, Callable[[str], str]] = {
    f"pydantic.alias_generators.{name}": getattr(alias_generators, name)
    for name in ("to_camel", "to_pascal", "to_snake")
}
_COMPUTED = ""

Options = dict[str, tuple[Module, ast.expr]]


@dataclass(frozen=True)
class Generator:
    """Makes the key of a field and of a computed field; with ``doubt`` it is not known which."""

    field: Callable[[str], str] | None = None
    computed: Callable[[str], str] | None = None
    doubt: str | None = None


class Configs:
    """Reads configurations."""

    def __init__(self, annotations: Annotations) -> None:
        self._annotations = annotations

    def generator(self, options: Options) -> Generator | None:
        """The alias generator, or None."""
        if _COMPUTED in options:
            home, node = options[_COMPUTED]
            return Generator(doubt=f"model_config {home.text(node)} is not understood")
        if "alias_generator" not in options or is_none(options["alias_generator"][1]):
            return None
        home, node = options["alias_generator"]
        if isinstance(node, ast.Call) and self._annotations.short_name(home, node) == "AliasGenerator":
            positions = dict(
                zip(("alias", "validation_alias", "serialization_alias"), node.args, strict=False)
            )
            named = {**positions, **{str(keyword.arg): keyword.value for keyword in node.keywords}}
            wanted = [
                [named.get(own), named.get("alias")] for own in ("validation_alias", "serialization_alias")
            ]
            made = [self._first(nodes, home) for nodes in wanted]
            doubt = next((one.doubt for one in made if one.doubt), None)
            return Generator(made[0].field, made[1].field, doubt)
        return self._first([node], home)

    def _first(self, nodes: list[ast.expr | None], home: Module) -> Generator:
        node = next((one for one in nodes if one is not None and not is_none(one)), None)
        if node is None:
            return Generator()
        known = _GENERATORS.get(self._annotations.name_of(home, node) or "")
        if known is None or isinstance(node, ast.Call):
            return Generator(doubt=f"alias generator {home.text(node)} is not a known one")
        return Generator(known, known)

    def by_name(self, options: Options) -> bool:
        """Whether keys are the fields' names, whatever their aliases."""
        found = options.get("validate_by_alias")
        return found is not None and self._annotations.constant(found[1], found[0]) is False

    def of(self, found: ClassFound, depth: int = 0) -> Options:
        """Option -> its expression; of two bases the later one counts, as in pydantic."""
        options: Options = {}
        for base in self._annotations.bases(found) if depth < _DEPTH else ():
            options.update(self.of(base, depth + 1) if isinstance(base, ClassFound) else {})
        own = class_value(found.node, "model_config")
        if own is not None:
            options.update(self._of_expression(own, found.module, depth))
        for name, value in _old_style(found.node):
            options[name] = (found.module, value)
        for keyword in found.node.keywords:
            if keyword.arg is not None:
                options[keyword.arg] = (found.module, keyword.value)
        return options

    def _of_expression(self, node: ast.expr, module: Module, depth: int) -> Options:
        if depth > _DEPTH:
            return {_COMPUTED: (module, node)}
        match node:
            case ast.Call() if self._annotations.short_name(module, node) in _CONFIGS:
                options: Options = {}
                for one in node.args:
                    options.update(self._of_expression(one, module, depth + 1))
                for keyword in node.keywords:
                    options.update(self._entry(keyword.arg, keyword.value, module, depth))
                return options
            case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[], keywords=[]):
                return self._of_expression(inner, module, depth + 1)
            case ast.Dict(keys=keys, values=values):
                options = {}
                for key, value in zip(keys, values, strict=True):
                    name = None if key is None else self._annotations.constant(key, module)
                    options.update(self._entry(name, value, module, depth, spread=key is None))
                return options
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                first = self._of_expression(left, module, depth + 1)
                return {**first, **self._of_expression(right, module, depth + 1)}
            case ast.Attribute(value=owner, attr="model_config"):
                found = self._annotations.named(module, owner)
                if isinstance(found, ClassFound):
                    return self.of(found, depth + 1)
            case ast.Name() | ast.Attribute():
                alias = self._annotations.named(module, node)
                if isinstance(alias, ExprFound):
                    return self._of_expression(alias.node, alias.module, depth + 1)
        return {_COMPUTED: (module, node)}

    def _entry(
        self, name: object, value: ast.expr, module: Module, depth: int, *, spread: bool | None = None
    ) -> Options:
        if name is None and (spread is None or spread):  # ** something
            return self._of_expression(value, module, depth + 1)
        return {name if isinstance(name, str) else _COMPUTED: (module, value)}


def _old_style(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Config":
            if inner.bases:
                yield _COMPUTED, inner.bases[0]
            for name in ("alias_generator", "validate_by_alias"):
                value = class_value(inner, name)
                if value is not None:
                    yield name, value
