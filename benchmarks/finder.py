"""``python -m benchmarks.finder``: how long the finder takes in a large repository, at first and when little changed.

The repository is made up: packages of models, services and tests; one file in ``--share`` names the field. The
ceiling beside it is what nobody can leave out: reading every file once.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from bravo_agent.config import Config
from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace, make_workspace

_LINES = 200
FIELD = "unit_price"

_MODEL = """\
class {name}(BaseModel):
    \"\"\"A row of table {number}.\"\"\"

    id: int
    code: str = Field(max_length=40)
    amount: Decimal = Decimal("0.00")
    {field}: Decimal = Decimal("0.00")

    def total(self) -> Decimal:
        return self.amount * self.{field}


"""
_FUNCTION = """\
def step_{number}(rows: list[{name}], limit: int = {number}) -> dict[str, int]:
    \"\"\"What step {number} does with its rows.\"\"\"
    seen: dict[str, int] = {{}}
    for row in rows:
        key = f"{{row.code}}-{{limit}}"  # a key for every row
        if row.amount > limit and {field}:
            seen[key] = seen.get(key, 0) + len(row.code)
        elif len(seen) > limit:
            seen.pop(next(iter(seen)))
    return {{name: count for name, count in seen.items() if count > 1}}


"""


def write_repository(project: Path, lines: int, share: int) -> int:
    """Writes about ``lines`` lines of Python; gives how many."""
    files = max(lines // _LINES, 4)
    written = 0
    for number in range(files):
        package = project / f"package_{number // 50:03}"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        models = number % 50 == 0
        text = _models(number) if models else _service(number, named=number % share == 1)
        (package / ("models.py" if models else f"service_{number:05}.py")).write_text(text)
        written += text.count("\n")
    return written


def _models(number: int) -> str:
    head = "from decimal import Decimal\n\nfrom pydantic import BaseModel, Field\n\n\n"
    classes = [
        _MODEL.format(
            name=f"Row{number:05}{index:02}", number=number, field=FIELD if index < 2 else f"price_{index}"
        )
        for index in range(15)
    ]
    return head + "".join(classes)


def _service(number: int, *, named: bool) -> str:
    home = number // 50 * 50
    name = f"Row{home:05}00"
    head = f"from package_{number // 50:03}.models import {name}\n\n\n"
    if named:
        head += f'def price_of(row: {name}) -> object:\n    return row.model_dump()["{FIELD}"]\n\n\n'
    field = f"row.{FIELD}" if named else "row.amount"
    return head + "".join(_FUNCTION.format(number=n, name=name, field=field) for n in range(_LINES // 12))


def measure(lines: int, share: int) -> dict[str, Any]:
    """Seconds and megabytes of each step."""
    with tempfile.TemporaryDirectory(prefix="bravo-finder-") as folder:
        project = Path(folder)
        written = write_repository(project, lines, share)
        workspace = make_workspace(project, Config())
        figures: dict[str, Any] = {"lines": written}
        figures["ceiling_s"], _, _ = _timed(lambda: _read_all(project))
        figures["models_s"], _, reading = _timed(workspace.models)
        ref = FieldRef("package_000.models", "Row0000000", FIELD)

        def find() -> tuple[Finding, ...]:
            return find_uses(workspace, reading.models, [ref])

        figures["first_s"], figures["first_peak_mb"], found = _timed(find)
        figures["again_s"], _, again = _timed(find)
        assert found == again
        _change(workspace, share)
        figures["changed_s"], figures["changed_peak_mb"], _ = _timed(find)
        figures["tokens"] = len(found[0].occurrences)
        figures["targets"] = sum(one.verdict == "target" for one in found[0].occurrences)
        figures["notes"] = list(found[0].notes)
        return figures


def _change(workspace: Workspace, share: int) -> None:
    """One function more in one file that names the field."""
    number = share + 1 if share > 1 else 1
    path = workspace.project / f"package_{number // 50:03}" / f"service_{number:05}.py"
    path.write_text(path.read_text() + f"\n\ndef more(row: Row0000000) -> None:\n    row.{FIELD}\n")


def _read_all(project: Path) -> int:
    return sum(len(path.read_bytes()) for path in sorted(project.rglob("*.py")))


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds, and the highest memory of this process and what it started."""
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, _memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    try:
        result = work()
    finally:
        seconds = time.perf_counter() - started
        done.set()
        watcher.join()
    return round(seconds, 2), round(peak, 1), result


def _memory() -> float:
    own = psutil.Process(os.getpid())
    total = 0
    for one in (own, *own.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue  # it ended meanwhile
    return total / 1_000_000


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--share", type=int, default=10, help="one file in so many names the field")
    given = parser.parse_args()
    print(json.dumps(measure(given.lines, given.share), indent=2))


if __name__ == "__main__":
    main()
