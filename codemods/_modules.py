"""From dotted modules to files, as the application's own files stand."""

from __future__ import annotations

from collections.abc import Callable


def file_of_module(dotted: str, file: str, module: str, exists: Callable[[str], bool]) -> str | None:
    """The file of ``dotted``, where ``file`` is the module ``module`` of the same application; None outside of it."""
    own = module.replace(".", "/")
    stem = file.removesuffix(".py").removesuffix("/__init__")
    root = stem.removesuffix(own) if stem.endswith(own) else ""
    base = root + dotted.replace(".", "/")
    return next((one for one in (f"{base}.py", f"{base}/__init__.py") if exists(one)), None)
