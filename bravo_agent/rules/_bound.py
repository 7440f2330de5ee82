"""Functions of the project bound by the hash of their file: what was approved is what runs."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bravo_agent.errors import StaleError, UsageError


def normalised(code: str) -> str:
    """``code`` with line feeds as ends of lines and exactly one at its end: what is hashed and written."""
    return code.replace("\r\n", "\n").strip("\n") + "\n"


def code_hash(code: str) -> str:
    """sha256 (hex) of the normalised code."""
    return hashlib.sha256(normalised(code).encode("utf-8", "surrogatepass")).hexdigest()


def module_file(project: Path, module: str) -> Path | None:
    """The file of a module below the project's folder, or None."""
    place = project.joinpath(*module.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in files if path.is_file()), None)


def bound_code(project: Path, function: str, digest: str, where: str) -> str:
    """The text of the function's file, if its hash is ``digest``; raises ``StaleError`` ``transform-changed``."""
    module = function.partition(":")[0]
    path = module_file(project, module)
    shown = path.relative_to(project).as_posix() if path else f"{module.replace('.', '/')}.py"
    try:
        code = path.read_bytes().decode("utf-8") if path else None
    except UnicodeDecodeError:
        code = ""
    if code is None or code_hash(code) != digest:
        what = "is not there" if code is None else "has changed since it was approved"
        raise StaleError(
            "transform-changed",
            f"{shown} {what}",
            hint="Restore the file from version control; or read it and approve it anew: `bravo-agent draft CHANGE "
            f"--from {shown}` checks it and says how.",
            where=f"{shown} ({where})",
        )
    return code


def load_bound(project: Path, function: str, digest: str, where: str) -> Callable[[Any], Any]:
    """The function, made of the very text whose hash was compared: no file is read twice.

    Raises ``transform-changed``, and ``UsageError`` ``custom-rule-missing`` where the file defines no such function.
    """
    code = bound_code(project, function, digest, where)
    module_name, _, name = function.partition(":")
    module = types.ModuleType(module_name)
    module.__package__ = module_name.rpartition(".")[0]
    try:
        exec(compile(normalised(code), f"{module_name}.py", "exec"), module.__dict__)  # noqa: S102 - a person approved it
        found: Callable[[Any], Any] = getattr(module, name)
    except Exception as error:  # noqa: BLE001 - the project's own code may raise anything
        raise UsageError(
            "custom-rule-missing",
            f"custom rule {function!r} cannot be loaded: {type(error).__name__}",
            hint="Mend the file, and approve it anew with `bravo-agent draft`.",
            where=where,
        ) from None
    return found
