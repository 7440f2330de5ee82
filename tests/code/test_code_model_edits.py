"""Codemods of models by their examples: changed and untouched, a second time nothing, and back again."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from bravo_agent.registry import shelf
from codemods import Example

KINDS = {n: kind for n, kind in shelf("codemods").items() if n != "add-field" and hasattr(kind, "carry")}
EXAMPLES = [
    pytest.param(kind, example, id=f"{name}: {example.name}")
    for name, kind in KINDS.items()
    for example in kind.examples
]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind, example: Example) -> None:  # type: ignore[no-untyped-def,type-arg]
    result = kind.carry(example.before, example.request, example.home, "app/models.py")
    assert result.text == (example.before if example.after is None else example.after)
    if example.why:
        (work,) = result.manual
        assert example.why in work.why
        assert work.file == "app/models.py"
        assert work.line >= 1
        assert work.suggestion
    else:
        assert result.manual == ()
    assert example.lost in " ".join(one.why for one in result.lost)
    assert bool(example.lost) == bool(result.lost)
    lines = example.before.splitlines()
    for one in result.lost:
        assert " x: " in lines[one.line - 1]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_a_second_time_is_empty_and_the_result_parses(kind, example: Example) -> None:  # type: ignore
    if example.after is None:
        return
    ast.parse(example.after)
    again = kind.carry(example.after, example.request, example.home, "app/models.py")
    assert (again.text, again.manual) == (example.after, ())


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_line_ends_stay(kind, example: Example) -> None:  # type: ignore[no-untyped-def,type-arg]
    windows = example.before.replace("\n", "\r\n")
    result = kind.carry(windows, example.request, example.home)
    if example.before:
        assert "\n" not in result.text.replace("\r\n", "")


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_what_does_not_parse_is_left_alone(kind, example: Example) -> None:  # type: ignore
    result = kind.carry("class (:\n", example.request, example.home, "a.py")
    assert result.text == "class (:\n"
    assert "does not parse" in result.manual[0].why


def test_two_in_five_examples_show_what_is_left_alone() -> None:
    left: dict[str, list[bool]] = defaultdict(list)
    for name, kind in KINDS.items():
        left[name] = [example.after is None for example in kind.examples]
    assert {name for name, found in left.items() if sum(found) / len(found) < 0.4} == set()
