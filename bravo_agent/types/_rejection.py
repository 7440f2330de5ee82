"""The one failure of a conversion: it concerns a value, so it is counted per row and never ends a run."""

from __future__ import annotations


class Rejection(ValueError):
    """A value that has no exact BSON form; ``reason`` is a kebab-case word for the conversion ledger."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
