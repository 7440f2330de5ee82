"""Names are legal, reversible, and never meet."""

from __future__ import annotations

import keyword
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from bravo_agent.planning.naming import (
    class_names,
    collection_name,
    column_of_document_name,
    column_of_field,
    document_name,
    field_name,
)

COLUMNS = st.one_of(
    st.text("f_xamodel2e5c.$ %idéﬁlsjn", max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    st.sampled_from(
        ["class", "class_", "model_x", "f_", "f_f_", "_id", "", "copy__", "_x5f_", "f_class", "None"]
    ),
)


@given(column=COLUMNS)
@example("_x2.")
def test_field_names(column: str) -> None:
    name = field_name(column)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not name.startswith(("_", "model_"))
    assert not hasattr(BaseModel, name)
    assert unicodedata.normalize("NFKC", name) == name
    assert column_of_field(name) == column


@given(column=COLUMNS)
def test_document_names(column: str) -> None:
    name = document_name(column)
    assert name not in ("", "_id")
    assert "$" not in name
    assert "." not in name
    assert column_of_document_name(name) == column


@pytest.mark.parametrize("column", ["id", "first_name", "Name", "größe", "tax_x2", "is_xml", "f_x"])
def test_ordinary_names_stay(column: str) -> None:
    assert field_name(column) == column
    assert document_name(column) == column


def test_class_names_are_singular_and_unique() -> None:
    tables = [("public", "orders"), ("public", "order"), ("sales", "orders"), ("public", "user-categories")]
    names = class_names(
        [*tables, ("public", "addresses"), ("public", "news"), ("public", "2fa"), ("public", "")]
    )
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert names["sales", "orders"] == "SalesOrder"
    assert names["public", "user-categories"] == "UserCategory"
    assert names["public", "addresses"] == "Address"
    assert all(name.isidentifier() for name in names.values())


def test_collection_names() -> None:
    assert collection_name("public", "orders") == "orders"
    assert collection_name("sales", "orders") == "sales_orders"
    assert "$" not in collection_name("public", "a$b")
    assert not collection_name("public", "system.x").startswith("system.")
    assert collection_name("public", "../x..y.") == "%2E%2E/x.%2Ey%2E"
    assert collection_name("public", "a.b") == "a.b"
