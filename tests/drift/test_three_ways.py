"""Baseline, source and models: which of them moved decides what a difference is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drift_scene import Scene, anonymous, campaign, catalog

from bravo_agent.changes._likeness import rename_id
from bravo_agent.changes._samples import INT4, INT8, TEXT, column, enum, field, numeric, optional, table, use
from bravo_agent.config import Config, EntitySection
from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Shape

STR = Shape("str")
A, B = column("a", TEXT, 2), column("b", TEXT, 3)
PLAIN, WITH_B = catalog(table(A)), catalog(table(A, B))

CASES = {
    "nothing moved": (PLAIN, PLAIN, (field("a"),), []),
    "never wanted": (WITH_B, WITH_B, (field("a"),), []),
    "a never wanted column changes": (
        WITH_B,
        catalog(table(A, replace(B, type=INT4))),
        (field("a"),),
        [],
    ),
    "a never wanted column is dropped": (WITH_B, PLAIN, (field("a"),), []),
    "a never wanted column is renamed": (WITH_B, catalog(table(A, replace(B, name="c"))), (field("a"),), []),
    "a never wanted column goes, another comes": (
        WITH_B,
        catalog(table(A, column("c", TEXT, 4))),
        (field("a"),),
        [("new_field", "decided")],
    ),
    "added at the source": (PLAIN, WITH_B, (field("a"),), [("new_field", "decided")]),
    "added at the source, somebody was quicker": (
        PLAIN,
        WITH_B,
        (field("a"), field("b", optional(STR))),
        [("new_field", "settled")],
    ),
    "the model is ahead": (PLAIN, PLAIN, (field("a"), field("b")), [("ahead_of_source", "ahead-of-source")]),
    "a column of the baseline is gone": (
        WITH_B,
        PLAIN,
        (field("a"), field("b")),
        [("dropped_field", "open")],
    ),
    "renamed": (PLAIN, catalog(table(replace(A, name="c"))), (field("a"),), [("renamed_field", "open")]),
    "renamed, somebody was quicker": (
        PLAIN,
        catalog(table(replace(A, name="c"))),
        (field("c"),),
        [("renamed_field", "settled")],
    ),
    "renamed, the model has both names": (
        PLAIN,
        catalog(table(replace(A, name="c"))),
        (field("a"), field("c")),
        [("renamed_field", "open")],
    ),
    "suspected": (
        PLAIN,
        anonymous(catalog(table(replace(A, name="a_name")))),
        (field("a"),),
        [("renamed_field", "open")],
    ),
    "gone, and a new one that is not alike: neither goes unseen": (
        PLAIN,
        anonymous(catalog(table(replace(A, name="c")))),
        (field("a"),),
        [("dropped_field", "open"), ("new_field", "open")],
    ),
    "gone, and a new one that the model has already": (
        PLAIN,
        anonymous(catalog(table(replace(A, name="c")))),
        (field("a"), field("c", optional(STR))),
        [("dropped_field", "open"), ("new_field", "settled")],
    ),
    "gone, and a new one of another type": (
        PLAIN,
        catalog(table(column("c", INT4, 4))),
        (field("a"),),
        [("dropped_field", "open"), ("new_field", "decided")],
    ),
    "widened where the model cannot say so": (
        catalog(table(column("n", INT4))),
        catalog(table(column("n", INT8))),
        (field("n", Shape("int")),),
        [("type_widened", "decided")],
    ),
    "two gone, two new, one type: neither goes unseen": (
        WITH_B,
        anonymous(catalog(table(column("aa", TEXT, 4), column("bb", TEXT, 5)))),
        (field("a"), field("b")),
        [("dropped_field", "open"), ("new_field", "open"), ("dropped_field", "open"), ("new_field", "open")],
    ),
    "a table nobody wants": (
        PLAIN,
        catalog(table(A), table(B, name="other", oid=7)),
        (field("a"),),
        [("table_added", "open")],
    ),
    "a wanted table is missing": (PLAIN, catalog(), (field("a"),), [("table_dropped", "open")]),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    baseline, source, fields, expected = CASES[name]
    scene = Scene(baseline, source, campaign(*fields))
    assert scene.kinds == expected


def test_a_suspected_rename_pairs_the_most_alike() -> None:
    new = (column("budget_daily", TEXT, 4), column("owner_name", TEXT, 5), column("note", TEXT, 6))
    old = (column("daily_budget", TEXT, 2), column("owner", TEXT, 3), column("note", TEXT, 4))
    source, baseline = anonymous(catalog(table(*new))), catalog(table(*old))
    scene = Scene(baseline, source, campaign(field("daily_budget"), field("owner")))
    pairs = [(change.details.before, change.details.after) for change in scene.changes]
    assert pairs == [("daily_budget", "budget_daily"), ("owner", "owner_name")]


def test_the_id_is_the_same_with_and_without_identity_and_after_somebody_was_quicker() -> None:
    source = catalog(table(replace(A, name="a_name")))
    certain = Scene(PLAIN, source, campaign(field("a"))).changes
    suspected = Scene(PLAIN, anonymous(source), campaign(field("a"))).changes
    settled = Scene(PLAIN, source, campaign(field("a_name"))).changes
    assert certain[0].id == suspected[0].id == settled[0].id == "2eae8be30c957692"
    quite_another = Scene(PLAIN, catalog(table(replace(A, name="c"))), campaign(field("a"))).changes
    assert quite_another[0].id == rename_id("public.campaigns", A, column("c")) == "813e3c76232230ff"


def test_ids_hold_no_oid_and_no_number() -> None:
    moved = replace(WITH_B, tables=(table(replace(A, number=8), replace(B, number=9), oid=4711),))
    models = campaign(field("a"))
    here, there = Scene(PLAIN, WITH_B, models), Scene(anonymous(PLAIN), moved, models)
    assert [change.id for change in here.changes] == [change.id for change in there.changes]


def test_a_different_change_has_another_id() -> None:
    required = catalog(table(A, replace(B, nullable=False)))
    ids = {Scene(PLAIN, source, campaign(field("a"))).changes[0].id for source in (WITH_B, required)}
    assert len(ids) == 2


def test_a_table_that_nobody_mapped_may_do_what_it_likes() -> None:
    other = table(A, name="other", oid=5)
    changed = replace(other, columns=(*other.columns, B), primary_key=(), comment="x")
    scene = Scene(catalog(table(A), other), catalog(table(A), changed), campaign(field("a")))
    assert scene.kinds == []
    assert scene.advanced().baseline == scene.source


def test_ignored_in_the_configuration() -> None:
    config = Config(entities={"public.campaigns": EntitySection(ignore=("b",))})
    assert Scene(PLAIN, WITH_B, campaign(field("a")), config).kinds == []


def test_a_declaration_that_matches_nothing_is_an_error() -> None:
    scene = Scene(PLAIN, PLAIN, campaign(field("a")), Config(renames={"public.campaigns.a": "c"}))
    with pytest.raises(UsageError, match="rename-unmatched"):
        _ = scene.recognition


def test_a_fulfilled_declaration_can_be_removed() -> None:
    fulfilled = catalog(table(column("c", TEXT, 2)))
    scene = Scene(fulfilled, fulfilled, campaign(field("c")), Config(renames={"public.campaigns.a": "c"}))
    assert scene.kinds == []
    assert "can be removed" in scene.recognition.notes[0]


def test_a_declared_rename_onto_a_field_that_is_there_is_for_a_person() -> None:
    config = Config(renames={"public.campaigns.a": "c"})
    scene = Scene(PLAIN, catalog(table(replace(A, name="c"))), campaign(field("a"), field("c")), config)
    (change,) = scene.changes
    assert (change.state, change.verdict) == ("open", "review")


def test_the_nine_drifts_of_the_example_application() -> None:
    """examples/campaigns/production/drift says in each file what is to be found."""
    money = Shape("decimal", max_digits=12, decimal_places=2)
    status = Shape("enum", labels=("draft", "active"))
    fields = (
        field("daily_budget", money),
        field("cost", money),
        field("impressions", Shape("int")),
        field("status", status),
        field("quality_score", optional(Shape("decimal"))),
        field("legacy_code", optional(STR), required=False),
    )
    before = (
        column("daily_budget", numeric(12, 2), 2),
        column("cost", numeric(12, 2), 3),
        column("impressions", INT4, 4),
        column("status", enum("draft", "active"), 5),
        column("quality_score", numeric(8, 4), 6),
        column("legacy_code", TEXT, 7),
    )
    after = (
        column("daily_budget_amount", numeric(12, 2), 2),
        column("cost", numeric(14, 4), 3),
        column("impressions", INT8, 4),
        column("status", enum("draft", "pending_review", "active"), 5),
        column("performance_score", numeric(5, 2), 8, nullable=False),
        column("channel", INT4, 9),
    )
    uses = {("Campaign", "cost"): use("rounding"), ("Campaign", "quality_score"): use("calculation")}
    scene = Scene(
        catalog(table(*before)),
        catalog(table(*after), table(name="conversions", oid=2)),
        campaign(*fields),
        uses=uses,
    )
    found = {
        (change.kind, change.field): (change.severity, change.verdict, change.state)
        for change in scene.changes
    }
    assert found == {
        ("new_field", "channel"): ("info", "auto-approve", "decided"),
        ("new_field", "performance_score"): ("warning", "review", "open"),
        ("renamed_field", "daily_budget"): ("breaking", "review", "open"),
        ("precision_change", "cost"): ("breaking", "review", "open"),
        ("type_widened", "impressions"): ("warning", "auto-approve", "decided"),
        ("enum_value_added", "status"): ("breaking", "review", "open"),
        ("dropped_field", "quality_score"): ("breaking", "block", "open"),
        ("dropped_field", "legacy_code"): ("warning", "review", "open"),
        ("table_added", None): ("info", "review", "open"),
    }
