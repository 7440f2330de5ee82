"""A shelf of kinds: every module of a package that holds ``KIND``, sorted by file name."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def shelf(package: str) -> dict[str, Any]:
    """The kinds of ``package``, by file name, sorted; a file without ``KIND`` raises ``ImportError``."""
    home = importlib.import_module(package)
    kinds: dict[str, Any] = {}
    for name in sorted(found.name for found in pkgutil.iter_modules(home.__path__)):
        if name.startswith("_"):
            continue
        module = importlib.import_module(f"{package}.{name}")
        if not hasattr(module, "KIND"):
            raise ImportError(f"{package}.{name} is on a shelf of kinds but has no KIND")
        kinds[name.replace("_", "-")] = module.KIND
    return kinds
