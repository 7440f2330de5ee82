"""Every way in which a text names a field, and every trap: the verdicts are those that the lines say."""

from __future__ import annotations

import pytest
from strings_corpus import HEAD, SOURCES, TRAPS
from strings_scene import explained, shown, stated, verdicts


@pytest.mark.parametrize("name", [*SOURCES, *TRAPS])
def test_texts_mean_what_the_lines_say(name: str) -> None:
    files = {"app/code.py": HEAD + (SOURCES | TRAPS)[name]}
    found = verdicts(files)
    assert shown(found, files) == stated(files), explained(found)
