"""Renames a field inside its model: the declaration, its alias, validators and serializers that name it, ``self.x``."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from pydantic.alias_generators import to_camel, to_pascal

from bravo_agent.model.plan import ModelEdit, RenameField
from bravo_agent.planning.naming import document_name, field_name
from codemods._calls import constraint_calls, is_field, keyword, with_first
from codemods._declaration import Declaration, attempt, declaration_of, model_class, needed, refuse_uses
from codemods._imports import Imports
from codemods._mentions import Mention, mentions
from codemods._rename_field_examples import EXAMPLES
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class
from codemods._written import quoted

_ALIASES = ("alias", "validation_alias", "serialization_alias")


@dataclass(frozen=True)
class RenameFieldKind:
    """The kind ``rename-field``.

    A use outside the class keeps the whole rename from being made: renamed in the model alone, the field would
    be missing there.
    """

    title: str = "Rename a field of a model"
    examples: tuple[Example[RenameField], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with the field under its new name."""
        assert isinstance(edit, RenameField)
        suggestion = f"rename {home.model}.{edit.field} to {new_name(edit)}, and its uses with it"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home))


def new_name(edit: RenameField) -> str:
    """The field's new name; its own where it was not named after the column."""
    if edit.field in (edit.before, field_name(edit.before)):
        return field_name(edit.after)
    for style in (to_camel, to_pascal):
        if edit.field == style(edit.before):
            return style(edit.after)
    return edit.field


def _edited(source: Source, edit: RenameField, home: Home) -> str:
    model, name = model_class(source, home.model), new_name(edit)
    found = declaration_of(source, model, edit.field)
    if found is None and declaration_of(source, model, name) is not None:
        return source.text
    declared = needed(found, source, model, edit.field)
    line = source.line(declared.name)
    refuse_uses(home.outside, "it is used outside its class", line=line)
    imports = Imports(source, home)
    splices = _aliases(source, declared, edit, name, imports)
    if name != edit.field:
        _refuse_taken(source, model, name, home, line)
        splices.append(Splice(source.start(declared.name), source.end(declared.name), name))
        splices += [_renamed(source, one, name) for one in _understood(source, model, declared, edit.field)]
    if not splices and _is_there(declared, edit):
        return source.text
    if not splices:
        raise LeftAlone(
            f"neither the name {edit.field} nor an alias of it comes from the column {edit.before}", line
        )
    after = splice(source.text, [*splices, *imports.splices()])
    verify_class(source, after, home.model, _touched(source, model, splices))
    return after


def _is_there(declared: Declaration, edit: RenameField) -> bool:
    """Whether an alias is the new column's already."""
    keys = (document_name(edit.after), to_camel(edit.after), to_pascal(edit.after))
    return any(
        isinstance(value, cst.SimpleString) and value.evaluated_value in keys for value in _given(declared)
    )


def _given(declared: Declaration) -> list[cst.BaseExpression]:
    """The aliases that the declaration has."""
    statement = declared.statement
    calls = [
        *constraint_calls(statement.annotation.annotation),
        *([statement.value] if isinstance(statement.value, cst.Call) and is_field(statement.value) else []),
    ]
    return [arg.value for call in calls if is_field(call) for key in _ALIASES if (arg := keyword(call, key))]


def _refuse_taken(source: Source, model: cst.ClassDef, name: str, home: Home, line: int) -> None:
    taken = {bound for one in statements(model.body) for bound in bound_names(one)} | set(home.names)
    if name in taken:
        raise LeftAlone(f"{home.model} has a {name} already", line)
    for one in mentions(model, name, None):
        if isinstance(one.node, cst.Name) and one.how == "unclear":
            raise LeftAlone(f"the new name would hide {name}", source.line(one.node))


def _understood(source: Source, model: cst.ClassDef, declared: Declaration, field: str) -> list[Mention]:
    found = list(mentions(model, field, declared.name))
    for one in found:
        if one.how == "unclear":
            raise LeftAlone(f"{field} is named here in a way that is not understood", source.line(one.node))
    return found


def _renamed(source: Source, mention: Mention, name: str) -> Splice:
    start, end = source.start(mention.node), source.end(mention.node)
    if isinstance(mention.node, cst.SimpleString):
        return Splice(start, end, _in_quotes(mention.node, name))
    return Splice(start, end, name)


def _in_quotes(node: cst.SimpleString, text: str) -> str:
    plain = repr(text)[1:-1]
    if node.prefix or '"' in text or "'" in text:
        return repr(text)
    return f"{node.quote}{plain}{node.quote}"


def _aliases(
    source: Source, declared: Declaration, edit: RenameField, name: str, imports: Imports
) -> list[Splice]:
    """Texts that are the old document key become the new one; a name that cannot be the key gets an alias."""
    given = _given(declared)
    found: list[Splice] = []
    for value in given:
        key = _new_key(source, value, edit)
        if key is not None and isinstance(value, cst.SimpleString):
            found.append(Splice(source.start(value), source.end(value), _in_quotes(value, key)))
    key = document_name(edit.after)
    if not given and key != name and edit.field in (edit.before, field_name(edit.before)):
        found.append(_new_alias(source, declared, key, imports))
    return found


def _new_key(source: Source, value: cst.BaseExpression, edit: RenameField) -> str | None:
    """What an alias becomes; None where it stays (``_id``, or a name of its own)."""
    if not isinstance(value, cst.SimpleString):
        if edit.before in source.code(value):
            raise LeftAlone("the alias is not a plain text", source.line(value))
        return None
    text = value.evaluated_value
    if text in (edit.before, document_name(edit.before)):
        return document_name(edit.after)
    for style in (to_camel, to_pascal):
        if text == style(edit.before):
            return style(edit.after)
    return None


def _new_alias(source: Source, declared: Declaration, key: str, imports: Imports) -> Splice:
    value = declared.statement.value
    alias = f"alias={quoted(source, key)}"
    if isinstance(value, cst.Call) and is_field(value):
        if value.args:
            end = source.end(value.args[-1].value)
            return Splice(end, end, f", {alias}")
        return with_first(source, value, alias)
    field = imports.use("pydantic", "Field", imports.bound_in(declared.model))
    if value is None:
        end = source.end(declared.statement.annotation)
        return Splice(end, end, f" = {field}({alias})")
    start, end = source.start(value), source.end(value)
    return Splice(start, end, f"{field}(default={source.code(value)}, {alias})")


def _touched(source: Source, model: cst.ClassDef, splices: list[Splice]) -> set[str]:
    """The names that the edited statements bind, before and after the edit."""
    touched: set[str] = set()
    for one in statements(model.body):
        start = source.start(one)
        if isinstance(one, cst.FunctionDef) and one.decorators:
            start = min(start, source.start(one.decorators[0]))
        if any(start <= found.start <= source.end(one) for found in splices):
            touched |= set(bound_names(one))
            touched |= {found.text for found in splices if start <= found.start <= source.end(one)}
    return touched


KIND = RenameFieldKind()
