"""The page as a comment of a pull request: bounded, and nothing of it is taken for Markdown, HTML or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bravo_agent.review.page import ChangeCard, Code, Page
from bravo_agent.review.visible import visible

MOST = 65_536
"""Characters that GitHub takes."""
_ROWS = 200
_SIGNS = re.compile(r"[\\`*_{}\[\]<>()#|~&$@]|(?<=^)[-+=]|(?<=^\d)[.]")
# GitHub looks for mentions, issues, addresses and emoji in the text as it is shown: these may not run on.
_RUN_ON = re.compile(r"&#(?:64|35);(?=\w)|:(?=//|[\w+-]+:)|\bwww(?=\.)|\bGH(?=-)")
_USES, _LINES = 8, 40
_CODE = 4_000


def markdown(page: Page, most: int = MOST) -> str:
    """The comment, of at most ``most`` characters; what has no room is counted at its end."""
    parts = list(_parts(page))
    text, left = "", 0
    room = most - 200
    for part in parts:
        if left or len(text) + len(part) > room:
            left += 1
        else:
            text += part
    if left:
        text += (
            f"\n{left} more parts have no room here: see the file that `bravo-agent review --html` writes.\n"
        )
    return text


def escaped(text: str) -> str:
    """``text`` as prose: every sign of Markdown as an entity, mentions and links broken."""
    signs = _SIGNS.sub(lambda found: f"&#{ord(found.group())};", visible(text).replace("\t", " "))
    return _RUN_ON.sub(r"\g<0>&#8203;", signs)


def code(text: str) -> str:
    """``text`` as code, in a form that a table takes."""
    return f"<code>{escaped(text)}</code>"


def _parts(page: Page) -> Iterator[str]:
    """From what matters most to what matters least; each stands by itself."""
    counts = ", ".join(f"{one.count} {one.name}" for one in page.counts if one.count)
    yield f"## Schema changes of {escaped(page.project)}\n\n{counts or 'Nothing changed.'}\n"
    if page.shown:
        yield _table(page.shown)
    yield from (_plan_lines(page))
    for card in page.shown:
        if card.state in ("open", "decided"):
            yield _details(card)
    if page.versions:
        yield _versions(page)
    if page.notes:
        yield "\n### Notes\n\n" + "".join(f"- {escaped(note)}\n" for note in page.notes[:_LINES])


def _table(cards: tuple[ChangeCard, ...]) -> str:
    rows = [
        f"| {card.severity} | {card.verdict} | {code(card.kind)} | {code(card.place)} | "
        f"{escaped(card.answered) or card.state} | {code(card.short)} |\n"
        for card in cards[:_ROWS]
    ]
    more = f"\n{len(cards) - _ROWS} more changes.\n" if len(cards) > _ROWS else ""
    head = "\n| severity | decision | kind | where | answer | id |\n|---|---|---|---|---|---|\n"
    return head + "".join(rows) + more


def _plan_lines(page: Page) -> Iterator[str]:
    for plan in page.plans[:1]:
        drifted = "".join(f"- {escaped(one.line)}\n" for one in plan.drifted[:_LINES])
        lines = "".join(f"- {escaped(line)}\n" for line in plan.lines[:_LINES])
        more = f"- and {len(plan.lines) - _LINES} lines more\n" if len(plan.lines) > _LINES else ""
        what = _folded("What it does", lines + more)
        note = f"{escaped(plan.note)}\n\n" if plan.note else ""
        yield f"\n### Plan {code(plan.hash[:12])}: {plan.state}\n\n{note}{drifted}{what}"


def _details(card: ChangeCard) -> str:
    lines = [f"- {escaped(line)}\n" for line in (*card.told, card.reason) if line]
    if card.evidence:
        lines.append(f"- evidence: {escaped(card.evidence)}\n")
    for use in card.uses[:_USES]:
        lines.append(f"- used: {code(f'{use.file}:{use.line}')} ({use.role}, known by {use.how})\n")
    if len(card.uses) > _USES:
        lines.append(f"- used: {len(card.uses) - _USES} more places\n")
    if card.state == "open":
        lines += [_answer(card, one.name, one.consequence, one.params) for one in card.answers]
    functions = "".join(_function(one.state, one.code) for one in card.records if one.code)
    return _folded(f"{card.severity}: {code(card.kind)} {code(card.place)}", "".join(lines) + functions)


def _function(state: str, found: Code) -> str:
    """The code that somebody is to approve, or has approved, as far as there is room for it."""
    head = f"\n{state}: {code(found.file)}, sha256 {code(found.sha256)}\n"
    if not found.lines:
        return f"{head}\nNo file on this machine has that hash.\n"
    shown: list[str] = []
    room = _CODE
    for line in found.lines:
        shown.append(escaped(line.expandtabs(4)))
        room -= len(shown[-1]) + 1
        if room < 0:
            shown.pop()
            break
    left = len(found.lines) - len(shown)
    more = f"\n{left} more lines have no room here: read the file before you approve it.\n" if left else ""
    body = "\n".join(shown)
    # An HTML block that ends with its tag: an empty line in it ends nothing.
    return f"{head}\n<pre><code>{body}\n</code></pre>\n{more}"


def _answer(card: ChangeCard, name: str, consequence: str, params: tuple[str, ...]) -> str:
    needed = "".join(f" --param {one}=..." for one in params)
    return f"- {code(f'bravo-agent decide {card.short} {name}{needed}')} {escaped(consequence)}\n"


def _versions(page: Page) -> str:
    rows = "".join(
        f"| {code(one.id)} | {escaped(one.state)} | {one.documents:,} | {'yes' if one.verified else 'no'} | "
        f"{escaped(one.by)} |\n"
        for one in page.versions
    )
    head = "| version | state | documents | verified | by |\n|---|---|---|---|---|\n"
    return f"\n### Versions of {escaped(page.database)}\n\n{head}{rows}"


def _folded(summary: str, text: str) -> str:
    return f"\n<details><summary>{summary}</summary>\n\n{text}\n</details>\n"
