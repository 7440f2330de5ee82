"""``python -m benchmarks``: measures on embedded servers and prints a table. Figures move with the machine."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.process import measured
from benchmarks.report import Figures, figures, lines
from benchmarks.scene import Scene, make_scene
from benchmarks.tables import TABLES
from bravo_agent.stores.servers import start_servers, stop_servers


def main(arguments: list[str] | None = None) -> None:
    """Measures table after table."""
    options = _options(arguments)
    started, found = time.monotonic(), dict[str, Figures]()
    with _folder(options.dir) as home, start_servers(home / "servers") as servers:
        for name in options.tables:
            table = TABLES[name]
            rows = options.rows or (table.full if options.full else table.rows)
            _say(f"{name}: {rows:,} rows")
            scene = make_scene(home, servers, name, rows)
            found[name] = figures([_repeat(scene, turn) for turn in range(options.repeats)])
        stop_servers(home / "servers")
    _say(f"{time.monotonic() - started:.0f} s in all\n")
    print("\n".join([_machine(), f"Medians of {options.repeats}.", "", *lines(found)]))
    if options.json:
        options.json.write_text(json.dumps({"machine": _machine(), "tables": found}, indent=1) + "\n")


def _repeat(scene: Scene, turn: int) -> dict[str, Any]:
    """Every step once; each in a process of its own, so that peaks do not mix."""
    direct = measured("refresh", scene)
    snapshot = sorted(scene.workspace().snapshots().ids())[-1]
    full = measured("refresh", scene, snapshot=snapshot)
    top = measured("ceiling", scene)
    _say(
        f"  load {full['stages']['load']['clock']:.2f} s, checks {full['stages']['validate']['clock']:.2f} s"
    )
    rollback = measured("rollback", scene)
    scene.change(turn)
    changed = measured("export", scene)["snapshot"]
    increment = measured("refresh", scene, refresh="incremental", snapshot=changed)
    undo = measured("rollback", scene)
    scene.clear()
    return {
        "direct": direct,
        "full": full,
        "ceiling": top,
        "rollback": rollback,
        "incremental": increment,
        "undo": undo,
    }


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000,000 / 2,000,000 / 100,000 rows")
    parser.add_argument("--rows", type=int, help="rows of every table")
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES), metavar="TABLE")
    parser.add_argument("--repeats", type=int, default=3, help="the median of these is shown (default: 3)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--dir", type=Path, help="work here (an empty folder) and keep it afterwards")
    return parser.parse_args(arguments)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="bravo-", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{psutil.cpu_count()} cores, {memory:.0f} GB, {system}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
