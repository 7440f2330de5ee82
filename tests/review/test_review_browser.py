"""The page in a real Chromium: keyboard, no network, no errors, both colour schemes, names, hostile texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from review_scene import BRACES, SCRIPT, Project, hostile, make_project

from bravo_agent.model.change import Decision
from bravo_agent.review.html import static_html
from bravo_agent.review.server import Served
from bravo_agent.usecases.decide import record_decision

# The contrast of every text with what lies behind it, by the formula of WCAG 2; colours are opaque here.
CONTRAST = """() => {
  const light = (colour) => {
    const part = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const back = getComputedStyle(at).backgroundColor;
      if (back !== "rgba(0, 0, 0, 0)") return back;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !one.getClientRects().length) continue;
    const pair = [light(getComputedStyle(one).color), light(behind(one))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) found.push([one.tagName, one.className, one.textContent.slice(0, 40), ratio]);
  }
  return found;
}"""
# Every element that somebody can reach has a name, and every id stands once.
NAMELESS = """() => {
  const named = (one) => one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length
    || one.getAttribute("aria-labelledby");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return [
    ...[...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary, [role], [tabindex]")]
      .filter((one) => !named(one)).map((one) => one.outerHTML.slice(0, 80)),
    ...ids.filter((id, at) => ids.indexOf(id) !== at),
    ...[...document.querySelectorAll("[aria-labelledby]")]
      .filter((one) => !document.getElementById(one.getAttribute("aria-labelledby"))).map((one) => one.outerHTML),
  ];
}"""


class Watched:
    """A page of a browser that knew nothing before; whatever it asks for and complains of is noted."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.told: list[str] = []
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("console", lambda one: self.told.append(one.text))
        self.page.on("pageerror", lambda one: self.told.append(str(one)))
        self.page.on("dialog", lambda one: self.told.append(f"dialog {one.message}"))

    def enter(self, served: Served) -> Page:
        self.page.goto(served.guard.url)
        self.page.wait_for_url(f"**{served.guard.home}/")
        return self.page

    def close(self) -> None:
        self.context.close()


Opens = Callable[..., Watched]


@pytest.fixture
def opens(chromium: Browser) -> Iterator[Opens]:
    there: list[Watched] = []

    def make(**options: Any) -> Watched:
        there.append(Watched(chromium, **options))
        return there[-1]

    yield make
    for one in there:
        one.close()


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    with project.served() as made:
        yield made


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_can_be_read(opens: Opens, project: Project, scheme: str) -> None:
    with hostile(project).served() as served:
        page = opens(color_scheme=scheme).enter(served)
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (back == "rgb(255, 255, 255)") == (scheme == "light")
        assert page.evaluate(CONTRAST) == []
        page.get_by_role("link", name="dropped_field").click()
        page.get_by_role("button", name="Record drop-field").click()
        expect(page.get_by_text("holds now")).to_be_visible()
        page.wait_for_load_state("load")
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        assert page.evaluate(CONTRAST) == []


def test_it_fits_a_narrow_window(opens: Opens, served: Served) -> None:
    page = opens().enter(served)
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="public.campaigns.budget").first.click()
    expect(page.get_by_role("button", name="Record keep-optional")).to_be_visible()
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_names_for_whoever_does_not_see_it(opens: Opens, served: Served) -> None:
    page = opens().enter(served)
    assert page.evaluate(NAMELESS) == []
    for role in ("banner", "main", "contentinfo", "search"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    expect(page.get_by_role("search")).to_match_aria_snapshot("""
        - search "Filter the changes":
          - combobox "Severity"
          - combobox "Decision"
          - combobox "State"
          - combobox "Kind"
          - searchbox "Table or field"
          - button "Filter"
    """)
    expect(page.get_by_role("article").first).to_match_aria_snapshot("""
        - article "dropped_field public.campaigns.budget":
          - heading "dropped_field public.campaigns.budget" [level=3]:
            - link "dropped_field public.campaigns.budget"
    """)
    page.get_by_role("link", name="public.campaigns.score").click()
    assert page.evaluate(NAMELESS) == []
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
        - main:
          - region "What changed"
          - heading "Evidence" [level=2]
          - heading "Uses in code" [level=2]
          - region "How should we handle this new required field?":
            - region "1. Calculate from existing data calculate":
              - textbox "expression"
              - textbox "Comment"
              - paragraph:
                - button "Record calculate"
                - button "Show what calculate leads to"
    """)
    page.get_by_text("What make-optional leads to in the code").click()
    diff = page.get_by_role("table", name="models.py").first
    expect(diff.get_by_role("columnheader").first).to_have_text("before")


def test_hostile_texts_stay_texts(opens: Opens, project: Project) -> None:
    evil = hostile(project)
    with evil.served() as served:
        seen = opens()
        page = seen.enter(served)
        for name in (SCRIPT, BRACES, r"x\u202eevil\U000e0061\u3164\nb"):
            expect(page.get_by_role("link", name=f"public.campaigns.{name}", exact=False)).to_be_visible()
        page.get_by_role("link", name="dropped_field").click()
        expect(page.get_by_role("cell", name="<img src=x onerror=alert(1)>")).to_be_visible()
        answer = page.get_by_role("region", name="2. ")
        answer.get_by_label("Comment").fill(f"{SCRIPT}{BRACES}\u202e")
        answer.get_by_role("button", name="Record").click()
        expect(page.get_by_text(f"{SCRIPT}{BRACES}\\u202e").first).to_be_visible()
        assert page.locator("img").count() == 0
        assert "owned" not in page.title().replace("document.title='owned'", "")
        for change in evil.look().changes:
            page.goto(f"http://127.0.0.1:{served.guard.port}{served.guard.home}/changes/{change.id}")
            assert page.title() != "owned"
            assert page.locator("script").count() == 1
        assert seen.told == []
    (record,) = project.records()
    assert record["rationale"] == f"{SCRIPT}{BRACES}\u202e"


def test_the_static_file_opens_alone(opens: Opens, project: Project, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(static_html(hostile(project).sitting.page(complete=True)), encoding="utf-8")
    seen = opens()
    seen.page.goto(file.as_uri())
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Schema changes of shop")
    assert seen.page.locator("form, button, input").count() == 0
    seen.page.keyboard.press("j")
    expect(seen.page.get_by_role("link", name="public.campaigns.budget")).to_be_focused()
    assert seen.page.evaluate(NAMELESS) == []
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    expect(seen.page.get_by_role("table", name="models.py").first).to_be_visible()
    assert seen.page.evaluate(CONTRAST) == []
    assert seen.page.title() == "Review of shop"
    assert seen.told == []
    assert [one for one in seen.asked if one != "data:,"] == [file.as_uri()]


def test_the_policy_would_stop_a_script(opens: Opens, project: Project, tmp_path: Path) -> None:
    """Were the escaping broken, the browser would still run nothing: an injected script is refused."""
    file = tmp_path / "broken.html"
    text = static_html(project.sitting.page())
    file.write_text(
        text.replace("<main", "<script>document.title='owned'</script><main", 1), encoding="utf-8"
    )
    seen = opens()
    seen.page.goto(file.as_uri())
    assert seen.page.title() == "Review of shop"
    assert any("Content Security Policy" in one for one in seen.told)


def test_an_answer_says_that_it_came_from_this_machine_s_front_end(
    opens: Opens, served: Served, project: Project
) -> None:
    page = opens().enter(served)
    page.get_by_role("link", name="public.campaigns.channel").click()
    page.get_by_role("button", name="Record ignore").click()
    expect(page.get_by_text("replayed: ignore")).to_be_visible()
    text = (project.folder / "bravo.decisions.json").read_text()
    assert json.loads(text)["decisions"][0]["via"] == "cli"
