"""The review of a project with real servers: the command, a decision in a browser, and the run that obeys it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from runs_scene import Scene

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@contextmanager
def reviewed(scene: Scene, *arguments: str) -> Iterator[str]:
    """The address of a review in a process of its own, which ctrl-c ends well."""
    started = scene.start("review", "--no-open", *arguments, PYTHONUNBUFFERED="1")
    assert started.stdout is not None
    try:
        line = started.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
        assert found, line
        yield found.group()
    finally:
        started.send_signal(signal.SIGINT)
        try:
            assert started.communicate(timeout=60)[1] == ""
        except subprocess.TimeoutExpired:
            started.kill()
            raise
    assert started.returncode == 0


def records(scene: Scene) -> list[dict[str, Any]]:
    """All but the moment."""
    path = scene.project / "bravo.decisions.json"
    found = json.loads(path.read_text())["decisions"] if path.exists() else []
    return [{key: value for key, value in one.items() if key != "decided_at"} for one in found]


@pytest.fixture
def drifted(scene: Scene) -> Scene:
    # A name of its own: the pictures in docs/images show it.
    scene = replace(scene, project=scene.project.rename(scene.project.parent / "campaigns"))
    scene.json("run")
    scene.drift(1)
    scene.json("plan")
    scene.json("run")
    scene.commit()
    scene.drift(2, 4)
    scene.json("plan", code=3)
    return scene


@pytest.mark.slow
def test_a_decision_in_the_browser_is_the_terminal_s_and_is_carried_out(
    drifted: Scene, chromium: Browser
) -> None:
    scene, page = drifted, chromium.new_page(viewport={"width": 1280, "height": 900})
    with reviewed(scene) as address:
        page.goto(address)
        expect(page.get_by_role("table", name="Versions")).to_contain_text("current")
        expect(page.get_by_role("table", name="Runs").get_by_role("row")).to_have_count(3)
        expect(page.get_by_role("article", name="Plan").first).to_contain_text("as it was made")
        picture(page, page, "report", "light", "dark")
        picture(page, page.get_by_role("region", name="Versions and runs"), "versions", "light")
        page.get_by_role("link", name="public.daily_metrics.cost").click()
        expect(page.get_by_role("table", name="campaigns/rounding.py").first).to_be_attached()
        picture(page, page, "change", "light")
        picture(page, page.get_by_role("region", name="Follow the column"), "answer", "light", "dark")
        page.get_by_role("link", name="All changes").click()
        page.get_by_role("link", name="public.campaigns.performance_score").click()
        answer = page.get_by_role("region", name="Make optional for now")
        answer.get_by_label("Comment").fill("old ones have none")
        answer.get_by_role("button", name="Record").click()
        expect(answer.get_by_role("heading")).to_contain_text("holds now")
        page.get_by_role("link", name="All changes").click()
        stale = page.get_by_role("article", name="Plan").first
        expect(stale).to_contain_text("stale")
        expect(stale).to_contain_text("was not answered, is answered make-optional")
        picture(page, stale, "plan", "light")
    page.close()
    by_page = records(scene)
    (scene.project / "bravo.decisions.json").unlink()
    change = by_page[0]["change_id"]
    scene.json("decide", change, "make-optional", "--why", "old ones have none")
    assert records(scene) == by_page
    assert scene.cli("run").code == 3
    assert "performance_score" in (scene.project / "campaigns/models/campaigns.py").read_text()


def picture(page: Page, part: Page | Locator, name: str, *schemes: Literal["light", "dark"]) -> None:
    """In docs/images, when somebody asks for it alone, so that tests leave the tree clean."""
    if not os.environ.get("BRAVO_SCREENSHOTS"):
        return
    IMAGES.mkdir(exist_ok=True)
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        part.screenshot(path=IMAGES / f"review-{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")


def test_one_file_and_a_comment_for_a_workflow(drifted: Scene, tmp_path: Path) -> None:
    page, comment = tmp_path / "review.html", tmp_path / "review.md"
    told = drifted.json("review", "--html", str(page), "--markdown", str(comment))
    assert told == {"written": [str(page), str(comment)], "changes": 2}
    text = page.read_text()
    assert "<form" not in text
    assert "campaigns/rounding.py" in text
    for secret in (drifted.environ["BRAVO_MASK_KEY"], drifted.source_uri, drifted.target_uri):
        assert secret not in text + comment.read_text()
    assert "precision&#95;change" in comment.read_text()
    assert drifted.cli("review", "--markdown", str(comment)).out == f"written: {comment}\n"


@pytest.mark.slow
def test_what_cannot_be_served_is_told_on_the_terminal(scene: Scene) -> None:
    with reviewed(scene) as address:
        port = re.search(r":(\d+)/", address)
        assert port
        assert scene.json("review", "--port", port[1], code=2)["error"]["code"] == "port-taken"
    (scene.project / "bravo.catalog.json").unlink()
    assert scene.json("review", code=2)["error"]["code"] == "baseline-missing"
