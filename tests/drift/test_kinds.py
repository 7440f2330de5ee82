"""Every kind by its own examples, and the laws that hold for all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from drift_catalogs import CATALOGS, bare
from drift_scene import contested
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bravo_agent.changes._kind import ChangeKind, Example
from bravo_agent.changes._samples import ID_FIELD
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.model.entities import Entity, Field, ModelSet, Place, Shape
from bravo_agent.planning.apply import apply_facts
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.decide import decide
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import Recognition, recognise

EXAMPLES = [
    pytest.param(kind, example, id=f"{kind.name}: {example.title}")
    for kind in kinds().values()
    for example in kind.examples
]


def run(example: Example) -> tuple[Catalog, Catalog, Recognition]:
    before = Catalog((example.before,) if example.before else (), "prod", "1")
    after = Catalog((example.after,) if example.after else (), "prod", "1")
    place = Place("app/models.py", 1)
    entity = Entity("Campaign", "app.models", place, (ID_FIELD, *(example.fields or ())))
    models = ModelSet((entity,) if example.fields is not None else ())
    config = Config(renames=dict(example.renames))
    uses = {("Campaign", name): places for name, places in example.uses.items()}
    mapping = derive_mapping(before, models, config)
    return before, after, recognise(before, after, models, mapping, config, uses)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind: ChangeKind, example: Example) -> None:
    before, after, found = run(example)
    (change,) = [change for change in found.changes if change.kind == kind.name]
    assert (change.severity, change.verdict, change.state) == (
        example.severity,
        example.verdict,
        example.state,
    )
    if example.options is not None:
        assert change.question is not None
        assert tuple(option.name for option in change.question.options) == example.options
    facts = [fact for change in found.changes for fact in change.facts]
    assert bare(apply_facts(before, [*facts, *found.ignored])) == bare(after)


def test_every_kind_has_examples_a_summary_and_its_file_name() -> None:
    for kind in kinds().values():
        assert kind.examples
        assert kind.summary.endswith(".")
        assert type(kind).__module__ == f"bravo_agent.changes.{kind.name}"


def test_auto_approved_changes_have_one_safe_option_without_params() -> None:
    for kind in kinds().values():
        for example in kind.examples:
            for change in run(example)[2].changes:
                if change.state == "open" and change.verdict == "auto-approve":
                    assert change.question is not None
                    assert [option.params for option in change.question.options if option.safe] == [()]


NAMES = ["a", "b", "c", "d", "id", "a_b"]
SHAPES = st.sampled_from(
    [
        Shape("str"),
        Shape("str", optional=True),
        Shape("str", max_length=50),
        Shape("int"),
        Shape("decimal", max_digits=12, decimal_places=2),
        Shape("enum", labels=("x", "y")),
        Shape("any"),
        Shape("list", item=Shape("str")),
    ]
)
FIELDS = st.dictionaries(st.sampled_from(NAMES), SHAPES, max_size=5)


def models_of(fields: Mapping[str, Mapping[str, Shape]]) -> ModelSet:
    place = Place("app/models.py", 1)
    return ModelSet(
        tuple(
            Entity(name, "app", place, tuple(Field(f, f, shape, True, place) for f, shape in own.items()))
            for name, own in sorted(fields.items())
        )
    )


MODELS = st.dictionaries(st.sampled_from(["T", "U", "Campaign"]), FIELDS).map(models_of)


def signature(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.id, change.kind, change.state) for change in changes]


@settings(max_examples=200, deadline=None)
@given(CATALOGS, CATALOGS, MODELS)
def test_fold_law(before: Catalog, after: Catalog, models: ModelSet) -> None:
    """Every fact is claimed by exactly one change (claim_all asserts it), and all facts together give after."""
    assume(not contested(before, after, models))
    config = Config()
    found = recognise(before, after, models, derive_mapping(before, models, config), config, {})
    facts = [fact for change in found.changes for fact in change.facts]
    assert bare(apply_facts(before, [*facts, *found.ignored])) == bare(after)
    assert len({change.id for change in found.changes}) == len(found.changes)
    decide(found.changes, (), config)


@settings(max_examples=60, deadline=None)
@given(CATALOGS, CATALOGS, MODELS, st.randoms(use_true_random=False))
def test_the_order_of_registration_does_not_matter(before, after, models, rng) -> None:  # type: ignore[no-untyped-def]
    from bravo_agent.planning import recognise as module

    assume(not contested(before, after, models))
    config, shuffled = Config(), list(kinds().items())
    rng.shuffle(shuffled)
    mapping = derive_mapping(before, models, config)
    expected = recognise(before, after, models, mapping, config, {}).changes
    original = module.kinds
    module.kinds = lambda: dict(shuffled)  # type: ignore[assignment]
    try:
        assert recognise(before, after, models, mapping, config, {}).changes == expected
    finally:
        module.kinds = original  # type: ignore[assignment]


@settings(max_examples=60, deadline=None)
@given(CATALOGS, CATALOGS, MODELS)
def test_no_kind_at_one_rank_wants_what_another_wants(
    before: Catalog, after: Catalog, models: ModelSet
) -> None:
    """So that the name of a kind never decides who claims."""
    from bravo_agent.planning import recognise as module

    assume(not contested(before, after, models))
    config = Config()
    mapping = derive_mapping(before, models, config)
    expected = signature(recognise(before, after, models, mapping, config, {}).changes)
    original, by_name = module.claim_all, kinds()

    class Renamed:
        """A kind that is asked in the opposite order among its rank."""

        def __init__(self, kind: ChangeKind, place: int) -> None:
            self.kind, self.rank, self.name = kind, kind.rank, f"{99 - place:02}"
            self.claim = kind.claim

    opposite = {name: Renamed(kind, n) for n, (name, kind) in enumerate(sorted(by_name.items()))}
    module.claim_all = lambda _, facts, context: original(opposite.values(), facts, context)  # type: ignore
    try:
        assert signature(recognise(before, after, models, mapping, config, {}).changes) == expected
    finally:
        module.claim_all = original
