"""Drift scripts of the example carried through the whole code: its own tests are green then, without a hand on it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from runs_scene import Scene

from bravo_agent import wire
from bravo_agent.model.plan import Patch
from bravo_agent.planning.exit_code import BLOCKED, exit_code
from bravo_agent.stores.application import apply_patch, render_diff, run_suite, scratch_copy, write_edits
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.examine import examine
from bravo_agent.usecases.recompute import recompute
from bravo_agent.workspace import Workspace, open_workspace

MODEL, ENUMS, METRICS = (
    "campaigns/models/campaigns.py",
    "campaigns/models/enums.py",
    "campaigns/models/metrics.py",
)
TYPES, ROUNDING = "campaigns/models/types.py", "campaigns/rounding.py"
TESTS = 112
"""Tests of the example that pass where MongoDB is there; the others need a loaded database."""


@dataclass(frozen=True)
class Case:
    """A drift with its answer; ``edited``: files of the cascade; ``lines``: some that it adds."""

    drift: int
    option: str
    edited: tuple[str, ...] | None = ()
    params: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


CASES = [
    Case(1, "add-field", (MODEL,)),
    Case(2, "default", (MODEL, ROUNDING), ("value=0.00",), ('+    "performance_score": 2,',)),
    Case(2, "make-optional", (MODEL, ROUNDING)),
    Case(
        2,
        "calculate",
        (MODEL, ROUNDING),
        ("expression=daily_budget * bid_multiplier",),
        ('+        default_factory=lambda data: data["daily_budget"] * data["bid_multiplier"]',),
    ),
    Case(3, "rename", None),  # which lines: tests/refactor
    Case(5, "follow"),
    Case(6, "add-value", (ENUMS,)),
    Case(8, "drop-field", (MODEL,)),
    Case(
        9,
        "generate-model",
        (
            "campaigns/models/__init__.py",
            "campaigns/models/conversions.py",
            "tests/fixtures/conversions.json",
        ),
        lines=(
            "+from .conversions import Conversion",
            '+    "conversions": Conversion,',
            '+    "Conversion",',
            "+class Conversion(Document):",
        ),
    ),
]
NAMED = [(f"{one.drift:02} {one.option}", one) for one in CASES]
QUICK = ("02 calculate", "03 rename")
"""In every run of the tests; the others where there is time."""


def settle(scene: Scene, case: Case) -> tuple[Workspace, Cascade]:
    """The drift, answered; what the cascade would do."""
    scene.drift(case.drift)
    for change in scene.cli("detect", "--json").json["changes"]:
        if change["decision"] != "auto-approve":
            params = [word for one in case.params for word in ("--param", one)]
            # A check over the column goes with it.
            option = "accept" if change["type"] == "check_changed" else case.option
            done = scene.cli("decide", change["id"], option, *params, "--json")
            assert done.code in (0, 3), done.err
    workspace = open_workspace(scene.project, scene.environ)
    return workspace, make_cascade(workspace, examine(workspace, source="direct").found)


@pytest.fixture(autouse=True)
def _mongodb(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", scene.target_uri)


def passed(workspace: Workspace, patch: Patch) -> int:
    """How many of the application's tests pass with the patch; all the others are skipped."""
    with scratch_copy(workspace.project) as copy:
        write_edits(copy, patch.edits)
        run = run_suite(workspace.project, copy, workspace.config.project)
    assert run.failing == ()
    return sum(one.outcome == "passed" for one in run.outcomes)


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, id=name, marks=() if name in QUICK else pytest.mark.slow) for name, one in NAMED],
)
def test_carried_through(scene: Scene, case: Case) -> None:
    workspace, cascade = settle(scene, case)
    assert cascade.patch.manual == ()
    assert case.edited in (None, tuple(edit.file for edit in cascade.patch.edits))
    assert [line for line in case.lines if line not in cascade.diff.splitlines()] == []
    assert {change.state for change in cascade.after.changes} <= {"settled", "decided"}
    assert passed(workspace, cascade.patch) >= TESTS
    apply_patch(workspace.project, cascade.patch)
    assert make_cascade(workspace, examine(workspace, source="direct").found).patch.edits == ()


@pytest.mark.slow
def test_finer_digits_with_expected_values_computed_again(scene: Scene) -> None:
    """Drift 04: six tests expect values that differ now; nothing else fails, and nothing is guessed."""
    workspace, cascade = settle(scene, Case(4, "follow"))
    assert cascade.patch.manual == ()
    assert tuple(edit.file for edit in cascade.patch.edits) == (METRICS, TYPES, ROUNDING)
    plus = [line[1:].strip() for line in cascade.diff.splitlines() if line.startswith("+") and line[1] != "+"]
    assert plus == [
        "from .types import AnyDecimal, Cost, Count, Money, Rate",
        "cost: Cost",
        "Cost = Annotated[Decimal, BeforeValidator(decimal_from_bson), Field(max_digits=14, decimal_places=4)]",
        '"cost": 4,',
    ]
    made = recompute(workspace.project, workspace.config.project, cascade.patch)
    assert (made.patch.manual, made.failing, made.failed_before) == ((), (), ())
    assert {test for one in made.patch.recomputed for test in one.tests} == {
        "tests/test_api.py::test_metrics",
        "tests/test_api.py::test_performance",
        "tests/test_rounding.py::test_round_field",  # with two of its seven rows
        "tests/test_serializers.py::test_metric_out",
        "tests/test_serializers.py::test_performance",
    }
    assert {(one.file, one.before, one.after) for one in made.patch.recomputed} == {
        ("tests/fixtures/expected_performance.json", '"147.50"', '"147.5000"'),
        ("tests/test_api.py", '"96.40"', '"96.4000"'),
        ("tests/test_api.py", '"51.10"', '"51.1000"'),
        ("tests/test_api.py", '"43.60"', '"43.6000"'),
        ("tests/test_rounding.py", '"10.01"', '"10.0050"'),
        ("tests/test_rounding.py", '"-0.01"', '"-0.0050"'),
        ("tests/test_serializers.py", '"51.10"', '"51.1000"'),
        ("tests/test_serializers.py", '"43.60"', '"43.6000"'),
    }
    assert passed(workspace, made.patch) == TESTS
    patch = scene.project / "expected.patch"
    patch.write_text(render_diff(made.patch))
    scene.git("apply", "--check", patch.name)
    patch.unlink()
    apply_patch(workspace.project, cascade.patch)
    later = scene.cli("cascade", "--recompute", "--json").json
    assert later["recomputed"] == [wire.plain(one) for one in made.patch.recomputed]
    assert set(later["files"]) == {one.file for one in made.patch.recomputed}


@pytest.mark.slow
def test_everything_at_once(scene: Scene) -> None:
    """One patch over all of it, each edit on what the one before left; the tests are green with the proposals."""
    scene.drift(1, 2, 4, 5, 6, 8, 9)
    options = {
        "performance_score": "make-optional", "cost": "follow", "status": "add-value", "legacy_code": "drop-field",
        None: "generate-model",
    }  # fmt: skip
    for change in scene.cli("detect", "--json").json["changes"]:
        if change["decision"] != "auto-approve":
            done = scene.cli("decide", change["id"], options[change["field"]], "--json")
            assert done.code in (0, 3), done.err
    workspace = open_workspace(scene.project, scene.environ)
    cascade = make_cascade(workspace, examine(workspace, source="direct").found)
    assert cascade.patch.manual == ()
    made = recompute(workspace.project, workspace.config.project, cascade.patch)
    assert (made.patch.manual, made.failing) == ((), ())
    assert len(made.patch.recomputed) == 9
    assert {change.state for change in cascade.after.changes} <= {"settled", "decided"}


@pytest.mark.slow
def test_a_column_that_is_used_stays_until_its_uses_are_settled(scene: Scene) -> None:
    """Drift 07: nothing of it is applied, every use is listed, and blocks."""
    workspace, cascade = settle(scene, Case(7, "drop-field"))
    assert cascade.code.edits == ()
    listed = {(one.file, one.line) for one in cascade.patch.manual}
    assert {("campaigns/calculations.py", 142), ("campaigns/validation.py", 56)} <= listed
    (change,) = [one for one in cascade.after.changes if one.kind == "dropped_field"]
    assert {(one.file, one.line) for one in change.held_by} <= listed
    assert len(change.held_by) >= 10
    assert exit_code(cascade.after.changes) == BLOCKED
    assert passed(workspace, cascade.patch) == TESTS


@pytest.mark.slow
def test_a_table_whose_model_is_not_known_by_its_name(scene: Scene) -> None:
    """Accepted, it is loaded in the same run; a plan of it is carried out and known as applied."""
    scene.json("--auto")
    scene.sql('CREATE TABLE "../x" (id int PRIMARY KEY, title text); INSERT INTO "../x" VALUES (1, \'one\')')
    (change,) = scene.json("detect")["changes"]
    scene.json("decide", change["id"], "generate-model")
    scene.commit()
    planned = scene.json("plan")["plan"]["hash"]
    assert scene.json("apply", planned)["status"] == "applied"
    assert scene.json("apply", planned)["status"] == "already_applied"
    assert '[entities."public.../x"]' in scene.git("diff", "bravo.toml")
    assert len(scene.documents()["%2E%2E/x"]) == 1
    assert scene.json("detect")["changes"] == []
    assert scene.json("--auto")["published"]
