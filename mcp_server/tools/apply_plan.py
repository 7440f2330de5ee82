"""A plan carried out, by its hash alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import BravoError, StaleError, StoppedError
from bravo_agent.model.plan import EditCode, Plan
from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.usecases.apply import Application, applied_before, apply
from bravo_agent.usecases.inspect_plan import PlanView, inspect_plan
from mcp_server._call import Call
from mcp_server._results import Foreign, ForeignLine, ForeignResult, fitting
from mcp_server._tool import Tool

_BUSY = ("target-busy", "project-busy")
_ROOM = 7_000
"""Characters for each of its lists."""
_OPEN = ("running", "interrupted", "unknown")

PlanHash = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="The plan's whole hash, as make_plan gave it.")
]
Status = Literal[
    "applied",
    "not_applied",
    "already_applied",
    "stale",
    "running",
    "outcome_unknown",
    "needs_confirmation",
    "declined",
]


class ApplyResult(ForeignResult):
    """What became of the plan."""

    status: Status = Field(
        description="applied: all is done and published; not_applied: a check failed or a change blocks, readers see "
        "what they saw; already_applied: it was applied before, nothing was done now; stale: something it was made "
        "from has changed, see drifted, nothing was done; running: another process is at it; outcome_unknown: it broke "
        "off, the same call reads the journal; needs_confirmation: nobody could be asked, a person runs the command; "
        "declined: a person said no, nothing was done."
    )
    plan: str = Field(description="Its hash.")
    version: Foreign | None = Field(description="The version that it made, if any.")
    exit_code: int | None = Field(
        description="As `bravo-agent apply` ends: 3 where something waits for review."
    )
    outcome: str = Field(description="What was done, in a word; empty where nothing was.")
    edited: tuple[Foreign, ...] = Field(description="Files that it edited, to be committed by a person.")
    documents: dict[Foreign, int] = Field(description="Documents by collection.")
    failed_checks: tuple[ForeignLine, ...] = Field(description="Checks that did not pass.")
    drifted: tuple[ForeignLine, ...] = Field(description="What is not as it was planned.")
    notes: tuple[ForeignLine, ...] = Field(description="What else is worth knowing.")
    totals: dict[str, int] = Field(
        description="How long each list is that is not shown whole, by the name of its field."
    )
    command: str | None = Field(
        description="What a person runs to apply it; null where nothing is to be confirmed."
    )


_REST = (
    "not all has room here, see totals: get_plan reads the plan page by page, "
    "a person sees edited files with git status, the rest with bravo-agent explain, versions and runs"
)


def apply_plan(call: Call, plan: PlanHash) -> ApplyResult:
    """Carries out a plan: edits the code, builds the data aside, checks them, and publishes them as a new version. The
    person at the client is asked first. It takes nothing but the hash, looks again at everything that the plan was made
    from, and does nothing where that has changed. A plan is never applied twice: call again after a failure, a
    cancellation or a lost connection, and it goes on or says what became of it.
    """
    if done := applied_before(call.workspace, plan=plan):
        return _done(done)
    view = inspect_plan(call.workspace, plan)
    if view.plan.exit_code == BLOCKED:
        step = "get_plan: a change blocks this plan; decide it, and make another"
        return _told("not_applied", plan, outcome="blocked", exit_code=BLOCKED, steps=(step,))
    if call.consent != "given":
        return _not_confirmed(call, view)
    try:
        return _done(apply(call.workspace, plan=plan, emit=call.work.emit))
    except StaleError as error:
        return _stale(plan, error)
    except StoppedError:
        raise
    except BravoError as error:
        return _broken_off(call, plan, error)


def question(call: Call, plan: str) -> str | None:
    """None where nothing would be done after a yes; counts and hashes of the plan alone."""
    if applied_before(call.workspace, plan=plan):
        return None
    found = inspect_plan(call.workspace, plan).plan
    return None if found.exit_code == BLOCKED else "\n".join(_question(found))


def _question(plan: Plan) -> list[str]:
    edited = sum(len(step.patch.edits) for step in plan.steps if isinstance(step, EditCode))
    load = plan.load
    rows = sum(count for _, count in load.rows) if load else 0
    collections = len(load.mapping.entities) if load else 0
    decided = sum(one.state == "decided" for one in plan.changes)
    waiting = sum(one.state == "open" for one in plan.changes)
    return [
        f"Apply the plan {plan.hash}?",
        f"It edits {edited} files of the application, loads {rows} rows into {collections} collections, "
        "checks them, and publishes them to readers.",
        f"It carries out {decided} decided changes; {waiting} open ones stay out.",
        f"To read it: bravo-agent explain {plan.hash[:12]}",
    ]


def _not_confirmed(call: Call, view: PlanView) -> ApplyResult:
    plan = view.plan.hash
    command = f"bravo-agent apply {plan}"
    if call.consent == "declined":
        step = "the person said no: ask in the conversation what they want to be planned instead"
        return _told("declined", plan, command=command, steps=(step,))
    why = (
        "this client cannot ask a person" if call.consent == "unavailable" else "nobody answered the question"
    )
    return _told("needs_confirmation", plan, command=command, steps=(f"{why}: a person runs the command",))


def _stale(plan: str, error: StaleError) -> ApplyResult:
    drifted = error.details or (error.message,)
    steps = ("make_plan: plan again, and look at what it does",)
    return _told("stale", plan, exit_code=error.exit_code, drifted=drifted, steps=steps)


def _broken_off(call: Call, plan: str, error: BravoError) -> ApplyResult:
    """The failure itself, unless it leaves open whether the plan took effect."""
    standing = inspect_plan(call.workspace, plan).standing
    if error.code in _BUSY and standing == "running":
        return _told("running", plan, steps=("get_plan: see what became of it, then call again",))
    # Nothing was emitted: it did not get as far as to hold the target.
    if error.retryable and error.code not in _BUSY and call.work.steps and standing in _OPEN:
        notes = (f"[{error.code}] {error.message}",)
        step = "apply_plan with the same hash: the journal is read, and it goes on or says what became of it"
        return _told("outcome_unknown", plan, notes=notes, steps=(step,))
    raise error


def _done(done: Application) -> ApplyResult:
    report = done.report
    steps: tuple[str, ...] = {
        "applied": (
            "validate_target: hold it against its snapshot",
            "list_versions: what can be gone back to",
        ),
        "already_applied": ("list_versions: see what is current", "make_plan: work out another"),
        "not_applied": ("get_run: see why", "nothing was published: readers see what they saw"),
    }[done.status]
    edited = report.code.edited if report else ()
    if edited:
        steps = ("a person commits what was edited", *steps)
    return _told(
        done.status,
        done.plan,
        version=done.version,
        exit_code=done.exit_code,
        outcome=done.outcome,
        edited=edited,
        documents={one.collection: one.documents for one in report.tables} if report else {},
        failed_checks=tuple(
            f"{one.check} {one.table or ''}".rstrip() for one in report.checks if not one.passed
        )
        if report
        else (),
        notes=(*done.notes, *(report.notes if report else ())),
        steps=steps,
    )


def _told(
    status: Status,
    plan: str,
    *,
    version: str | None = None,
    exit_code: int | None = None,
    outcome: str = "",
    edited: tuple[str, ...] = (),
    documents: dict[str, int] | None = None,
    failed_checks: tuple[str, ...] = (),
    drifted: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    command: str | None = None,
    steps: tuple[str, ...],
) -> ApplyResult:
    lists = {
        "edited": edited,
        "documents": tuple(documents or {}),
        "failed_checks": failed_checks,
        "drifted": drifted,
        "notes": notes,
    }
    shown = {name: fitting(items, _ROOM) for name, items in lists.items()}
    totals = {name: len(items) for name, items in lists.items() if len(items) > len(shown[name])}
    return ApplyResult(
        status=status,
        plan=plan,
        version=version,
        exit_code=exit_code,
        outcome=outcome,
        edited=shown["edited"],
        documents={name: (documents or {})[name] for name in shown["documents"]},
        failed_checks=shown["failed_checks"],
        drifted=shown["drifted"],
        notes=shown["notes"],
        totals=totals,
        command=command,
        next_steps=(*steps, _REST) if totals else steps,
    )


KIND = Tool(
    apply_plan,
    "Apply a plan",
    needs="apply",
    reads=False,
    destroys=True,
    person=True,
    long=True,
    alone=True,
    asks=question,
)
