"""Which words a rename replaces by which: the field's name, and the document key where it follows."""

from __future__ import annotations

from pydantic.alias_generators import to_camel, to_pascal

from bravo_agent.model.code import FieldRef
from bravo_agent.model.plan import RenameField
from bravo_agent.planning.naming import document_name, field_name
from codemods._values import LeftAlone

_STYLES = (to_camel, to_pascal)


def new_words(edit: RenameField, ref: FieldRef, made: str | None = None) -> dict[str, str]:
    """Old word -> new word; none where nothing changes. Raises ``LeftAlone`` where one word would become two.

    ``made``: the new document key, where the application makes it from the name.
    """
    key = ref.alias or ref.field
    field, new_key = _new_field(edit), made or _new_key(edit, key)
    if key == ref.field and field != new_key:
        raise LeftAlone(f"the field would be {field} and its document key {new_key}: {key} is both today")
    changed = {ref.field: field, key: new_key}
    return {old: new for old, new in changed.items() if old != new}


def _new_field(edit: RenameField) -> str:
    """Its own name where it was not called after the column."""
    if edit.field in (edit.before, field_name(edit.before)):
        return field_name(edit.after)
    return next((s(edit.after) for s in _STYLES if edit.field == s(edit.before)), edit.field)


def _new_key(edit: RenameField, key: str) -> str:
    if key in (edit.before, document_name(edit.before)):
        return document_name(edit.after)
    return next((style(edit.after) for style in _STYLES if key == style(edit.before)), key)
