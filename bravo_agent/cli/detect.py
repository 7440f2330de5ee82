"""``bravo-agent detect``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, one_line
from bravo_agent.planning.report import report
from bravo_agent.usecases.detect import compare_files
from bravo_agent.usecases.examine import Examination, examine
from bravo_agent.workspace import REPORT

_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("detect")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--snapshot", default="latest", metavar="ID", help="Which snapshot (default: latest).")
@click.option("--exit-code", is_flag=True, help="Exit with 3 or 4 when something is open or blocked.")
@click.option("--no-evidence", is_flag=True, help="Do not read a snapshot's rows for counts.")
@click.option("--offending-keys", is_flag=True, help="Show keys of rows in the way of a change, here alone.")
@click.option("--before", type=_file, help="Compare two catalogs instead: the former (JSON of a manifest).")
@click.option("--after", type=_file, help="The latter of the two catalogs.")
@common
def command(
    session: Session,
    source: str,
    snapshot: str,
    exit_code: bool,
    no_evidence: bool,
    offending_keys: bool,
    before: Path | None,
    after: Path | None,
) -> int:
    """Compares the source with the models; writes schema-change-report.json."""
    if before or after:
        if not (before and after):
            raise click.UsageError("--before and --after go together")
        compared = compare_files(before, after)
        told = [changes_text(compared.changes, asks=False)]
        told += [one_line(f"note: {note}") for note in compared.notes]
        session.result(report(compared.changes, compared.notes), "\n".join(told))
        return compared.exit_code if exit_code else 0
    if no_evidence and offending_keys:
        raise click.UsageError("--offending-keys reads rows, which --no-evidence forbids")
    workspace = session.workspace()
    seen = examine(workspace, source=source, snapshot=snapshot, evidence=not no_evidence, keys=offending_keys)
    session.result(_document(seen), _text(seen))
    return seen.found.exit_code if exit_code else 0


def _document(seen: Examination) -> dict[str, Any]:
    document = seen.found.report()
    if seen.offending:
        document["offendingKeys"] = {change: wire.plain(one) for change, one in seen.offending}
    return document


def _text(seen: Examination) -> str:
    lines: list[str] = []
    places = {
        change.id: ".".join(filter(None, (change.table, change.field))) for change in seen.found.changes
    }
    for change, one in seen.offending:
        if one.keys or one.note:
            lines.append(f"offending keys of {places[change]}  [{change[:12]}]: {one.note or ''}".rstrip())
            lines += [f"    {key}" for key in one.keys]
    lines += [f"note: {note}" for note in seen.found.notes]
    lines += [f"measured on snapshot {seen.snapshot}"] if seen.snapshot else []
    return "\n".join((changes_text(seen.found.changes), lines_text([*lines, f"report: {REPORT}"])))
