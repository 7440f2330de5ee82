"""Names that belong together, rules, and what is masked."""

from __future__ import annotations

import pytest

from bravo_agent.changes._samples import ID, INT8, TEXT, column, field, table
from bravo_agent.config import Config, EntitySection, PrivacySection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, ColumnType, ForeignKey, Table
from bravo_agent.model.entities import Entity, Field, ModelSet, Place, Shape
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.privacy import unclassified

PLACE = Place("m.py", 1)
KEEP = PrivacySection(mode="keep")


def entity(name: str, *fields: Field, module: str = "app") -> Entity:
    return Entity(name, module, PLACE, fields)


def key_field(name: str = "id", document_name: str = "_id") -> Field:
    return Field(name, document_name, Shape("int"), True, PLACE)


def mapped(found: Table, *entities: Entity, **sections: EntitySection) -> EntityMapping | None:
    config = Config(privacy=KEEP, entities={f"public.{name}": section for name, section in sections.items()})
    return derive_mapping(Catalog((found,)), ModelSet(entities), config).of_table(found.key)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("campaigns", "Campaign"),
        ("ad_groups", "AdGroup"),
        ("companies", "Company"),
        ("statuses", "Status"),
        ("houses", "House"),
        ("boxes", "Box"),
        ("daily_metrics", "DailyMetric"),
        ("orderItems", "OrderItem"),
        ("users", "UserDocument"),
        ("user", "Users"),
    ],
)
def test_tables_find_their_models(name: str, model: str) -> None:
    found = mapped(table(name=name), entity(model, key_field()))
    assert found is not None
    assert (found.entity, found.collection) == (model, name)


def test_what_cannot_be_told_apart_is_left_unmapped() -> None:
    twins = (entity("Campaign", key_field(), module="a"), entity("Campaign", key_field(), module="b"))
    assert mapped(table(), *twins) is None
    named = mapped(table(), *twins, campaigns=EntitySection(model="b:Campaign"))
    assert named is not None
    assert named.entity == "b:Campaign"


def test_a_model_that_shares_no_field_is_another_thing() -> None:
    assert mapped(table(column("x")), entity("Campaign", field("y"))) is None


def test_the_schema_goes_in_front() -> None:
    tables = (Table("public", "orders", (ID,), ("id",)), Table("sales", "orders", (ID,), ("id",)))
    found = derive_mapping(Catalog(tables), ModelSet((entity("Order", key_field()),)), Config())
    assert [(e.table, e.collection) for e in found.entities] == [("public.orders", "orders")]
    config = Config(entities={"sales.orders": EntitySection()})
    found = derive_mapping(Catalog(tables), ModelSet((entity("Order", key_field()),)), config)
    assert [(e.collection, e.entity) for e in found.entities] == [("orders", "Order"), ("sales_orders", None)]


def test_columns_find_their_fields() -> None:
    found = mapped(
        table(column("daily_budget"), column("class"), column("owner"), column("x$"), column("unwanted")),
        entity(
            "Campaign",
            key_field(),
            Field("dailyBudget", "dailyBudget", Shape("str"), True, PLACE),
            Field("class_", "class", Shape("str"), True, PLACE),
            Field("owner_id", "owner", Shape("str"), True, PLACE),
            Field("x", "x%24", Shape("str"), True, PLACE),
            Field("unwanted", "unwanted", Shape("str"), True, PLACE, computed=True),
        ),
    )
    assert found is not None
    assert {c.column: (c.target, c.field) for c in found.columns} == {
        "id": ("_id", "id"),
        "daily_budget": ("dailyBudget", "dailyBudget"),
        "class": ("class", "class_"),
        "owner": ("owner", "owner_id"),
        "x$": ("x%24", "x"),
    }
    assert found.left_out == (("unwanted", "unmapped"),)


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ((key_field(),), ("_id", "id")),
        ((key_field("key"), field("name")), ("_id", "key")),
        ((field("id"),), ("id", "id")),
        ((field("name"),), ("_id", None)),
    ],
)
def test_a_single_key(fields: tuple[Field, ...], target: tuple[str, str | None]) -> None:
    found = mapped(table(column("name")), entity("Campaign", *fields))
    assert found is not None
    assert found.key == ("id",)
    (key,) = [c for c in found.columns if c.column == "id"]
    assert (key.target, key.field) == target


def test_a_composite_key_leaves_its_columns_ordinary() -> None:
    found = mapped(
        table(column("day"), key=("id", "day")),
        entity("Campaign", key_field("key"), Field("id", "id", Shape("int"), True, PLACE), field("day")),
    )
    assert found is not None
    assert {c.column: c.target for c in found.columns} == {"id": "id", "day": "day"}
    assert found.key == ("id", "day")


def test_overrides_and_rules() -> None:
    section = EntitySection(
        fields={"budget": "daily_budget"},
        rules={"budget": "preserve", "name": "custom:app.rules:name"},
        ignore=("secret",),
        collection="promos",
    )
    found = mapped(
        table(column("budget"), column("name"), column("secret")),
        entity("Campaign", key_field(), field("daily_budget"), field("name"), field("secret")),
        campaigns=section,
    )
    assert found is not None
    assert found.collection == "promos"
    assert [(c.target, c.rule, c.params) for c in found.columns] == [
        ("_id", "standard", ()),
        ("daily_budget", "preserve", ()),
        ("name", "custom", (("function", "app.rules:name"),)),
    ]
    assert found.left_out == (("secret", "ignored"),)


@pytest.mark.parametrize(
    ("section", "code"),
    [
        (EntitySection(model="Nobody"), "model-unknown"),
        (EntitySection(fields={"a": "nothing"}), "field-unknown"),
    ],
)
def test_what_bravo_toml_names_in_vain(section: EntitySection, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        mapped(table(column("a")), entity("Campaign", key_field(), field("a")), campaigns=section)


def test_without_a_model_all_columns_are_loaded_but_text_search_vectors() -> None:
    found = mapped(
        table(column("a.b"), column("_id", INT8), column("search", ColumnType("tsvector"))),
        campaigns=EntitySection(),
    )
    assert found is not None
    assert [(c.column, c.target, c.field) for c in found.columns] == [
        ("id", "_id", None),
        ("a.b", "a%2Eb", None),
        ("_id", "%5Fid", None),
    ]


def test_what_nobody_classified_is_masked_and_listed_but_keys() -> None:
    users = table(
        column("email"),
        column("owner", INT8),
        column("code", TEXT),
        column("name"),
        name="users",
        foreign_keys=(ForeignKey("f", ("owner",), "public.users", ("code",)),),
    )
    models = ModelSet(
        (entity("User", key_field(), field("email"), field("owner"), field("code"), field("name")),)
    )
    config = Config(
        privacy=PrivacySection(columns={"public.users.name": "keep"}),
        entities={"public.users": EntitySection(rules={"email": "preserve", "name": "preserve"})},
    )
    mapping = derive_mapping(Catalog((users,)), models, config)
    rules = {c.column: c.rule for c in mapping.entities[0].columns}
    assert rules == {
        "id": "standard",
        "email": "masking",
        "owner": "standard",
        "code": "standard",
        "name": "preserve",
    }
    assert unclassified(mapping, config) == ("public.users.email",)
