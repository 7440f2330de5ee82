"""The other two ways of bringing data in: merged in place, and into a database of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from bson.binary import Binary
from runs_production import KEYS, expected, without
from runs_scene import Documents, Scene, fields


def _like_production(scene: Scene, documents: Documents, masked: list[str], *own: str) -> None:
    """Production's documents are as production has them; ``own`` documents are not looked at."""
    found = {
        name: {key: one for key, one in group.items() if key not in own} for name, group in documents.items()
    }
    assert without(found, [*masked, "campaigns.note"]) == without(expected(scene, without=masked), ())


def _developers_add(scene: Scene) -> None:
    with scene.client() as client:
        campaigns = client[scene.database]["campaigns"]
        first = campaigns.find_one(sort=[("_id", 1)])
        assert first is not None
        own = {"_id": 900_001, "external_id": Binary.from_uuid(uuid4()), "name": "A test campaign"}
        campaigns.insert_one({**first, **own})
        campaigns.update_one({"_id": first["_id"]}, {"$set": {"note": "for the demo"}})


def _production_goes_on(scene: Scene) -> None:
    scene.sql(
        "update campaigns set name = name || ' (new)' where id % 2 = 0;"
        "delete from daily_metrics where ad_id % 5 = 0;"
        "update daily_metrics set clicks = clicks + 1 where ad_id % 7 = 0;"
        "insert into advertisers select 70001, gen_random_uuid(), 'New', legal_name, country, currency"
        " from advertisers limit 0;"
    )
    columns = [row[0] for row in scene.query(_COLUMNS)]
    copied = ", ".join(
        {"id": "70001", "external_id": "gen_random_uuid()"}.get(name, name) for name in columns
    )
    scene.sql(
        f"insert into advertisers ({', '.join(columns)}) select {copied} from advertisers order by id limit 1"
    )


_COLUMNS = (
    "select column_name from information_schema.columns where table_name = 'advertisers'"
    " and is_generated = 'NEVER' order by ordinal_position"
)


def test_what_changed_is_merged_and_what_others_own_stays(scene: Scene) -> None:
    masked = scene.json("--auto")["masked"]
    _developers_add(scene)
    before = scene.documents()
    _production_goes_on(scene)
    report = scene.json("--auto", "--refresh", "incremental")
    touched = {one["collection"]: one["documents"] for one in report["tables"]}
    assert touched["users"] == touched["ads"] == 0
    assert touched["advertisers"] == 1
    after = scene.documents()
    assert after["campaigns"]["900001"]["name"] == "A test campaign"
    assert [one["note"] for one in after["campaigns"].values() if "note" in one] == ["for the demo"]
    _like_production(scene, after, masked, "900001")
    assert scene.cli("validate").code == 0
    with scene.client() as client:  # somebody else has a hand in what the increment brought
        client[scene.database]["advertisers"].update_one({"_id": 70_001}, {"$set": {"note": "mine"}})
    scene.json("rollback", "--version", scene.json("versions")[-1]["id"])
    found = scene.documents()
    assert found["advertisers"].pop("70001") == {"_id": 70_001, "note": "mine"}
    assert found == before


@pytest.mark.slow
def test_an_increment_under_another_mapping(scene: Scene) -> None:
    scene.json("--auto")
    _developers_add(scene)
    before, rules = scene.documents(), _validators(scene)
    scene.drift(1, 5, 6)
    _production_goes_on(scene)
    report = scene.json("--auto", "--refresh", "incremental", code=3)
    documents = scene.documents()
    assert report["published"]
    own = documents["campaigns"].pop("900001")
    assert own["name"] == "A test campaign"
    assert "channel" in fields(documents, "campaigns")
    assert "status" not in fields(documents, "campaigns")  # left out: its old values must not stay behind
    _like_production(scene, documents, [*report["masked"], "campaigns.status"])
    assert "note" in fields(documents, "campaigns")
    assert _validators(scene) != rules
    scene.json("rollback", "--version", scene.json("versions")[-1]["id"])
    assert scene.documents() == before
    assert _validators(scene) == rules


_CONVERSION = """

class Conversion(Document):
    id: int = Field(alias="_id")
    ad_id: int
    campaign_id: int
    kind: str
    value: Money | None = None
    occurred_at: datetime
"""


def test_a_table_that_an_increment_brought_goes_with_it(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    scene.drift(9)
    models = scene.project / "campaigns" / "models" / "metrics.py"
    models.write_text(models.read_text() + _CONVERSION)
    path = scene.project / "bravo.toml"
    path.write_text(path.read_text() + '\n[entities."public.conversions"]\nmodel = "Conversion"\n')
    scene.commit()
    report = scene.json("--auto", "--refresh", "incremental")
    assert [(one["type"], one["state"]) for one in report["changes"]] == [("table_added", "settled")]
    (count,) = scene.query("select count(*) from conversions")[0]
    assert len(scene.documents()["conversions"]) == count > 0
    scene.json("rollback", "--version", scene.json("versions")[-1]["id"])
    assert scene.documents() == before
    assert scene.json("--auto")["published"]
    assert len(scene.documents()["conversions"]) == count


def _validators(scene: Scene) -> dict[str, object]:
    with scene.client() as client:
        return {name: client[scene.database][name].options().get("validator") for name in KEYS}


def test_an_increment_needs_something_to_start_from(scene: Scene) -> None:
    error = scene.json("--auto", "--refresh", "incremental", code=2)["error"]
    assert error["code"] == "no-current-version"
    assert "--refresh full" in error["hint"]
    assert scene.json("versions") == []
    assert scene.json("--auto")["published"]
    scene.json("snapshot", "prune", "--keep", "0")
    error = scene.json("--auto", "--refresh", "incremental", code=2)["error"]
    assert error["code"] == "former-snapshot-missing"
    assert scene.json("--auto")["published"]


@pytest.mark.slow
def test_a_database_beside(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    scene.sql("delete from daily_metrics where ad_id % 2 = 0")
    today = datetime.now(UTC).strftime("%Y%m%d")
    report = scene.json("--auto", "--refresh", "parallel")
    assert report["database"] == f"{scene.database}-{today}"
    assert scene.documents() == before
    _like_production(scene, scene.documents(report["database"]), report["masked"])
    scene.git("checkout", "-q", "-b", "feature/new-bids")
    branch = scene.json("--auto", "--refresh", "parallel")["database"]
    assert branch == f"{scene.database}-feature-new-bids"
    (version,) = scene.json("versions", "--db", branch)
    assert version["branch"] == "feature/new-bids"
    with scene.client() as client:
        client.drop_database(branch)
    assert scene.json("--auto", "--refresh", "parallel")["published"]
    named = scene.json("--auto", "--db", f"{scene.database}-test")
    assert named["database"] == f"{scene.database}-test"
    assert scene.documents() == before
