"""A change's question as text, from the same template for a terminal, a log and, later, an agent."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from bravo_agent.model.change import Change

_QUESTIONS = {
    "new_field": "How should we handle this new field?",
    "renamed_field": "Is it the same field under another name?",
    "type_change": "How should the values be migrated?",
    "dropped_field": "How should we handle the dropped field?",
}
_ID_LENGTH = 12


def question_text(change: Change, *, commands: bool = True) -> str:
    """What changed, what is asked, and each option (with the command that takes it); "" where nothing is asked."""
    if change.question is None:
        return ""
    template = _templates().get_template("decide_change.j2")
    return template.render(
        id=change.id[:_ID_LENGTH],
        subject=_plain(f"{change.table.removeprefix('public.')}{'.' + change.field if change.field else ''}"),
        facts=[_plain(fact) for fact in _facts(change)],
        question=asked(change),
        options=change.question.options,
        commands=commands,
    )


@cache
def _templates() -> Environment:
    # Plain text for a terminal, never HTML: nothing is to be escaped for a browser.
    return Environment(loader=PackageLoader("prompts", ""), undefined=StrictUndefined, autoescape=False)  # noqa: S701


def asked(change: Change) -> str:
    """The question in a sentence, as the title over its options."""
    if change.kind == "new_field" and change.details.required:
        return "How should we handle this new required field?"
    return _QUESTIONS.get(change.kind, "How should we handle this change?")


def _facts(change: Change) -> list[str]:
    details = change.details
    now, then = details.current_type, details.expected_type
    changed = bool(then and now and then != now)
    facts = [f"{then} -> {now}" if changed else now or then or change.kind]
    if details.required is not None:
        facts.append("required" if details.required else "optional")
    return facts


def _plain(text: str) -> str:
    """Names come from the database: what is not printable is shown escaped, and nothing may break the line."""
    return text if text.isprintable() else ascii(text)[1:-1]
