"""Prompts from the templates in prompts/, the same files that the MCP prompts are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bravo_agent import wire
from bravo_agent.planning.untrusted import as_data, visible

RATIONALE_LENGTH = 600
_LINE = 1_000
_BLOCK = 14_000
_DOCUMENT = 30_000


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
    shown = _cut(as_data(document), _DOCUMENT)

    def text(boundary: str) -> str:
        return data.render(boundary=boundary, document=shown, **words)

    return Prompt(system, text, wire.fingerprint([system, text("data")]))


def data_block(document: dict[str, Any], boundary: str) -> str:
    """The notice and ``document`` as JSON between two marks, cut where it is very long."""
    return str(_macros("_data.j2").data(boundary, _cut(as_data(document), _BLOCK)))


def _cut(shown: str, most: int) -> str:
    return shown if len(shown) <= most else f"{shown[:most]}\n(cut: {len(shown) - most} more characters)"


def diff_block(text: str, boundary: str) -> str:
    """The notice and a diff between two marks; its lines stay lines, without unseen characters."""
    lines = (visible(line.replace("\t", "    "), _LINE) for line in text.split("\n"))
    return str(_macros("_diff.j2").diff(boundary, "\n".join(lines)))


def _macros(name: str) -> Any:
    return _templates().get_template(name).module


@cache
def _templates() -> Environment:
    # Plain text for a model, never HTML; data is escaped as JSON by as_data.
    return Environment(
        loader=PackageLoader("prompts", ""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
    )
