"""Writes docs/changes.md from the shelf of changes: ``python docs/make_changes.py``. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bravo_agent.changes._kind import ChangeKind, Example
from bravo_agent.changes._samples import ID_FIELD
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.model.entities import Entity, ModelSet, Place
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise

PAGE = Path(__file__).with_name("changes.md")
_HEAD = """\
# Changes

<!-- Made by docs/make_changes.py from bravo_agent/changes. Edit the shelf, not this page. -->

Three axes that are never mixed: **severity** says what the change does to code and data that exist (`breaking`,
`warning`, `info`); the **decision** follows from the table below and from [`[policy]`](policy.md) in `bravo.toml`
(`auto-approve`, `review`, `block`); an **answer** settles the question. A change that the models show already is
`settled`: info, and nothing is asked.

Severity follows from how the application uses the field, so one kind has several rows. The answer in bold is the safe
one: it is taken by itself where the decision is auto-approve. While a change is open, its column stays out of the load
where the kind alters values.

| kind | alters values | case | severity | decision | answers |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = "".join(f"{row}\n" for kind in kinds().values() for row in _rows(kind))
    return f"{_HEAD}{rows}\n## Answers\n\n{_answers()}"


def _rows(kind: ChangeKind) -> Iterator[str]:
    yield f"| **`{kind.name}`** | {'yes' if kind.alters_values else 'no'} | *{kind.summary}* | | | |"
    for example in kind.examples:
        found = _change(kind, example)
        if found.state == "open":
            case = f"{found.severity} | {found.verdict} | {_options(found)}"
        else:
            case = f"{found.severity} | {found.state} | -"
        yield f"| | | {example.title} | {case} |"


def _options(change: Change) -> str:
    options = change.question.options if change.question else ()
    names = [f"**`{one.name}`**" if one.safe else f"`{one.name}`" for one in options]
    return ", ".join(names) or "none: nothing lifts it"


def _answers() -> str:
    """Each answer of each kind with its consequence, once."""
    lines: dict[str, None] = {}
    for kind in kinds().values():
        for change in (_change(kind, example) for example in kind.examples):
            for option in change.question.options if change.question else ():
                params = "".join(f" --param {name}=..." for name in option.params)
                lines[f"| `{kind.name}` | `{option.name}{params}` | {option.label} |"] = None
    return "| kind | answer | |\n|---|---|---|\n" + "".join(f"{line}\n" for line in lines)


def _change(kind: ChangeKind, example: Example) -> Change:
    """What the kind says of its example."""
    before, after = (Catalog((one,) if one else (), "prod", "1") for one in (example.before, example.after))
    entity = Entity("Campaign", "app.models", Place("models.py", 1), (ID_FIELD, *(example.fields or ())))
    models = ModelSet((entity,) if example.fields is not None else ())
    config = Config(renames=dict(example.renames))
    uses = {("Campaign", name): places for name, places in example.uses.items()}
    mapping = derive_mapping(before, models, config)
    changes = recognise(before, after, models, mapping, config, uses).changes
    return next(change for change in changes if change.kind == kind.name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
