"""Occurrences of a name in JSON, YAML and documentation: keys, texts, comments, words."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from bravo_agent.model.change import Role
from bravo_agent.model.code import Token, TokenForm
from codemods._finding.files import occurrences
from codemods._finding.lines import LINE_END, line_starts
from codemods._finding.roles import role_of_file
from codemods._finding.values import Candidate, Scan

_JSON_TEXT = re.compile(r'"(?:[^"\\\r\n]|\\.)*"')
_COLON = re.compile(r"\s*:")
_SHOWN = 200


@dataclass(frozen=True)
class _Part:
    """A stretch of a file that is one thing."""

    start: int
    end: int
    form: TokenForm


def scan_data(file: str, text: str, names: Collection[str]) -> Scan:
    """The candidates of a JSON or YAML file."""
    try:
        parts = list(_yaml_parts(text) if file.endswith((".yaml", ".yml")) else _json_parts(file, text))
    except (ValueError, RecursionError):
        return Scan(left_alone="it does not parse as JSON")
    except yaml.YAMLError:
        return Scan(left_alone="it does not parse as YAML")
    found = _candidates(file, text, names, parts)
    return Scan(left_alone="its positions are not sure") if found is None else Scan(found)


def scan_document(file: str, text: str, names: Collection[str]) -> Scan:
    """The candidates of a file of documentation: every word."""
    found = _candidates(file, text, names, [_Part(0, len(text), "text")])
    return Scan(found or ())


def _candidates(
    file: str, text: str, names: Collection[str], parts: list[_Part]
) -> tuple[Candidate, ...] | None:
    starts = line_starts(text)
    begins = [part.start for part in parts]
    role: Role = role_of_file(file) or "other"
    found = {}
    for name in sorted(names, key=len):
        for place in occurrences(text, name):
            at = bisect_right(begins, place) - 1
            if at < 0 or place + len(name) > parts[at].end:
                return None
            line = bisect_right(starts, place)
            column = place - starts[line - 1]
            part = parts[at]
            found[place] = Candidate(
                Token(file, line, column, column + len(name)),
                name,
                part.form,
                role if part.form == "text" else "fixture",  # data fills a field, whoever reads it
                LINE_END.split(text[starts[line - 1] : starts[line - 1] + 1000])[0].strip()[:_SHOWN],
                key=part.form == "data-key" and text[part.start : part.end].strip("'\"") == name,
                before=text[max(part.start, place - 80) : place],
                after=text[place + len(name) : min(part.end, place + 80)],
            )
    return tuple(one for _, one in sorted(found.items()))


def _json_parts(file: str, text: str) -> Iterator[_Part]:
    if file.endswith((".jsonl", ".ndjson")):
        for line in LINE_END.split(text):
            if line.strip():
                json.loads(line)
    else:
        json.loads(text)
    for one in _JSON_TEXT.finditer(text):
        is_key = _COLON.match(text, one.end()) is not None
        yield _Part(one.start(), one.end(), "data-key" if is_key else "string")


def _yaml_parts(text: str) -> Iterator[_Part]:
    """Scalars by the scanner; what is between them can hold a name in comments, tags and anchors alone."""
    for _ in yaml.parse(text, Loader=yaml.SafeLoader):
        pass  # the scanner alone takes more than YAML is
    reached = 0
    is_key = False
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.KeyToken):
            is_key = True
        elif isinstance(token, yaml.ValueToken):
            is_key = False
        elif isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            if start > reached:
                yield _Part(reached, start, "comment")
            yield _Part(start, end, "data-key" if is_key else "string")
            reached, is_key = end, False
    yield _Part(reached, len(text), "comment")
