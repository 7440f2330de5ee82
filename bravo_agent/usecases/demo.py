"""The example application's folder, and its production database, for the demo and for tests."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

from bravo_agent.errors import FailedError

_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".mypy_cache", ".bravo")


def example_folder() -> Path:
    """Where the example application lies: in the installed package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "cli" / "_demo" / "campaigns", package.parent / "examples" / "campaigns"):
        if (folder / "production" / "generate.py").is_file():
            return folder
    raise FailedError(
        "example-missing",
        "the example application is not part of this installation",
        hint="Install bravo-agent from its wheel or run from a checkout.",
    )


def copy_example(into: Path) -> Path:
    """A copy of the example application to work in."""
    shutil.copytree(example_folder(), into, ignore=_NOT_COPIED, dirs_exist_ok=True)
    return into


def generator(application: Path) -> ModuleType:
    """The example's production generator: ``generate(uri, rows=..., seed=...)``."""
    spec = importlib.util.spec_from_file_location(
        "campaigns_generate", application / "production" / "generate.py"
    )
    if spec is None or spec.loader is None:
        raise AssertionError("the generator is a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drift_script(application: Path, number: int) -> str:
    """The SQL that production went through."""
    found = next((application / "production" / "drift").glob(f"{number:02}_*.sql"))
    return found.read_text(encoding="utf-8")
