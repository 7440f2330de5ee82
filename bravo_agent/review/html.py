"""The page as HTML: jinja2 with escaping on, and every text made visible before it is escaped."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bravo_agent.review.page import ChangeCard, Fault, Page
from bravo_agent.review.visible import visible


@dataclass(frozen=True)
class Form:
    """What a served page needs to send something: the token, and what was typed before an error."""

    csrf: str
    option: str = ""
    rationale: str = ""
    params: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None


def index_html(page: Page, csrf: str) -> str:
    """The report with its filters, the plans, the versions and the runs."""
    return _render("index.html", page=page, csrf=csrf)


def change_html(page_title: str, card: ChangeCard, neighbours: tuple[str, str], form: Form) -> str:
    """One change, with its answers as forms."""
    before, after = neighbours
    return _render("change.html", project=page_title, change=card, before=before, after=after, form=form)


def static_html(page: Page) -> str:
    """Everything in one file, without a form, that loads nothing and may run nothing but its own script."""
    style, script = asset("review.css"), asset("review.js")
    return _render(
        "static.html",
        page=page,
        style=Markup(style),  # noqa: S704  # our own files, not somebody's text
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
    )


def notice_html(title: str, text: str, *, onward: str = "", code: str = "") -> str:
    """A page that says one thing; ``onward`` leads on by itself."""
    return _render("notice.html", title=title, text=text, onward=onward, code=code)


@cache
def asset(name: str) -> str:
    """The text of a file of ours."""
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader(__package__, "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # Here, and not as a filter: no template can forget it.
        finalize=_shown,
    )
    # What somebody typed goes back into its field as it was, escaped and no more.
    made.filters["as_typed"] = escape
    return made


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
