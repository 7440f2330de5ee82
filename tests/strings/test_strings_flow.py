"""Every way in which a text names a field, and every trap: the verdicts are those that the lines say."""

from __future__ import annotations

import pytest
from strings_corpus import HEAD, SOURCES, TRAPS
from strings_scene import GROUP, explained, shown, stated, verdicts

from bravo_agent.model.code import FieldGroup, FieldRef

OTHER_FIELDS = {"templates and files in texts": FieldGroup(FieldRef("app.code", "Rate", "unit_price"))}


@pytest.mark.parametrize("name", [*SOURCES, *TRAPS])
def test_texts_mean_what_the_lines_say(name: str) -> None:
    files = {"app/code.py": HEAD + (SOURCES | TRAPS)[name]}
    group = OTHER_FIELDS.get(name, GROUP)
    found = verdicts(files, group=group, names=(group.asked.field,))
    assert shown(found, files) == stated(files), explained(found)
