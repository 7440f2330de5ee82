"""One change of one field through the whole code: what is asked for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bravo_agent.model.code import FieldGroup, Occurrence
from bravo_agent.model.plan import ManualWork, Patch


@dataclass(frozen=True)
class Rename:
    """The field, and the document key that is named like it, are called ``new``.

    ``without``: classes that are decided with it, and keep their name all the same.
    """

    entity: str
    field: str
    new: str
    without: tuple[str, ...] = ()
    tag: Literal["rename"] = "rename"


@dataclass(frozen=True)
class Drop:
    """The field goes, and with it what only fills or lists it."""

    entity: str
    field: str
    tag: Literal["drop"] = "drop"


@dataclass(frozen=True)
class Add:
    """A new field of Python type ``type``: required, or with ``default``, or ``optional``, or ``computed``.

    ``default`` and ``computed`` are Python expressions, the latter over other fields by their bare names.
    """

    entity: str
    field: str
    type: str
    default: str | None = None
    optional: bool = False
    computed: str | None = None
    tag: Literal["add"] = "add"


@dataclass(frozen=True)
class Retype:
    """The field takes values of Python type ``type``."""

    entity: str
    field: str
    type: str
    tag: Literal["retype"] = "retype"


@dataclass(frozen=True)
class Precision:
    """The field's decimals have ``places`` digits behind the point, and ``digits`` in all where that is given."""

    entity: str
    field: str
    places: int
    digits: int | None = None
    tag: Literal["precision"] = "precision"


FieldChange = Rename | Drop | Add | Retype | Precision
Fate = Literal["edited", "left", "manual"]


@dataclass(frozen=True)
class Treated:
    """What becomes of one place: ``edited``; ``left``, it means something else; ``manual``, a person has to look."""

    occurrence: Occurrence
    fate: Fate


@dataclass(frozen=True)
class CodeChange:
    """A field change as one patch, with all that it rests on. Nothing is written yet.

    ``refused``: why nothing may be written at all, each with its place; ``patch`` has no edits then. ``patch.manual``
    is what is left to people, ``mentions`` are words of comments and documents that may have meant the field,
    ``unread`` files that could not be read and may use it. ``uses``: what of a field that should go surely uses it,
    and nobody but a person can take away.
    """

    patch: Patch = field(default_factory=Patch)
    group: FieldGroup | None = None
    treated: tuple[Treated, ...] = ()
    refused: tuple[ManualWork, ...] = ()
    mentions: tuple[ManualWork, ...] = ()
    unread: tuple[ManualWork, ...] = ()
    notes: tuple[str, ...] = ()
    uses: tuple[Occurrence, ...] = ()
