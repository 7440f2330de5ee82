"""What a plan is made from, item by item, so that what drifted since can be named."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Inputs:
    """Fingerprints and names; no time, no path, no secret. Pairs are sorted by their first.

    ``snapshot`` is the id of the pinned snapshot ("" in a draft), ``content`` the fingerprint of its manifest: the
    structure, and the checksum of every file. ``source`` is the structure alone, ``baseline`` all of
    bravo.catalog.json. ``models``: file -> what its models say once the plan's edits are in. ``decisions``: (change
    id, option, hash of the content) of accepted answers. ``config``: key of bravo.toml -> value as JSON, where it
    is not the default. ``functions``: module of custom rules -> its text. ``masking``: a keyed digest that tells
    keys apart. ``current`` and ``newest`` are the target's versions: the one that readers see, and the last one that
    was published.
    """

    snapshot: str
    content: str
    source: str
    baseline: str
    models: Pairs
    decisions: tuple[tuple[str, str, str], ...]
    config: Pairs
    functions: Pairs
    masking: str
    database: str
    current: str | None
    newest: str | None


@dataclass(frozen=True)
class Drifted:
    """One thing that is not any more what a plan was made from: ``what``, and how it was and is, in words."""

    what: str
    before: str
    after: str

    @property
    def line(self) -> str:
        """As a person reads it."""
        return f"{self.what}: was {self.before}, is {self.after}"
