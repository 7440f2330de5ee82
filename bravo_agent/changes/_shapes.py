"""Whether a model's field already says what a column's type says."""

from __future__ import annotations

from bravo_agent.model.entities import Shape

_OPEN = ("any", "unknown", "union", "model", "dict")
"""Kinds that say nothing of the values inside, or that we cannot read: they fit everything."""

_OPEN_COLUMN = ("any", "unknown", "model", "dict", "union")


def fits(field: Shape, column: Shape) -> bool:
    """Whether ``field`` is what a model for ``column`` may look like; looser is fine, tighter is not.

    A field without a bound fits every bound. A ``str`` fits an enum. Whether null is allowed is not asked
    here.
    """
    if field.kind in _OPEN or column.kind in _OPEN_COLUMN:
        return True
    if field.kind == "enum" and column.kind == "enum":
        return set(column.labels) <= set(field.labels)
    if field.kind == "str" and column.kind == "enum":
        return True
    if field.kind != column.kind:
        return False
    if field.kind == "list" and field.item and column.item:
        return fits(field.item, column.item)
    return _bounds_fit(field, column)


def opens(field: Shape, old: Shape, new: Shape) -> bool:
    """Whether the column now holds values of any kind (json, a document) where ``field`` says one kind of old."""
    while field.kind == old.kind == new.kind == "list" and field.item and old.item and new.item:
        field, old, new = field.item, old.item, new.item
    return new.kind in _OPEN_COLUMN and old.kind not in _OPEN_COLUMN and field.kind not in _OPEN


def same_bounds(field: Shape, column: Shape) -> bool:
    """Whether every bound that ``field`` has is exactly the column's, down to the items of lists."""
    if field.kind == "list" and field.item and column.item:
        return same_bounds(field.item, column.item)
    pairs = (
        (field.max_length, column.max_length),
        (field.max_digits, column.max_digits),
        (field.decimal_places, column.decimal_places),
    )
    labels = field.kind != "enum" or set(field.labels) == set(column.labels)
    return labels and all(own is None or own == bound for own, bound in pairs)


def tells_apart(field: Shape, old: Shape, new: Shape) -> bool:
    """Whether ``field`` shows ``new`` and would not look like this for ``old``: then somebody was quicker."""
    return shows(field, new) and not shows(field, old)


def shows(field: Shape, column: Shape) -> bool:
    """Whether ``field`` looks like a model's field of ``column`` as far as it says anything."""
    return fits(field, column) and same_bounds(field, column)


def _bounds_fit(field: Shape, column: Shape) -> bool:
    pairs = (
        (field.max_length, column.max_length),
        (field.max_digits, column.max_digits),
        (field.decimal_places, column.decimal_places),
    )
    return all(own is None or (bound is not None and bound <= own) for own, bound in pairs)
