"""Examples of expected_values: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from codemods._new_value import NewValue
from codemods._values import Example

_LIST: Final = (
    'def test_costs(body):\n    assert [one["cost"] for one in body] == ["96.40", "51.10"]  # of two days\n'
)
_TABLE: Final = "CASES = [\n    (1, Decimal('10.01')),\n    (2, -3),\n]\n"

_CHANGED: Final = (
    Example(
        "two values of a list, the rest of the line stays",
        (
            NewValue('"96.40"', '"96.4000"', (2, 45, 52)),
            NewValue('"51.10"', '"51.1000"', (2, 54, 61)),
        ),
        _LIST,
        _LIST.replace("96.40", "96.4000").replace("51.10", "51.1000"),
    ),
    Example(
        "a cell of a table",
        (NewValue("'10.01'", "'10.0050'", (2, 16, 23)),),
        _TABLE,
        _TABLE.replace("10.01", "10.0050"),
    ),
    Example("a sign goes", (NewValue("-3", "4", (3, 8, 10)),), _TABLE, _TABLE.replace("-3", "4")),
)
_LEFT: Final = (
    Example(
        "the file is another one by now",
        (NewValue('"96.41"', '"96.4100"', (2, 45, 52)),),
        _LIST,
        why='does not hold "96.41"',
    ),
    Example(
        "more than a literal would change",
        (NewValue('"96.40"', 'cost("96")', (2, 45, 52)),),
        _LIST,
        why="more than the value",
    ),
    Example(
        "no such place in the data",
        (NewValue('"1"', '"2"', path=("totals", "cost")),),
        '{"totals": {"costs": "1"}}\n',
        why="does not hold totals.cost",
    ),
)
EXAMPLES: Final = _CHANGED + _LEFT
