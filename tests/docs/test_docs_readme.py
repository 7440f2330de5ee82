"""What the README shows is what happens: the demo's screen, the commands, the workflow, the Python API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml
from docs_pages import ROOT, blocks, in_order, text
from docs_scene import BIN, Newcomer

import bravo_agent


def test_the_two_commands_are_targets_of_make() -> None:
    shown = blocks("README.md", "sh")[0].split("\n")
    assert shown == ["make demo", "make test", ""]
    assert re.search(r"^demo: install\n\t@\$\(BIN\)/bravo-agent demo$", text("Makefile"), re.M)
    assert re.search(r"^test: check\n\t@\$\(BIN\)/pytest ", text("Makefile"), re.M)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A short path (of a socket it may have 107 bytes), for the demo's own temporary folder."""
    with tempfile.TemporaryDirectory(prefix="bd-", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name)


def processes_of(folder: Path) -> list[list[str]]:
    found = (one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"]))
    return [line for line in found if any(str(folder) in word for word in line)]


@pytest.mark.slow
def test_the_demo_tells_what_the_readme_shows(tmp_path: Path, temporary: Path) -> None:
    done = subprocess.run(
        [BIN / "bravo-agent", "demo"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (shown,) = blocks("README.md", "text")
    assert in_order(shown.splitlines(), done.stdout.splitlines())
    servers = [line for line in processes_of(temporary) if not any("watchdog" in word for word in line)]
    assert (servers, list(temporary.iterdir())) == ([], [])


@pytest.mark.slow
def test_the_commands_of_your_own_project(newcomer: Newcomer, reader_uri: str) -> None:
    lines = blocks("README.md", "sh")[1].splitlines()
    exports = [line for line in lines if line.startswith("export ")]
    assert [line.split()[1].split("=")[0] for line in exports] == [
        "BRAVO_SOURCE_URI",
        "BRAVO_TARGET_URI",
        "BRAVO_MASK_KEY",
    ]
    typed = [line for line in lines if line.startswith("bravo-agent ")]
    assert len(typed) + len(exports) == len([line for line in lines if line])
    for line in typed:
        if line == "bravo-agent init":
            newcomer.first_day()
            continue
        if line.startswith("bravo-agent rollback"):
            listed = newcomer.shell("bravo-agent versions").out.split("\n")
            line = re.sub(r"\d{4}-\d\d-\d\d-001", listed[-2].split()[0], line)
        done = newcomer.shell(line, BRAVO_SOURCE_URI=reader_uri)
        assert done.code == 0, f"{line}\n{done.out}\n{done.err}"
    assert " current " in newcomer.shell("bravo-agent versions").out.split("\n")[-2]


@pytest.mark.slow
def test_the_ways_in_for_agents_and_reviewers(running: Newcomer) -> None:
    running.drift(1)
    typed = blocks("README.md", "sh")[2].splitlines()
    said = {line.split()[1]: running.shell(line) for line in typed}
    assert {name: done.code for name, done in said.items() if name != "refactor"} == {"mcp": 0, "review": 0}
    server = json.loads((running.project / ".mcp.json").read_text())["mcpServers"]["bravo-agent"]
    assert "mcp" in [server["command"], *server["args"]]
    assert "channel" in (running.project / "review.html").read_text()
    assert said["refactor"].code in (0, 3), said["refactor"].err
    assert "+    spending_limit: " in said["refactor"].out


def test_the_step_that_the_readme_shows_is_the_workflow_s() -> None:
    (shown,) = blocks("README.md", "yaml")
    assert shown in text("examples/ci/github-actions.yml")
    assert yaml.safe_load(shown)[0]["id"] == "bravo"


@pytest.mark.slow
def test_the_python_that_the_readme_shows(running: Newcomer) -> None:
    running.drift(1)
    (shown,) = blocks("README.md", "python")
    (running.project / "shown.py").write_text(shown)
    done = running.shell("python shown.py")
    assert done.code == 0, done.err
    assert "new_field public.campaigns channel info auto-approve decided" in done.out
    assert re.search(r"^published 0 \['[\d-]+-002', '[\d-]+-001'\]$", done.out, re.M)


def test_the_python_api_is_the_verbs_and_their_values() -> None:
    homes = {name: getattr(bravo_agent, name).__module__ for name in bravo_agent.__all__ if name != "Event"}
    assert set(homes) | {"Event"} == set(bravo_agent._HOME_OF)
    assert all(
        home.startswith(("bravo_agent.usecases", "bravo_agent.model", "bravo_agent.workspace"))
        or home == "bravo_agent.errors"
        for home in homes.values()
    )
    assert set(bravo_agent.__all__) <= set(dir(bravo_agent))


def test_importing_the_package_is_light() -> None:
    """The watchdog of the embedded servers outlives everything; it must not hold the data libraries."""
    code = (
        "import sys, bravo_agent, bravo_agent.stores.servers.watchdog\n"
        "print(sorted({'pyarrow', 'pymongo', 'psycopg', 'boto3', 'pydantic', 'libcst'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
