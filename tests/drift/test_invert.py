"""There and back: facts and their inverse, model edits and theirs."""

from __future__ import annotations

import pytest
from drift_catalogs import CATALOGS, bare
from hypothesis import given, settings

from bravo_agent.artifacts.pydantic_models import generate_model
from bravo_agent.changes._samples import INT8, TEXT, column, table
from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import (
    AddModel,
    DropField,
    DropModel,
    InsertField,
    MakeOptional,
    ModelEdit,
    RenameField,
    RetypeField,
    SetEnumValues,
)
from bravo_agent.planning.apply import apply_facts
from bravo_agent.planning.compare import compare
from bravo_agent.planning.invert import inverse_edit, invert
from bravo_agent.registry import shelf
from codemods import Home, ModelText


@settings(max_examples=300, deadline=None)
@given(CATALOGS, CATALOGS)
def test_the_inverse_leads_back(before: Catalog, after: Catalog) -> None:
    facts = compare(before, after)
    there = apply_facts(before, facts)
    assert bare(there) == bare(after)
    assert bare(apply_facts(there, invert(before, facts))) == bare(before)


def test_a_rename_and_its_key_have_one_inverse() -> None:
    before = Catalog((table(column("a"), key=("a",), checks=("(a > 0)",)),), "prod", "1")
    after = Catalog((table(column("b"), key=("b",), checks=("(b > 0)",)),), "prod", "1")
    (fact,) = invert(before, compare(before, after))
    assert (fact.table, fact.tag) == ("public.campaigns", "altered")


HEAD = "from datetime import date\nfrom typing import Annotated, Literal\n\nfrom pydantic import BaseModel, Field\n"
MODEL = (
    HEAD
    + """

class Ad(BaseModel):
    cost: int = Field(ge=0)  # it
    name: Annotated[str, Field(max_length=50)] | None = None
    status: Literal["draft", "live"] = "draft"

    def twice(self) -> int:
        return 2 * self.cost
"""
)
ADS = Table("public", "ads", (column("at", TEXT),))
THERE_AND_BACK = [
    RenameField("Ad", "cost", "cost", "price"),
    RetypeField("Ad", "name", Shape("str", max_length=50), Shape("str", max_length=70)),
    SetEnumValues("Ad", "status", ("draft", "live"), ("draft", "seen", "live")),
    InsertField("Ad", column("views", INT8)),
    InsertField("Ad", column("ref", TEXT)),
]


def carried(text: str, edit: ModelEdit, home: Home) -> str:
    result = shelf("codemods")[edit.tag].carry(text, edit, home, "app/models.py")
    assert result.manual == ()
    return str(result.text)


@pytest.mark.parametrize("edit", THERE_AND_BACK, ids=lambda one: one.tag)
def test_an_edit_and_its_inverse_leave_the_same_bytes(edit: ModelEdit) -> None:
    back = inverse_edit(edit)
    assert back is not None
    there = carried(MODEL, edit, Home("Ad"))
    assert there != MODEL
    assert carried(there, back, Home("Ad")) == MODEL


def test_a_model_added_and_dropped_leaves_the_same_bytes() -> None:
    written = generate_model(Table("public", "notes", (column("at", TEXT),)), TypesSection())
    text = ModelText(written.name, written.code, written.imports, whole=written.module)
    edit = AddModel(ADS)
    assert inverse_edit(edit) == DropModel("Ad", ADS)
    there = carried(MODEL, edit, Home("Note", written=text))
    assert "class Note" in there
    assert carried(there, DropModel("Note", ADS), Home("Note")) == MODEL


def test_what_took_something_away_has_no_inverse() -> None:
    assert inverse_edit(DropField("Ad", "cost")) is None
    assert inverse_edit(MakeOptional("Ad", "cost")) is None
