"""Questions on a real terminal: the form, previews, back, skip, quit and go on later; every answer is kept at once."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator

import pexpect
import pytest
from runs_scene import Scene

MAIN = "from bravo_agent.cli.main import main; main()"
PROMPT = "> Select option: "
WHY = "> Why "


class Terminal:
    """A command on a terminal of its own; ``seen`` is everything since the last prompt."""

    def __init__(self, scene: Scene, *arguments: str) -> None:
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-c", MAIN, *arguments],
            cwd=str(scene.project),
            env=scene.outside(TERM="xterm", NO_COLOR="1"),
            encoding="utf-8",
            timeout=60,
            dimensions=(50, 200),
        )

    def until(self, text: str = PROMPT) -> str:
        self.child.expect_exact(text)
        return self.child.before or ""

    def type(self, text: str, until: str = PROMPT) -> str:
        self.child.sendline(text)
        return self.until(until)

    def answer(self, number: str, why: str = "", until: str = PROMPT) -> str:
        self.type(number, WHY)
        return self.type(why, until)

    def end(self) -> tuple[str, int]:
        self.child.expect(pexpect.EOF)
        seen = self.child.before or ""
        self.child.close()
        return seen, self.child.exitstatus


@pytest.fixture
def drifted(scene: Scene) -> Iterator[Scene]:
    scene.drift(2, 7)
    yield scene
    scene.git("checkout", "-q", ".")


def answers(scene: Scene) -> dict[str, str]:
    path = scene.project / "bravo.decisions.json"
    found = json.loads(path.read_text())["decisions"] if path.exists() else []
    return {one["field"]: one["option"] for one in found}


def test_the_question_has_the_form_of_the_design(drifted: Scene) -> None:
    terminal = Terminal(drifted, "decide")
    blocked = terminal.until()
    assert "Detected: ad_groups.quality_score" in blocked
    assert "used: campaigns/calculations.py" in blocked
    seen = terminal.type("s")
    lines = [line.rstrip() for line in seen.splitlines()]
    while not any("performance_score" in line for line in lines):  # the CHECK of what was dropped asks too
        lines = [line.rstrip() for line in terminal.type("s").splitlines()]
    text = "\n".join(lines)
    assert "Detected: campaigns.performance_score (numeric(5,2), required)" in text
    assert "How should we handle this new required field?" in lines
    wanted = (
        "Calculate from existing data",
        "Set default value",
        "Make optional for now",
        "Custom transformation",
    )
    for number, label in enumerate(wanted, 1):
        assert any(line.startswith(f"{number}. {label}: ") for line in lines), label
    terminal.type("q", "still open")
    assert terminal.end()[1] == 4
    assert answers(drifted) == {}


def reach(terminal: Terminal, field: str) -> str:
    seen = terminal.until()
    while f".{field} (" not in seen:
        seen = terminal.type("s")
    return seen


def test_preview_answer_back_and_quit(drifted: Scene) -> None:
    terminal = Terminal(drifted, "decide")
    reach(terminal, "performance_score")
    shown = terminal.type("p 3")
    assert "+++ b/campaigns/models/campaigns.py" in shown
    assert "+    performance_score: " in shown
    assert drifted.changed() <= {"schema-change-report.json"}
    assert "there is no option 9" in terminal.type("9")
    assert "there is no option maybe" in terminal.type("maybe")
    back = terminal.answer("make-optional", "old ones have none", "recorded: make-optional")
    assert "performance_score" not in back
    assert answers(drifted) == {"performance_score": "make-optional"}
    terminal.child.expect("still open|Select option: ")
    terminal.child.close()
    record = json.loads((drifted.project / "bravo.decisions.json").read_text())["decisions"][0]
    assert (record["decided_by"], record["via"], record["rationale"]) == (
        "person",
        "cli",
        "old ones have none",
    )


@pytest.mark.slow
def test_back_asks_the_former_question_again(drifted: Scene) -> None:
    terminal = Terminal(drifted, "decide")
    first = terminal.until()
    terminal.answer("2")
    again = terminal.type("b")
    assert "Detected: ad_groups.quality_score" in first
    assert "Detected: ad_groups.quality_score" in again
    assert "answered before by person: 2. keep-optional" in again
    terminal.answer("1")
    assert answers(drifted)["quality_score"] == "drop-field"
    assert "first question" in (terminal.type("b") and terminal.type("b"))
    terminal.child.close()


def test_what_was_answered_is_not_asked_again_later(drifted: Scene) -> None:
    first = Terminal(drifted, "decide")
    first.until()
    first.answer("2")
    first.child.sendeof()
    first.end()
    later = Terminal(drifted, "decide")
    assert "quality_score (" not in later.until()
    later.child.kill(signal.SIGINT)
    seen, code = later.end()
    assert code == 130
    assert "what is done is kept" in seen
    assert answers(drifted) == {"quality_score": "keep-optional"}


def test_an_option_that_needs_something_asks_for_it(drifted: Scene) -> None:
    terminal = Terminal(drifted, "decide")
    reach(terminal, "performance_score")
    terminal.type("2", "> value: ")
    assert "nothing was recorded" in terminal.type("")
    terminal.type("2", "> value: ")
    terminal.type("12.50", WHY)
    terminal.type("", "recorded: default")
    terminal.child.close()
    assert answers(drifted) == {"performance_score": "default"}


@pytest.mark.slow
def test_a_whole_run_that_asks_first(scene: Scene) -> None:
    scene.drift(2)
    terminal = Terminal(scene, "run", "--interactive")
    reach(terminal, "performance_score")
    terminal.answer("3", until="published: ")
    assert terminal.end()[1] == 0
    assert "performance_score" in {key for one in scene.documents()["campaigns"].values() for key in one}


def test_interactive_without_a_terminal_is_wrong_usage(scene: Scene) -> None:
    done = scene.process("run", "--interactive")
    assert done.code == 2
    assert "terminal" in done.err
