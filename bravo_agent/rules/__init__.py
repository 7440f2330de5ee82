"""KINDS: one file per rule that turns a column into a field.

A rule sees its column once (``compile``) and returns a function over Arrow arrays; nothing is done per row
except where a project's own function asks for it.
"""

from __future__ import annotations

from functools import cache

from bravo_agent.errors import UsageError
from bravo_agent.ports import RuleKind
from bravo_agent.registry import shelf


@cache
def _kinds() -> dict[str, RuleKind]:
    return shelf(__name__)


def rule(name: str, where: str) -> RuleKind:
    """The rule of that name; raises ``UsageError`` ``rule-unknown``."""
    found = _kinds().get(name)
    if found is None:
        raise UsageError(
            "rule-unknown",
            f"there is no rule {name!r}",
            hint=f"Rules are: {', '.join(_kinds())}. `custom` is written custom:module:function.",
            where=where,
        )
    return found
