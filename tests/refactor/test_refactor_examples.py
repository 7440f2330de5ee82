"""Edits of the whole code by their examples: changed and untouched, and the rest of the bytes as they were."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from refactor_examples import code_of, unmarked

from bravo_agent.registry import shelf
from codemods._everywhere import CodeExample

KINDS = {name: kind for name, kind in shelf("codemods").items() if hasattr(kind, "through")}
EXAMPLES = [
    pytest.param(kind, example, id=f"{name}: {example.name}")
    for name, kind in KINDS.items()
    for example in kind.examples
]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind, example: CodeExample, tmp_path: Path) -> None:  # type: ignore[no-untyped-def,type-arg]
    code = code_of(example, tmp_path)
    made = kind.through(code, example.request)
    now = {file: unmarked(text) for file, text in example.before.items()}
    now.update({edit.file: edit.after for edit in made.patch.edits})
    assert now == (example.after or {file: unmarked(text) for file, text in example.before.items()})
    assert example.why in " ".join(one.why for one in (*made.refused, *made.patch.manual))
    if not example.why:
        assert (made.refused, made.patch.manual) == ((), ())
    for one in (*made.refused, *made.patch.manual, *made.mentions):
        assert one.file in example.before
        assert one.line >= 1
    for file, text in now.items():
        if file.endswith(".py"):
            ast.parse(text)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_line_ends_and_marks_stay(kind, example: CodeExample, tmp_path: Path) -> None:  # type: ignore
    odd = {
        file: "\ufeff" * file.endswith(".py") + text.replace("\n", "\r\n")
        for file, text in example.before.items()
    }
    made = kind.through(code_of(type(example)(example.name, example.request, odd), tmp_path), example.request)
    for edit in made.patch.edits:
        expected = (example.after or {})[edit.file]
        assert edit.after == "\ufeff" * edit.file.endswith(".py") + expected.replace("\n", "\r\n")


def test_two_in_five_examples_show_what_is_left_alone() -> None:
    for kind in KINDS.values():
        left = [example for example in kind.examples if example.after is None]
        assert len(left) / len(kind.examples) >= 0.4
