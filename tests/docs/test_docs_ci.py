"""The workflow in examples/ci, step by step as GitHub's runner does it, and the transcript in docs/ci.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_pages import blocks, ids, in_order, text
from docs_scene import Newcomer, Typed

WORKFLOW = "examples/ci/github-actions.yml"
NAMES = ("Install", "Bring production data in", "The edits as a patch", "Somebody has to decide")


def job() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text(WORKFLOW))["jobs"]["production-data"]
    return found


@dataclass
class Runner:
    """As much of GitHub's runner as the workflow uses; anything else is an error."""

    newcomer: Newcomer
    temp: Path
    failed: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    done: dict[str, Typed] = field(default_factory=dict)
    uploaded: list[str] = field(default_factory=list)

    def run(self) -> None:
        for step in job()["steps"]:
            if not self._wanted(step.get("if")):
                continue
            if "uses" in step:
                self._use(step)
            elif step["name"] != "Install":  # bravo-agent and the application are installed here already
                self._script(step)

    def _wanted(self, condition: str | None) -> bool:
        if condition is None:
            return not self.failed
        if condition == "always()":
            return True
        found = re.fullmatch(r"steps\.bravo\.outputs\.([\w-]+) == '(\w+)'", condition)
        assert found, condition
        return not self.failed and self.outputs.get(found[1]) == found[2]

    def _script(self, step: dict[str, Any]) -> None:
        output = self.temp / "output"
        output.write_text("")
        given = {**job()["env"], **step.get("env", {})}
        environ = {name: self._value(value) for name, value in given.items()}
        runner = {"RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(output), "GITHUB_ACTOR": "octo"}
        typed = self.newcomer.step(step["run"], {**environ, **runner})
        self.done[step["name"]] = typed
        self.failed |= typed.code != 0
        if "id" in step:
            self.outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())

    def _value(self, value: str) -> str:
        found = re.fullmatch(r"\$\{\{ secrets\.(\w+) \}\}", value)
        return self.newcomer.environ[found[1]] if found else value.replace("bravo-1", self.newcomer.database)

    def _use(self, step: dict[str, Any]) -> None:
        assert re.fullmatch(r"actions/(checkout|setup-python|upload-artifact)@v\d+", step["uses"])
        for line in step.get("with", {}).get("path", "").splitlines():
            path = line.replace("${{ runner.temp }}", str(self.temp))
            self.uploaded += [path for one in [self.newcomer.project / path] if one.exists()]


@pytest.fixture
def runner(running: Newcomer, tmp_path: Path) -> Iterator[Runner]:
    temp = tmp_path / "runner"
    temp.mkdir()
    return Runner(running, temp)


def test_the_workflow_has_the_steps_that_its_readers_expect() -> None:
    steps = job()["steps"]
    uses = [step["uses"].partition("@")[0] for step in steps if "uses" in step]
    assert uses == ["actions/checkout", "actions/setup-python", "actions/upload-artifact"]
    assert set(NAMES) <= {step.get("name") for step in steps}
    assert "pip install" in next(step["run"] for step in steps if step.get("name") == "Install")


@pytest.mark.slow
def test_settled_changes_let_the_job_pass(runner: Runner) -> None:
    runner.newcomer.drift(1)
    runner.run()
    assert not runner.failed, runner.done
    assert runner.outputs == {"exit-code": "0"}
    assert "channel: str | None = None" in (runner.temp / "bravo.patch").read_text()
    assert len(runner.uploaded) == 4
    assert "Somebody has to decide" not in runner.done


@pytest.mark.slow
def test_code_3_runs_the_tests_and_fails_at_the_end_with_the_list(runner: Runner) -> None:
    runner.newcomer.drift(2)
    runner.run()
    codes = {name: typed.code for name, typed in runner.done.items()}
    assert codes.pop("Somebody has to decide") == 3
    assert set(codes.values()) == {0}, runner.done
    assert any("own tests" in name for name in codes)
    out = runner.done["Somebody has to decide"].out
    assert "performance_score" in out
    assert "make-optional" in out
    assert "::error" in out


@pytest.mark.slow
def test_code_4_ends_the_job_before_the_tests_and_keeps_the_report(runner: Runner) -> None:
    runner.newcomer.drift(7)
    runner.run()
    assert {name: typed.code for name, typed in runner.done.items()} == {
        "Bring production data in": 4,
        "The edits as a patch": 0,
    }
    assert len(runner.uploaded) == 4
    # The edits are none; neither are schema files or anything else.
    assert (runner.temp / "bravo.patch").read_text() == ""


def transcript(block: str) -> Iterator[tuple[str, list[str]]]:
    """(what was typed, the lines shown for it)."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        typed, _, shown = part.partition("\n")
        yield typed, shown.splitlines()


@pytest.mark.slow
def test_the_transcript_of_the_page(running: Newcomer) -> None:
    """Sections in the page's order: 0, 3, 5 (decisions, then a plan), 4."""
    known: dict[str, str] = {}
    for drift, block in zip((1, 2, None, None, 7), blocks("docs/ci.md", "console"), strict=True):
        if drift:
            running.drift(drift)
        code = 0
        for typed, shown in transcript(block):
            if typed == "echo $?":
                assert shown == [str(code)]
                continue
            done = running.shell(_with_real_ids(typed, known))
            code = done.code
            told = f"{done.out}\n{done.err}".replace(running.database, "bravo-1").splitlines()
            for line, found in in_order(shown, told):
                known.update(zip(ids(line), ids(found), strict=False))
        running.commit()


def _with_real_ids(typed: str, known: dict[str, str]) -> str:
    for shown, real in known.items():
        typed = typed.replace(shown, real)
    return typed
