"""Where identity is missing: what is asked as a rename, what is told beside, and what never happens."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from drift_scene import Scene, anonymous, campaign, catalog
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rename_histories import CHOSEN_WITH, history, restored, unordered
from bravo_agent.changes._likeness import FLOOR, THRESHOLD
from bravo_agent.changes._samples import (
    ID,
    INT4,
    INT8,
    TEXT,
    UUID,
    column,
    field,
    numeric,
    optional,
    table,
    varchar,
)
from bravo_agent.config import Config, EntitySection, PolicySection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Change, Decision, Evidence
from bravo_agent.model.entities import ModelSet
from bravo_agent.planning.decide import decide
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise
from bravo_agent.planning.report import schema_change

KEY = "public.campaigns"
KNOWN = [column(name, INT4, None) for name in ("spend", "impressions", "clicks", "conversions")]


def changes_of(
    old: list[Column],
    new: list[Column],
    *,
    evidence: dict[tuple[str, str], Evidence] | None = None,
    decisions: tuple[Decision, ...] = (),
    config: Config | None = None,
) -> tuple[Change, ...]:
    return recognised(catalog(table(*old)), anonymous(catalog(table(*new))), evidence, decisions, config)


def recognised(
    before: Catalog,
    after: Catalog,
    evidence: dict[tuple[str, str], Evidence] | None = None,
    decisions: tuple[Decision, ...] = (),
    config: Config | None = None,
) -> tuple[Change, ...]:
    keys = {one.key for one in (*before.tables, *after.tables)}
    config = config or Config(entities={key: EntitySection() for key in keys})
    nothing = ModelSet(())
    mapping = derive_mapping(before, nothing, config)
    return recognise(
        before, after, nothing, mapping, config, {}, decisions=decisions, evidence=evidence
    ).changes


def pairs(changes: tuple[Change, ...]) -> set[tuple[str | None, str | None]]:
    return {(c.details.before, c.details.after) for c in changes if c.kind == "renamed_field"}


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return sorted(change.kind for change in changes)


def test_alike_is_one_question_with_its_evidence() -> None:
    (change,) = changes_of([column("qty", INT4)], [column("quantity", INT4)])
    assert (change.kind, change.severity, change.verdict) == ("renamed_field", "breaking", "review")
    (best,) = change.candidates
    assert (best.field, best.score) == ("quantity", change.evidence.similarity)
    assert best.score >= THRESHOLD
    assert best.reasons[0].startswith("names share qty like quantity (+")
    assert schema_change(change)["candidates"] == [
        {"table": KEY, "field": "quantity", "score": best.score, "reasons": list(best.reasons)}
    ]


def test_below_the_threshold_both_are_asked_with_ranked_candidates() -> None:
    old = [column("name", TEXT), column("note", TEXT)]
    new = [column("first_name", TEXT), column("last_name", TEXT), column("note", TEXT)]
    changes = changes_of([*old], [*new])
    assert kinds(changes) == ["dropped_field", "new_field", "new_field"]
    dropped = next(change for change in changes if change.kind == "dropped_field")
    assert [one.field for one in dropped.candidates] == ["first_name", "last_name"]
    assert "[renames]" in (dropped.question.text if dropped.question else "")
    for change in changes:
        assert change.verdict in ("review", "block")
        scores = [one.score for one in change.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(FLOOR <= score < THRESHOLD for score in scores)


def test_no_policy_adds_a_column_that_may_be_another_renamed() -> None:
    changes = changes_of([column("legacy", TEXT)], [column("channel", TEXT)])
    policy = Config(policy=PolicySection(kinds={"new_field": "auto-approve"}))
    (added,) = [change for change in decide(changes, (), policy) if change.kind == "new_field"]
    assert (added.state, added.verdict) == ("open", "review")


def test_an_addition_with_nothing_lost_goes_by_itself() -> None:
    (change,) = changes_of([], [column("channel", TEXT)])
    assert (change.verdict, change.candidates) == ("auto-approve", ())


def test_a_new_name_in_front_of_known_columns_was_not_added() -> None:
    old = [column("type", TEXT, None), *KNOWN]
    assert pairs(changes_of(old, [column("kind", TEXT, None), *KNOWN])) == {("type", "kind")}
    # At the end nothing tells a rename from an addition.
    assert pairs(changes_of([*KNOWN, old[0]], [*KNOWN, column("kind", TEXT, None)])) == set()


def test_what_was_in_front_cannot_be_behind() -> None:
    old = [column("owner", TEXT, None), *KNOWN]
    changes = changes_of(old, [*KNOWN, column("owner_name", TEXT, None)])
    assert kinds(changes) == ["dropped_field", "new_field"]


def test_neighbours_keep_their_order() -> None:
    """Two lost, two new in one place: the first is the first, whatever the names say."""
    old = [column("kind", TEXT, None), column("sort", TEXT, None), *KNOWN]
    new = [column("type", TEXT, None), column("group", TEXT, None), *KNOWN]
    assert pairs(changes_of(old, new)) == {("kind", "type"), ("sort", "group")}


def test_a_gap_tells_of_a_drop() -> None:
    old = [column("owner", TEXT, None), column("budget", numeric(12, 2), None), *KNOWN]
    changes = changes_of(old, [column("owner_name", TEXT, None), *KNOWN])
    assert pairs(changes) == {("owner", "owner_name")}
    assert kinds(changes) == ["dropped_field", "renamed_field"]


@pytest.mark.parametrize(
    "known",
    [list(reversed(KNOWN)), sorted(KNOWN, key=lambda one: one.name)],
    ids=["another order", "by the alphabet"],
)
def test_an_order_that_tells_nothing(known: list[Column]) -> None:
    new = [column("aaa", TEXT, None), *known]
    assert pairs(changes_of([column("type", TEXT, None), *KNOWN], new)) == set()


def test_a_table_made_anew_in_the_same_database_has_the_order_that_somebody_wrote() -> None:
    before = catalog(table(column("type", TEXT, None), *KNOWN))
    after = catalog(table(column("kind", TEXT, None), *KNOWN, oid=99))
    assert pairs(recognised(before, after)) == set()


def value_evidence(share: float, *, distinct: int | None = 900) -> dict[tuple[str, str], Evidence]:
    return {(KEY, "type->kind"): Evidence(rows=1000, distinct=distinct, equal_by_key=share)}


def test_values_prove_and_disprove() -> None:
    old, new = [column("type", TEXT)], [column("kind", TEXT)]
    assert pairs(changes_of(old, new)) == set()
    assert pairs(changes_of(old, new, evidence=value_evidence(1.0))) == {("type", "kind")}
    assert pairs(changes_of(old, new, evidence=value_evidence(1.0, distinct=2))) == set()
    old, new = [column("type", TEXT, None), *KNOWN], [column("kind", TEXT, None), *KNOWN]
    assert pairs(changes_of(old, new)) == {("type", "kind")}
    assert pairs(changes_of(old, new, evidence=value_evidence(0.03))) == set()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.1))
def test_values_that_differ_keep_columns_apart(seed: int, share: float) -> None:
    found = restored(history(seed, CHOSEN_WITH))
    old, new = found.tables
    gone = [c.name for c in old.columns if new.column(c.name) is None]
    come = [c.name for c in new.columns if old.column(c.name) is None]
    differ = Evidence(rows=1000, distinct=500, equal_by_key=share)
    evidence = {(old.key, f"{a}->{b}"): differ for a in gone for b in come}
    assert pairs(recognised(found.before, found.after, evidence)) == set()


def test_another_type_makes_it_less_likely_and_not_impossible() -> None:
    old, new = column("owner", varchar(50), None), column("owner_name", varchar(80), None)
    (change,) = changes_of([old, *KNOWN], [new, *KNOWN])
    assert (change.kind, change.details.expected_type, change.details.current_type) == (
        "renamed_field",
        "varchar(50)",
        "varchar(80)",
    )
    assert pairs(changes_of([old], [replace(new, type=UUID)])) == set()


def test_keys_indexes_and_references_tell() -> None:
    from bravo_agent.model.catalog import ForeignKey

    def scene(name: str, refers: str) -> Catalog:
        key = ForeignKey("fk", (name,), refers, ("id",))
        own = replace(table(column(name, INT8), column("note", TEXT)), foreign_keys=(key,))
        others = [table(name=other, oid=oid) for oid, other in enumerate(("users", "brands"), 5)]
        return catalog(own, *others)

    before = scene("owner_id", "public.users")
    same = recognised(before, anonymous(scene("owner_ref", "public.users")))
    other = recognised(before, anonymous(scene("owner_ref", "public.brands")))
    assert pairs(same) == {("owner_id", "owner_ref")}
    assert pairs(other) == set()


def test_a_declaration_pairs_whatever_the_likeness() -> None:
    config = Config(renames={f"{KEY}.legacy": "channel"})
    before, after = catalog(table(column("legacy"))), anonymous(catalog(table(column("channel"))))
    (change,) = Scene(before, after, campaign(field("legacy")), config).recognition.changes
    assert (change.kind, change.verdict, change.details.note) == (
        "renamed_field",
        "auto-approve",
        "declared in bravo.toml",
    )


def test_an_answer_keeps_its_question() -> None:
    """Whatever is measured later: what was answered as one stays one, what was answered apart stays apart."""
    old, new = [column("qty", INT4)], [column("quantity", INT4)]
    (asked,) = changes_of(old, new)
    differ = {(KEY, "qty->quantity"): Evidence(rows=1000, distinct=500, equal_by_key=0.0)}
    answered = (Decision(asked.id, "drop-and-add", kind=asked.kind, table=KEY, field="qty"),)
    assert kinds(changes_of(old, new, evidence=differ)) == ["dropped_field", "new_field"]
    assert kinds(changes_of(old, new, evidence=differ, decisions=answered)) == ["renamed_field"]
    apart = (Decision("x", "drop-field", kind="dropped_field", table=KEY, field="qty"),)
    assert kinds(changes_of(old, new, decisions=apart)) == ["dropped_field", "new_field"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_does_not_matter(seed: int, rng: Any) -> None:
    found = unordered(history(seed, CHOSEN_WITH))
    other = table(column("x"), name="other", oid=50)

    def shuffled(catalog_: Catalog) -> Catalog:
        tables = [*catalog_.tables, other]
        rng.shuffle(tables)
        return replace(catalog_, tables=tuple(_shuffled(one, rng) for one in tables))

    def plain(catalog_: Catalog) -> Catalog:
        return replace(catalog_, tables=(*catalog_.tables, other))

    expected = recognised(plain(found.before), plain(found.after))
    assert [_told(c) for c in recognised(shuffled(found.before), shuffled(found.after))] == [
        _told(c) for c in expected
    ]


def _shuffled(one: Table, rng: random.Random) -> Table:
    columns = list(one.columns)
    rng.shuffle(columns)
    return replace(one, columns=tuple(columns))


def _told(change: Change) -> tuple[Any, ...]:
    return change.id, change.kind, change.verdict, change.candidates


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000))
def test_neither_a_drop_nor_an_addition_goes_unseen(seed: int) -> None:
    """Without identity, whatever the score: nobody loses a renamed column to an automatic answer."""
    found = restored(history(seed, CHOSEN_WITH))
    truth = dict(found.truth)
    for change in decide(recognised(found.before, found.after), (), Config()):
        if change.field in truth or change.field in truth.values():
            assert change.state == "open", (change.field, truth)


OWN = [
    column("flight_no", INT4),
    column("altitude", INT4),
    column("fuel", numeric(9, 2)),
    column("gate", TEXT),
]
LOOKUPS = [
    table(column("name", TEXT), name=name, oid=oid) for oid, name in enumerate(("a", "b", "c", "d"), 20)
]


def test_a_table_renamed_without_identity_blocks_as_one_question() -> None:
    before = catalog(table(*OWN, name="flights"), *LOOKUPS)
    after = anonymous(catalog(table(*OWN, name="journeys", oid=None), *LOOKUPS))
    (change,) = recognised(before, after)
    assert (change.kind, change.verdict, change.details.after) == (
        "table_renamed",
        "block",
        "public.journeys",
    )


def test_lookup_tables_are_all_alike_and_prove_nothing() -> None:
    before = catalog(*LOOKUPS, table(column("name", TEXT), name="colors", oid=5))
    after = anonymous(catalog(*LOOKUPS, table(column("name", TEXT), name="countries", oid=6)))
    assert kinds(recognised(before, after)) == ["table_added", "table_dropped"]


def test_a_declared_table_is_followed_with_its_columns() -> None:
    before = catalog(table(*OWN))
    after = anonymous(catalog(table(*OWN[:3], column("door", TEXT), name="journeys", oid=None)))
    models = campaign(*[field(one.name, optional(field(one.name).shape)) for one in OWN])
    config = Config(renames={KEY: "journeys"})
    scene = Scene(before, after, models, config)
    assert [change.kind for change in scene.changes if change.kind.startswith("table")] == ["table_renamed"]
    assert [(one.table, one.collection) for one in scene.load.mapping.entities] == [
        ("public.journeys", "campaigns")
    ]
    with pytest.raises(UsageError, match="rename-unmatched"):
        _ = Scene(before, before, models, Config(renames={KEY: "voyages"})).recognition


def test_an_accepted_table_rename_feeds_the_old_collection() -> None:
    before, after = catalog(table(*OWN)), anonymous(catalog(table(*OWN, name="journeys", oid=None)))
    scene = Scene(before, after, campaign(*[field(one.name) for one in OWN]))
    assert scene.load.mapping.entities == ()
    (entity,) = scene.answered("rename").load.mapping.entities
    assert (entity.table, entity.collection) == ("public.journeys", "campaigns")


def test_a_moved_column_is_told_on_both_sides_and_never_merged() -> None:
    before = catalog(
        table(column("loyalty_tier", TEXT), name="users", oid=5), table(name="profiles", oid=6), *LOOKUPS
    )
    after = anonymous(
        catalog(
            table(name="users", oid=5), table(column("loyalty_tier", TEXT), name="profiles", oid=6), *LOOKUPS
        )
    )
    told = {c.kind: [(one.table, one.field) for one in c.candidates] for c in recognised(before, after)}
    assert told == {
        "dropped_field": [("public.profiles", "loyalty_tier")],
        "new_field": [("public.users", "loyalty_tier")],
    }


def test_sixteen_hundred_columns() -> None:
    old = [ID, *(column(f"old{n}_value", TEXT, n + 2) for n in range(800))]
    new = [ID, *(column(f"fresh{n}_thing", TEXT, n + 2) for n in range(800))]
    found = recognised(
        catalog(Table("public", "wide", tuple(old), ("id",))),
        anonymous(catalog(Table("public", "wide", tuple(new), ("id",)))),
    )
    assert len(found) == 1600
