"""Every failure that bravo-agent speaks of, as one small family.

An error says what was found, where, and what to do next. It never holds a secret or a row value: whoever
raises one names tables, columns, keys' positions and counts, nothing that was read from a row.
"""

from __future__ import annotations

from typing import ClassVar


class BravoError(Exception):
    """A failure with a stable kebab-case ``code``; ends the command with ``exit_code``."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str,
        where: str | None = None,
        retryable: bool = False,
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where
        self.retryable = retryable
        self.details = details
        """One line each, where an error is about several things."""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        more = "".join(f"\n  {line}" for line in self.details)
        return f"[{self.code}] {self.message}{place}{more}\n  what to do: {self.hint}"


class FailedError(BravoError):
    """The work was tried and did not succeed (exit 1)."""


class StoppedError(FailedError):
    """Somebody asked for the work to stop, and it did. Raised by ``emit``: nobody takes it for a failure of a part."""

    def __init__(self) -> None:
        super().__init__(
            "cancelled",
            "the work was cancelled",
            hint="What was done is kept; the same call goes on from there.",
            retryable=True,
        )


class UsageError(BravoError):
    """Wrong usage or configuration (exit 2)."""

    exit_code = 2


class ReviewNeededError(BravoError):
    """Somebody has to decide first (exit 3)."""

    exit_code = 3


class BlockedError(BravoError):
    """A blocked change: nothing was published (exit 4)."""

    exit_code = 4


class StaleError(BravoError):
    """The plan or the decisions no longer fit what is there (exit 5)."""

    exit_code = 5


class RefusedError(BravoError):
    """The target is not one we may write to, or access was denied (exit 6)."""

    exit_code = 6
