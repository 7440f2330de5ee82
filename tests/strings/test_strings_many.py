"""One analysis for many fields: what it says of one does not depend on which it was asked for before."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from strings_corpus import HEAD, SOURCES, TRAPS
from strings_scene import MODELS

from bravo_agent.model.code import FieldGroup, FieldRef
from bravo_agent.model.entities import ModelSet
from codemods._strings import StringAnalysis, string_verdicts

CORPUS = SOURCES | TRAPS
ASKED = [("Item", "price"), ("Maker", "price"), ("Item", "name"), ("Rental", "price"), ("Item", "id")]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(CORPUS)), min_size=1, max_size=4, unique=True),
    st.permutations(ASKED),
)
def test_one_after_the_other_is_as_each_by_itself(names: list[str], asked: list[tuple[str, str]]) -> None:
    files = {"app/__init__.py": "", "app/models.py": MODELS}
    files |= {f"app/code_{at}.py": HEAD + CORPUS[name] for at, name in enumerate(names)}
    data = {"tests/items.json": '[{"id": 1, "name": "x", "price": 2}]'}
    analysis = StringAnalysis(files, ModelSet(()))
    for entity, field in asked:
        group = FieldGroup(FieldRef("app.models", entity, field))
        alone = string_verdicts(files, group, ModelSet(()), (field,), data=data)
        assert analysis.verdicts(group, (field,), data) == alone
