"""What an agent is told: the instruction, made of our words alone, and the data between two marks.

The templates are those that the API's model gets too. ``boundary`` is a mark that nobody can have known when they
chose a name: whoever asks makes a new one each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bravo_agent import wire
from bravo_agent.planning.evidence_text import wire_evidence
from bravo_agent.planning.shown_change import shown_change
from bravo_agent.usecases._prompts import Prompt, data_block, diff_block, prompt
from bravo_agent.usecases.decide import find_change
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.draft import transform_prompt
from bravo_agent.usecases.propose import decision_prompt
from bravo_agent.usecases.runs import PastRun

__all__ = [
    "Prompt",
    "change_block",
    "decide_change",
    "diff_block",
    "explain_run",
    "review_changes",
    "values_block",
    "write_transform",
]
MOST = 50
"""Changes that one review shows; list_changes pages through all."""


def change_block(found: Detection, change_id: str, boundary: str) -> str:
    """All that may be shown of a change: structure and statistics, never a row."""
    change = find_change(found, change_id)
    entity = found.models.entity(change.entity) if change.entity else None
    field = entity.field(change.model_field) if entity and change.model_field else None
    document = {**shown_change(change, field), "reason": change.reason}
    # Told apart, where they can be paged and looked up.
    del document["uses"], document["options"]
    return data_block(document, boundary)


def decide_change(found: Detection, change_id: str) -> Prompt:
    """One change's question, with every answer it takes."""
    change = find_change(found, change_id)
    return decision_prompt(found, change, change.question.options if change.question else ())


def write_transform(found: Detection, change_id: str) -> Prompt:
    """The function for a change's answer ``custom``; raises ``UsageError`` ``draft-not-possible``."""
    return transform_prompt(found, change_id)


def review_changes(found: Detection) -> Prompt:
    """What is open, then what is decided, as many as one page takes."""
    order = {"open": 0, "decided": 1}
    changes = sorted(
        (change for change in found.changes if change.state in order), key=lambda one: order[one.state]
    )
    document: dict[str, Any] = {
        "changes": [
            {
                "id": change.id[:12],
                "kind": change.kind,
                "table": change.table,
                "column": change.field,
                "severity": change.severity,
                "verdict": change.verdict,
                "state": change.state,
                "answer": change.option,
                "statistics": wire_evidence(change.evidence),
                "uses": len(change.uses),
            }
            for change in changes[:MOST]
        ]
    }
    return prompt("review_changes", document, shown=min(MOST, len(changes)), total=len(changes))


def explain_run(run: PastRun) -> Prompt:
    """What became of a run."""
    return prompt("explain_run", wire.plain(run))


def values_block(values: Sequence[str], boundary: str) -> str:
    """Values of rows: data more than anything else."""
    return data_block({"values": list(values)}, boundary)
