"""Where the instruments are installed, and how one is run: in a process, offline, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp_scene import Scene
from mcp_serving import MODULE

HERE = Path(__file__).parent
INSTALLED = Path(__file__).parents[3] / ".instruments"
NODE = INSTALLED / "node_modules" / ".bin" / "node"
_SCOPE = INSTALLED / "node_modules" / "@modelcontextprotocol"
INSPECTOR = (str(NODE), str(_SCOPE / "inspector/clients/launcher/build/index.js"), "--cli")
CONFORMANCE = (str(NODE), str(_SCOPE / "conformance/dist/index.js"))
ALL_ALLOWED = ("--allow-decisions", "--allow-apply", "--allow-samples")
"""With these the server offers all that it has."""
MCPSCORE = (str(INSTALLED / "venv" / "bin" / "mcpscore"),)


_PASSED_ON = ("BRAVO_TARGET_URI", "BRAVO_SOURCE_URI", "BRAVO_MASK_KEY", "BRAVO_USER", "PYTHONPATH")


@dataclass(frozen=True)
class Done:
    """What a run of an instrument left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its stdout as JSON."""
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out[-4_000:]}\n{self.err[-8_000:]}"


@dataclass(frozen=True)
class Stdio:
    """How an instrument starts the server itself."""

    arguments: tuple[str, ...]
    environ: dict[str, str]


def stdio_of(scene: Scene) -> Stdio:
    """The server for a project, to be started with an environment that holds what it needs."""
    environ = scene.outside(PYTHONPATH=str(HERE.parents[2]))
    return Stdio((*MODULE, "-C", str(scene.project)), {name: environ[name] for name in _PASSED_ON})


@dataclass(frozen=True)
class Http:
    """Where the server listens, and what it asks for."""

    url: str
    token: str

    @property
    def header(self) -> str:
        """As a line of a request."""
        return f"Authorization: Bearer {self.token}"


def run(
    command: Sequence[str],
    *arguments: str,
    home: Path,
    cwd: Path | None = None,
    stdin: str = "",
    **environ: str,
) -> Done:
    """Nothing of the tests' own environment but the path: an instrument passes on what it is told to."""
    done = subprocess.run(
        [*command, *arguments],
        env={"PATH": f"{NODE.parent}:{os.environ['PATH']}", "HOME": str(home), **environ},
        cwd=cwd or home,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=400,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def named(environ: Mapping[str, str], flag: str) -> list[str]:
    """The environment as an instrument's options; it takes no empty values."""
    return [part for name, value in environ.items() if value for part in (flag, f"{name}={value}")]
