"""Each drift script of the example alone: the verdict, what is loaded meanwhile, and how it is settled."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from runs_production import expected, without
from runs_scene import Documents, Scene, fields

CAMPAIGNS, METRICS, AD_GROUPS = "public.campaigns", "public.daily_metrics", "public.ad_groups"
MODEL = "campaigns/models/campaigns.py"


@dataclass(frozen=True)
class Drift:
    """``changed`` is (kind, field) -> (verdict, state); ``absent`` are fields that no document has."""

    number: int
    code: int
    changed: dict[tuple[str, str | None], tuple[str, str]]
    left_out: dict[str, list[str]]
    absent: tuple[str, ...] = ()


DRIFTS = [
    Drift(1, 0, {("new_field", "channel"): ("auto-approve", "decided")}, {}),
    Drift(
        2,
        3,
        {("new_field", "performance_score"): ("review", "open")},
        {CAMPAIGNS: ["performance_score"]},
        ("campaigns.performance_score",),
    ),
    Drift(
        3, 3, {("renamed_field", "daily_budget"): ("review", "open")}, {}, ("campaigns.daily_budget_amount",)
    ),
    Drift(
        4, 3, {("precision_change", "cost"): ("review", "open")}, {METRICS: ["cost"]}, ("daily_metrics.cost",)
    ),
    Drift(5, 0, {("type_widened", "impressions"): ("auto-approve", "decided")}, {}),
    Drift(
        6,
        3,
        {("enum_value_added", "status"): ("review", "open")},
        {CAMPAIGNS: ["status"]},
        ("campaigns.status",),
    ),
    Drift(8, 3, {("dropped_field", "legacy_code"): ("review", "open")}, {}, ("campaigns.legacy_code",)),
    Drift(9, 3, {("table_added", None): ("review", "open")}, {}),
]


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda one: f"{one.number:02}")
def test_what_is_safe_is_loaded_and_the_rest_is_listed(scene: Scene, drift: Drift) -> None:
    scene.drift(drift.number)
    report = scene.json("--auto", code=drift.code)
    assert _changed(report) == drift.changed
    left_out = {
        one["table"]: [name for name, _ in one["left_out"]] for one in report["tables"] if one["left_out"]
    }
    assert left_out == drift.left_out
    assert report["published"]
    documents = scene.documents()
    assert set(documents) == {"advertisers", "users", "campaigns", "ad_groups", "ads", "daily_metrics"}
    for name in drift.absent:
        collection, _, field = name.partition(".")
        assert field not in fields(documents, collection)
    ignored = {*report["masked"], *drift.absent, "campaigns.daily_budget"}
    assert without(documents, ignored) == without(expected(scene, without=ignored), ())
    if drift.code == 0:
        assert scene.json("detect")["changes"] == []
    else:  # nothing was decided silently: the same question stands at the next run, with its answers
        assert not (scene.project / "bravo.decisions.json").exists()
        assert scene.changed() <= {"bravo.catalog.json"}
        again = scene.json("detect", "--exit-code", code=3)
        assert _changed(again) == drift.changed
        assert all(one["options"] for one in again["changes"])
        assert any(step.startswith("decide: ") for step in report["nextSteps"])


def _changed(report: Any) -> dict[tuple[str, str | None], tuple[str, str]]:
    return {(one["type"], one["field"]): (one["decision"], one["state"]) for one in report["changes"]}


def test_a_renamed_column_feeds_its_old_field_on(scene: Scene) -> None:
    budgets = {row[0]: str(row[1]) for row in scene.query("select id, daily_budget from campaigns")}
    scene.drift(3)
    report = scene.json("--auto", code=3)
    assert {k: str(v["daily_budget"]) for k, v in _by_id(scene, "campaigns").items()} == budgets
    assert "daily_budget_amount feeds the field daily_budget on" in report["notes"][0]


def _by_id(scene: Scene, collection: str) -> dict[Any, dict[str, Any]]:
    return {one["_id"]: one for one in scene.documents()[collection].values()}


def test_a_dropped_column_that_code_uses_blocks_before_anything_is_published(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    scene.drift(7)
    report = scene.json("--auto", code=4)
    assert report["status"] == "blocked"
    assert not report["published"]
    assert report["nextSteps"][0].endswith("drop-field | keep-optional | custom")
    (change,) = [one for one in report["changes"] if one["decision"] == "block"]
    assert (change["type"], change["field"], change["severity"]) == (
        "dropped_field",
        "quality_score",
        "breaking",
    )
    roles = {use["role"] for use in change["uses"]}
    assert {"calculation", "rounding", "serialization", "validation", "api", "model", "fixture"} & roles
    assert scene.documents() == before
    assert len(scene.json("versions")) == 1
    assert scene.changed() == set()


def _has(*names: str) -> Callable[[Documents], bool]:
    pairs = [name.split(".") for name in names]
    return lambda documents: all(field in fields(documents, collection) for collection, field in pairs)


def _lacks(*names: str) -> Callable[[Documents], bool]:
    pairs = [name.split(".") for name in names]
    return lambda documents: not any(field in fields(documents, collection) for collection, field in pairs)


@dataclass(frozen=True)
class Answers:
    """``given``: drift script -> option (and parameters), each of a change of its own."""

    name: str
    code: int
    given: dict[int, tuple[str, ...]]
    holds: tuple[Callable[[Documents], bool], ...]
    manual: frozenset[str] = frozenset()
    """Columns whose answer is left to people, in part at least."""


CHANNEL, SCORE, COST, STATUS = (
    "campaigns.channel",
    "campaigns.performance_score",
    "daily_metrics.cost",
    "campaigns.status",
)
QUALITY, LEGACY, BUDGET = "ad_groups.quality_score", "campaigns.legacy_code", "campaigns.daily_budget"
ANSWERS = [
    Answers(
        "as-it-is",
        0,
        {
            1: ("add-field",),
            2: ("make-optional",),
            3: ("keep-old-name",),
            7: ("keep-optional",),
            9: ("ignore",),
        },
        (_has(CHANNEL, SCORE, BUDGET), _lacks(QUALITY)),
    ),
    Answers("ignored", 0, {1: ("ignore",), 2: ("ignore",)}, (_lacks(CHANNEL, SCORE),)),
    Answers(
        "with-parameters",
        0,
        {2: ("default", "value=0"), 4: ("custom", "function=own:cost"), 8: ("keep-optional",)},
        (_has(SCORE, COST), _lacks(LEGACY)),
    ),
    Answers(
        "by-hand",
        3,
        {
            2: ("calculate", "expression=1"),
            3: ("rename",),
            4: ("follow",),
            6: ("add-value",),
            8: ("drop-field",),
            9: ("generate-model",),
        },
        (
            _lacks(SCORE, LEGACY, BUDGET),
            _has(COST, STATUS, "campaigns.daily_budget_amount"),
            lambda documents: "conversions" in documents,
        ),
        manual=frozenset([SCORE]),
    ),
    Answers(
        "by-hand-too",
        3,
        {2: ("custom", "function=own:score"), 3: ("drop-and-add",)},
        (_lacks(SCORE, BUDGET, "campaigns.daily_budget_amount"),),
        manual=frozenset([SCORE, BUDGET]),
    ),
]
_OWN = """
from decimal import Decimal

from bson.decimal128 import Decimal128


def cost(value):
    return Decimal128(value.to_decimal().quantize(Decimal("0.01")))
"""


QUICK = ("with-parameters", "ignored")
"""Answers of every run of the tests; the others where there is time."""


@pytest.mark.parametrize(
    "answers",
    [pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow) for one in ANSWERS],
)
def test_answers_settle_their_changes(scene: Scene, answers: Answers) -> None:
    (scene.project / "own.py").write_text(_OWN)
    scene.commit()
    for number, (option, *params) in answers.given.items():
        scene.drift(number)
        _answer(scene, option, *params)
    report = scene.json("--auto", code=answers.code)
    documents = scene.documents()
    assert [hold(documents) for hold in answers.holds] == [True] * len(answers.holds)
    assert {_column(work["why"]) for work in report["code"]["manual"]} == answers.manual
    assert {one["decidedBy"] for one in report["changes"] if one["state"] == "decided"} <= {
        "person",
        "recorded",
    }
    again = scene.json("detect", "--exit-code")
    assert not [one for one in again["changes"] if one["state"] == "open"]
    if answers.code == 0:
        assert scene.json("cascade", "--check")["files"] == []


def _column(why: str) -> str:
    """`dropped_field public.ads.cost with the answer ...` -> ads.cost."""
    found = re.search(r"public\.(\S+)", why)
    assert found is not None
    return found[1]


def test_an_old_type_is_kept_while_every_value_fits(scene: Scene) -> None:
    scene.drift(4, 6)
    assert not [
        one["field"]
        for one in scene.json("run", "--auto", code=3)["changes"]
        if "keep" in [option["name"] for option in one["options"]]
    ]
    scene.sql(
        "UPDATE daily_metrics SET cost = round(cost, 2);"
        "UPDATE campaigns SET status = 'draft' WHERE status = 'pending_review'"
    )
    scene.json("snapshot", "export")
    _answer(scene, "keep")
    scene.json("run", "--auto")
    documents = scene.documents()
    assert _has(COST, STATUS)(documents)
    costs = [str(one["cost"]) for one in documents["daily_metrics"].values()]
    assert all(len(one.partition(".")[2]) == 2 for one in costs)


def _answer(scene: Scene, option: str, *params: str) -> None:
    given = [part for one in params for part in ("--param", one)]
    for change in scene.json("detect")["changes"]:
        options = [one["name"] for one in change["options"]]
        if change["state"] == "open" and options == ["accept"]:
            scene.json("decide", change["id"], "accept")
        elif option in options and change["decidedBy"] in (None, "safe"):
            scene.json("decide", change["id"], option, *given)


def test_a_model_edited_by_hand_settles_its_change(scene: Scene) -> None:
    scene.drift(3, 6, 8)
    for file in scene.git("grep", "-l", "daily_budget").split():
        if file.startswith("campaigns/"):
            path = scene.project / file
            path.write_text(path.read_text().replace("daily_budget", "daily_budget_amount"))
    for file, old, new in (
        (
            "campaigns/models/enums.py",
            '    DRAFT = "draft"\n',
            '    DRAFT = "draft"\n    REVIEW = "pending_review"\n',
        ),
        (MODEL, "    legacy_code: str | None = None  # from the system before this one\n", ""),
    ):
        scene.edit(old, new, file)
    report = scene.json("--auto")
    assert {one["state"] for one in report["changes"]} == {"settled"}
    documents = scene.documents()
    assert without(documents, report["masked"]) == without(expected(scene, without=report["masked"]), ())
    assert scene.json("detect")["changes"] == []


def test_a_declared_rename_is_decided(scene: Scene) -> None:
    scene.drift(3)
    path = scene.project / "bravo.toml"
    path.write_text(
        path.read_text() + '\n[renames]\n"public.campaigns.daily_budget" = "daily_budget_amount"\n'
    )
    scene.commit()
    report = scene.json("--auto")
    (change,) = report["changes"]
    assert (change["severity"], change["decision"], change["option"]) == ("info", "auto-approve", "rename")
    assert report["code"]["manual"] == []
    assert "campaigns/repository.py" in report["code"]["edited"]
    assert _has("campaigns.daily_budget_amount")(scene.documents())


def test_a_null_becomes_the_default_that_was_answered(scene: Scene) -> None:
    scene.json("--auto")
    scene.sql(
        "ALTER TABLE campaigns ALTER timezone DROP NOT NULL; UPDATE campaigns SET timezone = NULL WHERE id % 2 = 0"
    )
    (change,) = scene.json("detect")["changes"]
    scene.json("decide", change["id"], "default", "--param", "value=Asia/Tokyo")
    masked = scene.json("--auto")["masked"]
    zones = {key: one["timezone"] for key, one in _by_id(scene, "campaigns").items()}
    assert "public.campaigns.timezone" not in masked
    assert {zone for key, zone in zones.items() if key % 2 == 0} == {"Asia/Tokyo"}
    scene.json("validate")
