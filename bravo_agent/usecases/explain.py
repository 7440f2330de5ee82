"""What a plan, a change or a check means, read out; nothing is carried out."""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bravo_agent import checks, wire
from bravo_agent.errors import BravoError, UsageError
from bravo_agent.model.plan import Plan
from bravo_agent.planning.read_aloud import read_aloud, stale_when
from bravo_agent.usecases._plans_here import SHORTEST, find_plan, plans_like
from bravo_agent.usecases.examine import examine
from bravo_agent.usecases.explain_change import explain_change
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Explanation:
    """``document`` is plain data for JSON; ``lines`` say the same to a person."""

    of: Literal["plan", "change", "check"]
    document: dict[str, Any]
    lines: tuple[str, ...]


def explain(
    workspace: Workspace, subject: str, *, source: str = "direct", snapshot: str = "latest"
) -> Explanation:
    """The plan or the change whose hash begins so, or the check of that name; writes nothing.

    A plan is looked for first: for it nothing but its file is read. Raises ``UsageError`` ``explain-unknown`` with
    what is like it, ``plan-ambiguous``, ``change-ambiguous``.
    """
    if subject in checks.kinds():
        return _check(workspace, subject)
    if len(subject) >= SHORTEST and plans_like(workspace, subject):
        return _plan(find_plan(workspace, subject))
    found = examine(workspace, source=source, snapshot=snapshot, write_report=False, stale="ask").found
    ids = [change.id for change in found.changes]
    if not any(one.startswith(subject) for one in ids):
        raise _unknown(subject, [*checks.kinds(), *plans_like(workspace, ""), *ids])
    told = explain_change(workspace, found, subject)
    return Explanation("change", told.document, told.lines)


def _plan(plan: Plan) -> Explanation:
    return Explanation("plan", wire.plain(plan), (*read_aloud(plan), *stale_when(plan)))


def _check(workspace: Workspace, name: str) -> Explanation:
    kind = checks.kinds()[name]
    what = (inspect.getdoc(sys.modules[type(kind).__module__]) or "").strip()
    last = _last_result(workspace, name)
    lines = (f"check {name} ({kind.stage})", *what.splitlines(), last)
    return Explanation("check", {"check": name, "stage": kind.stage, "holds": what, "last": last}, lines)


def _last_result(workspace: Workspace, name: str) -> str:
    """What the audit of the configured database says of it; a sentence where there is none, or no way to it."""
    try:
        with workspace.target() as target:
            runs = [run for run in target.runs() if name in run.get("checks", {})]
    except BravoError as error:
        return f"last result: not known ({error.code})"
    if not runs:
        return "last result: none yet"
    passed, failed = runs[0]["checks"][name]
    return f"last result: {passed} passed, {failed} failed ({runs[0]['run']})"


def _unknown(subject: str, known: Iterable[str]) -> UsageError:
    names = sorted(set(known))
    # Of an id its beginning is what people type.
    short = {(one if one in checks.kinds() else one[: max(12, len(subject))]): one for one in names}
    near = difflib.get_close_matches(subject, short, n=5, cutoff=0.5)
    listed = f"Like it are: {', '.join(near)}. " if near else ""
    return UsageError(
        "explain-unknown",
        f"{subject!r} is no plan here, no change and no check",
        hint=f"{listed}`bravo-agent detect` lists the changes, docs/checks.md the checks; plans lie in .bravo/plans.",
        where=subject,
    )
