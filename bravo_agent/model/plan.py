"""What is going to be done: patches of code and ordered steps, all values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.mapping import Mapping


@dataclass(frozen=True)
class Edit:
    """The whole new text of ``file`` (relative to the project); ``before`` is None for a new file."""

    file: str
    before: str | None
    after: str


@dataclass(frozen=True)
class ManualWork:
    """A place that a codemod does not understand and leaves as it is."""

    file: str
    line: int
    why: str
    suggestion: str = ""


@dataclass(frozen=True)
class Patch:
    """Edits of files, sorted by file, and what is left to people."""

    edits: tuple[Edit, ...] = ()
    manual: tuple[ManualWork, ...] = ()


@dataclass(frozen=True)
class EditCode:
    """Write ``patch`` to the working tree. ``before`` and ``after`` are hashes of the touched files."""

    patch: Patch
    before: str
    after: str
    tag: Literal["edit-code"] = "edit-code"


@dataclass(frozen=True)
class AdvanceBaseline:
    """Write the accepted catalog to bravo.catalog.json."""

    before: str
    after: str
    tag: Literal["advance-baseline"] = "advance-baseline"


@dataclass(frozen=True)
class LoadData:
    """Build every collection of ``mapping`` aside, from ``snapshot``, in ``database``."""

    database: str
    snapshot: str
    refresh: str
    mapping: Mapping
    tag: Literal["load-data"] = "load-data"


@dataclass(frozen=True)
class CheckData:
    """Hold what was built against the snapshot by ``checks`` (files of checks/)."""

    checks: tuple[str, ...]
    tag: Literal["check-data"] = "check-data"


@dataclass(frozen=True)
class Publish:
    """Switch readers of ``database`` to what was built."""

    database: str
    tag: Literal["publish"] = "publish"


Step = EditCode | AdvanceBaseline | LoadData | CheckData | Publish


@dataclass(frozen=True)
class Plan:
    """Ordered steps under one ``hash`` over everything they were made from."""

    hash: str
    steps: tuple[Step, ...]
    open_changes: tuple[str, ...] = ()
    blocked_changes: tuple[str, ...] = ()
