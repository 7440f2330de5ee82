"""``python -m benchmarks.real_projects``: fields of open-source projects renamed, and their own tests run.

Needs the Python package index. Prints two tables; ``--write`` puts them into docs/measurements.md.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.real_renames import Judged, Measured, judge, models_of, sample, trace
from benchmarks.real_sources import NOT_USED, PROJECTS, Broken, Home, Project, prepare

PAGE = Path(__file__).parent.parent / "docs" / "measurements.md"
BEGIN, END = "<!-- real projects: begin -->", "<!-- real projects: end -->"
_RESULTS = ("green", "green, rest by hand", "red, rest by hand", "red", "refused", "failed")


def measure(project: Project, root: Path, count: int) -> Measured:
    """Fetches, runs the tests once as it is and once watched, and then once for each rename."""
    measured = Measured(project)
    try:
        home = prepare(project, root)
    except Broken as broken:
        measured.why = str(broken)
        return measured
    baseline = home.test()
    measured.tests = sum(outcome == "passed" for outcome in baseline.values())
    failing = sorted(test for test, outcome in baseline.items() if outcome == "failed")
    if failing or not measured.tests:
        measured.why = f"its tests do not pass as it is: {', '.join(failing[:3])}"
        return measured
    home.fresh()
    measured.lines = sum(
        path.read_bytes().count(b"\n") for one in project.packages for path in (home.tree / one).rglob("*.py")
    )
    _rename_all(home, measured, baseline, count)
    home.fresh()
    return measured


def _rename_all(home: Home, measured: Measured, baseline: dict[str, str], count: int) -> None:
    models = models_of(home)
    fields = sample(home, models, count)
    traced = trace(home, fields, models, baseline)
    measured.traced = traced is not None
    for asked in fields:
        start = time.monotonic()
        judged = judge(home, asked, traced, baseline)
        judged.seconds = time.monotonic() - start
        measured.renames.append(judged)
        print(line_of(measured.project, judged), flush=True)


def line_of(project: Project, one: Judged) -> str:
    """A rename on one line, for whoever waits."""
    asked = one.asked
    parts = [
        f"{project.name} {asked.entity}.{asked.field}{' (a format)' if asked.fixed else ''}: {one.result}",
        f"{one.named} named, {len(one.edited)} edited, {len(one.listed)} listed, {len(one.used)} proved",
        f"{one.seconds:.0f} s",
    ]
    parts += [f"missed {sorted(one.missed)}"] if one.missed else []
    parts += [f"wrong {sorted(one.wrong)}"] if one.wrong else []
    parts += [f"{one.unlisted_edits} files changed elsewhere"] if one.unlisted_edits else []
    parts += (
        [f"with all told done: {'green' if one.by_hand_green else 'red'}"]
        if one.by_hand_green is not None
        else []
    )
    parts += [one.why] if one.why else []
    parts += (
        [f"broken: {' '.join(one.tests_broken[:3])} ({len(one.tests_broken)})"] if one.tests_broken else []
    )
    return "; ".join(parts)


def results_table(found: Sequence[Measured]) -> list[str]:
    """What became of the renames, by project."""
    rows = [
        [
            "project",
            "lines",
            "tests",
            "renames",
            "of these formats",
            *_RESULTS,
            "of the red, green once all that was told is done",
        ]
    ]
    for one in found:
        if one.renames:
            counts = [str(_count(one.renames, result)) for result in _RESULTS]
            formats = str(sum(judged.asked.fixed for judged in one.renames))
            turned = sum(judged.by_hand_green is True for judged in one.renames)
            name = f"{one.project.name} {one.project.version}"
            rows.append(
                [name, str(one.lines), str(one.tests), str(len(one.renames)), formats, *counts, str(turned)]
            )
    return _table([*rows, ["all", *(_sum(rows[1:], place) for place in range(1, len(rows[0])))]])


def _count(renames: Iterable[Judged], result: str) -> int:
    return sum(one.result == result for one in renames)


def _sum(rows: Sequence[Sequence[str]], place: int) -> str:
    return str(sum(int(row[place]) for row in rows))


def tokens_table(found: Sequence[Measured]) -> list[str]:
    """What became of the tokens, in the renames that were made."""
    rows = [["project", "named so", "edited", "listed", "left", "proved", "edited ", "listed ", "missed", "wrong",
             "files touched elsewhere"]]  # fmt: skip
    for one in found:
        made = [judged for judged in one.renames if judged.edited]
        if made:
            rows.append([one.project.name, *(str(number) for number in _tokens(made))])
    return _table([*rows, ["all", *(_sum(rows[1:], place) for place in range(1, len(rows[0])))]])


def _tokens(made: Sequence[Judged]) -> list[int]:
    named = sum(one.named for one in made)
    edited, listed = sum(len(one.edited) for one in made), sum(len(one.listed) for one in made)
    return [
        named, edited, listed, named - edited - listed,
        sum(len(one.used) for one in made),
        sum(len(one.used & one.edited) for one in made),
        sum(len(one.used & one.listed) for one in made),
        sum(len(one.missed) for one in made),
        sum(len(one.wrong) for one in made),
        sum(one.unlisted_edits for one in made),
    ]  # fmt: skip


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *rest = ["| " + " | ".join(cell.strip() for cell in row) + " |" for row in rows]
    return [head, "|---|" + "---:|" * (len(rows[0]) - 1), *rest]


def page(found: Sequence[Measured]) -> str:
    """What stands between the marks of docs/measurements.md."""
    lines = [f"Measured on {date.today().isoformat()}.", "", *results_table(found), ""]
    lines += [
        "Tokens of the renames that were made. Proved: the tests read or wrote the field there (attributes,",
        "constructor keywords and getattr; a trace cannot see texts), of these so many were edited, listed or missed.",
        "Wrong: edited, and the tests proved it to be another model's field.",
        "",
        *tokens_table(found),
        "",
    ]
    lines += ["Not green, or nothing written:", "", *_open(found), ""]
    lines += [f"No trace: {one.project.name}." for one in found if one.renames and not one.traced]
    partly = [one for one in found if one.project.only]
    lines += [f"Not all tests: {one.project.name}, as {one.project.only}." for one in partly]
    lines += [f"Not measured: {one.project.name}: {one.why}." for one in found if not one.renames]
    lines += ["", "Looked at and not used:", "", *(f"- {names}: {why}." for names, why in NOT_USED)]
    return "\n".join(lines)


def _open(found: Sequence[Measured]) -> list[str]:
    lines = []
    for one in found:
        for judged in one.renames:
            if not judged.result.startswith("green"):
                lines.append(
                    f"- {one.project.name}, {judged.asked.entity}.{judged.asked.field}: {_why(judged)}."
                )
    return lines or ["- none"]


def _why(one: Judged) -> str:
    said: str = one.result
    if one.asked.fixed:
        said += ", its name stands in the project's data or configuration files"
    if one.tests_broken:
        said += f", {len(one.tests_broken)} tests failed, {len(one.listed)} places were listed"
    if one.by_hand_green is not None:
        said += f", with all that was told changed the tests {'pass' if one.by_hand_green else 'fail too'}"
    return said + (f" ({one.why})" if one.why else "")


def write(text: str) -> None:
    """Replaces what stands between the marks."""
    whole = PAGE.read_text(encoding="utf-8")
    head, _, rest = whole.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


def _document(found: Sequence[Measured]) -> list[dict[str, Any]]:
    return [
        {
            "project": one.project.name,
            "why": one.why,
            "traced": one.traced,
            "renames": [
                {
                    key: sorted(value) if isinstance(value, set) else value
                    for key, value in vars(judged).items()
                }
                | {
                    "asked": vars(judged.asked),
                    "missed": sorted(judged.missed),
                    "wrong": sorted(judged.wrong),
                }
                for judged in one.renames
            ],
        }
        for one in found
    ]


def _measured(project: Project, home: Path, count: int) -> Measured:
    """Kept, so that the projects can be measured one by one and told together."""
    found = measure(project, home, count)
    (home / f"{project.name}.pickle").write_bytes(pickle.dumps(found))
    return found


def _kept(home: Path, project: Project) -> Measured:
    kept = home / f"{project.name}.pickle"
    if kept.exists():
        found: Measured = pickle.loads(kept.read_bytes())  # noqa: S301 - written above
        return found
    missing = Measured(project)
    missing.why = "not measured yet"
    return missing


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = {one.name: one for one in PROJECTS}
    parser.add_argument("--projects", nargs="+", choices=sorted(known), default=list(known), metavar="NAME")
    parser.add_argument("--renames", type=int, default=4, help="fields of each project (4)")
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache" / "bravo-real-projects")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/measurements.md")
    parser.add_argument("--report", action="store_true", help="tell what was measured before")
    parser.add_argument("--json", type=Path, help="write every place of every rename to this file")
    wanted = parser.parse_args(arguments)
    home: Path = wanted.home.resolve()
    found = [
        _kept(home, known[name]) if wanted.report else _measured(known[name], home, wanted.renames)
        for name in wanted.projects
    ]
    text = page(found)
    print(f"\n{text}")
    if wanted.write:
        write(text)
    if wanted.json:
        wanted.json.write_text(json.dumps(_document(found), indent=1))


if __name__ == "__main__":
    main()
