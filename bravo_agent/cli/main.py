"""``bravo-agent``: finds the command's file and runs it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

import click

import bravo_agent.cli as home
from bravo_agent.cli._session import show_json
from bravo_agent.errors import UsageError

_HINT = "The command's --help lists what it takes."


class _Commands(click.Group):
    """Every module of this package that holds ``command`` is one; the file's name is the command's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (found.name for found in pkgutil.iter_modules(home.__path__))
        return sorted(name.replace("_", "-") for name in names if name != "main" and not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"bravo_agent.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """As click has it, but with --json wrong usage is a document on stdout too."""
        given = sys.argv[1:] if args is None else list(args)
        if "--json" not in given:
            return super().main(given, *rest, **extra)
        try:
            sys.exit(super().main(given, *rest, **{**extra, "standalone_mode": False}))
        except click.ClickException as error:
            error.show()
            show_json(UsageError("usage", error.format_message(), hint=_HINT))
            sys.exit(error.exit_code)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="bravo-agent")
@click.pass_context
def group(ctx: click.Context) -> None:
    """Keeps MongoDB documents, Pydantic models and production PostgreSQL together.

    Exit codes: 0 done or nothing to do; 1 failed; 2 wrong usage or configuration; 3 something needs review;
    4 blocked, nothing published; 5 stale plan or decisions; 6 refused target or denied access.
    """
    if ctx.invoked_subcommand is None:
        if sys.stdin and sys.stdin.isatty() and sys.stdout.isatty():  # a closed stdin is None
            from bravo_agent.cli._menu import show_menu

            show_menu(ctx)
        else:
            click.echo(ctx.get_help())


def main() -> None:
    """The console script. ``bravo-agent --auto ...`` is short for ``bravo-agent run --auto ...``."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "--auto":
        arguments.insert(0, "run")
    group.main(args=arguments, prog_name="bravo-agent")
