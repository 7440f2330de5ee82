"""Prompts from the templates in prompts/, the same files that the MCP prompts are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bravo_agent import wire
from bravo_agent.planning.untrusted import as_data

RATIONALE_LENGTH = 600


@dataclass(frozen=True)
class Prompt:
    """``system`` instructs, ``text(boundary)`` shows the data; ``hash`` is of both, whatever the boundary."""

    system: str
    text: Callable[[str], str]
    hash: str


def prompt(name: str, document: dict[str, Any], **words: Any) -> Prompt:
    """The prompt of ``NAME_system.j2`` and ``NAME_data.j2``; ``words`` are ours, ``document`` is untrusted."""
    templates = _templates()
    system = templates.get_template(f"{name}_system.j2").render(rationale_length=RATIONALE_LENGTH, **words)
    data = templates.get_template(f"{name}_data.j2")
    shown = as_data(document)

    def text(boundary: str) -> str:
        return data.render(boundary=boundary, document=shown, **words)

    return Prompt(system, text, wire.fingerprint([system, text("data")]))


@cache
def _templates() -> Environment:
    # Plain text for a model, never HTML; data is escaped as JSON by as_data.
    return Environment(
        loader=PackageLoader("prompts", ""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
    )
