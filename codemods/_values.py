"""What goes into a code edit and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ManualWork


@dataclass(frozen=True)
class KnownType:
    """A named type of the application that a new field may use: dotted ``module``, exact ``shape``."""

    module: str
    name: str
    shape: Shape


@dataclass(frozen=True)
class AddField:
    """A new field of class ``model`` (``Outer.Inner`` for a nested one).

    ``annotation`` is Python without None; ``default`` is an expression: ``"None"`` makes the field optional,
    None makes it required. ``imports`` are the import lines that the annotation and default need. A ``field``
    that Python cannot take gets a safe name and ``alias``. ``module`` is the dotted name of the edited module
    and ``shape`` the shape of the annotation: with both, ``known_types`` are used where they mean the same.
    """

    model: str
    field: str
    annotation: str
    imports: tuple[str, ...] = ()
    default: str | None = "None"
    alias: str | None = None
    comment: str | None = None
    module: str | None = None
    package: bool = False
    shape: Shape | None = None
    known_types: tuple[KnownType, ...] = ()


@dataclass(frozen=True)
class EditResult:
    """The new text (the old one where nothing is to do) and what was left to people."""

    text: str
    manual: tuple[ManualWork, ...] = ()


@dataclass(frozen=True)
class Example:
    """An edit as documentation and test: ``after`` is None where the source is left alone.

    ``why`` is a part of the reason in the manual work; "" where there is none (nothing to do).
    """

    name: str
    request: AddField
    before: str
    after: str | None = None
    why: str = field(default="")


class LeftAlone(Exception):
    """Ends an edit: ``why`` and ``line`` become manual work."""

    def __init__(self, why: str, line: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
