"""``bravo-agent detect``."""

from __future__ import annotations

from pathlib import Path

import click

from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._session import Session, common
from bravo_agent.planning.report import report
from bravo_agent.usecases.detect import compare_files, detect, source_catalog
from bravo_agent.workspace import REPORT

_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("detect")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--snapshot", default="latest", metavar="ID", help="Which snapshot (default: latest).")
@click.option("--exit-code", is_flag=True, help="Exit with 3 or 4 when something is open or blocked.")
@click.option("--before", type=_file, help="Compare two catalogs instead: the former (JSON of a manifest).")
@click.option("--after", type=_file, help="The latter of the two catalogs.")
@common
def command(
    session: Session, source: str, snapshot: str, exit_code: bool, before: Path | None, after: Path | None
) -> int:
    """Compares the source with the models; writes schema-change-report.json."""
    if before or after:
        if not (before and after):
            raise click.UsageError("--before and --after go together")
        found = compare_files(before, after)
        session.result(report(found), changes_text(found))
        return 0
    workspace = session.workspace()
    detection = detect(workspace, source_catalog(workspace, source, snapshot))
    notes = "".join(f"\nnote: {note}" for note in detection.notes)
    text = f"{changes_text(detection.changes)}{notes}\nreport: {REPORT}"
    session.result(detection.report(), text)
    return detection.exit_code if exit_code else 0
