"""What edits of the whole code ask for beside the edits of models."""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.model.code import Unread
from bravo_agent.model.entities import Entity
from codemods._valid_values import ValidValue
from codemods._values import AddField, Worked


@dataclass(frozen=True)
class GiveField:
    """``field`` (``key`` in documents), of a kind of value, is given wherever ``entity`` is made whole.

    ``made_up``: nobody said that ``value`` is right, so that each place outside the tests is listed too. ``untouched``:
    files that nobody edits, with the lines on which they make it.
    """

    entity: str
    field: str
    value: ValidValue
    kind: str
    key: str | None = None
    made_up: bool = True
    untouched: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class RoundField:
    """``field`` of ``entity`` is rounded to ``places`` digits, as the tables of digits have it for its neighbours."""

    entity: str
    field: str
    places: int


@dataclass(frozen=True)
class NewLabels:
    """The labels of ``entity.field`` were ``before`` and are ``after``.

    ``enum`` is the Enum that holds them, its class as a model without fields, and ``members`` its (member, label); None
    where they stand in a Literal.
    """

    entity: str
    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    enum: Entity | None = None
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RegisterModel:
    """``model`` of ``module``, whose documents are in ``collection``, is made known where its neighbours are.

    ``neighbours`` are the other models that tables feed, each with its collection.
    """

    model: str
    module: str
    collection: str
    neighbours: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ComputeField:
    """A field that is worked out by ``expression`` over other fields, named as they are called in the model.

    ``imports`` are the lines that ``annotation`` needs. ``worked``: what is written in place of the expression.
    ``ignore`` is the comment for type checkers that other files have behind the decorator.
    """

    field: str
    annotation: str
    expression: str
    imports: tuple[str, ...] = ()
    worked: Worked | None = None
    ignore: str = ""


@dataclass(frozen=True)
class CalculateField:
    """``field`` of ``entity`` (``module:name``) is worked out by ``expression`` in a function that gives ``returns``.

    ``imports`` are the lines that ``annotation`` and ``returns`` need. ``add`` is the declaration of a field that the
    documents hold; only what lacks it is worked out then.
    """

    entity: str
    field: str
    annotation: str
    expression: str
    returns: str
    imports: tuple[str, ...] = ()
    add: AddField | None = None
    ignore: str = ""
