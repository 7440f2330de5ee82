"""Where isort and ruff put a module among import lines, and a name among those of one line."""

from __future__ import annotations

import sys
from collections.abc import Callable


def position(own: list[str], name: str) -> int:
    """Where ``name`` goes among sorted names; at the end of unsorted ones."""
    keys: tuple[Callable[[str], tuple[int, str]], ...] = (order, _folded, _plain)
    for key in keys:
        if own == sorted(own, key=key):
            return sum(1 for one in own if key(one) <= key(name))
    return len(own)


def _folded(name: str) -> tuple[int, str]:
    return 0, name.casefold()


def _plain(name: str) -> tuple[int, str]:
    return 0, name


def order(name: str) -> tuple[int, str]:
    """Constants, classes, the rest: the default of isort and ruff."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name) if name[:1].isupper() else (2, name)


def section_of(module: str) -> int:
    """``__future__``, the standard library, what is installed, what is relative: apart from one another."""
    if module == "__future__":
        return 0
    if module.startswith("."):
        return 3
    return 1 if module.partition(".")[0] in sys.stdlib_module_names else 2
