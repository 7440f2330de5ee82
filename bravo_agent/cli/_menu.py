"""The quick-start menu: ``bravo-agent`` alone on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bravo_agent.config import FILE

_HERE = (
    ("Look at what changed at the source", ["detect"]),
    ("Bring production data in (everything, in order)", ["run"]),
    ("List what is open, and how to answer", ["decide"]),
    ("Versions of the database", ["versions"]),
    ("Hold what is loaded against its snapshot", ["validate"]),
    ("Check configuration and connections", ["doctor"]),
)
_NEW = (
    ("See it work: the demo on embedded servers", ["demo"]),
    ("Set up this application (its Pydantic models exist)", ["init"]),
    ("Set up for a database without an application", ["init", "--from-database"]),
)


def show_menu(ctx: click.Context) -> None:
    """Asks for a number and runs that command; q leaves."""
    choices = _HERE if Path(FILE).exists() else _NEW
    click.echo("bravo-agent: production PostgreSQL into versioned MongoDB, and its changes into your code\n")
    for number, (label, arguments) in enumerate(choices, 1):
        click.echo(f"  {number}. {label}  (bravo-agent {' '.join(arguments)})")
    click.echo("  q. Leave\n")
    answer = click.prompt("Select", type=click.Choice([*map(str, range(1, len(choices) + 1)), "q"]))
    if answer == "q":
        sys.exit(0)
    group = ctx.command
    group.main(args=list(choices[int(answer) - 1][1]), prog_name="bravo-agent")
