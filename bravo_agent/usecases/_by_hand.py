"""What no codemod may edit, and why: it becomes work for people."""

from __future__ import annotations


class ByHand(Exception):
    """The edit is left to people: ``why``, at a place."""

    def __init__(self, why: str, file: str = "", line: int = 0) -> None:
        super().__init__(why)
        self.why, self.file, self.line = why, file, line
