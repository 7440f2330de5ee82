"""``bravo-agent init``."""

from __future__ import annotations

from typing import Literal

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.config import Config, SourceSection
from bravo_agent.usecases.initialise import Initialised, initialise
from bravo_agent.workspace import make_workspace

_SHOWN = 20


@click.command("init")
@click.option("--from-database", is_flag=True, help="Write Pydantic models for a database that has none yet.")
@click.option(
    "--privacy",
    type=click.Choice(["mask", "keep"]),
    default="mask",
    show_default=True,
    help="mask: every column gets a proposed classification; keep: the source holds no personal data.",
)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    default=SourceSection().schemas,
    show_default=True,
    help="A schema of the source that is looked at; may be given several times.",
)
@common
def command(
    session: Session, from_database: bool, privacy: Literal["mask", "keep"], schemas: tuple[str, ...]
) -> None:
    """Writes bravo.toml and the baseline, from the models and BRAVO_SOURCE_URI."""
    source = SourceSection(schemas=tuple(dict.fromkeys(schemas)))
    workspace = make_workspace(session.project, Config(source=source))
    done = initialise(workspace, from_database=from_database, privacy=privacy, emit=session.progress)
    session.result(wire.plain(done), _text(done))


def _text(done: Initialised) -> str:
    lines = [f"wrote {', '.join(done.files)}"]
    lines += [f"  {table} -> {entity}" for table, entity in done.mapped[:_SHOWN]]
    if len(done.mapped) > _SHOWN:
        lines.append(f"  and {len(done.mapped) - _SHOWN} more")
    if done.unmapped:
        lines.append(f"without a model: {', '.join(done.unmapped[:_SHOWN])}")
    if done.masked:
        lines.append(f"proposed to be masked: {', '.join(done.masked)}")
    lines += [f"note: {note}" for note in done.notes]
    lines.append("next: read bravo.toml, commit it with bravo.catalog.json, then: bravo-agent run")
    return lines_text(lines)
