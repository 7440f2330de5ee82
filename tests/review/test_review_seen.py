"""What a real Chromium shows: colour schemes, contrast, names, hostile texts, the static file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from review_browser import CONTRAST, NAMELESS, Opens
from review_scene import BRACES, SCRIPT, Project, hostile

from bravo_agent.review.html import static_html
from bravo_agent.review.server import Served


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
