"""What commands print and what they write: no text of others moves a terminal, starts a line, or hides in code."""

from __future__ import annotations

import ast
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from untrusted_corpus import MARK, TEXTS, holds, unseen
from untrusted_scene import Scene, Told

from bravo_agent.usecases.examine import examine

# A line of ours may hold such a text, and never begin with it.
_FAKED = re.compile(rf"^\s*(::error::|Assistant:|Human:|\{{\"at\").*{MARK}", re.MULTILINE)


# Each kind of output once; the other commands print with the same functions.
_QUICK: tuple[tuple[str, ...], ...] = (
    ("detect",),
    ("decide",),
    ("decide", TEXTS["ansi"]),
    ("cascade",),
    ("runs",),
    ("versions",),
    ("schema", "log"),
    ("plan", "--snapshot", "latest"),
    ("rollback", "--version", TEXTS["lines"]),
)


def _others(hostile: Scene) -> list[tuple[str, ...]]:
    found = examine(hostile.workspace, stale="ask", write_report=False).found
    commands: list[tuple[str, ...]] = [
        ("detect", "--offending-keys"),
        ("decide", "--list"),
        ("cascade", "--check"),
        ("artifacts", "--check"),
        ("run", "--auto", "--dry-run"),
        ("doctor",),
        ("snapshot", "list"),
        ("snapshot", "verify"),
        ("snapshot", "verify", "--id", TEXTS["bidi"]),
        ("schema", "show", "latest"),
        ("schema", "show", TEXTS["c1"]),
        ("schema", "check"),
        ("validate",),
        ("transform",),
        ("refactor", "rename", "T.clicks", "hits", "--diff"),
        ("adopt", "--db", TEXTS["control"]),
    ]
    return commands + [("explain", one.id) for one in {one.kind: one for one in found.changes}.values()]


def test_nothing_moves_a_terminal_or_fakes_a_line(hostile: Scene) -> None:
    change = examine(hostile.workspace, stale="ask", write_report=False).found.changes[0]
    _walk(hostile, [*_QUICK, ("explain", change.id)])


@pytest.mark.slow
def test_no_other_command_does(hostile: Scene) -> None:
    _walk(hostile, _others(hostile))


def _walk(hostile: Scene, commands: Sequence[tuple[str, ...]]) -> None:
    wrong, told = [], ""
    for command in commands:
        for more in ((), ("--json",)):
            found = hostile.cli(*command, *more, code=None)
            text = found.out + found.err
            told += text
            # A diff is for `git apply`, byte for byte; on a terminal it is escaped as well (below).
            exact = command[0] in ("cascade", "refactor") and not more
            if (unseen(found.err) or (unseen(found.out) and not exact)) or _FAKED.search(text):
                wrong.append((command, more, ascii(unseen(text))[:80], _FAKED.findall(text)[:2]))
            if more:
                json.loads(found.out)
    assert wrong == []
    assert holds(told)


@pytest.mark.parametrize("command", [("cascade",), ("refactor", "rename", "T.clicks", "hits", "--diff")])
def test_a_diff_on_a_terminal_is_escaped(hostile: Scene, command: tuple[str, ...]) -> None:
    told = _on_a_terminal(hostile, *command)
    assert "+++ b/" in told
    assert unseen(told, also="\r\n") == ""


def _on_a_terminal(hostile: Scene, *arguments: str) -> str:
    ours, theirs = pty.openpty()
    call = [sys.executable, "-c", "from bravo_agent.cli.main import main; main()", *arguments]
    with subprocess.Popen(
        [*call, "-C", str(hostile.project)], stdout=theirs, stderr=theirs, stdin=theirs, env=hostile.outside()
    ) as process:
        os.close(theirs)
        told = b""
        try:
            while some := os.read(ours, 65_536):
                told += some
        except OSError:
            pass  # the other end was closed: everything was said
        process.wait(60)
    os.close(ours)
    return told.decode()


def test_files_that_are_made_hold_what_can_be_seen(hostile: Scene) -> None:
    for name in ("bravo.toml", "bravo.catalog.json", "schema-change-report.json"):
        text = (hostile.project / name).read_text(encoding="utf-8")
        assert holds(text)
        assert (name, ascii(unseen(text))) == (name, "''")


def test_code_that_is_made_reads_as_what_it_is(hostile: Scene) -> None:
    """What turns its text round, or breaks its lines, is written as an escape; a blank may stand in a literal."""
    diff = hostile.cli("cascade", code=None).out
    added = "\n".join(line for line in diff.split("\n") if line.startswith("+") and "zqxw\u202e" not in line)
    for code in ((hostile.project / "models.py").read_text(encoding="utf-8"), added):
        assert holds(code)
        assert [line for line in code.split("\n") if not line.isprintable()] == []
    tree = ast.parse((hostile.project / "models.py").read_text(encoding="utf-8"))
    names = [
        one.target.id
        for one in ast.walk(tree)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
    assert unseen("".join(names)) == ""


def test_a_line_of_the_log_is_one_event(hostile: Scene) -> None:
    logs = sorted((hostile.project / "logs").rglob("*.log"))
    assert logs
    for path in logs:
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            assert json.loads(line)["tag"]
            assert unseen(line) == ""


def test_names_of_files_are_data_too(hostile: Scene) -> None:
    told: Told = hostile.cli("refactor", "rename", "T.clicks", "hits", "--diff", "--json", code=None)
    assert MARK in told.out
    assert unseen(told.out) == ""
    assert not any(holds(path.name) for path in Path(hostile.project / "logs").rglob("*"))
