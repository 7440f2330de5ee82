"""The server in a process of its own, listening on this machine."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from mcp_scene import Scene

CLI = ("-c", "from bravo_agent.cli.main import main; main()", "mcp")
MODULE = ("-m", "mcp_server")
TOKEN = "a-token-of-this-very-test"


@contextmanager
def serving(scene: Scene, **environ: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a server on a free port."""
    start = (*CLI, "-C", str(scene.project), "--http", "127.0.0.1:0")
    with listening(start, scene.outside(**environ)) as found:
        yield found


@contextmanager
def listening(
    start: Sequence[str], environ: Mapping[str, str]
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address that a Python process says it listens on; it neither prints to stdout nor crashes."""
    started = subprocess.Popen(
        [sys.executable, *start], env=environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stderr is not None
    try:
        found = re.search(r"http://\S+", started.stderr.readline())
        assert found
        yield found[0], started
    finally:
        started.terminate()
        out, err = started.communicate(timeout=30)
        assert out == ""
        assert "Traceback" not in err, err
