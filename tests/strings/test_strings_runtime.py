"""The verdicts are held against runs: the targets are exactly the texts that a rename has to change."""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from strings_program import PROGRAM

from bravo_agent.model.code import FieldGroup, FieldRef, Token
from bravo_agent.model.entities import ModelSet
from codemods._strings import string_verdicts

FILE = "shop.py"
GROUP = FieldGroup(FieldRef("shop", "Item", "price"))
Spot = tuple[int, int]


def runs(text: str) -> bool:
    """Whether the program loads and holds."""
    module = ModuleType("shop_variant")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, FILE, "exec"), module.__dict__)
        module.check()
    except Exception:
        return False
    finally:
        del sys.modules[module.__name__]
    return True


def names() -> Iterator[Spot]:
    """Where the field's name stands as a name, and not as a text."""
    lines = PROGRAM.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(PROGRAM).readline):
        line, column = token.start
        if token.type == tokenize.NAME and token.string == "price" and not lines[line - 1].endswith("# not"):
            yield line, column


def renamed(spots: set[Spot]) -> str:
    lines = PROGRAM.splitlines(keepends=True)
    for line, column in sorted(spots, reverse=True):
        text = lines[line - 1]
        assert text[column : column + 5] == "price"
        lines[line - 1] = f"{text[:column]}cost_now{text[column + 5 :]}"
    return "".join(lines)


@pytest.fixture(scope="module")
def found() -> dict[Token, str]:
    every = string_verdicts({FILE: PROGRAM}, GROUP, ModelSet(()), ("price",))
    return {token: one.verdict for token, one in every.items()}


def spots(found: dict[Token, str], wanted: Callable[[str], bool]) -> list[Spot]:
    return [(token.line, token.column) for token, verdict in found.items() if wanted(verdict)]


def test_every_text_has_a_verdict_and_none_is_open(found: dict[Token, str]) -> None:
    texts = len(re.findall(r"\bprice\b", PROGRAM)) - len(
        [one for one in tokenize.generate_tokens(io.StringIO(PROGRAM).readline) if one.string == "price"]
    )
    assert len(found) == texts
    assert set(found.values()) == {"target", "other"}


def test_it_runs_before_and_with_the_targets_renamed(found: dict[Token, str]) -> None:
    assert runs(PROGRAM)
    assert runs(renamed({*names(), *spots(found, lambda verdict: verdict == "target")}))


def test_each_target_has_to_change(found: dict[Token, str]) -> None:
    targets = set(spots(found, lambda verdict: verdict == "target"))
    kept = [spot for spot in sorted(targets) if runs(renamed({*names(), *targets} - {spot}))]
    assert kept == []


def test_no_other_text_may_change(found: dict[Token, str]) -> None:
    targets = set(spots(found, lambda verdict: verdict == "target"))
    others = spots(found, lambda verdict: verdict != "target")
    harmless = [spot for spot in sorted(others) if runs(renamed({*names(), *targets, spot}))]
    assert harmless == []
