"""An accepted drop of a column that code uses: blocked until a person took the uses away, told alike everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from runs_scene import Scene, fields

MODEL = "campaigns/models/campaigns.py"
BY_HAND = {
    "campaigns/calculations.py": [
        (
            "    if ad_group.quality_score is None:\n        return ONE\n"
            '    return Decimal("0.5") + ad_group.quality_score / 10\n',
            "    return ONE\n",
        ),
    ],
    "campaigns/validation.py": [
        (
            "    if ad_group.quality_score is not None and not 0 <= ad_group.quality_score <= 10:\n"
            '        problems.append(Problem("quality_score", "must lie between 0 and 10"))\n',
            "",
        ),
    ],
    "campaigns/serializers.py": [
        ('        quality_score=round_field("quality_score", ad_group.quality_score),\n', ""),
    ],
    "tests/test_api.py": [
        ('    assert [group["quality_score"] for group in body] == ["7.5000", None]\n', "")
    ],
    "tests/test_repository.py": [
        ('    assert first.quality_score == Decimal("7.5000")\n    assert second.quality_score is None\n', "")
    ],
    "tests/test_rounding.py": [('        ("quality_score", "7.12345", "7.1235"),\n', "")],
    "tests/test_serializers.py": [('    assert out["quality_score"] == "7.5000"\n', "")],
    "tests/test_validation.py": [('        "quality_score",\n', "")],
}


def dropped(document: Any) -> Any:
    (change,) = [one for one in document["changes"] if one["type"] == "dropped_field"]
    return change


def answered(scene: Scene, option: str = "drop-field") -> Any:
    """Production lost a column that is used and got an optional one; somebody answered the drop."""
    scene.drift(1, 7)
    found = scene.json("detect")
    for change in found["changes"]:
        if [one["name"] for one in change["options"]] == ["accept"]:  # a check over the column went with it
            scene.json("decide", change["id"], "accept")
    told = scene.json("decide", dropped(found)["id"], option)
    scene.commit()
    return told


def places(uses: Any) -> set[tuple[str, int]]:
    return {(use["file"], use["line"]) for use in uses}


def test_the_run_stays_blocked_and_says_what_to_do(scene: Scene) -> None:
    scene.json("--auto")
    before = scene.documents()
    told = answered(scene)
    assert {("campaigns/calculations.py", 142), ("campaigns/validation.py", 56)} <= places(told["held_by"])
    report = scene.json("--auto", code=4)
    assert (report["status"], report["published"]) == ("blocked", False)
    assert scene.documents() == before
    assert len(scene.json("versions")) == 1
    change = dropped(report)
    assert (change["decision"], change["state"], change["option"]) == ("block", "decided", "drop-field")
    assert change["heldBy"] == told["held_by"]
    step = report["nextSteps"][0]
    count = len(change["heldBy"])
    assert step.startswith(f"settle: drop-field leaves {count} uses in code: campaigns/calculations.py:140 ")
    assert f"bravo-agent decide {change['id'][:12]} keep-optional | custom" in step
    # What else was decided is in the code, for its own tests to run on.
    assert report["code"]["edited"] == [MODEL]
    scene.commit()
    again = scene.json("--auto", code=4)
    assert (again["code"]["edited"], again["nextSteps"][0]) == ([], step)
    assert dropped(again) == change


@pytest.mark.slow
def test_detect_plan_explain_cascade_and_apply_agree(scene: Scene) -> None:
    scene.json("--auto")
    told = answered(scene)
    change = dropped(scene.json("detect", "--exit-code", code=4))
    assert change["heldBy"] == told["held_by"]
    text = scene.cli("detect").out
    assert "blocked, decided as drop-field by person" in text
    assert "blocked: drop-field leaves " in text
    assert scene.json("explain", change["id"])["next"][0].startswith("next: blocked")
    cascade = scene.json("cascade")
    assert cascade["blocked"] == [{"id": change["id"], "uses": change["heldBy"]}]
    assert (
        "blocked: dropped_field public.ad_groups.quality_score: drop-field leaves "
        in scene.cli("cascade").out
    )
    draft = scene.cli("run", "--dry-run")
    planned = scene.json("plan", code=4)
    lines = [line for line in planned["lines"] if line.startswith("block")]
    assert lines[0].startswith("blocks: dropped_field public.ad_groups.quality_score: drop-field leaves ")
    assert lines[1:] == ["blocked: nothing would be published"]
    assert (draft.code, all(line in draft.out for line in lines)) == (4, True)
    assert [step["tag"] for step in planned["plan"]["steps"]] == ["edit-code", "advance-baseline"]
    applied = scene.json("apply", planned["plan"]["hash"], code=4)
    assert applied["status"] == "not_applied"
    assert len(scene.json("versions")) == 1
    assert MODEL in scene.changed()
    assert scene.json("apply", planned["plan"]["hash"], code=4)["status"] == "not_applied"


@pytest.mark.slow
def test_once_a_person_took_the_uses_away_it_goes_through(scene: Scene) -> None:
    answered(scene)
    scene.json("--auto", code=4)
    scene.commit()
    for file, edits in BY_HAND.items():
        for old, new in edits:
            scene.edit(old, new, file)
    report = scene.json("--auto")
    assert report["code"]["manual"] == []
    assert "campaigns/models/ad_groups.py" in report["code"]["edited"]
    assert "quality_score" not in fields(scene.documents(), "ad_groups")
    assert scene.json("detect")["changes"] == []


@pytest.mark.slow
def test_another_option_goes_through_at_once(scene: Scene) -> None:
    assert answered(scene, "keep-optional")["held_by"] == []
    assert scene.json("--auto")["published"]


def test_a_use_that_came_after_the_plan_makes_it_stale(scene: Scene) -> None:
    scene.json("--auto")
    scene.drift(8)
    change = dropped(scene.json("detect"))
    scene.json("decide", change["id"], "drop-field")
    scene.commit()
    planned = scene.json("plan")
    user = scene.project / "campaigns" / "reporting.py"
    user.write_text(
        "from campaigns.models.campaigns import Campaign\n\n\n"
        "def code(one: Campaign) -> str:\n    return str(one.legacy_code) + '!'\n"
    )
    scene.commit()
    error = scene.json("apply", planned["plan"]["hash"], code=5)["error"]
    assert error["code"] == "plan-stale"
    assert "the change " in error["details"][0]
