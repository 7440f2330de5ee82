"""``python -m benchmarks.renames``: how often a suspected rename is one, on random histories; for docs/renames.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.rename_histories import CHOSEN_WITH, HELD_OUT, History, history, restored, unordered
from bravo_agent.config import Config, EntitySection
from bravo_agent.model.change import Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise

PAGE = Path(__file__).parent.parent / "docs" / "renames.md"
_BINS = (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.01)


@dataclass
class Count:
    """What was found over many histories."""

    histories: int = 0
    lost: int = 0
    renamed: int = 0
    merged: int = 0
    wrong: int = 0
    told: int = 0
    first: int = 0
    by_score: dict[float, list[int]] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def changes_of(found: History) -> tuple[Change, ...]:
    """What bravo-agent recognises between the two states, every column wanted."""
    config = Config(entities={found.tables[0].key: EntitySection()})
    nothing = ModelSet(())
    mapping = derive_mapping(found.before, nothing, config)
    return recognise(found.before, found.after, nothing, mapping, config, {}).changes


def measure(histories: Sequence[History]) -> Count:
    """Merged: one question. Told: the true name is among the candidates. First: it leads them."""
    count = Count()
    for found in histories:
        count.histories += 1
        truth = dict(found.truth)
        changes = [c for c in changes_of(found) if c.kind in ("renamed_field", "dropped_field")]
        count.lost += len(changes)
        count.renamed += len(truth)
        for change in changes:
            _count(count, change, truth)
    return count


def _count(count: Count, change: Change, truth: dict[str, str]) -> None:
    old = change.field or ""
    new = truth.get(old)
    names = [candidate.field for candidate in change.candidates]
    if change.kind == "renamed_field":
        count.merged += 1
        count.wrong += change.details.after != new
        if change.details.after != new:
            best = change.candidates[0] if change.candidates else None
            count.mistakes.append(f"{old} -> {change.details.after} (truth {new}) {best}")
    if new is not None:
        count.told += new in names or change.details.after == new
        count.first += names[:1] == [new] or change.details.after == new
    for candidate in change.candidates:
        low = max(bound for bound in _BINS if bound <= candidate.score)
        own = count.by_score.setdefault(low, [0, 0])
        own[0] += 1
        own[1] += candidate.field == new


WORDS = {"chosen with": CHOSEN_WITH, "held out": HELD_OUT}
WAYS: dict[str, Callable[[History], History]] = {
    "same database": lambda found: found,
    "restored": restored,
    "written anew": unordered,
}


def histories(
    words: Sequence[str], way: Callable[[History], History], count: int, *, calm: bool
) -> list[History]:
    """The first ``count`` of them."""
    return [way(history(seed, words, calm=calm)) for seed in range(count)]


def table(count: int) -> list[str]:
    """The figures as lines of Markdown."""
    lines = [
        "| words | source | histories | columns lost | of these renamed "
        "| one question | of these wrong | found | told |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for words, own in WORDS.items():
        for way, change in WAYS.items():
            for calm in (False, True):
                got = measure(histories(own, change, count, calm=calm))
                share = (got.merged - got.wrong, got.told)
                told = [f"{part / got.renamed:.0%}" if got.renamed else "-" for part in share]
                lines.append(
                    f"| {words} | {way}{', nothing renamed' if calm else ''} | {got.histories:,} | {got.lost:,} "
                    f"| {got.renamed:,} | {got.merged:,} | {got.wrong:,} | {told[0]} | {told[1]} |"
                )
    return lines


def calibration(count: int) -> list[str]:
    """Score against truth, on the words held out."""
    lines = ["| score | pairs | of these renames |", "|---|---:|---:|"]
    total: dict[float, list[int]] = {}
    for way in ("restored", "written anew"):
        for low, (pairs, true) in measure(histories(HELD_OUT, WAYS[way], count, calm=False)).by_score.items():
            own = total.setdefault(low, [0, 0])
            own[0] += pairs
            own[1] += true
    for low, high in pairwise(_BINS):
        pairs, true = total.get(low, [0, 0])
        lines.append(f"| {low:.2f} to {min(high, 1):.2f} | {pairs:,} | {true / pairs if pairs else 0:.0%} |")
    return lines


_BEGIN, _END = "<!-- measured by `python -m benchmarks.renames --write` -->", "<!-- end -->"


def main(arguments: list[str] | None = None) -> None:
    """Prints both tables, or writes them into docs/renames.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=4000)
    parser.add_argument("--write", action="store_true", help="into docs/renames.md")
    options = parser.parse_args(arguments)
    text = "\n".join([*table(options.histories), "", *calibration(options.histories)])
    if not options.write:
        print(text)
        return
    page = PAGE.read_text()
    before, rest = page.split(_BEGIN)
    PAGE.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{rest.split(_END, 1)[1]}")


if __name__ == "__main__":
    main()
