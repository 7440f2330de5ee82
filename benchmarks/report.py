"""Medians of the repeats, as values and as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

Repeat = Mapping[str, Any]
Figures = dict[str, float]

_LINES = (
    ("export", "export_rows_s", "rows/s"),
    ("load from the snapshot", "load_rows_s", "rows/s"),
    ("checks", "checks_rows_s", "rows/s"),
    ("full refresh from the snapshot", "full_rows_s", "rows/s"),
    ("full refresh direct, with the export", "direct_rows_s", "rows/s"),
    ("ceiling: insert_many, pre-encoded", "ceiling_insert_many", "rows/s"),
    ("ceiling: packed, pre-encoded", "ceiling_packed", "rows/s"),
    ("load / insert_many", "load_ratio", "ratio"),
    ("load / packed", "packed_ratio", "ratio"),
    ("full refresh / insert_many", "full_ratio", "ratio"),
    ("CPU of the load: ours", "load_own_cpu", "s"),
    ("CPU of the load: mongod", "load_mongodb_cpu", "s"),
    ("CPU of a direct run: ours", "direct_own_cpu", "s"),
    ("CPU of a direct run: both servers", "direct_servers_cpu", "s"),
    ("peak memory, direct run", "direct_peak", "MB"),
    ("peak memory, from the snapshot", "full_peak", "MB"),
    ("peak memory, incremental", "incremental_peak", "MB"),
    ("incremental, 1 % changed", "incremental_s", "s"),
    ("incremental / full refresh", "incremental_ratio", "ratio"),
    ("publish", "publish_s", "s"),
    ("rollback of a full refresh", "rollback_s", "s"),
    ("rollback of an increment", "undo_s", "s"),
)


def figures(repeats: Sequence[Repeat]) -> Figures:
    """Each figure's median over the repeats; ratios are taken within a repeat."""
    each = [_one(repeat) for repeat in repeats]
    return {name: round(median(one[name] for one in each), 4) for name in each[0]}


def _one(repeat: Repeat) -> Figures:
    direct, full, increment = repeat["direct"], repeat["full"], repeat["incremental"]
    rows, stages = full["rows"], full["stages"]
    ceilings = {
        way: max(
            repeat["ceiling"]["documents"] / one["clock"]
            for name, one in repeat["ceiling"]["ways"].items()
            if name.startswith(way)
        )
        for way in ("insert_many", "packed")
    }
    load, whole = rows / stages["load"]["clock"], full["whole"]["clock"]
    return {
        "rows": rows,
        "document_bytes": full["bytes"] / max(1, full["documents"]),
        "export_rows_s": rows / direct["stages"]["export"]["clock"],
        "load_rows_s": load,
        "checks_rows_s": rows / stages["validate"]["clock"],
        "full_rows_s": rows / whole,
        "direct_rows_s": rows / direct["whole"]["clock"],
        "ceiling_insert_many": ceilings["insert_many"],
        "ceiling_packed": ceilings["packed"],
        "load_ratio": load / ceilings["insert_many"],
        "packed_ratio": load / ceilings["packed"],
        "full_ratio": rows / whole / ceilings["insert_many"],
        "load_own_cpu": stages["load"]["own"],
        "load_mongodb_cpu": stages["load"]["mongodb"],
        "direct_own_cpu": direct["whole"]["own"],
        "direct_servers_cpu": direct["whole"]["postgres"] + direct["whole"]["mongodb"],
        "direct_peak": direct["peak"] / 2**20,
        "full_peak": full["peak"] / 2**20,
        "incremental_peak": increment["peak"] / 2**20,
        "incremental_s": increment["whole"]["clock"],
        "incremental_ratio": increment["whole"]["clock"] / whole,
        "publish_s": stages["publish"]["clock"],
        "rollback_s": repeat["rollback"]["seconds"],
        "undo_s": repeat["undo"]["seconds"],
    }


def lines(found: Mapping[str, Figures]) -> list[str]:
    """A Markdown table: a column for each measured table."""
    head = [
        f"{name}, {one['rows']:,.0f} rows of {one['document_bytes']:.0f} bytes" for name, one in found.items()
    ]
    rows = [["", *head], ["---", *("---:" for _ in head)]]
    for title, name, unit in _LINES:
        rows.append([f"{title}, {unit}", *(_shown(one[name], unit) for one in found.values())])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]


def _shown(value: float, unit: str) -> str:
    if unit in ("rows/s", "MB"):
        return f"{value:,.0f}"
    return f"{value:.2f}"
