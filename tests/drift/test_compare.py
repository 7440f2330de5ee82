"""compare is dumb, complete and quick."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from drift_catalogs import CATALOGS, bare
from hypothesis import given, settings

from bravo_agent.changes._samples import ID, INT4, TEXT, column, table
from bravo_agent.model.catalog import Catalog, Column, ForeignKey, Index, Table
from bravo_agent.model.change import Added, Altered, Removed
from bravo_agent.planning.apply import apply_facts
from bravo_agent.planning.compare import compare


@settings(max_examples=300, deadline=None)
@given(CATALOGS, CATALOGS)
def test_applying_the_facts_gives_after(before: Catalog, after: Catalog) -> None:
    assert bare(apply_facts(before, compare(before, after))) == bare(after)


@settings(max_examples=100, deadline=None)
@given(CATALOGS, CATALOGS)
def test_the_order_of_facts_does_not_matter(before: Catalog, after: Catalog) -> None:
    facts = list(compare(before, after))
    random.Random(1).shuffle(facts)
    assert bare(apply_facts(before, facts)) == bare(after)


@given(CATALOGS)
def test_nothing_changed_is_no_fact(catalog: Catalog) -> None:
    assert compare(catalog, catalog) == ()


def one(*tables: Table, system: str | None = "1", database: str = "prod") -> Catalog:
    return Catalog(tables, database, system)


def test_a_rename_by_identity_is_one_fact_though_keys_and_checks_mention_it() -> None:
    before = table(
        column("a"),
        key=("a",),
        checks=("(a > 0)",),
        indexes=(Index("i", ("a",), False, "CREATE INDEX i ON public.campaigns (a)"),),
        foreign_keys=(ForeignKey("f", ("a",), "public.campaigns", ("a",)),),
    )
    after = table(
        column("b"),
        key=("b",),
        checks=("(b > 0)",),
        indexes=(Index("i", ("b",), False, "CREATE INDEX i ON public.campaigns (b)"),),
        foreign_keys=(ForeignKey("f", ("b",), "public.campaigns", ("b",)),),
    )
    (fact,) = compare(one(before), one(after))
    assert isinstance(fact, Altered)
    assert (fact.aspect, fact.before, fact.after) == ("name", "a", "b")


def test_a_table_renamed_by_identity_is_one_fact_and_references_follow() -> None:
    other = Table(
        "public", "ads", (ID,), foreign_keys=(ForeignKey("f", ("id",), "public.campaigns", ("id",)),), oid=2
    )
    moved = replace(other, foreign_keys=(ForeignKey("f", ("id",), "public.promotions", ("id",)),))
    (fact,) = compare(one(other, table()), one(moved, table(name="promotions")))
    assert isinstance(fact, Altered)
    assert (fact.table, fact.aspect, fact.after) == ("public.campaigns", "name", "public.promotions")


def test_without_identity_a_rename_is_removed_and_added() -> None:
    for other in (one(table(column("b")), system="2"), one(table(column("b")), database="copy")):
        assert {type(fact) for fact in compare(one(table(column("a"))), other)} == {Added, Removed}


def test_two_columns_that_swap_their_names() -> None:
    before = one(table(column("a", TEXT, 2), column("b", INT4, 3)))
    after = one(table(column("b", TEXT, 2), column("a", INT4, 3)))
    facts = compare(before, after)
    assert [fact.aspect for fact in facts if isinstance(fact, Altered)] == ["name", "name"]
    assert bare(apply_facts(before, facts)) == bare(after)


def test_a_thousand_tables_of_twenty_columns() -> None:
    def wide(number: int, shift: int) -> Table:
        columns = tuple(Column(f"c{n}", TEXT if n % 7 else INT4, number=n + shift) for n in range(20))
        return Table("public", f"t{number}", columns, ("c0",), oid=number + 1)

    before, after = one(*(wide(n, 0) for n in range(1000))), one(*(wide(n, 1) for n in range(1000)))
    started = time.perf_counter()
    facts = compare(before, after)
    print(f"1,000 tables x 20 columns: {len(facts)} facts in {time.perf_counter() - started:.2f} s")
    assert len(facts) == 1000 * (19 + 5 + 2)
