"""What is going to be done: patches of code and ordered steps, all values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Change, Severity, State, Verdict
from bravo_agent.model.entities import Shape
from bravo_agent.model.inputs import Inputs
from bravo_agent.model.mapping import Mapping
from bravo_agent.model.version import Refresh


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
class Recomputed:
    """An expected value of a test that the application's own function gave anew: a proposal, never mechanical.

    ``before`` and ``after`` as written in ``line`` of ``file``; ``tests`` that fail without it.
    """

    file: str
    line: int
    before: str
    after: str
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Patch:
    """Edits of files, sorted by file, and what is left to people; ``recomputed``: what of the edits is a proposal."""

    edits: tuple[Edit, ...] = ()
    manual: tuple[ManualWork, ...] = ()
    recomputed: tuple[Recomputed, ...] = ()


@dataclass(frozen=True)
class InsertField:
    """``entity`` gets a field for ``column``: optional, or with ``default`` (as somebody gave it).

    ``expression`` over other fields gives the value where there is none, in place of a default.
    """

    entity: str
    column: Column
    default: str | None = None
    expression: str | None = None
    tag: Literal["add-field"] = "add-field"


@dataclass(frozen=True)
class RenameField:
    """``field`` of ``entity`` follows its column from ``before`` to ``after``, its alias with it."""

    entity: str
    field: str
    before: str
    after: str
    tag: Literal["rename-field"] = "rename-field"


@dataclass(frozen=True)
class RetypeField:
    """``field`` takes what a column of shape ``after`` holds; ``before`` is the old column's shape."""

    entity: str
    field: str
    before: Shape
    after: Shape
    tag: Literal["retype-field"] = "retype-field"


@dataclass(frozen=True)
class DropField:
    """``field`` of ``entity`` goes."""

    entity: str
    field: str
    tag: Literal["drop-field"] = "drop-field"


@dataclass(frozen=True)
class MakeOptional:
    """``field`` of ``entity`` takes None."""

    entity: str
    field: str
    tag: Literal["make-optional"] = "make-optional"


@dataclass(frozen=True)
class SetEnumValues:
    """The Literal or Enum of ``field`` goes from the labels ``before`` to ``after``, in that order."""

    entity: str
    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    tag: Literal["enum-values"] = "enum-values"


@dataclass(frozen=True)
class AddModel:
    """A model for ``table``."""

    table: Table
    tag: Literal["add-model"] = "add-model"


@dataclass(frozen=True)
class DropModel:
    """The model ``entity`` of ``table`` goes."""

    entity: str
    table: Table
    tag: Literal["drop-model"] = "drop-model"


ModelEdit = (
    InsertField | RenameField | RetypeField | DropField | MakeOptional | SetEnumValues | AddModel | DropModel
)


@dataclass(frozen=True)
class EditCode:
    """Write ``patch`` to the working tree. ``before`` and ``after`` are fingerprints of the files' texts."""

    patch: Patch
    before: str
    after: str
    tag: Literal["edit-code"] = "edit-code"


@dataclass(frozen=True)
class SavePatch:
    """Write ``patch`` beside the code, as ``file`` (relative to the project): its fields stay out of this load.

    Either somebody wished so, or ``not_clean`` files hold uncommitted changes. What was there ``before`` does not
    matter; ``after`` is the fingerprint of the diff.
    """

    patch: Patch
    file: str
    after: str
    not_clean: tuple[str, ...] = ()
    tag: Literal["save-patch"] = "save-patch"


@dataclass(frozen=True)
class AdvanceBaseline:
    """Write ``catalog`` to bravo.catalog.json; ``before`` and ``after`` are fingerprints of all that it says."""

    before: str
    after: str
    catalog: Catalog
    tag: Literal["advance-baseline"] = "advance-baseline"


@dataclass(frozen=True)
class LoadData:
    """Build every collection of ``mapping`` from ``snapshot``; ``optional``: (table, document key) that nothing feeds.

    ``before`` is the fingerprint of the snapshot's content, ``after`` the transform hash that the version bears which
    is built: by the two an interrupted build is known and gone on with. ``rows``: (table, rows) of the snapshot.
    """

    database: str
    snapshot: str
    refresh: str
    mapping: Mapping
    before: str
    after: str
    optional: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    tag: Literal["load-data"] = "load-data"


@dataclass(frozen=True)
class CheckData:
    """Hold what was built against the snapshot by ``checks`` (files of checks/), and drop it where one fails."""

    checks: tuple[str, ...]
    tag: Literal["check-data"] = "check-data"


@dataclass(frozen=True)
class Publish:
    """Switch readers of ``database`` from version ``before`` (None: the first) to one made with ``after``."""

    database: str
    before: str | None
    after: str
    tag: Literal["publish"] = "publish"


CodeStep = EditCode | SavePatch | AdvanceBaseline
DataStep = LoadData | CheckData | Publish
Step = CodeStep | DataStep
CodeMode = Literal["apply", "patch", "leave"]


@dataclass(frozen=True)
class PlannedChange:
    """What a plan takes a change for, without places in the code and sentences, which move by themselves."""

    id: str
    kind: str
    table: str
    field: str | None
    state: State
    severity: Severity
    verdict: Verdict
    option: str | None
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What a plan says besides what it does; not hashed: it holds line numbers and sentences.

    ``changes`` in full, as they will stand, what the plan carries out with its answer. ``ends``: what readers have
    today and will not have then.
    """

    changes: tuple[Change, ...] = ()
    manual: tuple[ManualWork, ...] = ()
    notes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Ordered steps under one ``hash`` over all of it but ``told``. A blocked plan loads nothing.

    ``code``: what was asked for the code part. ``exit_code``: what carrying it out ends with when every check passes.
    """

    hash: str
    format: int
    code: CodeMode
    refresh: Refresh
    inputs: Inputs
    steps: tuple[Step, ...]
    changes: tuple[PlannedChange, ...]
    exit_code: int
    masked: tuple[str, ...] = ()
    unclassified: tuple[str, ...] = ()
    told: Told = Told()

    @property
    def load(self) -> LoadData | None:
        """Its one load; None where it is blocked."""
        return next((step for step in self.steps if isinstance(step, LoadData)), None)
