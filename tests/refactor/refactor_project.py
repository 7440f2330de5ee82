"""A small application with Pydantic models, in git, with no bravo.toml and no database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bravo_agent.cli.main import group

MODELS = '''"""What is advertised."""

from decimal import Decimal

from pydantic import BaseModel, Field, field_validator


class Ad(BaseModel):
    """An ad.

    Attributes:
        cost: what it is
    """

    id: int = Field(alias="_id")
    cost: Decimal = Field(ge=0)  # a day
    note: str | None = None

    @field_validator("cost")
    @classmethod
    def _whole(cls, value: Decimal) -> Decimal:
        return value


class Bill(BaseModel):
    cost: int
'''
USE = """from app.models import Ad, Bill


def total(ads: list[Ad], cost: int = 0) -> Decimal:
    return sum((ad.cost for ad in ads), Decimal(cost))


def bill(amount: int) -> Bill:
    return Bill(cost=amount)


def make() -> Ad:
    return Ad(_id=1, cost=Decimal("1.50"), note="n")
"""
FILES = {
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "app/use.py": f"from decimal import Decimal\n\n{USE}",
    "tests/test_use.py": "from app.use import bill, make, total\n\n\ndef test_all() -> None:\n"
    "    assert make().cost == total([make()])\n    assert bill(2).cost == 2\n",
}


@dataclass(frozen=True)
class Project:
    """Its folder, and the command in it."""

    folder: Path

    def refactor(self, *arguments: str) -> Result:
        """``bravo-agent refactor`` there."""
        return CliRunner().invoke(
            group, ["refactor", *arguments, "-C", str(self.folder), "--python", sys.executable]
        )

    def texts(self) -> dict[str, str]:
        """All files that are no one's cache."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            name: path.read_bytes().decode()
            for path in sorted(paths)
            if not (name := path.relative_to(self.folder).as_posix()).startswith((".git/", ".bravo/"))
            and not name.endswith(".pyc")
            and ".pytest_cache" not in name
        }

    def git(self, *arguments: str) -> str:
        """git there."""
        done = subprocess.run(
            [
                "git",
                "-C",
                str(self.folder),
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@example.org",
                *arguments,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def suite(self) -> subprocess.CompletedProcess[str]:
        """Its own tests."""
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def project_in(folder: Path, files: dict[str, str] | None = None, **more: Any) -> Project:
    """The files written and committed."""
    for name, text in {**(FILES if files is None else files), **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    project = Project(folder)
    project.git("init", "-q", "-b", "main")
    project.git("config", "user.name", "a")
    project.git("config", "user.email", "a@example.org")
    project.git("add", "-A")
    project.git("commit", "-qm", "all")
    return project
