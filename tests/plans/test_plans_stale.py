"""Each thing that a plan was made from, changed: told by name, exit 5, and nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from plans_scene import MODEL, planned, written
from runs_scene import Scene

_USER = """from campaigns.models.campaigns import Campaign


def cost(one: Campaign) -> str:
    return one.legacy_code + one.legacy_code
"""
CUSTOM = "def shout(value):\n    return value.upper() if value else value\n"


def _stale(scene: Scene, plan: str) -> list[str]:
    before = written(scene)
    outcome = scene.cli("apply", plan, "--json")
    assert outcome.code == 5, outcome.out + outcome.err
    error = outcome.json["error"]
    assert (error["code"], outcome.json["exitCode"]) == ("plan-stale", 5)
    assert "bravo-agent plan" in error["hint"]
    assert all(line in outcome.err for line in error["details"])
    assert written(scene) == before
    details: list[str] = error["details"]
    return details


@contextmanager
def _edited(scene: Scene, file: str, change: Callable[[str], str]) -> Iterator[None]:
    path = scene.project / file
    text = path.read_text()
    path.write_text(change(text))
    yield
    path.write_text(text)


def _with_rule(scene: Scene) -> None:
    (scene.project / "rules_here.py").write_text(CUSTOM)
    path = scene.project / "bravo.toml"
    path.write_text(
        path.read_text().replace('"public.campaigns.name" = "mask"', '"public.campaigns.name" = "keep"')
    )
    scene.edit(
        '[entities."public.campaigns"]',
        '[entities."public.campaigns"]\nrules = { name = "custom:rules_here:shout" }',
    )


@pytest.fixture
def prepared(scene: Scene) -> Scene:
    """A first version, a custom rule, and one safe and one open change."""
    _with_rule(scene)
    scene.json("--auto")
    scene.commit()
    scene.drift(1, 2)
    return scene


def test_each_input(prepared: Scene) -> None:
    scene = prepared
    plan = planned(scene, code=3)
    with _edited(scene, "bravo.toml", lambda text: text + "\n[load]\nworkers = 3\n"):
        assert _stale(scene, plan) == ["bravo.toml: load.workers: was left as it is by default, is 3"]
    with _edited(
        scene, "campaigns/models/users.py", lambda text: text + "\n    nickname: str | None = None\n"
    ):
        assert _stale(scene, plan) == ["the models in campaigns/models/users.py: was as planned, is edited"]
    with _edited(scene, MODEL, lambda text: text + "\n# a word\n"):
        assert f"{MODEL}: was as planned, is edited" in _stale(scene, plan)
    with _edited(scene, "rules_here.py", lambda text: text.replace("upper", "lower")):
        assert _stale(scene, plan) == ["the functions in rules_here: was as planned, is edited"]
    with _edited(scene, "bravo.catalog.json", lambda text: text.replace('"name": "ads"', '"name": "adz"')):
        assert "bravo.catalog.json: was as planned, is another" in _stale(scene, plan)
    other_key = replace(scene, environ={**scene.environ, "BRAVO_MASK_KEY": "another-key"})
    assert _stale(other_key, plan) == ["the masking key: was as planned, is another"]
    change = next(one["id"] for one in scene.json("detect")["changes"] if one["state"] == "open")
    scene.json("decide", change, "make-optional")
    (line,) = _stale(scene, plan)
    assert line == f"bravo.decisions.json: change {change[:12]}: was not answered, is answered make-optional"
    decided = planned(scene)
    scene.json("decide", change, "default", "--param", "value=1")
    assert _stale(scene, decided) == [
        f"bravo.decisions.json: change {change[:12]}: was answered make-optional, is answered default"
    ]
    (scene.project / "bravo.decisions.json").unlink()
    scene.json("apply", plan, code=3)


def test_several_at_once_are_all_told(prepared: Scene) -> None:
    plan = planned(prepared, code=3)
    (prepared.project / "campaigns/models/ads.py").rename(prepared.project / "campaigns/models/adverts.py")
    path = prepared.project / "bravo.toml"
    path.write_text(path.read_text() + "\n[load]\nquarantine = 2\nworkers = 1\n")
    lines = _stale(prepared, plan)
    assert [line.split(": ")[0:2] for line in lines[:2]] == [
        ["bravo.toml", "load.quarantine"],
        ["bravo.toml", "load.workers"],
    ]
    assert "the models in campaigns/models/ads.py: was there, is not there" in lines
    assert "the models in campaigns/models/adverts.py: was not there, is there" in lines


def test_what_code_does_with_a_field_counts(scene: Scene) -> None:
    """Every fingerprint is as it was, but a dropped column that nothing used is used now."""
    scene.drift(8)
    plan = planned(scene, code=3)
    user = scene.project / "campaigns" / "legacy.py"
    user.write_text(_USER)
    (line,) = _stale(scene, plan)
    assert "(dropped_field public.campaigns.legacy_code)" in line
    assert line.endswith("was open (warning, review), is open (breaking, block)")


def test_uncommitted_changes_that_came_since(scene: Scene) -> None:
    """The text is as planned, but it is in no commit any more."""
    scene.drift(1)
    plan = planned(scene)
    scene.git("rm", "-q", "--cached", MODEL)
    assert _stale(scene, plan) == [f"{MODEL}: was as committed, is with uncommitted changes"]


def test_snapshot_gone_or_damaged(scene: Scene) -> None:
    plan = planned(scene)
    snapshot = scene.json("snapshot", "list")["local"][0]["id"]
    folder = scene.project / ".bravo" / "snapshots" / snapshot
    folder.rename(folder.with_name("aside"))
    assert _stale(scene, plan) == [f"snapshot {snapshot}: was as planned, is not here any more"]
    folder.with_name("aside").rename(folder)
    file = next((folder / "data" / "public.ads").glob("*"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert _stale(scene, plan) == [f"snapshot {snapshot}: was as planned, is damaged on this disk"]
    file.write_bytes(whole)
    scene.json("apply", plan)


def test_another_version_was_published(scene: Scene) -> None:
    plan = planned(scene)
    scene.json("--auto")
    version = scene.json("versions")[0]["id"]
    assert _stale(scene, plan) == [f"database {scene.database}: was empty, is at version {version}"]
    second = planned(scene)
    scene.json("--auto")
    scene.json("rollback", "--version", version)
    last = scene.json("versions")[0]["id"]
    now, then = (f"at version {version}, {one} the last" for one in (last, version))
    assert _stale(scene, second) == [f"database {scene.database}: was {then}, is {now}"]


def test_begun_plan_is_held_against_what_it_left(scene: Scene) -> None:
    """Its code is in, its load failed; then somebody edits what it was to go on with."""
    scene.sql("update campaigns set end_date = 'infinity' where id = (select min(id) from campaigns)")
    scene.drift(1)
    plan = planned(scene)
    scene.json("apply", plan, code=1)
    assert scene.changed() == {MODEL, "bravo.catalog.json"}
    with _edited(scene, MODEL, lambda text: text + "\n# a word\n"):
        assert _stale(scene, plan) == [f"{MODEL}: was as planned, is edited"]
    with _edited(scene, "bravo.catalog.json", lambda text: text.replace('"name": "ads"', '"name": "adz"')):
        assert _stale(scene, plan) == ["bravo.catalog.json: was as planned, is another"]
    assert scene.json("apply", plan, code=1)["outcome"] == "failed-checks"


def test_target_that_is_refused(scene: Scene) -> None:
    plan = planned(scene)
    with scene.client() as client:
        client[scene.database]["orders"].insert_one({"_id": 1})
        assert scene.json("apply", plan, code=6)["error"]["code"] == "target-not-marked"
        assert scene.json("plan", code=6)["error"]["code"] == "target-not-marked"
        assert client[scene.database].list_collection_names() == ["orders"]
    shutil.rmtree(scene.project / ".bravo" / "plans")
