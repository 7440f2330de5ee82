"""Labels of a Literal or an Enum follow the enum type, where they stand: in the field, in an alias, in the class."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.plan import ModelEdit, SetEnumValues
from codemods._declaration import attempt, declaration_of, model_class, needed, refuse_uses
from codemods._enum_values_examples import EXAMPLES
from codemods._optional import last_name
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class, verify_top


@dataclass(frozen=True)
class EnumValuesKind:
    """The kind ``enum-values``.

    A new label goes behind the one that it follows in PostgreSQL. A label that code names anywhere but in the
    definition keeps its removal from being made; a new one is added whatever uses the field.
    """

    title: str = "Let a Literal or Enum follow an enum type"
    examples: tuple[Example[SetEnumValues], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with the new labels."""
        assert isinstance(edit, SetEnumValues)
        suggestion = f"labels of {home.definition or f'{home.model}.{edit.field}'}: {', '.join(edit.after)}"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home))


def member_names(text: str, definition: str, labels: Sequence[str]) -> tuple[str, ...]:
    """What the Enum ``definition`` calls the members of ``labels``; () where it is no Enum."""
    try:
        found = Source(text).classes(definition)
    except LeftAlone:
        return ()
    return tuple(
        member.name
        for model in found
        for member in _members(model)
        if member.label is not None and member.label.evaluated_value in labels
    )


def members_of(text: str, definition: str) -> tuple[tuple[str, str], ...]:
    """(member, label) of the Enum ``definition``; () where it is no Enum."""
    try:
        found = Source(text).classes(definition)
    except LeftAlone:
        return ()
    return tuple(
        (member.name, str(member.label.evaluated_value))
        for model in found
        for member in _members(model)
        if member.label is not None
    )


def _edited(source: Source, edit: SetEnumValues, home: Home) -> str:
    if home.definition is None:
        model = model_class(source, home.model)
        declared = needed(declaration_of(source, model, edit.field), source, model, edit.field)
        splices = _in_literal(source, _literal(source, declared.statement.annotation), edit, home)
        after = splice(source.text, splices)
        verify_class(source, after, home.model, {edit.field})
        return after
    found = [one for one in statements(source.module) if home.definition in bound_names(one)]
    if len(found) != 1:
        raise LeftAlone(f"{home.definition} is not defined once in this file")
    if isinstance(found[0], cst.ClassDef):
        splices = _in_enum(source, found[0], edit, home)
    else:
        splices = _in_literal(source, _literal(source, found[0]), edit, home)
    after = splice(source.text, splices)
    verify_top(source, after, {home.definition})
    return after


def _literal(source: Source, node: cst.CSTNode) -> cst.Subscript:
    found = list(_literals(node))
    if len(found) != 1:
        raise LeftAlone("the labels do not stand in one Literal", source.line(node))
    return found[0]


def _literals(node: cst.CSTNode) -> list[cst.Subscript]:
    if isinstance(node, cst.Subscript) and last_name(node.value) == "Literal":
        return [node]
    return [one for child in node.children for one in _literals(child)]


def _in_literal(source: Source, node: cst.Subscript, edit: SetEnumValues, home: Home) -> list[Splice]:
    items = [one.slice.value for one in node.slice if isinstance(one.slice, cst.Index)]
    labels = [one.evaluated_value if isinstance(one, cst.SimpleString) else None for one in items]
    others = [source.code(one) for one, label in zip(items, labels, strict=True) if label is None]
    if any(other != "None" for other in others):
        raise LeftAlone("the Literal holds more than plain texts", source.line(node))
    known = [label for label in labels if isinstance(label, str)]
    wanted = _merged(known, edit)
    if wanted == known:
        return []
    _refuse_removal(source, node, set(known) - set(wanted), home)
    start, end = source.start(items[0]), source.end(items[-1])
    inner = source.text[start:end]
    if "#" in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", inner):
        raise LeftAlone("comments stand between the labels", source.line(node))
    between = source.text[source.end(items[0]) : source.start(items[1])] if len(items) > 1 else ", "
    written = dict(zip(labels, (source.code(one) for one in items), strict=True))
    quote = source.code(items[0])[0] if isinstance(items[0], cst.SimpleString) else '"'
    texts = [written.get(label) or _quoted(label, quote) for label in wanted]
    return [Splice(start, end, between.join([*texts, *others]))]


def _merged(known: Sequence[str], edit: SetEnumValues) -> list[str]:
    """``known`` in its own order, without what is gone, with each new label behind its predecessor."""
    gone = set(edit.before) - set(edit.after)
    found = [label for label in known if label not in gone]
    for place, label in enumerate(edit.after):
        if label not in found:
            earlier = [found.index(one) for one in edit.after[:place] if one in found]
            found.insert(max(earlier) + 1 if earlier else 0, label)
    return found


def _refuse_removal(source: Source, node: cst.CSTNode, gone: set[str], home: Home) -> None:
    if gone:
        refuse_uses(home.outside, f"{', '.join(sorted(gone))} is named in code", line=source.line(node))


def _quoted(label: str, quote: str) -> str:
    plain = repr(label)
    if '"' in label or "'" in label or "\\" in plain or quote not in ('"', "'"):
        return plain
    return f"{quote}{plain[1:-1]}{quote}"


@dataclass(frozen=True)
class _Member:
    name: str
    line: cst.SimpleStatementLine
    label: cst.SimpleString | None


def _members(model: cst.ClassDef) -> list[_Member]:
    found: list[_Member] = []
    for line in model.body.body:
        one = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
        if isinstance(one, cst.Assign) and isinstance(one.targets[0].target, cst.Name):
            name = one.targets[0].target.value
            label = one.value if isinstance(one.value, cst.SimpleString) else None
            if not name.startswith("_"):
                assert isinstance(line, cst.SimpleStatementLine)
                found.append(_Member(name, line, label))
    return found


def _in_enum(source: Source, model: cst.ClassDef, edit: SetEnumValues, home: Home) -> list[Splice]:
    members = _members(model)
    by_label = {str(one.label.evaluated_value): one for one in members if one.label is not None}
    if not members or len(by_label) != len(members):
        raise LeftAlone("the members of the Enum are not all plain texts", source.line(model))
    known = list(by_label)
    wanted = _merged(known, edit)
    _refuse_removal(source, model, set(known) - set(wanted), home)
    if not set(known) & set(wanted):
        raise LeftAlone("no member of the Enum stays", source.line(model))
    found = [
        Splice(source.line_start(one.line), source.after_line(one.line), "")
        for label, one in by_label.items()
        if label not in wanted
    ]
    return [*found, *_new_members(source, by_label, wanted)]


def _new_members(source: Source, by_label: dict[str, _Member], wanted: list[str]) -> list[Splice]:
    taken = {one.name for one in by_label.values()}
    first = next(iter(by_label.values()))
    indent = source.indent(first.line)
    quote = source.code(first.label)[0] if first.label is not None else '"'
    found: list[Splice] = []
    place = source.line_start(first.line)
    for label in wanted:
        if label in by_label:
            place = source.after_line(by_label[label].line)
            continue
        name = _member_name(label, taken)
        taken.add(name)
        text = f"{indent}{name} = {_quoted(label, quote)}"
        at_end = place == len(source.text) and not source.text.endswith("\n")
        found.append(Splice(place, place, source.newline + text if at_end else text + source.newline))
    return found


def _member_name(label: str, taken: set[str]) -> str:
    lower = bool(taken) and all(name == name.lower() for name in taken)
    name = re.sub(r"\W+", "_", label)
    name = name.lower() if lower else name.upper()
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name in (*taken, "mro"):
        raise LeftAlone(f"no member name can be made of {label!r}")
    return name


KIND = EnumValuesKind()
