"""What was said between an agent, the server and a person, as a page; and two such pages compared."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

HEAD = """\
# A recorded session

A production database has drifted; an agent and a person bring it into the development database again, through the MCP
server alone. Recorded by `tests/loop` against real servers with the example application, through the official Python
client over stdio; nothing here was written by hand. `BRAVO_TRANSCRIPT=docs/mcp-transcript.md pytest tests/loop` records
it anew, and every run of that test is held against this page, but for hashes and times. The names that the test makes
up for its folder and databases are written as a project would have them.

Long texts and lists are cut here (`…`), not in what the client got. `notice`, which stands in most results, is left
out.
[consent.md](consent.md) tells why the person is asked, and what happens where nobody can be.
"""
_TEXT = 400
_ITEMS = 4
_LINES = 30
_LEFT_OUT = ("notice",)
_BLOCKS = ("data", "diff")
_LONGER = ("lines", "edited")


@dataclass
class Transcript:
    """Lines of Markdown, in the order in which things happened."""

    names: dict[str, str] = field(default_factory=dict)
    """What is written in place of the names that a test makes up."""
    lines: list[str] = field(default_factory=lambda: [HEAD])

    def head(self, text: str) -> None:
        """A new part."""
        self.lines.append(f"## {text}\n")

    def say(self, text: str) -> None:
        """Who does what, and why."""
        self.lines.append(f"{text}\n")

    def block(self, language: str, text: str) -> None:
        """As it is."""
        fence = "````" if "```" in text else "```"
        self.lines.append(f"{fence}{language}\n{text.rstrip()}\n{fence}\n")

    def calls(self, tool: str, arguments: dict[str, Any]) -> None:
        """What the agent asks for; code stands for itself."""
        self.lines.append(f"**`{tool}`**\n")
        code = arguments.get("code")
        if plain := {key: value for key, value in arguments.items() if key != "code"}:
            self.block("json", json.dumps(plain, indent=1, ensure_ascii=False))
        if code:
            self.block("python", code)

    def gets(self, result: dict[str, Any]) -> None:
        """What the client gets; texts of many lines stand for themselves."""
        blocks = {key: result[key] for key in _BLOCKS if result.get(key)}
        left = {key: value for key, value in result.items() if key not in (*_LEFT_OUT, *blocks)}
        self.lines.append("gives\n")
        self.block("json", json.dumps(_cut(left), indent=1, ensure_ascii=False))
        for key, text in blocks.items():
            lines = text.splitlines()
            more = [f"… and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
            self.lines.append(f"and in `{key}`\n")
            self.block("diff" if key == "diff" else "text", "\n".join([*lines[:_LINES], *more]))

    def asked(self, question: str, answer: str) -> None:
        """What the person saw, and did."""
        self.lines.append("The client shows the person:\n")
        self.block("text", question)
        self.lines.append(f"{answer}\n")

    @property
    def text(self) -> str:
        """The page."""
        text = "\n".join(self.lines)
        for name, shown in self.names.items():
            text = text.replace(name, shown)
        return text


def comparable(text: str) -> str:
    """The page without what differs from run to run."""
    for pattern, word in _VARIES:
        text = re.sub(pattern, word, text)
    return text


_VARIES = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.+:Z]*", "TIME"),
    (r"\d{8}T\d{6}Z(-\d\d)?", "SNAPSHOT"),
    (r"\d{4}-\d\d-\d\d-(\d{3})", r"VERSION-\1"),
    (r"\b[0-9a-f]{8,64}\b", "HASH"),
    (r"127\.0\.0\.1:\d+", "ADDRESS"),
    (r'("(seconds|rows_per_second)": )[0-9.]+', r"\1N"),
    (
        r'(?m)^( *"(acquire|cascade|detect|export|index|load|publish|rollback|validate|verify)": )[0-9.]+',
        r"\1N",
    ),
    # What the machine offers to the sandbox.
    (r'"isolation": "\w+"', '"isolation": "HOW"'),
    (r"(MongoDB|PostgreSQL) \d+[0-9.]*", r"\1 N"),
)


def _cut(value: Any, items: int = _ITEMS) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _TEXT else value[:_TEXT] + "…"
    if isinstance(value, list):
        more = [f"… and {len(value) - items} more"] if len(value) > items else []
        return [*map(_cut, value[:items]), *more]
    if isinstance(value, dict):
        return {key: _cut(one, 40 if key in _LONGER else _ITEMS) for key, one in value.items()}
    return value
