"""A page of a real browser, watched: what it asks for, what it complains of, what can be read and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bravo_agent.review.server import Served

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
