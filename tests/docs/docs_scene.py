"""A project and a shell to type in what the pages show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

BIN = Path(sys.executable).parent
# What the demo's developer corrects of init's proposals, too.
_KEPT = ("public.users.locale", "public.users.notifications")
# As GitHub's runner starts a `run` step.
_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
_OURS = ("BRAVO_", "AWS_", "GITHUB_", "MONGODB_", "CAMPAIGNS_", "PYTHON", "PYTEST_")


@dataclass(frozen=True)
class Typed:
    """What a line gave."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Newcomer:
    """``database`` is what the pages call bravo-1."""

    project: Path
    source_uri: str
    target_uri: str
    database: str

    @property
    def environ(self) -> dict[str, str]:
        """A clean environment with the connections, and the command on PATH."""
        foreign = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        return foreign | {
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "BRAVO_SOURCE_URI": self.source_uri,
            "BRAVO_TARGET_URI": self.target_uri,
            "BRAVO_MASK_KEY": "protects nothing",
            "BRAVO_USER": "newcomer",
            "CI": "1",
        }

    def shell(self, script: str, **environ: str) -> Typed:
        """``script`` in bash, in the project, stdin closed."""
        done = subprocess.run(
            [*_BASH, script],
            cwd=self.project,
            env=self.environ | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        return Typed(done.returncode, done.stdout, done.stderr)

    def step(self, script: str, environ: Mapping[str, str]) -> Typed:
        """A step of a workflow."""
        return self.shell(script, **environ)

    def git(self, *arguments: str) -> None:
        """git with a name of its own."""
        own = ("-c", "user.name=Team", "-c", "user.email=team@example.com", "-c", "core.hooksPath=/dev/null")
        subprocess.run(
            ["git", "-C", str(self.project), *own, *arguments], check=True, capture_output=True, timeout=60
        )

    def commit(self) -> None:
        """Everything that is not ignored; caches of the application's tests are."""
        ignore = self.project / ".gitignore"
        lines = ignore.read_text().splitlines() if ignore.exists() else []
        wanted = [*lines, *(one for one in ("__pycache__/", ".pytest_cache/") if one not in lines)]
        ignore.write_text("\n".join(wanted) + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def first_day(self) -> None:
        """init, and the corrections of its proposals."""
        done = self.shell("bravo-agent init")
        assert done.code == 0, done.err
        path = self.project / "bravo.toml"
        text = path.read_text().replace('database = "bravo-1"', f'database = "{self.database}"')
        for column in _KEPT:
            text = text.replace(f'"{column}" = "mask"', f'"{column}" = "keep"')
        path.write_text(text)
        self.commit()

    def drift(self, number: int) -> None:
        """A drift script of the example."""
        (path,) = (self.project / "production" / "drift").glob(f"{number:02}_*.sql")
        with psycopg.connect(self.source_uri, autocommit=True) as connection:
            connection.execute(path.read_bytes())
