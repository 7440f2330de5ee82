"""A kind of the shelf ``tools``: one tool, described for clients and bound to what it does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp_types import ToolAnnotations

from mcp_server._results import Result
from mcp_server.consent import Need

ASKS_PERSON = "anthropic/requiresUserInteraction"


@dataclass(frozen=True)
class Tool:
    """``work(call, ...) -> Result``: its name is the tool's, its docstring the description, its parameters the input.

    ``reads``: changes nothing but caches. ``destroys``: what it replaces is not kept. ``repeats``: the same call again
    changes nothing more. ``outside``: it reaches beyond the project's own files. ``person``: the client is told to
    ask a person at every call. ``long``: it can be found by `get_run` and stopped by `cancel_run`. ``at_once``: it
    waits for no other call. ``alone``: once a person agreed, it waits until no other such call is at work, so that a
    doubled call finds done what the first one did. ``asks``: what a person is asked before ``work`` begins, made of the
    arguments alone, from words of ours, ids, hashes and counts; None where there is nothing to ask. ``work`` finds the
    answer in the call.
    """

    work: Callable[..., Result]
    title: str
    needs: Need | None = None
    reads: bool = True
    destroys: bool = False
    repeats: bool = True
    outside: bool = True
    person: bool = False
    long: bool = False
    at_once: bool = False
    alone: bool = False
    asks: Callable[..., str | None] | None = None

    @property
    def name(self) -> str:
        """snake_case, as the file's."""
        return self.work.__name__

    @property
    def takes(self) -> frozenset[str]:
        """The names of its arguments."""
        return frozenset(inspect.signature(self.work).parameters) - {"call"}

    @property
    def description(self) -> str:
        """Our own words alone."""
        return inspect.getdoc(self.work) or ""

    @property
    def annotations(self) -> ToolAnnotations:
        """As clients sort tools by."""
        return ToolAnnotations(
            title=self.title,
            read_only_hint=self.reads,
            destructive_hint=self.destroys,
            idempotent_hint=self.repeats,
            open_world_hint=self.outside,
        )

    @property
    def meta(self) -> dict[str, Any] | None:
        """What a client that knows of it obeys: no standing permission counts for such a tool."""
        return {ASKS_PERSON: True} if self.person else None
