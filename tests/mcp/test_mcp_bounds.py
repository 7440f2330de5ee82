"""Two thousand of everything, with texts that grow when they are quoted: no answer is longer than clients take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from mcp import Client
from mcp.types import ElicitResult
from mcp_scene import Scene

from bravo_agent.errors import StaleError
from bravo_agent.model.change import Candidate, Change, Decision, Use
from bravo_agent.model.check import CheckResult, Finding
from bravo_agent.model.plan import ManualWork, Patch
from bravo_agent.model.proposal import Draft
from bravo_agent.model.version import Version
from bravo_agent.usecases.acquire import SnapshotList
from bravo_agent.usecases.apply import Application
from bravo_agent.usecases.examine import Examination
from bravo_agent.usecases.runs import PastRun
from bravo_agent.usecases.samples import Samples
from mcp_server._call import Desk
from mcp_server._looks import Looks
from mcp_server._results import MOST
from mcp_server._works import Work
from mcp_server.server import tools

pytestmark = pytest.mark.anyio
MANY = 2_000
LONG = "\"\\<'é`$" * 90
HASH = "a" * 64
# What they answer holds a few ids and numbers, whatever there is.
FIXED = {"approve_transform", "cancel_run", "fetch_snapshot", "make_plan", "rollback_version"}
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("get_status", {}),
    ("list_changes", {"limit": 200}),
    ("get_change", {"change_id": f"{0:064x}"}),
    ("sample_values", {"change_id": f"{0:064x}", "limit": 20}),
    ("preview_cascade", {"limit": 200}),
    (
        "record_decisions",
        {
            "answers": [
                {"change_id": f"{number:064x}", "option": "default", "params": {"value": "'" * 500}}
                for number in range(20)
            ]
        },
    ),
    ("draft_transform", {"change_id": f"{0:064x}", "code": "x"}),
    ("get_plan", {"plan": HASH, "limit": 200}),
    ("apply_plan", {"plan": HASH}),
    ("apply_plan", {"plan": "b" * 64}),
    ("get_run", {}),
    ("validate_target", {}),
    ("list_versions", {"limit": 200}),
    ("list_snapshots", {"limit": 200}),
)


@pytest.fixture(scope="module")
def seen(drifted: Scene) -> Examination:
    """A real look, grown."""
    desk = Desk(drifted.workspace)
    look = desk.call(Work("", "look")).examine()
    one = next(change for change in look.found.changes if change.question and change.question.options)
    assert one.question is not None
    grown = replace(
        one,
        question=replace(
            one.question,
            options=tuple(replace(each, label=LONG, consequence=LONG) for each in one.question.options) * 20,
        ),
        candidates=(Candidate(LONG, LONG, 0.5, (LONG,)),) * MANY,
        uses=(Use(LONG, 1, "other", "types", LONG),) * MANY,
        reason=LONG,
        details=replace(one.details, before=LONG, after=LONG, note=LONG),
    )
    changes = tuple(replace(grown, id=f"{number:064x}", table=LONG, field=LONG) for number in range(MANY))
    return replace(look, snapshot="20260101T000000Z", found=replace(look.found, changes=changes))


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch, seen: Examination, drifted: Scene) -> Scene:
    """Every use case finds two thousand of what it looks for; what it does with them is not the question here."""
    for name, answer in _answers(seen, drifted):
        monkeypatch.setattr(f"mcp_server.{name}", answer)
    return drifted


def _answers(seen: Examination, scene: Scene) -> Iterator[tuple[str, Any]]:
    diff = "".join(
        f"--- a/{LONG[:90]}{number}\n+++ b/{LONG[:90]}{number}\n@@ -1 +1 @@\n-{LONG}\n+{LONG}\n"
        for number in range(MANY)
    )
    cascade = SimpleNamespace(diff=diff, patch=Patch((), (ManualWork(LONG, 1, LONG),) * MANY))
    yield "_looks.Looks.look", lambda looks, workspace, work: seen
    yield "_looks.Looks.cascade", lambda looks, workspace, work, check: cascade
    yield from _of_decisions(seen.found.changes)
    yield from _of_plans()
    runs = tuple(
        PastRun(
            *[LONG] * 9,
            checks=((LONG, 1, 1),) * MANY,
            seconds=tuple((f"{LONG}{n}", 1.0) for n in range(MANY)),
        )
        for _ in range(50)
    )
    yield "tools.get_run.list_runs", lambda workspace, limit: runs
    faults = (Finding(LONG, LONG),) * MANY
    results = tuple(CheckResult("counts", "post-load", LONG, False, 1, faults) for _ in range(3))
    yield "tools.validate_target.validate", lambda workspace, emit: results
    version = Version(*[LONG] * 2, "retired", "full", False, *[LONG] * 7, LONG, LONG, True, (), LONG)  # type: ignore[arg-type]
    yield "tools.list_versions.versions_of", lambda workspace: (version,) * MANY
    snapshot = replace(
        scene.workspace.snapshots().manifest(scene.workspace.snapshots().ids()[0]), created_by=LONG
    )
    yield "tools.list_snapshots.snapshots_of", lambda workspace: SnapshotList((snapshot,) * MANY, ())


def _of_decisions(changes: tuple[Change, ...]) -> Iterator[tuple[str, Any]]:
    by_id = {one.id: one for one in changes}
    yield "tools.record_decisions.check_answer", lambda found, change_id, *rest: by_id[change_id]

    def record(workspace: Any, found: Any, change_id: str, option: str, **given: Any) -> Decision:
        return Decision(change_id, option, tuple(given["params"].items()), status="proposed", rationale=LONG)

    yield "tools.record_decisions.record_decision", record
    drafted = Draft(HASH, LONG, LONG, LONG, HASH, LONG, LONG, faults=(LONG,) * MANY, notes=(LONG,) * MANY)
    yield "tools.draft_transform.draft", lambda *given, **named: drafted
    yield (
        "tools.sample_values.samples_of",
        lambda *given, **named: Samples(HASH, "s", False, (LONG[:80],) * 20),
    )


def _of_plans() -> Iterator[tuple[str, Any]]:
    view = SimpleNamespace(
        plan=SimpleNamespace(
            hash=HASH, exit_code=0, steps=(), changes=(), load=None, refresh="full", code="apply",
            inputs=SimpleNamespace(database=LONG, snapshot="s"),
        ),
        lines=(LONG,) * MANY, stale=(LONG,) * MANY, standing="ready", version=None,
    )  # fmt: skip
    report = SimpleNamespace(
        code=SimpleNamespace(edited=(LONG,) * MANY),
        tables=[SimpleNamespace(collection=f"{number}{LONG}", documents=1) for number in range(MANY)],
        checks=[CheckResult(LONG, "post-load", LONG, False, 1) for _ in range(MANY)],
        notes=(LONG,) * MANY,
    )

    def apply(workspace: Any, *, plan: str, emit: Any) -> Application:
        if plan != HASH:
            raise StaleError("plan-stale", LONG, hint=LONG, details=(LONG,) * MANY)
        return Application("not_applied", HASH, 1, "failed-checks", LONG, None, (LONG,), report)  # type: ignore[arg-type]

    for tool in ("get_plan", "apply_plan"):
        yield f"tools.{tool}.inspect_plan", lambda workspace, plan: view
    yield "tools.apply_plan.applied_before", lambda workspace, plan: None
    yield "tools.apply_plan.apply", apply


async def agree(context: Any, parameters: Any) -> ElicitResult:
    """A person who says yes."""
    return ElicitResult(action="accept", content={"confirm": True})


def test_every_tool_is_asked() -> None:
    assert {name for name, _ in CALLS} | FIXED == set(tools())


async def test_no_answer_is_too_long(grown: Scene) -> None:
    server = grown.server(allow_decisions=True, allow_apply=True, allow_samples=True)
    async with Client(server, elicitation_callback=agree) as client:
        for tool, arguments in CALLS:
            found = await client.call_tool(tool, arguments)
            assert not found.is_error, (tool, found.content)
            size = len(json.dumps(found.structured_content, ensure_ascii=False))
            assert size < MOST, (tool, size)
        applied = (await client.call_tool("apply_plan", {"plan": HASH})).structured_content
        assert applied is not None
        assert applied["totals"] == {
            "edited": MANY, "documents": MANY, "failed_checks": MANY, "notes": MANY + 1,
        }  # fmt: skip
        assert applied["edited"]
        assert any("totals" in step for step in applied["next_steps"])
        faults = (await client.call_tool("validate_target", {})).structured_content
        assert faults is not None
        assert faults["faults_total"] == 3 * MANY > len(faults["faults"]) > 10
        assert any("bravo-agent validate" in step for step in faults["next_steps"])


async def test_no_refusal_and_no_prompt_is_too_long(grown: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(*given: Any) -> None:
        raise StaleError("plan-stale", LONG * 9, hint=LONG * 9, where=LONG, details=(LONG,) * MANY)

    async with Client(grown.server()) as client:
        for uri in (
            "changes",
            "cascade",
            "plan/current",
            "run/latest",
            "versions",
            "snapshots",
            f"changes/{0:064x}",
        ):
            [content] = (await client.read_resource(f"bravo://{uri}")).contents
            assert len(content.text) < MOST, uri  # type: ignore[union-attr]
        for name, arguments in (("review_changes", {}), ("decide_change", {"change_id": f"{0:064x}"})):
            asked = await client.get_prompt(name, arguments)
            assert sum(len(one.content.text) for one in asked.messages) < MOST, name  # type: ignore[union-attr]
        monkeypatch.setattr(Looks, "look", stale)
        refused = await client.call_tool("list_changes", {})
        assert refused.is_error
        [block] = refused.content
        assert len(block.text) < MOST  # type: ignore[union-attr]
        told = json.loads(block.text)  # type: ignore[union-attr]
        assert told["details_total"] == MANY > len(told["details"]) > 0
