"""``python -m benchmarks.detect``: how long detection takes on a big schema, without any server.

The ceiling beside it is what nobody can leave out: both catalogs read as JSON, every file of models parsed.
"""

from __future__ import annotations

import argparse
import ast
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from bravo_agent import wire
from bravo_agent.config import Config, ProjectSection
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.planning.report import report_text
from bravo_agent.usecases.detect import compare_files, detect
from bravo_agent.workspace import BASELINE, make_workspace

_TYPES = (
    (ColumnType("int8"), "int"),
    (ColumnType("text"), "str"),
    (ColumnType("numeric", precision=12, scale=2), "Decimal"),
    (ColumnType("timestamptz"), "datetime"),
    (ColumnType("bool"), "bool"),
    (ColumnType("varchar", length=40), "str"),
)
_WORDS = (
    "order",
    "price",
    "region",
    "owner",
    "status",
    "created",
    "amount",
    "channel",
    "score",
    "quota",
    "budget",
)
_TABLES_A_FILE = 20
_HEAD = "from datetime import datetime\nfrom decimal import Decimal\n\nfrom pydantic import BaseModel\n"


def big_catalog(tables: int, columns: int) -> Catalog:
    """``tables`` with ``columns`` each, the same at every call."""
    return Catalog(tuple(_table(number, columns) for number in range(tables)), "big", "1", "18")


def drifted(catalog: Catalog, *, identity: bool = True) -> Catalog:
    """Every tenth table with a rename, another type, a drop and an addition; ``identity``: of the same database."""
    tables = [_drifted(table) if place % 10 == 0 else table for place, table in enumerate(catalog.tables)]
    return replace(catalog, tables=tuple(tables), system_identifier="1" if identity else "2")


def write_project(folder: Path, catalog: Catalog) -> None:
    """Models for every table, and the baseline."""
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "__init__.py").write_text("", encoding="utf-8")
    for start in range(0, len(catalog.tables), _TABLES_A_FILE):
        classes = [_model(table) for table in catalog.tables[start : start + _TABLES_A_FILE]]
        path = folder / "app" / f"models_{start // _TABLES_A_FILE:03}.py"
        path.write_text("\n\n".join([_HEAD, *classes]), encoding="utf-8")
    (folder / BASELINE).write_text(wire.dumps(catalog), encoding="utf-8")


def _table(number: int, columns: int) -> Table:
    names = [
        f"{_WORDS[place % 11]}_{_WORDS[(number + place // 11) % 11]}_{place}" for place in range(columns)
    ]
    made = [
        Column(name, _TYPES[(number + place) % 6][0], nullable=place > 0, number=place + 1)
        for place, name in enumerate(names)
    ]
    return Table("public", f"table_{number:04}", tuple(made), (names[0],), oid=1000 + number)


def _drifted(table: Table) -> Table:
    columns = list(table.columns)
    columns[3] = replace(columns[3], name=f"{columns[3].name}_usd")
    columns[5] = replace(columns[5], type=ColumnType("jsonb"))
    del columns[8]
    return replace(table, columns=(*columns, Column("added", ColumnType("text"), number=len(columns) + 9)))


def _model(table: Table) -> str:
    python = dict(_TYPES)
    fields = [f"    {column.name}: {python[column.type]} | None = None" for column in table.columns]
    return f"class {table.name.title().replace('_', '')}(BaseModel):\n" + "\n".join(fields) + "\n"


def _timed(repeats: int, call: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def _ceiling(folder: Path, files: tuple[Path, Path]) -> None:
    for path in files:
        json.loads(path.read_bytes())
    for path in sorted((folder / "app").glob("*.py")):
        ast.parse(path.read_text(encoding="utf-8"))


def main(arguments: list[str] | None = None) -> None:
    """Prints one line for each way of detecting."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detect", description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3, help="the median of these is shown (default: 3)")
    options = parser.parse_args(arguments)
    baseline = big_catalog(options.tables, options.columns)
    with tempfile.TemporaryDirectory(prefix="bravo-") as name:
        folder = Path(name) / "project"
        write_project(folder, baseline)
        workspace = make_workspace(
            folder, Config(project=ProjectSection(models=("app",), sources=("app",))), {}
        )
        after, other = folder / "after.json", drifted(baseline, identity=False)
        after.write_text(wire.dumps(drifted(baseline)), encoding="utf-8")
        files = (folder / BASELINE, after)
        steps: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("nothing changed", lambda: report_text(detect(workspace, baseline).report())),
            (
                "a tenth of the tables changed",
                lambda: report_text(detect(workspace, drifted(baseline)).report()),
            ),
            ("the same, without identity", lambda: report_text(detect(workspace, other).report())),
            ("two catalogs alone", lambda: compare_files(*files)),
            ("ceiling: JSON and Python parsed, no more", lambda: _ceiling(folder, files)),
        )
        print(
            f"{options.tables} tables, {options.tables * options.columns:,} columns, medians of {options.repeats}"
        )
        for title, call in steps:
            print(f"{title:<42} {_timed(options.repeats, call):6.2f} s")


if __name__ == "__main__":
    main()
