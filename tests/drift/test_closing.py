"""Closing the drift: every change accepted, the cascade applied to the models, and detect finds nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from closing_scene import History, histories, sample, write_project
from hypothesis import HealthCheck, given, note, settings

from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.usecases.cascade import apply_cascade, make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import Workspace, open_workspace

FOLLOWING = [
    "rename", "follow", "cast", "add-value", "remove-value", "add-field", "make-optional", "drop-field",
    "generate-model", "drop-model", "accept", "same-field",
]  # fmt: skip
ROUNDS = 4
"""A name that goes from column to column is free for the next one after a round."""


def answer_all(workspace: Workspace, source: Catalog) -> Detection:
    found = detect(workspace, source)
    for change in found.changes:
        if change.state == "open" or (change.state == "decided" and change.option not in FOLLOWING):
            assert change.question is not None, change
            options = [one.name for one in change.question.options]
            record_decision(
                workspace, found, change.id, next(one for one in FOLLOWING if one in options), params={}
            )
    return detect(workspace, source)


def waits(change: Change) -> bool:
    return change.state == "open" or (
        change.state == "decided" and (change.answer is None or change.answer.takes_hold != "at-once")
    )


def close(workspace: Workspace, source: Catalog) -> tuple[int, list[str]]:
    """Rounds until nothing is found, and what was left to people in the last one."""
    for number in range(1, ROUNDS + 1):
        cascade = make_cascade(workspace, answer_all(workspace, source))
        note(f"--- round {number}\n{cascade.diff}\n{[one.why for one in cascade.patch.manual]}")
        apply_cascade(workspace, cascade)
        after = detect(workspace, source)
        workspace.save_baseline(after.next_baseline)
        left = [change for change in after.changes if waits(change)]
        if not left:
            assert cascade.patch.manual == ()
            return number, []
    return ROUNDS, [f"{one.kind} {one.table}.{one.field} {one.option}" for one in left]


def run_models(project: Path) -> dict[str, Any]:
    text = (project / "models.py").read_text(encoding="utf-8")
    module = ModuleType("closing_models")
    exec(compile(text, "models.py", "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def hold_documents(workspace: Workspace, source: Catalog) -> None:
    """Every table has its model, and it takes what its columns hold."""
    names = run_models(workspace.project)
    mapping = derive_mapping(source, workspace.models().models, workspace.config)
    assert [one.table for one in mapping.entities] == [table.key for table in source.tables]
    for table in source.tables:
        found = mapping.of_table(table.key)
        assert found is not None
        assert found.left_out == ()
        targets = {one.column: one.target for one in found.columns}
        full = {targets[c.name]: sample(c.type) for c in table.columns}
        bare = {targets[c.name]: None if c.nullable else sample(c.type) for c in table.columns}
        for document in (full, bare):
            names[found.entity or ""].model_validate(document)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_closing_the_drift(history: History) -> None:
    before, source = history.before, history.source
    with tempfile.TemporaryDirectory() as folder:
        workspace = write_project(Path(folder) / "app", before)
        note((workspace.project / "models.py").read_text())
        rounds, left = close(workspace, source)
        assert left == []
        assert rounds < ROUNDS
        again = open_workspace(workspace.project, {})
        assert detect(again, source).changes == ()
        hold_documents(again, source)
