"""The answer ``keep`` in the data path: values come back in the old type, and what does not fit is told."""

from __future__ import annotations

from pathlib import Path

import bson
import pyarrow as pa
import pytest

from bravo_agent.artifacts.mongodb_validator import validator
from bravo_agent.changes._samples import INT4, TEXT, column, field, table
from bravo_agent.config import Config, PrivacySection, TypesSection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, ColumnType, Table
from bravo_agent.model.change import Decision
from bravo_agent.model.entities import Entity, ModelSet, Place, Shape
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.planning.decide import decide
from bravo_agent.planning.load_mapping import mapping_for_load
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise
from bravo_agent.transfer.encode import MAX_DOCUMENT
from bravo_agent.transfer.exact import encode_exact
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.transfer.transform import Surroundings

SWITCHES = TypesSection()
AROUND = Surroundings(Path(), None, SWITCHES)
MODEL = ModelSet(
    (
        Entity(
            "Campaign",
            "app",
            Place("app.py", 1),
            (field("id", Shape("int")), field("code", Shape("int"))),
        ),
    )
)
BEFORE, AFTER = table(column("code", INT4)), table(column("code", TEXT))


def kept(before: Table = BEFORE, after: Table = AFTER, *, mask: bool = False) -> EntityMapping | None:
    """The mapping of the load after everything that is open was answered with ``keep``."""
    privacy = (
        PrivacySection(columns={"public.campaigns.code": "mask"}) if mask else PrivacySection(mode="keep")
    )
    config = Config(privacy=privacy)
    old, new = Catalog((before,), "prod", "1"), Catalog((after,), "prod", "1")
    found = recognise(old, new, MODEL, derive_mapping(old, MODEL, config), config, {}).changes
    changes = decide(found, [Decision(change.id, "keep") for change in found], config)
    mapping = mapping_for_load(changes, new, MODEL, config).mapping
    return mapping.of_table("public.campaigns")


def code_of(mapping: EntityMapping | None) -> ColumnMapping | None:
    return mapping.target_of("code") if mapping else None


def test_values_come_back_and_misfits_go_to_the_ledger() -> None:
    mapping = kept()
    assert mapping is not None
    encoder = TableEncoder(mapping, AFTER, AROUND)
    codes = ["7", None, "SECRET", " 8 ", "99999999999"]
    batch = pa.record_batch({"id": pa.array(range(5), pa.int64()), "code": pa.array(codes, pa.utf8())})
    (part,) = encoder.encode(batch.select(list(encoder.columns)), 0)
    documents = [bson.decode(one) for one in part.documents.to_pylist()]
    assert [one["code"] for one in documents] == [7, None, 8]
    told = [(one.row, one.column, one.reason) for one in part.rejected]
    assert told == [(2, "code", "cast-does-not-fit"), (4, "code", "cast-outside-bounds")]
    assert "SECRET" not in repr(part.rejected)
    rows = encoder.transform.apply(batch, 0)
    exact = encode_exact(rows, encoder.transform.key, encoder.transform.fields, SWITCHES)
    assert exact.documents.to_pylist() == part.documents.to_pylist()
    assert [one.reason for one in exact.rejected] == ["cast-does-not-fit", "cast-outside-bounds"]
    assert all(len(one) < MAX_DOCUMENT for one in part.documents.to_pylist())


def test_the_validator_speaks_of_the_old_type() -> None:
    mapping = kept()
    assert mapping is not None
    found = validator(mapping, AFTER, MODEL.entities[0], SWITCHES)
    assert found["$jsonSchema"]["properties"]["code"] == {"bsonType": ["int", "null"]}


def test_what_cannot_come_back_stays_out() -> None:
    assert code_of(kept(mask=True)) is None
    keys = ("id", "code")
    assert kept(table(column("code", INT4), key=keys), table(column("code", TEXT), key=keys)) is None
    unknown = table(column("code", ColumnType("point")))
    assert code_of(kept(table(column("code", INT4)), unknown)) is None


def test_the_rule_is_not_for_hand() -> None:
    mapping = EntityMapping(
        "public.campaigns", "campaigns", None, (ColumnMapping("code", "code", None, "cast"),), ()
    )
    with pytest.raises(UsageError, match="rule-params"):
        TableEncoder(mapping, AFTER, AROUND)
