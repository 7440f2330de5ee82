"""``bravo-agent mcp`` and ``bravo-agent mcp install``."""

from __future__ import annotations

import sys
from typing import Any

import click
from click.core import ParameterSource

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.usecases.mcp_install import install_server
from mcp_server.starting import options, start


@click.group("mcp", invoke_without_command=True)
@options
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Serves the project to a coding agent over MCP: on stdio, or with --http on this machine."""
    if ctx.invoked_subcommand is None:
        sys.exit(start(**given))
    if early := [name for name in given if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT]:
        told = ", ".join(sorted(name.replace("_", "-") for name in early))
        raise click.UsageError(f"give options behind {ctx.invoked_subcommand}, not before it: {told}")


@command.command("install")
@click.option("--allow-decisions", is_flag=True, help="The server that is entered may record answers.")
@click.option("--allow-apply", is_flag=True, help="The server that is entered may apply and roll back.")
@common
def _install(session: Session, allow_decisions: bool, allow_apply: bool) -> None:
    """Enters the server in the project's .mcp.json, beside whatever stands there."""
    done = install_server(session.workspace(), decisions=allow_decisions, apply=allow_apply)
    session.result(wire.plain(done), f"{done.status}: {done.file}" + (f"\n{done.note}" if done.note else ""))
