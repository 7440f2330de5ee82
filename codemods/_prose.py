"""Words of comments, docstrings and documents: which of them clearly name the field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bravo_agent.model.code import FieldRef, Finding, Occurrence
from codemods._everywhere import PROSE, Text

_ITEM = r"^\s*(?:[-*]\s+)?(?::(?:param|attr|ivar|cvar|var)\s+(?:[\w\[\], |]+\s)?)?`{0,2}$"
_ITEM_END = re.compile(r"^`{0,2}\s*(?:\([^)]*\))?\s*(?::|--|—|$)")

_ENGLISH = frozenset([
    "the", "a", "an", "of", "is", "are", "to", "and", "or", "for", "not", "no", "with", "be", "this", "that", "on",
    "by", "it", "its", "must", "should", "which", "when", "if", "use", "has", "have", "in", "at", "as", "all", "these",
])  # fmt: skip
_SQL = re.compile(
    r"\b(?:select|insert|update|delete|where|join|create|alter|order by|group by)\b", re.IGNORECASE
)


def names_field(finding: Finding, one: Occurrence, text: Text, lines: range) -> bool:
    """Whether the word certainly means the field. ``lines``: those of the group's classes in this file.

    It does where the class stands before it (``Ad.cost``); where it heads an entry of the docstring's list of fields in
    its class; and in backticks, where nothing else of that name is in the file (of a document: in the application).
    """
    if one.verdict == "target":
        return True
    if one.verdict in ("other", "mixed"):
        return False
    start = text.offset(one.token)
    line_start = text.text.rfind("\n", 0, start) + 1
    before = text.text[line_start:start]
    behind = text.text[start + one.token.end - one.token.column :].partition("\n")[0].rstrip("\r")
    if _qualified(before, [finding.group.asked, *(ref for ref, _ in finding.group.coupled)]):
        return True
    if one.form == "docstring" and one.token.line in lines and _heads(before, behind):
        return True
    return before.endswith("`") and behind.startswith("`") and not _ambiguous(finding, one)


def is_prose(one: Occurrence, text: Text) -> bool:
    """Whether the word is written for people, and may mean the field."""
    return (one.form in PROSE and one.verdict != "other") or in_sentence(one, text)


def in_sentence(one: Occurrence, text: Text) -> bool:
    """Whether the word is one of English, within a sentence that a text literal holds: a message, a help text.

    Words alone, as of a CSV header or ``"id cost".split()``, are no sentence, and SQL is none.
    """
    word, start = text.word(one.token), text.offset(one.token)
    if one.form != "string" or one.verdict != "unknown" or not word.isalpha():
        return False
    before = re.split(r"[\"'\n]", text.text[:start][-300:])[-1]
    behind = re.split(r"[\"'\n]", text.text[start + len(word) :][:300])[0]
    said = f"{before}{word}{behind}"
    beside = re.search(r"(?:^|[\w,;.!?)] |\()$", before) and re.match(r"(?:$|[.,;!?)]*(?: [\w(]|$))", behind)
    words = re.findall(r"[A-Za-z]+", said)
    return (
        bool(beside)
        and len(words) > 3
        and bool(_ENGLISH & {w.lower() for w in words})
        and not _SQL.search(said)
    )


def _qualified(before: str, refs: Sequence[FieldRef]) -> bool:
    found = re.search(r"(\w+)\.$", before)
    return found is not None and found[1] in {ref.entity.rpartition(".")[2] for ref in refs}


def _heads(before: str, behind: str) -> bool:
    return re.match(_ITEM, before) is not None and _ITEM_END.match(behind) is not None


def _ambiguous(finding: Finding, word: Occurrence) -> bool:
    return any(
        one.verdict != "target"
        and one.form not in PROSE
        and (word.form == "text" or one.token.file == word.token.file)
        for one in finding.occurrences
    )
