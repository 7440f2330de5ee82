"""Decisions at the page in a real Chromium: by keyboard, without JavaScript, and by nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from review_browser import Opens
from review_scene import Project, make_project

from bravo_agent.model.change import Decision
from bravo_agent.review.server import Served
from bravo_agent.usecases.decide import record_decision


def by_keyboard_to(page: Page, field: str) -> None:
    """From the report to a change, by j and Enter alone."""
    for _ in range(20):
        page.keyboard.press("j")
        if field in (page.evaluate("document.activeElement.textContent") or ""):
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_contain_text(field)
            page.wait_for_load_state("load")  # the keys are there with the script
            return
    raise AssertionError(f"{field} cannot be reached")


def to_answer(page: Page, name: str) -> None:
    """To the button of an answer, by j and a alone."""
    for _ in range(10):
        page.keyboard.press("j")
        page.keyboard.press("a")
        if page.evaluate("document.activeElement.textContent") == f"Record {name}":
            return
    raise AssertionError(f"{name} cannot be reached")


def as_on_a_terminal(folder: Path, field: str, option: str, why: str, **params: str) -> list[dict[str, Any]]:
    """What the same answer leaves in the file when it is recorded as the terminal records it."""
    folder.mkdir()
    other = make_project(folder)
    change = other.only(field)
    record_decision(other.workspace, other.look(), change.id, option, params=params, rationale=why)
    return other.records()


def test_a_decision_by_keyboard_alone_is_the_terminal_s(
    opens: Opens, served: Served, project: Project, tmp_path: Path
) -> None:
    seen = opens()
    page = seen.enter(served)
    by_keyboard_to(page, "score")
    to_answer(page, "make-optional")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("old ones have none, j k a r / ?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="replayed: make-optional")).to_be_visible()
    wanted = as_on_a_terminal(tmp_path / "other", "score", "make-optional", "old ones have none, j k a r / ?")
    assert project.records() == wanted
    assert (project.folder / "bravo.decisions.json").read_bytes() == (
        tmp_path / "other" / "bravo.decisions.json"
    ).read_bytes()
    assert seen.told == []
    assert all(
        one.startswith(f"http://127.0.0.1:{served.guard.port}/") for one in seen.asked if one != "data:,"
    )


def test_an_answer_with_a_param_wrong_then_looked_at_then_right(
    opens: Opens, served: Served, project: Project, tmp_path: Path
) -> None:
    page = opens().enter(served)
    page.get_by_role("link", name="new_field public.campaigns.score").click()
    answer = page.get_by_role("region", name="Set default value")
    answer.get_by_label("value").fill("1000")
    answer.get_by_label("Comment").fill('"so" & <b>so</b>')
    answer.get_by_role("button", name="Record default").click()
    expect(page.get_by_role("alert")).to_contain_text("param-invalid")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(answer.get_by_label("value")).to_have_value("1000")
    expect(answer.get_by_label("Comment")).to_have_value('"so" & <b>so</b>')
    answer.get_by_label("value").fill("12.50")
    answer.get_by_role("button", name="Show what default leads to").click()
    expect(answer.get_by_role("table", name="models.py")).to_contain_text("12.50")
    assert project.records() == []
    answer.get_by_role("button", name="Record default").click()
    expect(page.get_by_role("heading", name="Set default value")).to_contain_text("holds now")
    assert project.records() == as_on_a_terminal(
        tmp_path / "other", "score", "default", '"so" & <b>so</b>', value="12.50"
    )


@pytest.mark.parametrize("key", ["a", "r"])
def test_a_proposal_is_accepted_or_rejected(opens: Opens, project: Project, key: str) -> None:
    change = project.only("score")
    project.workspace.save_decisions(
        (
            Decision(
                change.id, "default", (("value", "0"),), decided_by="model", via="api", status="proposed",
                rationale="zero is neutral", model="claude", prompt_hash="ab" * 32,
            ),
        )
    )  # fmt: skip
    with project.served() as served:
        page = opens().enter(served)
        by_keyboard_to(page, "score")
        page.keyboard.press("j")
        expect(page.get_by_role("region", name="Proposed by model claude: default")).to_be_focused()
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**#answered")
        expect(page.get_by_role("region", name="Proposed by")).to_have_count(0)
    (found,) = project.records() or [{}]
    if key == "r":
        assert found == {}
    else:
        assert (found["status"], found["decided_by"], found["who"]) == ("accepted", "person", "anna")
        assert (found["model"], found["rationale"]) == ("claude", "zero is neutral")


def test_keys(opens: Opens, served: Served) -> None:
    page = opens().enter(served)
    page.keyboard.press("/")
    expect(page.get_by_label("Table or field")).to_be_focused()
    page.keyboard.type("?j")
    expect(page.get_by_label("Table or field")).to_have_value("?j")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_text("goes to the filter")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("goes to the filter")).to_be_hidden()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="public.campaigns.score")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    page.keyboard.press("Control+j")
    expect(page.get_by_role("link", name="public.campaigns.score")).to_be_focused()


def test_it_works_without_javascript(opens: Opens, served: Served, project: Project) -> None:
    page = opens(java_script_enabled=False).enter(served)
    page.get_by_label("Severity").select_option("breaking")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", name="Changes: 1 of 3")).to_be_visible()
    page.get_by_role("link", name="dropped_field").click()
    page.get_by_role("button", name="Record keep-optional").click()
    expect(page.get_by_role("listitem").filter(has_text="replayed: keep-optional")).to_be_visible()
    assert [one["option"] for one in project.records()] == ["keep-optional"]
    page.get_by_role("link", name="All changes").click()
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="Changes: 3")).to_be_visible()


def test_the_second_browser_with_the_same_address_stays_outside(opens: Opens, served: Served) -> None:
    address = served.guard.url
    opens().enter(served)
    late = opens()
    answer = late.page.goto(address)
    assert answer is not None
    assert answer.status == 403
    expect(late.page.get_by_text("used already")).to_be_visible()
    answer = late.page.goto(f"http://127.0.0.1:{served.guard.port}{served.guard.home}/")
    assert answer is not None
    assert answer.status == 403


def test_a_page_of_another_program_can_do_nothing(opens: Opens, served: Served, project: Project) -> None:
    """The browser holds the cookie; a page on another port of the same host, that knows even the form's token."""
    seen = opens()
    seen.enter(served)
    with project.served() as other:
        foreign = seen.context.new_page()
        foreign.goto(other.guard.url)
        target = f"http://127.0.0.1:{served.guard.port}{served.guard.home}"
        change = project.only("score").id
        foreign.route(
            "**/foreign", lambda route: route.fulfill(body="<!doctype html><p>x", content_type="text/html")
        )
        foreign.goto(f"http://127.0.0.1:{other.guard.port}/foreign")
        read = foreign.evaluate(
            "u => fetch(u, {credentials: 'include'}).then(r => r.text()).catch(e => 'refused')", target + "/"
        )
        assert read == "refused"
        form = {"csrf": served.guard.csrf, "option": "ignore", "do": "answer"}
        foreign.evaluate(
            """([u, fields]) => {
              const form = document.createElement('form');
              form.method = 'post'; form.action = u;
              for (const [k, v] of Object.entries(fields)) {
                const one = document.createElement('input'); one.name = k; one.value = v; form.append(one);
              }
              document.body.append(form); form.submit();
            }""",
            [f"{target}/changes/{change}", form],
        )
        expect(foreign.get_by_role("heading", name="Refused")).to_be_visible()
    assert project.records() == []


def test_an_answer_says_that_it_came_from_this_machine_s_front_end(
    opens: Opens, served: Served, project: Project
) -> None:
    page = opens().enter(served)
    page.get_by_role("link", name="public.campaigns.channel").click()
    page.get_by_role("button", name="Record ignore").click()
    expect(page.get_by_text("replayed: ignore")).to_be_visible()
    text = (project.folder / "bravo.decisions.json").read_text()
    assert json.loads(text)["decisions"][0]["via"] == "cli"
