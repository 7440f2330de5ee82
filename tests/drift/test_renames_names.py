"""Words in names, and how much they look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.changes._names import UNLIKE, Words, weigh_names, words_of
from bravo_agent.changes._tokens import token_likeness, tokens
from bravo_agent.model.catalog import Catalog

NOTHING = words_of(Catalog(()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("daily_budget", ("daily", "budget")),
        ("dailyBudget2", ("daily", "budget", "2")),
        ("HTTPStatus", ("http", "status")),
        ("STRASSE-Größe", ("strasse", "grosse")),
        ("ціна_товару", ("ціна", "товару")),
        ("$", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert tokens(name) == expected


SHORT = [
    "qty quantity",
    "amt amount",
    "num number",
    "desc description",
    "addr address",
    "cnt count",
    "pct percent",
]
SHORT += [
    "mgr manager",
    "acct account",
    "lbl label",
    "avg average",
    "kateg kategorie",
    "strs strasse",
    "msj mesaje",
]


@pytest.mark.parametrize("pair", SHORT)
def test_short_forms_are_known_by_how_they_are_made(pair: str) -> None:
    short, long = pair.split()
    assert token_likeness(short, long) >= 0.8


@pytest.mark.parametrize(
    "pair", ["cat contract", "state status", "city country", "net set", "1 2", "10 100", "a b"]
)
def test_other_words_are_other_words(pair: str) -> None:
    one, other = pair.split()
    assert token_likeness(one, other) == 0


@given(st.text("abcdeqty123", min_size=1), st.text("abcdeqty123", min_size=1))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert token_likeness(one, other) == token_likeness(other, one)
    assert 0 <= token_likeness(one, other) <= 1
    assert token_likeness(one, one) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("daily_budget", "dailyBudget"),
        ("created_at", "at_created"),
        ("daily_budget", "daily_budget_amount"),
        ("quantity", "order_qty"),
        ("click_through_rate", "ctr"),
        ("user_name", "username"),
    ],
)
def test_alike(old: str, new: str) -> None:
    assert weigh_names(old, new, NOTHING, "t")[0] > 1
    assert weigh_names(new, old, NOTHING, "t")[0] > 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("billing_city", "shipping_city"),
        ("line_1", "line_2"),
        ("first_name", "last_name"),
        ("color", "weight"),
    ],
)
def test_brothers_are_not_alike(old: str, new: str) -> None:
    assert weigh_names(old, new, NOTHING, "t")[0] < 0


def test_what_all_columns_are_called_proves_little() -> None:
    from collections import Counter

    words = Words(Counter({"name": 60, "altitude": 1}), 100)
    common = weigh_names("name", "name_x", words, "t")[0]
    rare = weigh_names("altitude", "altitude_x", words, "t")[0]
    assert common < rare


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_names_can_be_weighed(old: str, new: str) -> None:
    weight, reason = weigh_names(old, new, NOTHING, "t")
    assert UNLIKE - 4 <= weight <= 8
    assert reason
