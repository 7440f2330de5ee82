"""Starting the server: the options that every way of starting shares, and the two transports."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bravo_agent.config import Config
from bravo_agent.errors import BravoError
from bravo_agent.transfer.memory import give_memory_back
from bravo_agent.workspace import make_workspace

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "-C", "--project", type=click.Path(path_type=Path), default=Path(), help="The project's folder."
    ),
    click.option("--http", metavar="HOST:PORT", help="Listen on this address of this machine, not on stdio."),
    click.option(
        "--source", type=click.Choice(["direct", "s3"]), default="direct", help="Where production is."
    ),
    click.option("--allow-decisions", is_flag=True, help="Answers may be recorded through this server."),
    click.option("--allow-apply", is_flag=True, help="Plans may be applied and versions rolled back."),
    click.option("--allow-samples", is_flag=True, help="Values of rows may be shown, masked."),
)


def options(function: F) -> F:
    """Adds what a start can be told."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def start(
    *,
    project: Path,
    http: str | None,
    source: str,
    allow_decisions: bool,
    allow_apply: bool,
    allow_samples: bool,
) -> int:
    """Serves until the client goes, or somebody stops it; gives the exit code.

    A project without a valid bravo.toml is served too: each call then says what is missing.
    """
    # Only who serves pays for the import.
    import anyio

    from mcp_server.http import serve_http
    from mcp_server.server import make_server

    give_memory_back()
    server = make_server(
        make_workspace(project.resolve(), Config()),
        allow_decisions=allow_decisions,
        allow_apply=allow_apply,
        allow_samples=allow_samples,
        source=source,
    )
    try:
        if http is None:
            anyio.run(server.run_stdio_async)
        else:
            serve_http(server, http, os.environ)
    except BravoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0
