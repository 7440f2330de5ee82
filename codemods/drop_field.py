"""Takes a field out of its model: its declaration, the text that describes it, imports that it alone needed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bravo_agent.model.plan import DropField, ManualWork, ModelEdit
from codemods._declaration import attempt, declaration_of, model_class, refuse_uses
from codemods._drop_field_examples import EXAMPLES
from codemods._field_lines import ORPHAN, comment_above, field_lines
from codemods._mentions import mentions
from codemods._source import Source
from codemods._splice import splice
from codemods._unused import without_unused
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class


@dataclass(frozen=True)
class DropFieldKind:
    """The kind ``drop-field``. Any use keeps it from being made, in the class and anywhere else."""

    title: str = "Take a field out of a model"
    examples: tuple[Example[DropField], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` without the field."""
        assert isinstance(edit, DropField)
        suggestion = f"remove {home.model}.{edit.field} and its uses"
        made = attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home, file))
        return made if made.text == text else replace(made, manual=_orphans(text, edit, home, file))


def _orphans(text: str, edit: DropField, home: Home, file: str) -> tuple[ManualWork, ...]:
    """A comment that stands above nothing now, perhaps."""
    source = Source(text)
    declared = declaration_of(source, model_class(source, home.model), edit.field)
    above = comment_above(declared) if declared is not None else None
    if declared is None or above is None or not above.orphan:
        return ()
    return (ManualWork(file, source.line(declared.line) - above.count, ORPHAN.format(edit.field)),)


def _edited(source: Source, edit: DropField, home: Home, file: str) -> str:
    model = model_class(source, home.model)
    declared = declaration_of(source, model, edit.field)
    if declared is None:
        return source.text
    line = source.line(declared.statement)
    refuse_uses(home.outside, "it is used outside its class", line=line)
    for one in mentions(model, edit.field, declared.name):
        raise LeftAlone(f"{edit.field} is used in its class", source.line(one.node))
    if len(declared.line.body) > 1:
        raise LeftAlone("other statements stand on its line", line)
    after = splice(source.text, [field_lines(source, declared)])
    names = set(re.findall(r"\w+", source.code(declared.statement))) - {edit.field}
    after, lost = without_unused(after, names, file)
    verify_class(source, after, home.model, {edit.field}, lost)
    return after


KIND = DropFieldKind()
