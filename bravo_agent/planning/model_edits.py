"""What the answers of decided changes do to the models, as values."""

from __future__ import annotations

from bravo_agent.changes._kind import EditsModels
from bravo_agent.model.change import Change
from bravo_agent.model.plan import ModelEdit
from bravo_agent.planning.claims import kinds


def model_edits(change: Change) -> tuple[ModelEdit, ...]:
    """The edits that the answer stands for; () where there are none, or a person has to make them."""
    kind = kinds()[change.kind]
    if change.state != "decided" or change.answer is None or change.answer.takes_hold != "models":
        return ()
    return kind.edits(change) if isinstance(kind, EditsModels) else ()
