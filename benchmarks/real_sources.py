"""Open-source projects to rename fields in: fetched from the Python package index, installed, their tests run.

Nothing of them is kept in this repository. Each has a folder under ``home``: ``pristine`` as it was unpacked, ``tree``
to work in (installed as editable), ``venv``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PLUGIN = Path(__file__).parent / "real_tracing"
_TIMEOUT = 600


@dataclass(frozen=True)
class Project:
    """``name`` and ``version`` as the index has them; ``needs``: what its tests need besides it.

    ``tests``: arguments of pytest; ``only``: why not all of its tests are run.
    """

    name: str
    version: str
    packages: tuple[str, ...]
    needs: tuple[str, ...] = ()
    extras: str = ""
    tests: tuple[str, ...] = ()
    only: str = ""


_POSTING = (
    "test_curl_export", "test_curl_import", "test_files", "test_open_api_import", "test_postman_import",
    "test_request_model", "test_safe_yaml_loader", "test_session_variables", "test_urls", "test_variables",
)  # fmt: skip
PROJECTS = (
    Project(
        "bump-my-version", "1.8.1", ("bumpversion",),
        ("pytest", "pytest-cov", "pytest-mock", "pytest-localserver", "freezegun", "coverage"),
        tests=("-o", "addopts="),
    ),
    Project(
        "npe2", "0.10.0", ("src/npe2",), ("pydantic<2.13",), "[testing]",
        ("-W", "ignore::DeprecationWarning"),
    ),
    Project(
        "posting", "2.11.1", ("src/posting",),
        ("pytest", "jinja2", "syrupy", "pytest-xdist", "pytest-textual-snapshot", "tree-sitter==0.25.1"),
        tests=tuple(f"tests/{name}.py" for name in _POSTING),
        only="those that start its terminal user interface take more than three minutes",
    ),
    Project(
        "pvi", "0.14.4", ("src/pvi",), ("pytest", "pytest-cov", "pytest-markdown-docs", "pydantic<2.13"),
        tests=("tests",), only="those of its documentation need what builds it",
    ),
    Project(
        "pypi-attestations", "0.0.30", ("src/pypi_attestations",), ("pytest", "pretend"),
    ),
    Project(
        "pypi-simple", "1.8.0", ("src/pypi_simple",),
        ("pytest", "pytest-cov", "pytest-mock", "responses", "tqdm"),
    ),
    Project(
        "safety-schemas", "0.0.21", ("safety_schemas",), ("pytest", "deepdiff", "orderly-set==5.3.2"),
    ),
    Project(
        "useq-schema", "0.9.2", ("src/useq",), ("psygnal", "pytest", "pytest-cov", "rich"), "[yaml,plot]",
    ),
)  # fmt: skip
NOT_USED = (
    (
        "conda-lock, geojson-pydantic, nonebot2, ome-types, rendercv, scim2-client, scim2-models, sigstore, "
        "stac-pydantic, curies, spectree, llm, abxbus",
        "no tests in the source distribution",
    ),
    (
        "Mopidy (the release for this Python), copier",
        "no, or hardly any, Pydantic models",
    ),
    ("openapi-pydantic", "every field is a key of the OpenAPI format, which may not be renamed"),
    (
        "optimade",
        "its tests did not start (httpx2 was missing), and its models are a wire format: not tried further",
    ),
    ("ibek", "wants one old version of Pydantic: not tried"),
    (
        "python-semantic-release",
        "its models are those of a configuration file, most of its tests make git histories: not tried further",
    ),
    ("datacontract-cli, mcp, polyfactory", "not tried: large, or models that are only made in tests"),
)


class Broken(Exception):
    """A project that cannot be fetched, installed or tested."""


@dataclass(frozen=True)
class Home:
    """A project on the disk."""

    project: Project
    root: Path

    @property
    def tree(self) -> Path:
        """Where renames are tried."""
        return self.root / "tree"

    @property
    def python(self) -> Path:
        """The interpreter that has what the project needs."""
        return self.root / "venv" / "bin" / "python"

    def fresh(self) -> None:
        """The tree as it was fetched."""
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(self.root / "pristine", self.tree, symlinks=True)

    def test(self, *, trace: Path | None = None) -> dict[str, str]:
        """Runs the project's tests in the tree; the outcome of each."""
        found = self.root / "outcomes.json"
        found.unlink(missing_ok=True)
        kept = {key: value for key, value in os.environ.items() if key in ("HOME", "LANG", "TMPDIR", "TERM")}
        environ = {
            **kept,
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(PLUGIN),
            "PYTHONDONTWRITEBYTECODE": "1",
            "BRAVO_OUTCOMES": str(found),
            **({"BRAVO_TRACE": str(trace)} if trace else {}),
        }
        command = [
            str(self.python),
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "bravo_real_tracing",
        ]
        ran = _run([*command, *self.project.tests], self.tree, environ)
        (self.root / "tests.log").write_text(ran)
        if not found.exists():
            return {".": "failed"}  # it ended before there was any test
        outcomes: dict[str, str] = json.loads(found.read_text())
        return outcomes


def prepare(project: Project, root: Path) -> Home:
    """Fetches and installs it, where that was not done before; raises ``Broken``."""
    home = Home(project, root / f"{project.name}-{project.version}")
    done = home.root / "ready"
    if not done.exists():
        shutil.rmtree(home.root, ignore_errors=True)
        home.root.mkdir(parents=True)
        _fetch(home)
        home.fresh()
        _install(home)
        done.touch()
    home.fresh()
    return home


def _fetch(home: Home) -> None:
    project = home.project
    wanted = f"{project.name}=={project.version}"
    got = home.root / "sdist"
    _pip(Path(sys.executable), "download", "--no-deps", "--no-binary", project.name, "-d", str(got), wanted)
    (archive,) = got.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(home.root / "unpacked", filter="data")
    (folder,) = (home.root / "unpacked").iterdir()
    folder.rename(home.root / "pristine")


def _install(home: Home) -> None:
    _run([sys.executable, "-m", "venv", str(home.root / "venv")], home.root, dict(os.environ), must=True)
    editable = f"{home.tree}{home.project.extras}"
    _pip(home.python, "install", "-e", editable, *home.project.needs)


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    _run(command, Path.cwd(), dict(os.environ), must=True)


def _run(command: Sequence[str], folder: Path, environ: Mapping[str, str], *, must: bool = False) -> str:
    """What it said; a process that takes too long counts as one that failed."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, errors="replace",
            timeout=_TIMEOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        if must:
            raise Broken(f"{' '.join(command[:4])} takes more than {_TIMEOUT} s") from None
        return "it took too long"
    if must and done.returncode:
        raise Broken(f"{' '.join(command[:6])}: {done.stderr.strip()[-300:]}")
    return done.stdout + done.stderr
