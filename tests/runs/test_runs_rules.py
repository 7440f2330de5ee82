"""Rules through bravo.toml: masking under a key, preserve, a function of the project."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runs_scene import Documents, Scene, fields

KEYS = {
    "advertisers": ("_id",),
    "users": ("_id", "advertiser_id", "invited_by"),
    "ads": ("_id", "ad_group_id"),
}


def _section(scene: Scene, table: str, line: str) -> None:
    scene.edit(f'collection = "{table}"\n', f'collection = "{table}"\n{line}\n')


def _values(documents: Documents, collection: str, field: str) -> list[Any]:
    return [one.get(field) for one in documents[collection].values()]


def test_one_key_gives_one_set_of_masks(scene: Scene) -> None:
    scene.json("--auto")
    first = scene.documents()
    scene.json("--auto")
    assert scene.documents() == first
    other = replace(scene, environ={**scene.environ, "BRAVO_MASK_KEY": "another"})
    other.json("--auto")
    second = scene.documents()
    assert not {*_values(first, "users", "email")} & {*_values(second, "users", "email")}
    for collection, names in KEYS.items():
        for name in names:
            assert _values(first, collection, name) == _values(second, collection, name)
    first_version, _, last = reversed(scene.json("versions"))
    assert first_version["masking_hash"] != last["masking_hash"]


def test_what_nobody_classified_is_masked_and_listed(scene: Scene) -> None:
    scene.drift(1)
    report = scene.json("--auto")
    assert report["unclassified"] == ["public.campaigns.channel"]
    assert "public.campaigns.channel" in report["masked"]
    real = {"direct", "partner", "agency", "self-serve", None}
    found = _values(scene.documents(), "campaigns", "channel")
    assert all(one is None or one.startswith("masked-") for one in found)
    step = next(one for one in report["nextSteps"] if "classify" in one)
    assert "public.campaigns.channel" in step
    scene.edit("[privacy.columns]\n", '[privacy.columns]\n"public.campaigns.channel" = "keep"\n')
    report = scene.json("--auto")
    assert report["unclassified"] == []
    assert {*_values(scene.documents(), "campaigns", "channel")} <= real


def test_keys_are_never_masked_unless_somebody_says_so(scene: Scene) -> None:
    text = (scene.project / "bravo.toml").read_text()
    head, _, rest = text.partition("[privacy.columns]\n")
    (scene.project / "bravo.toml").write_text(head + rest[rest.index("\n\n") :])
    scene.commit()
    report = scene.json("--auto")
    masked = {*report["masked"]}
    assert "public.campaigns.name" in masked
    assert not masked & {
        "public.campaigns.id",
        "public.campaigns.advertiser_id",
        "public.daily_metrics.ad_id",
        "public.daily_metrics.day",
        "public.users.invited_by",
    }
    assert report["unclassified"] == sorted(masked)
    documents = scene.documents()
    advertisers = {one["_id"] for one in documents["advertisers"].values()}
    assert {*_values(documents, "campaigns", "advertiser_id")} <= advertisers


def test_preserve_and_a_function_of_the_project(scene: Scene) -> None:
    (scene.project / "own_rules.py").write_text("def shout(name):\n    return name and name.upper()\n")
    rules = 'rules = { created_at = "preserve", external_id = "standard", name = "custom:own_rules:shout" }'
    _section(scene, "campaigns", rules)
    scene.json("--auto")
    documents = scene.documents()
    wanted = scene.query(
        "select id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), upper(name)"
        " from campaigns"
    )
    found = [(one["_id"], one["created_at"], one["name"]) for one in documents["campaigns"].values()]
    assert sorted(found) == sorted(wanted)
    assert scene.cli("validate").code == 0


def test_rules_that_cannot_be(scene: Scene) -> None:
    for rules, code, exit_code in (
        ('{ name = "shuffle" }', "rule-unknown", 2),
        ('{ name = "custom:nowhere:nothing" }', "custom-rule-missing", 2),
        ('{ targeting = "preserve" }', None, 0),
        ('{ labels = "preserve" }', "rule-not-for-type", 2),
    ):
        text = (scene.project / "bravo.toml").read_text()
        _section(scene, "campaigns", f"rules = {rules}")
        outcome = scene.cli("--auto", "--json")
        assert outcome.code == exit_code, outcome.err
        if code:
            assert outcome.json["error"]["code"] == code
            assert outcome.json["error"]["where"]
        (scene.project / "bravo.toml").write_text(text)
        scene.commit()


def test_a_rule_that_raises_publishes_nothing(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    (scene.project / "raising.py").write_text("def rule(value):\n    raise ValueError(value)\n")
    _section(scene, "campaigns", 'rules = { name = "custom:raising:rule" }')
    outcome = scene.cli("--auto", "--json")
    assert outcome.code == 1
    assert outcome.json["error"]["code"] == "custom-rule-failed"
    names = [row[0] for row in scene.query("select name from campaigns")]
    assert not any(name in outcome.out + outcome.err for name in names)
    assert scene.documents() == before
    scene.git("revert", "--no-edit", "HEAD")
    assert scene.json("--auto")["published"]
    assert scene.documents() == before
    with scene.client() as client:
        runs = [one["outcome"] for one in client[scene.database]["etl_audit"].find().sort("_id")]
    assert runs == ["published", "failed", "published"]


def test_a_row_that_cannot_be_a_document_fails_the_run(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    scene.sql("update campaigns set end_date = 'infinity' where id = (select min(id) from campaigns)")
    report = scene.json("--auto", code=1)
    assert (report["status"], report["published"]) == ("failed-checks", False)
    failed = {one["check"] for one in report["checks"] if not one["passed"]}
    assert failed == {"ledger"}
    assert scene.documents() == before
    assert [one["state"] for one in scene.json("versions") if one["current"]] == ["published"]
    ledger = list((scene.project / ".bravo" / "ledger").glob("*.jsonl"))
    assert len(ledger) == 1
    assert "infinite-date" in ledger[0].read_text()
    (scene.project / "bravo.toml").write_text(
        (scene.project / "bravo.toml").read_text() + "\n[load]\nquarantine = 1\n"
    )
    report = scene.json("--auto")
    assert {one["table"]: one["quarantined"] for one in report["tables"]}["public.campaigns"] == 1
    assert len(scene.documents()["campaigns"]) == len(before["campaigns"]) - 1
    scene.sql("update campaigns set end_date = null where end_date = 'infinity'")
    assert scene.json("--auto")["published"]
    assert len(scene.documents()["campaigns"]) == len(before["campaigns"])


def test_documents_that_the_models_refuse_fail_the_run(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    place = "headline: str = Field(max_length=120)"
    scene.edit(place, "headline: str = Field(max_length=3)", "campaigns/models/ads.py")
    report = scene.json("--auto", code=1)
    assert {one["check"] for one in report["checks"] if not one["passed"]} == {"validator-scan"}
    assert scene.documents() == before
    scene.git("revert", "--no-edit", "HEAD")
    assert scene.json("--auto")["published"]
    assert "channel" not in fields(scene.documents(), "campaigns")
