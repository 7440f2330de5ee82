"""Waivers, rules and proposals with real servers, by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from runs_scene import Scene

from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import open_workspace

DROPPED, REQUIRED = 7, 2
WAIVER = """
[[policy.waivers]]
kind = "dropped_field"
table = "public.ad_groups"
field = "quality_score"
decision = "auto-approve"
option = "keep-optional"
reason = "the export reads it until spring"
expires = {day}
"""


def add(scene: Scene, text: str) -> int:
    """Appends to bravo.toml; gives the line of its first header."""
    path = scene.project / "bravo.toml"
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(before + text, encoding="utf-8")
    scene.commit()
    return before.count("\n") + 2


def dropped(document: Any) -> Any:
    (change,) = [one for one in document["changes"] if one["type"] == "dropped_field"]
    return change


def test_a_waiver_lifts_a_block_and_is_named(scene: Scene) -> None:
    scene.drift(DROPPED)
    assert dropped(scene.json("detect"))["decision"] == "block"
    assert scene.cli("--auto").code == 4
    line = add(scene, WAIVER.format(day="2999-12-31"))
    found = dropped(scene.json("detect"))
    assert (found["decision"], found["option"], found["decidedBy"]) == (
        "auto-approve",
        "keep-optional",
        "policy",
    )
    assert found["reason"].startswith(f"bravo.toml line {line}: [[policy.waivers]]: ")
    assert "the export reads it until spring" in found["reason"]
    assert scene.cli("--auto").code in (0, 3)
    assert scene.documents()["ad_groups"]


def test_an_expired_waiver_lifts_nothing_and_is_noted(scene: Scene) -> None:
    scene.drift(DROPPED)
    add(scene, WAIVER.format(day="2020-12-31"))
    report = scene.json("detect", "--exit-code", code=4)
    assert dropped(report)["state"] == "open"
    assert any("expired on 2020-12-31" in note for note in report["notes"])


def test_a_waiver_for_nothing_is_wrong_configuration(scene: Scene) -> None:
    line = add(scene, WAIVER.replace("ad_groups", "ad_group").format(day="2999-12-31"))
    error = scene.json("--auto", code=2)["error"]
    assert error["code"] == "waiver-unmatched"
    assert f"bravo.toml line {line}: " in error["message"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[[policy.rules]]\nkind = "new_fields"\ndecision = "review"\n', "[[policy.rules]].kind"),
        ('[[policy.rules]]\ndecision = "allow"\n', "policy.rules.0.decision"),
        ('[[policy.rules]]\ncolumn = "x"\ndecision = "review"\n', "policy.rules.0.column"),
        ('[[policy.waivers]]\nkind = "new_field"\ndecision = "review"\nexpires = 2999-01-01\n', "reason"),
    ],
)
def test_a_wrong_policy_names_its_place(scene: Scene, text: str, place: str) -> None:
    add(scene, "\n" + text)
    error = scene.json("detect", code=2)["error"]
    assert place in f"{error['message']} {error['where']}"


def test_a_proposal_waits_for_a_person(scene: Scene) -> None:
    scene.drift(REQUIRED)
    workspace = open_workspace(scene.project, scene.environ)
    found = detect(workspace, workspace.source().catalog())
    (asked,) = [one for one in found.changes if one.state == "open"]
    record_decision(
        workspace, found, asked.id, "make-optional", params={}, rationale="harmless",
        via="api", decided_by="model", model="claude", prompt_hash="00", status="proposed",
    )  # fmt: skip
    assert scene.cli("--auto").code == 3
    (listed,) = scene.json("decide", "--list")["records"]
    assert (listed["state"], listed["model"], listed["status"]) == ("proposed", "claude", "proposed")
    assert f"bravo-agent decide {asked.id[:12]} --accept" in scene.cli("decide", "--list").out
    done = scene.json("decide", asked.id[:12], "--accept", "--why", "fine")
    assert (done["who"], done["decided_by"], done["rationale"]) == ("tester", "person", "fine")
    assert scene.cli("--auto").code == 0
    scene.commit()
    (after,) = scene.json("decide", "--list")["records"]
    assert after["state"] == "obsolete"
    assert scene.json("decide", "--prune")["removed"][0]["change_id"] == asked.id
    assert scene.json("decide", "--list")["records"] == []
    assert scene.json("decide", asked.id[:12], "--reject", code=2)["error"]["code"] == "change-unknown"


def test_a_proposal_can_be_rejected(scene: Scene) -> None:
    scene.drift(REQUIRED)
    workspace = open_workspace(scene.project, scene.environ)
    found = detect(workspace, workspace.source().catalog())
    (asked,) = [one for one in found.changes if one.state == "open"]
    record_decision(
        workspace, found, asked.id, "ignore", params={}, decided_by="model", status="proposed", via="mcp"
    )
    told = scene.cli("decide", asked.id[:12], "--reject", "--why", "we need it")
    assert (told.code, "proposal removed" in told.out, "we need it" in told.out) == (0, True, True)
    assert scene.json("decide", "--list")["records"] == []


@pytest.mark.parametrize(
    "arguments",
    [("--accept",), ("--list", "--prune"), ("0123", "ignore", "--accept"), ("0123", "--list")],
    ids=" ".join,
)
def test_flags_that_do_not_go_together(scene: Scene, arguments: tuple[str, ...]) -> None:
    assert scene.cli("decide", *arguments).code == 2


def test_a_default_that_does_not_fit_is_refused(scene: Scene) -> None:
    scene.drift(REQUIRED)
    (change,) = [one for one in scene.json("detect")["changes"] if one["state"] == "open"]
    refused = scene.json("decide", change["id"], "default", "--param", "value=lots", code=2)
    assert refused["error"]["code"] == "param-invalid"
    assert not Path(scene.project / "bravo.decisions.json").exists()
