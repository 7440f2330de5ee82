"""The cascade's benchmark runs, and every change is carried; no time is asserted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.cascade import SIZES, Size, measure


@pytest.mark.parametrize("size", SIZES, ids=[one.title for one in SIZES])
def test_every_change_is_carried(size: Size) -> None:
    few = replace(size, tables=min(size.tables, 3), changes=2, files=min(size.files, 4))
    carried, seconds, ceiling = measure(few)
    assert carried == few.tables * 2
    assert seconds > 0 < ceiling
