"""How names and literals are written in SQL; nothing else in this folder puts quotes around anything."""

from __future__ import annotations

from bravo_agent.model.catalog import Table


def identifier(name: str) -> str:
    """``name`` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as a string literal, right under any ``standard_conforming_strings``."""
    quoted = text.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in quoted else f"'{quoted}'"


def relation(table: Table) -> str:
    """The table's qualified name."""
    return f"{identifier(table.schema)}.{identifier(table.name)}"


def own_rows(table: Table) -> str:
    """The FROM item with the rows that are the table's own.

    Inheritance children are tables of the catalog by themselves, so a parent gives only its own rows;
    partitions are not, so the root gives the rows of all of them.
    """
    whole = table.partitioned or table.form != "table"
    return relation(table) if whole else f"ONLY {relation(table)}"
