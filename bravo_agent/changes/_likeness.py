"""How likely it is that an added column is a removed one renamed: weights of evidence, summed up.

Each piece of evidence is a natural logarithm of odds, told with its reason. Their sum and ``PRIOR`` are the odds
of one pair; what its rivals take off is the business of ``_matching``. ``THRESHOLD`` and the weights are held
by the figures in docs/renames.md, on names that the weights were not chosen with.
"""

from __future__ import annotations

from itertools import pairwise

from bravo_agent.changes._kind import change_id
from bravo_agent.changes._traits import Weight
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Evidence

RENAMED, TABLE_RENAMED = "renamed_field", "table_renamed"
THRESHOLD = 0.9
"""From here on a pair is one question, below it is two."""
FLOOR = 0.01
"""Below it a pair is not even told."""
PRIOR = -2.0
_VALUES = ((0.0, -20.0), (0.1, -16.0), (0.2, -6.0), (0.5, 0.0), (0.9, 4.0), (0.98, 6.0), (1.0, 7.0))
"""Share of equal values by key -> weight, straight lines between; near nothing equal, nothing else counts."""
_FEW_ROWS, _FEW_VALUES = 20, 3
_TRIVIAL = 0.5


def rename_id(table: str, old: Column, new: Column, *, certain: bool = False) -> str:
    """The id of a rename: the same whether identity proves it, the configuration declares it or it is suspected."""
    return change_id(RENAMED, table, old.name, *rename_content(old, new, certain=certain))


def rename_content(old: Column, new: Column, *, certain: bool) -> tuple[list[object], list[object]]:
    """Before and after, as a rename's id is made of them; by identity, another type is a change of its own."""
    after: list[object] = [new.name] if certain or old.type == new.type else [new.name, new.type]
    return [old.name, old.type], after


def table_rename_id(old: str, new: str) -> str:
    """The id of the rename of a table: the same however it is known."""
    return change_id(TABLE_RENAMED, old, None, old, new)


def weigh_values(evidence: Evidence | None) -> Weight | None:
    """What the values say: equal by key, they are near proof; where they differ, nothing outweighs it."""
    if evidence is None or evidence.equal_by_key is None:
        return None
    share = max(0.0, min(1.0, evidence.equal_by_key))
    weight = _line(share)
    if weight > 0 and evidence.distinct is not None and evidence.distinct < _FEW_VALUES:
        weight = min(weight, _TRIVIAL)  # of two flags, most rows agree anyway
    if evidence.rows is not None and evidence.rows < _FEW_ROWS:
        weight *= evidence.rows / _FEW_ROWS
    return weight, f"{share:.0%} of the values are equal by key"


def _line(share: float) -> float:
    for (left, low), (right, high) in pairwise(_VALUES):
        if share <= right:
            return low + (high - low) * (share - left) / (right - left)
    return _VALUES[-1][1]


def told(weights: list[Weight]) -> tuple[str, ...]:
    """The reasons, the weightiest first, each with its weight; what weighs next to nothing is left out."""
    ordered = sorted(weights, key=lambda weight: (-abs(weight[0]), weight[1]))
    return tuple(f"{reason} ({weight:+.1f})" for weight, reason in ordered if abs(weight) >= 0.1)
