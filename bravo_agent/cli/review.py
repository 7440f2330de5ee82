"""``bravo-agent review``."""

from __future__ import annotations

import errno
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.errors import UsageError
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.examine import examine
from bravo_agent.workspace import DECISIONS, write_text

if TYPE_CHECKING:
    from bravo_agent.review.sitting import Sitting

_file = click.Path(path_type=Path, dir_okay=False)


@click.command("review")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--snapshot", default="latest", metavar="ID", help="Which snapshot (default: latest).")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Where to serve (default: a free port)."
)
@click.option("--no-open", is_flag=True, help="Print the address; open no browser.")
@click.option("--html", type=_file, help="Write one static file instead, without forms.")
@click.option("--markdown", type=_file, help="Write a comment for a pull request instead.")
@common
def command(
    session: Session,
    source: str,
    snapshot: str,
    database: str | None,
    port: int,
    no_open: bool,
    html: Path | None,
    markdown: Path | None,
) -> None:
    """Changes, evidence, uses, diffs, plans and versions as a page on this machine, to answer there."""
    # Here: a web server is nothing that another command should wait for.
    from bravo_agent.review.sitting import Sitting

    workspace = session.workspace()

    def look() -> Detection:
        return examine(workspace, source=source, snapshot=snapshot, stale="ask").found

    sitting = Sitting(workspace, look, database)
    if html or markdown:
        _write(session, sitting, html, markdown)
    else:
        _serve(session, sitting, port, no_open)


def _write(session: Session, sitting: Sitting, html: Path | None, markdown: Path | None) -> None:
    from bravo_agent.review.html import static_html
    from bravo_agent.review.markdown import markdown as comment

    page = sitting.page(complete=html is not None)
    written = []
    for path, text in ((html, static_html), (markdown, comment)):
        if path is not None:
            write_text(path, text(page))
            written.append(str(path))
    session.result(
        {"written": written, "changes": page.total}, "\n".join(f"written: {one}" for one in written)
    )


def _serve(session: Session, sitting: Sitting, port: int, no_open: bool) -> None:
    from bravo_agent.review.server import open_review

    # What cannot be looked at is told here, with its exit code, and not in a browser.
    _ = sitting.found
    try:
        served = open_review(sitting, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise UsageError(
            "port-taken",
            f"port {port} cannot be had",
            hint="Give another with --port, or none: then a free one is taken.",
        ) from None
    session.result(
        {"url": served.guard.url},
        f"review: {served.guard.url}\nThe address is good for one visit. Answers go to {DECISIONS}; ctrl-c ends.",
    )
    if not no_open and not session.json:
        webbrowser.open(served.guard.url)
    try:
        served.run()
    except KeyboardInterrupt:
        session.progress.stop()
