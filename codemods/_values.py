"""What goes into a code edit and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from bravo_agent.model.change import Use
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ManualWork, ModelEdit

Request = TypeVar("Request", covariant=True)


@dataclass(frozen=True)
class KnownType:
    """A named type of the application that a new field may use: dotted ``module``, exact ``shape``."""

    module: str
    name: str
    shape: Shape


class InModule(Protocol):
    """What is edited, as far as imports ask: the dotted module, and whether it is a package's own file."""

    @property
    def module(self) -> str | None:
        """None where it is not known."""
        ...

    @property
    def package(self) -> bool:
        """Whether the file is an ``__init__.py``."""
        ...


@dataclass(frozen=True)
class Worked:
    """A call that works a field's value out, as the model writes it; ``name`` of ``module`` is imported for it."""

    text: str
    module: str | None = None
    name: str = ""


@dataclass(frozen=True)
class AddField:
    """A new field of class ``model`` (``Outer.Inner`` for a nested one).

    ``annotation`` is Python without None; ``default`` is an expression: ``"None"`` makes the field optional,
    None makes it required. ``imports`` are the import lines that the annotation and default need. A ``field``
    that Python cannot take gets a safe name and ``alias``. ``module`` is the dotted name of the edited module
    and ``shape`` the shape of the annotation: with both, ``known_types`` are used where they mean the same.
    ``expression`` over ``names``, fields of the model, gives the value where nobody else does, in place of ``default``.
    ``worked`` does so by a call, in which ``data`` is what was validated before. ``taken`` are names that the model
    inherits for something else than fields.
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
    expression: str | None = None
    names: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    worked: Worked | None = None


@dataclass(frozen=True)
class ModelText:
    """A class as it is to be written, with its import lines.

    ``prelude`` is source text that its annotations need, with import lines of its own; ``whole`` is a module of it
    all.
    """

    name: str
    code: str
    imports: tuple[str, ...]
    prelude: str = ""
    prelude_imports: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True)
class Home:
    """Where an edit of a model is made.

    ``model`` is the class that declares the field (``Outer.Inner`` for a nested one), ``definition`` the alias or
    Enum that holds its labels, where they do not stand in the field itself. ``inside`` are uses of the field in
    that class, ``outside`` those anywhere else. ``names`` are all fields that the model has, inherited ones too, and
    ``taken`` what else it inherits.
    ``written`` is a new model's text. ``annotation`` is what somebody wants a field's type to be written as, with the
    ``imports`` that it needs; ``stands_for`` is what the project's name for the old type means, as written.
    """

    model: str
    module: str | None = None
    package: bool = False
    known_types: tuple[KnownType, ...] = ()
    definition: str | None = None
    inside: tuple[Use, ...] = ()
    outside: tuple[Use, ...] = ()
    names: tuple[str, ...] = ()
    written: ModelText | None = None
    annotation: str | None = None
    imports: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    stands_for: str | None = None


@dataclass(frozen=True)
class EditResult:
    """The new text (the old one where nothing is to do) and what was left to people.

    ``lost``: what the edit takes out besides what was asked for, each as work for a person; lines are those of before.
    """

    text: str
    manual: tuple[ManualWork, ...] = ()
    lost: tuple[ManualWork, ...] = ()


@dataclass(frozen=True)
class Example(Generic[Request]):
    """An edit as documentation and test: ``after`` is None where the source is left alone.

    ``why`` is a part of the reason in the manual work; "" where there is none (nothing to do). ``lost`` is a part of
    what is told of what goes besides; "" where nothing does.
    """

    name: str
    request: Request
    before: str
    after: str | None = None
    why: str = field(default="")
    home: Home = Home("Ad")
    lost: str = ""


class ModelCodemod(Protocol):
    """A file of codemods/ that carries a ``ModelEdit`` of its name: the tag, with underscores."""

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` of ``file`` with the edit; done already: the same text."""
        ...


class LeftAlone(Exception):
    """Ends an edit: ``why`` and ``line`` become manual work."""

    def __init__(self, why: str, line: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
