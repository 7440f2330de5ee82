"""Edits of the application's code, one kind per file and all by splice, and the finder of uses."""

from codemods._annotate import annotation_of
from codemods._declaration import class_at, field_lines, lines_of
from codemods._mentioned import find_mentions
from codemods._uses import find_uses
from codemods._values import (
    AddField,
    EditResult,
    Example,
    Home,
    KnownType,
    LeftAlone,
    ModelCodemod,
    ModelText,
)
from codemods.enum_values import member_names

__all__ = [
    "AddField",
    "EditResult",
    "Example",
    "Home",
    "KnownType",
    "LeftAlone",
    "ModelCodemod",
    "ModelText",
    "annotation_of",
    "class_at",
    "field_lines",
    "find_mentions",
    "find_uses",
    "lines_of",
    "member_names",
]
