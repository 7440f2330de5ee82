"""Edits of the application's code, one kind per file and all by splice, and the finder of uses."""

from codemods._annotate import annotation_of
from codemods._uses import find_uses
from codemods._values import AddField, EditResult, Example, KnownType

__all__ = ["AddField", "EditResult", "Example", "KnownType", "annotation_of", "find_uses"]
