"""A rename that changes a text which the program makes says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from refactor_examples import code_of

from bravo_agent.model.plan import RenameField
from codemods._everywhere import CodeExample
from codemods._written_out import WHY
from codemods.rename_everywhere import KIND

MODEL = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    «cost»: int\n"
CASES = {
    'f"{ad.«cost»=}"': True,
    'f"{ad.«cost» = !r:>{9}}"': True,
    "f\"{ad.model_dump()['«cost»']=:.2f}\"": True,
    'f"{f(«cost»=1)=}"': True,
    'f"{ad.«cost»}={1=}"': False,
    'f"{f(«cost»=1)}"': False,
    'f"{ad.«cost»:=^9}"': False,
    'ad.«cost», f"{ad=}"': False,
}


@pytest.mark.parametrize("line", CASES)
def test_a_text_that_changes_is_told(tmp_path: Path, line: str) -> None:
    before = {"app/models.py": MODEL, "app/use.py": f"def f(ad):\n    return {line}\n"}
    made = KIND.through(
        code_of(CodeExample("x", None, before), tmp_path), RenameField("Ad", "cost", "cost", "price")
    )
    assert len(made.patch.edits) == 2
    assert made.patch.manual == ()
    told = [(one.file, one.line) for one in made.mentions if one.why == WHY]
    assert told == [("app/use.py", 2)] * CASES[line]
