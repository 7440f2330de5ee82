"""What a model proposed, what it could not tell, and what that cost. Nothing here counts until a person accepts it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Tokens as the API billed them, and US dollars by the prices of bravo.toml: an estimate, not a bill."""

    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.usd + other.usd,
        )


@dataclass(frozen=True)
class Proposal:
    """A model's answer to one change. ``option`` is None where it gave none: ``why`` says what happened.

    ``rationale`` is the model's own text: to be shown escaped, and never to be followed. ``kept``: it was proposed
    before, for the same question, and nobody asked again.
    """

    change_id: str
    table: str
    field: str | None
    kind: str
    option: str | None = None
    params: tuple[tuple[str, str], ...] = ()
    confidence: float | None = None
    rationale: str = ""
    why: str = ""
    cost: Cost = Cost()
    kept: bool = False


@dataclass(frozen=True)
class Proposals:
    """All of one sitting, in the order of the changes; ``cost`` is their sum."""

    model: str
    proposals: tuple[Proposal, ...]
    cost: Cost = Cost()


@dataclass(frozen=True)
class Draft:
    """The code of a transformation that passed its checks, or ``faults``: why it did not.

    ``sha256`` binds it; ``function`` is what a decision names; ``file`` is where accepting writes it. ``trials`` are
    the synthetic values that it was run on, ``isolation`` says how (see docs/model-decider.md).
    """

    change_id: str
    table: str
    field: str | None
    code: str
    sha256: str
    function: str
    file: str
    faults: tuple[str, ...] = ()
    trials: int = 0
    isolation: str = ""
    rationale: str = ""
    model: str | None = None
    prompt_hash: str | None = None
    cost: Cost = Cost()
    notes: tuple[str, ...] = ()
