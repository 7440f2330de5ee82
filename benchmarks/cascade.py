"""``python -m benchmarks.cascade``: how long many decided changes take to be carried into the code, without a server.

New columns of one table and of many, and renames in a code base that uses the fields. The ceiling beside it is what
nobody can leave out: every Python file of the project parsed once by libcst.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst

from benchmarks.detect import big_catalog, write_project
from bravo_agent import wire
from bravo_agent.config import Config, ProjectSection
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.usecases.cascade import make_cascade
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import BASELINE, make_workspace

_TYPES = (
    ColumnType("int8"),
    ColumnType("text"),
    ColumnType("numeric", precision=12, scale=2),
    ColumnType("timestamptz"),
    ColumnType("bool"),
)
_FUNCTION = """\
def step_{number}(rows: list[{model}]) -> int:
    count = 0
    for row in rows:
        if row.{key} > {number}:
            count += 1
    return count


"""


@dataclass(frozen=True)
class Size:
    """``changes`` for each of ``tables`` with ``columns``; ``files`` of services use what is renamed."""

    title: str
    tables: int
    columns: int
    changes: int
    files: int = 0


SIZES = (
    Size("new columns of one model", 1, 20, 1000),
    Size("new columns, five a model", 200, 20, 5),
    Size("renames, ten a model", 20, 20, 10, files=280),
)


def measure(size: Size) -> tuple[int, float, float]:
    """How many changes were carried, the seconds of that, and those of the ceiling."""
    before = big_catalog(size.tables, size.columns)
    with tempfile.TemporaryDirectory(prefix="bravo-") as name:
        project = Path(name) / "project"
        write_project(project, before)
        (project / "app" / "__init__.py").touch()
        for number in range(size.files):
            _write_service(project, before.tables[number % size.tables], number, size.changes)
        (project / BASELINE).write_text(wire.dumps(before), encoding="utf-8")
        config = Config(project=ProjectSection(models=("app",), sources=("app",)))
        workspace = make_workspace(project, config, dict(os.environ))
        found = detect(workspace, _changed(before, size), write_report=False)
        # As somebody would have answered: no rename is decided by itself.
        decided = (
            replace(one, state="decided", option="rename") if one.kind == "renamed_field" else one
            for one in found.changes
        )
        found = replace(found, changes=tuple(decided))
        started = time.perf_counter()
        made = make_cascade(workspace, found)
        seconds = time.perf_counter() - started
        carried = sum(bool(one.made.patch.edits) for one in made.carried)
        started = time.perf_counter()
        for path in sorted(project.rglob("*.py")):
            cst.parse_module(path.read_bytes())
        return carried, seconds, time.perf_counter() - started


def _changed(before: Catalog, size: Size) -> Catalog:
    change = _renamed if size.files else _grown
    return replace(before, tables=tuple(change(table, size.changes) for table in before.tables))


def _grown(table: Table, count: int) -> Table:
    last = len(table.columns)
    new = (
        Column(f"{table.name}_new_{number}", _TYPES[number % 5], number=last + 1 + number)
        for number in range(count)
    )
    return replace(table, columns=(*table.columns, *new))


def _renamed(table: Table, count: int) -> Table:
    """Names that say their table: else every one of them stands in every other model too."""
    columns = [
        replace(one, name=f"{one.name}_of_{table.name}") if 0 < place <= count else one
        for place, one in enumerate(table.columns)
    ]
    return replace(table, columns=tuple(columns))


def _write_service(project: Path, table: Table, number: int, fields: int) -> None:
    model = table.name.title().replace("_", "")
    module = f"app.models_{int(table.name.rpartition('_')[2]) // 20:03}"
    reads = "".join(f"    found.append(one.{column.name})\n" for column in table.columns[1 : fields + 1])
    text = f"from {module} import {model}\n\n\ndef read_{number}(one: {model}) -> list[object]:\n"
    text += f"    found: list[object] = []\n{reads}    return found\n\n\n"
    key = table.columns[0].name
    text += "".join(_FUNCTION.format(number=each, model=model, key=key) for each in range(12))
    (project / "app" / f"service_{number:03}.py").write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Prints one line for each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cascade", description=__doc__)
    parser.add_argument("--share", type=int, default=1, help="one in so many of the changes of each model")
    options = parser.parse_args(arguments)
    print(f"load average {os.getloadavg()[0]:.1f} at the beginning")
    for size in SIZES:
        carried, seconds, ceiling = measure(replace(size, changes=max(1, size.changes // options.share)))
        print(f"{size.title:<28} {carried:5} changes {seconds:7.1f} s   files parsed once {ceiling:5.1f} s")


if __name__ == "__main__":
    main()
