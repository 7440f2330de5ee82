"""Laws: there and back gives the same bytes, twice is once, and what is taken out of a list leaves the rest of it."""

from __future__ import annotations

import ast
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refactor_campaigns import EXAMPLE, copy_of_example
from refactor_examples import MARKED, code_of, unmarked

from bravo_agent.model.code import Finding
from bravo_agent.model.refactor import Rename
from bravo_agent.stores.application import apply_patch
from bravo_agent.usecases.refactor import refactor
from bravo_agent.workspace import open_code
from codemods import CodeExample
from codemods._removal import without
from codemods._rename_words import new_words
from codemods._splice import splice
from codemods.rename_everywhere import KIND

RENAMES = [one for one in KIND.examples if one.after is not None]


@pytest.mark.parametrize("example", RENAMES, ids=lambda one: one.name)
def test_there_and_back_gives_the_same_bytes(example: CodeExample, tmp_path: Path) -> None:  # type: ignore[type-arg]
    code = code_of(example, tmp_path / "there")
    there = {edit.file: edit.after for edit in KIND.through(code, example.request).patch.edits}
    words = new_words(example.request, code.finding.group.asked)
    request = replace(
        example.request,
        field=words.get(example.request.field, example.request.field),
        before=example.request.after,
        after=example.request.before,
    )
    turned = {file: _turned(text, words, there.get(file, "")) for file, text in example.before.items()}
    assert {file: unmarked(text) for file, text in turned.items()} == {**_plain(example), **there}
    back = KIND.through(code_of(CodeExample(example.name, request, turned), tmp_path / "back"), request)
    assert {edit.file: edit.after for edit in back.patch.edits} == {
        file: _plain(example)[file] for file in there
    }


def _plain(example: CodeExample) -> dict[str, str]:  # type: ignore[type-arg]
    return {file: unmarked(text) for file, text in example.before.items()}


def _turned(text: str, words: dict[str, str], now: str) -> str:
    """The marked text after the rename: what was edited is marked with its new name."""
    parts, plain = [], 0
    reached = 0
    for found in MARKED.finditer(text):
        plain += found.start() - reached
        word = next(filter(None, found.groups()))
        new = words.get(word, word)
        changed = now[plain : plain + len(new)] == new and new != word
        parts += [text[reached : found.start()], f"«{new}»" if changed else found[0]]
        plain += len(new) if changed else len(word)
        reached = found.end()
    return "".join([*parts, text[reached:]])


FIELDS = [
    (f"{entity.module}:{entity.name}", field.name)
    for entity in open_code(EXAMPLE).models().models.entities
    for field in entity.fields
    if entity.module.startswith("campaigns.") and not field.computed
]


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FIELDS), st.sampled_from(["worth_of_it", "x_9", "größe_2"]))
def test_there_and_back_on_the_example(field: tuple[str, str], new: str) -> None:
    """With new names that are no words: one of the conventions takes a name with an underscore for a field's."""
    entity, name = field
    with tempfile.TemporaryDirectory() as folder:
        project = copy_of_example(Path(folder) / "campaigns")
        before = _bytes(project)
        workspace = open_code(project, python=sys.executable)
        made = refactor(workspace, Rename(entity, name, new))
        if made.refused:
            return
        apply_patch(project, made.patch, allow_dirty=True)
        there = _bytes(project)
        assert refactor(workspace, Rename(entity, name, new)).patch.edits == ()
        back = refactor(workspace, Rename(entity, new, name))
        assert back.refused == ()
        apply_patch(project, back.patch, allow_dirty=True)
        assert there != before
        assert _bytes(project) == before


def _bytes(project: Path) -> dict[str, bytes]:
    paths = (path for path in project.rglob("*") if path.is_file() and ".bravo" not in path.parts)
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(paths)
        if path.suffix != ".pyc"
    }


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, list[str], set[int]]:
    """A call in some layout, its keywords, and which of them go."""
    names = [f"k{number}" for number in range(draw(st.integers(1, 5)))]
    gone = draw(st.sets(st.sampled_from(range(len(names))), min_size=1))
    text = "call("
    for number, name in enumerate(names):
        last = number + 1 == len(names)
        text += draw(st.sampled_from(["", " ", "\n    ", "\n    # above\n    "]))
        text += name + "=" + draw(st.sampled_from(["1", "[1, 2]", "[\n        1\n    ]"]))
        text += (
            draw(st.sampled_from([",", "", ",\n"]))
            if last
            else draw(st.sampled_from([",", " ,", ",  # behind\n"]))
        )
    return text + draw(st.sampled_from(["", "\n"])) + ")\n", names, gone


@settings(max_examples=400, deadline=None)
@given(lists())
def test_what_is_taken_out_leaves_the_others(case: tuple[str, list[str], set[int]]) -> None:
    text, names, gone = case
    call = _call(text)
    starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == "\n")]
    spans = []
    for one in call.keywords:
        assert one.value.end_lineno is not None
        end = starts[one.value.end_lineno - 1] + (one.value.end_col_offset or 0)
        spans.append((starts[one.lineno - 1] + one.col_offset, end))
    after = splice(text, without(text, spans, gone))
    assert [one.arg for one in _call(after).keywords] == [
        name for number, name in enumerate(names) if number not in gone
    ]
    kept = [one for number, one in enumerate(call.keywords) if number not in gone]
    assert [ast.dump(one.value) for one in _call(after).keywords] == [ast.dump(one.value) for one in kept]
    assert [line for line in after.split("\n") if line.rstrip() != line] == []


def _call(text: str) -> ast.Call:
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return statement.value


def test_a_finding_without_places_changes_nothing(tmp_path: Path) -> None:
    code = code_of(RENAMES[0], tmp_path)
    nothing = replace(code, finding=Finding(code.finding.group, ()))
    assert KIND.through(nothing, RENAMES[0].request).patch.edits == ()
