"""What is loaded while somebody still has to decide, and where the baseline goes then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drift_catalogs import CATALOGS
from drift_scene import Scene, anonymous, campaign, catalog, contested
from hypothesis import Phase, assume, given, settings
from test_kinds import MODELS, models_of

from bravo_agent.changes._samples import INT4, INT8, TEXT, UUID, column, enum, field, optional, table
from bravo_agent.config import Config, EntitySection, PrivacySection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet, Shape
from bravo_agent.planning.claims import kinds

OPEN = Config(privacy=PrivacySection(mode="keep"))
A = column("a", TEXT, 2)
PLAIN = catalog(table(A))
RENAMED = catalog(table(replace(A, name="b")))


def test_an_open_rename_by_identity_feeds_the_old_field_on() -> None:
    config = Config(privacy=PrivacySection(columns={"public.campaigns.a": "keep"}))
    scene = Scene(PLAIN, RENAMED, campaign(field("a")), config)
    (change,) = scene.changes
    assert scene.fed == {"id": "_id", "b": "a"}
    assert scene.load.carried == ((change.id, "public.campaigns", "b", "a"),)
    assert scene.load.optional_targets == ()
    # What was said of the column before its rename holds: it is the same column.
    assert scene.load.mapping.entities[0].columns[1].rule == "standard"


def test_a_suspected_rename_stays_out_until_somebody_says_so() -> None:
    scene = Scene(PLAIN, anonymous(catalog(table(replace(A, name="a_name")))), campaign(field("a")), OPEN)
    (change,) = scene.changes
    assert scene.fed == {"id": "_id"}
    assert scene.left_out == {"a_name": change.id}
    assert scene.load.optional_targets == (("public.campaigns", "a"),)
    assert scene.answered("rename").fed == {"id": "_id", "a_name": "a"}
    assert scene.answered("drop-and-add").fed == {"id": "_id"}
    assert replace(scene.answered("rename"), models=campaign(field("a_name"))).fed == {
        "id": "_id",
        "a_name": "a_name",
    }


def test_keep_old_name_is_replayed_and_settled_by_the_configuration() -> None:
    scene = Scene(PLAIN, RENAMED, campaign(field("a")), OPEN).answered("keep-old-name")
    again = scene.advanced()
    assert (again.fed, again.kinds) == ({"id": "_id", "b": "a"}, [("renamed_field", "decided")])
    config = Config(privacy=OPEN.privacy, entities={"public.campaigns": EntitySection(fields={"b": "a"})})
    settled = replace(scene, config=config)
    assert settled.kinds == [("renamed_field", "settled")]
    assert settled.advanced().kinds == []
    assert settled.advanced().fed == {"id": "_id", "b": "a"}


def test_a_changed_column_under_a_settled_rename_stays_out_under_its_new_name() -> None:
    source = catalog(table(column("b", INT4, 2)))
    scene = Scene(PLAIN, source, campaign(field("b")), OPEN)
    assert scene.kinds == [("renamed_field", "settled"), ("type_change", "open")]
    assert scene.left_out == {"b": scene.changes[1].id}


def test_a_changed_column_under_an_open_rename_stays_out() -> None:
    scene = Scene(PLAIN, catalog(table(column("b", INT4, 2))), campaign(field("a")), OPEN)
    assert scene.fed == {"id": "_id"}


def test_columns_of_a_renamed_table() -> None:
    source = catalog(table(column("a", INT4, 2), name="campaign"))
    scene = Scene(PLAIN, source, campaign(field("a")), OPEN)
    assert scene.kinds == [("table_renamed", "settled"), ("type_change", "open")]
    assert scene.left_out == {"a": scene.changes[1].id}
    open_rename = Scene(PLAIN, catalog(table(A, name="promotions")), campaign(field("a")), OPEN)
    (entity,) = open_rename.load.mapping.entities
    assert (entity.table, entity.collection, open_rename.fed) == (
        "public.promotions",
        "campaigns",
        {"id": "_id", "a": "a"},
    )


def test_a_new_column_under_the_name_of_a_renamed_one_waits() -> None:
    source = catalog(table(column("b", TEXT, 2), column("a", TEXT, 3)))
    scene = Scene(PLAIN, source, campaign(field("a")), OPEN)
    rename = next(change for change in scene.changes if change.kind == "renamed_field")
    assert scene.fed == {"id": "_id", "b": "a"}
    assert scene.left_out == {"a": rename.id}
    assert scene.advanced().kinds == scene.kinds


def test_auto_approved_columns_are_in_as_soon_as_the_models_show_them() -> None:
    source = catalog(table(A, column("n", INT8, 3)))
    before = Scene(PLAIN, source, campaign(field("a")), OPEN)
    assert before.left_out == {"n": before.changes[0].id}
    after = replace(before, models=campaign(field("a"), field("n", optional(Shape("int")))))
    assert after.fed == {"id": "_id", "a": "a", "n": "n"}
    assert after.advanced().kinds == []
    # Not in the models yet: the baseline must not move over it, or nobody would hear of it again.
    assert before.advanced().kinds == before.kinds == [("new_field", "decided")]


def test_a_widened_column_is_loaded_and_accepted_at_once() -> None:
    scene = Scene(
        catalog(table(column("n", INT4))),
        catalog(table(column("n", INT8))),
        campaign(field("n", Shape("int"))),
        OPEN,
    )
    assert scene.fed == {"id": "_id", "n": "n"}
    assert scene.advanced().kinds == []


def test_an_undecided_enum_value_keeps_its_column_out() -> None:
    old, new = enum("x"), enum("x", "y")
    shape = Shape("enum", labels=("x",))
    scene = Scene(
        catalog(table(column("s", old))), catalog(table(column("s", new))), campaign(field("s", shape)), OPEN
    )
    assert scene.left_out == {"s": scene.changes[0].id}
    assert scene.load.optional_targets == (("public.campaigns", "s"),)
    custom = scene.answered("custom", function="app.rules:status")
    (entity,) = custom.load.mapping.entities
    assert entity.columns[1].rule == "custom"
    assert entity.columns[1].params == (("function", "app.rules:status"),)


def test_a_key_of_another_type_holds_the_whole_table() -> None:
    before = table(A)
    after = replace(before, columns=(replace(before.columns[0], type=UUID), A))
    scene = Scene(catalog(before), catalog(after), campaign(field("a")), OPEN)
    assert scene.load.mapping.entities == ()
    assert scene.load.held == (("public.campaigns", scene.changes[0].id),)


def test_ignoring_a_new_column_is_for_good() -> None:
    scene = Scene(PLAIN, catalog(table(A, column("n", INT8, 3, nullable=False))), campaign(field("a")), OPEN)
    ignored = scene.answered("ignore")
    assert ignored.left_out == {"n": "unmapped"}
    assert ignored.advanced().kinds == []


def test_identities_of_another_cluster_are_taken_over() -> None:
    scene = Scene(PLAIN, anonymous(catalog(table(replace(A, number=9), oid=77))), campaign(field("a")), OPEN)
    baseline = scene.advanced().baseline
    assert (baseline.system_identifier, baseline.tables[0].oid) == ("another", 77)
    assert baseline.tables[0].columns[1].number == 9


def test_a_model_does_not_go_to_another_table_in_silence() -> None:
    """With a column of the model's, public.t comes before sales.t; nobody said that it is to feed T."""
    before = catalog(table(name="t"), replace(table(A, name="t", oid=2), schema="sales"))
    after = catalog(table(A, name="t"), replace(table(A, name="t", oid=2), schema="sales"))
    models = models_of({"T": {"a": Shape("str")}})
    assert [one.table for one in Scene(before, before, models).load.mapping.entities] == ["sales.t"]
    with pytest.raises(UsageError, match=r"public\.t would feed the model T .* which sales\.t fed") as found:
        _ = Scene(before, after, models).changes
    assert found.value.code == "model-contested"
    for chosen in ("public.t", "sales.t"):
        config = Config(privacy=OPEN.privacy, entities={chosen: EntitySection(model="T")})
        scene = Scene(before, after, models, config)
        assert [one.table for one in scene.load.mapping.entities] == [chosen]


@settings(max_examples=200, deadline=None)
@given(CATALOGS, CATALOGS, MODELS)
def test_what_is_loaded(baseline: Catalog, source: Catalog, models: ModelSet) -> None:
    """Columns that exist, keys that are single, and nothing of what is open but renames that identity proves."""
    assume(not contested(baseline, source, models))
    scene = Scene(baseline, source, models)
    load = scene.load
    carried = {(table, name) for _, table, name, _ in load.carried}
    for entity in load.mapping.entities:
        there = source.table(entity.table)
        assert there is not None
        names = {column.name for column in there.columns}
        assert {column.column for column in entity.columns} <= names
        assert {name for name, _ in entity.left_out} == names - {column.column for column in entity.columns}
        targets = [column.target for column in entity.columns]
        assert len(targets) == len(set(targets))
        assert entity.key == there.primary_key
    new_names = {
        change.table: change.details.after for change in scene.changes if change.kind == "table_renamed"
    }
    for change in scene.changes:
        if change.state != "open" or not kinds()[change.kind].alters_values:
            continue
        mapped = load.mapping.of_table(new_names.get(change.table) or change.table)
        for fact in change.facts:
            new = getattr(fact, "new", None) or (fact.column if fact.tag == "added" else None)
            if mapped and new and (mapped.table, new.name) not in carried:
                assert mapped.target_of(new.name) is None


@settings(max_examples=200, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(CATALOGS, CATALOGS, MODELS)
def test_the_baseline_moves_once_and_asks_the_same_afterwards(
    baseline: Catalog, source: Catalog, models: ModelSet
) -> None:
    """But for what stands under an accepted rename: it has another path now, and is asked about anew.

    Nothing that is open is lost: what was asked as two questions may be one when a third is out of the way, and then
    it holds all that the two held. An addition may be asked about that was not before: likeness weighs all that the
    baseline holds, so that a candidate may come over the floor when something else was accepted.
    """
    assume(not contested(baseline, source, models))
    scene = Scene(baseline, source, models)
    renames = ("table_renamed", "renamed_field")
    assume(not any(change.kind in renames and change.state == "settled" for change in scene.changes))
    moved = scene.advanced()
    before = [change for change in scene.changes if change.state == "open"]
    after = [change for change in moved.changes if change.state == "open"]
    was, now = ({change.id for change in side} for side in (before, after))
    asked, still = ([fact for change in side for fact in change.facts] for side in (before, after))
    assert all(change.id in now or all(fact in still for fact in change.facts) for change in before)
    for change in after:
        anew = change.id not in was and not all(fact in asked for fact in change.facts)
        assert not anew or (change.kind == "new_field" and change.candidates)
    assert moved.advanced().baseline == moved.baseline
