"""Collections change their names, all at once where the server and the role permit it.

What was done is read from the collections' own identities, which a rename keeps: so the same list of moves
can be carried out again after a crash at any point, and only what is still to do is done.

``atomic``: one ``applyOps`` command holds all the renames under one lock; a reader of the primary sees all
of them or none. (A secondary applies them one after the other, within milliseconds.) A server with access
control takes several renames in one ``applyOps`` only from a role with ``anyAction`` on ``anyResource``: not
even ``root`` has that, a server without access control asks nobody. ``per-collection``: each collection by
itself, and for the moment between its two renames it is not there; the journal names the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pymongo.errors import OperationFailure

from bravo_agent.errors import FailedError
from bravo_agent.events import Emit, Noted, StepReached
from bravo_agent.stores.mongodb.connection import Connected, SwitchMode

_NOT_PERMITTED = frozenset({13, 20, 59, 115, 8000})


@dataclass(frozen=True)
class Move:
    """The collection ``uuid`` (hex) goes from the name ``source`` to ``target``."""

    uuid: str
    source: str
    target: str


def switch_mode(at: Connected) -> SwitchMode:
    """How this server and role switch; asked with renames of collections that do not exist (a no-op)."""
    if at.mode is None:
        # Two of them: one alone is permitted to roles that may not do several at once.
        probe = [Move("", f"_bravo_probe.{n}", f"_bravo_probe.{n + 1}") for n in range(2)]
        sharded = at.client.admin.command("hello").get("msg") == "isdbgrid"
        at.mode = "per-collection" if sharded or not _rename_together(at, probe) else "atomic"
    return at.mode


def switch(
    at: Connected, moves: Sequence[Move], operation: str, emit: Emit, open_window: Callable[[], None]
) -> None:
    """Carry out ``moves``, those still to do; ``open_window`` is called before the first single rename."""
    todo = _pending(at, moves, emit)
    if todo and switch_mode(at) == "atomic":
        emit(StepReached(operation, "switch"))
        if not _rename_together(at, todo):
            at.mode = "per-collection"
    if todo and switch_mode(at) == "per-collection":
        open_window()
        for move in todo:
            emit(StepReached(operation, f"rename {move.source}"))
            _rename_alone(at, move)
    emit(StepReached(operation, "verify"))
    # applyOps reports success for an operation whose collection it did not find: only the identities tell.
    if _pending(at, moves, emit):
        raise FailedError(
            "switch-incomplete",
            "the server reported the switch as done, but not all collections have their new names",
            hint="Start again: the switch is finished from the journal.",
            retryable=True,
        )


def _pending(at: Connected, moves: Sequence[Move], emit: Emit) -> list[Move]:
    names = at.uuids()
    where = {uuid: name for name, uuid in names.items()}
    todo = [move for move in moves if where.get(move.uuid) not in (None, move.target)]
    for move in moves:
        if move.uuid not in where:
            emit(
                Noted("warning", f"somebody dropped {move.source} or {move.target} in the middle of a switch")
            )
    _check_free(at, todo, names)
    return todo


def _check_free(at: Connected, todo: Sequence[Move], names: Mapping[str, str]) -> None:
    # applyOps would move what stands in the way to a name of its own making, without a word.
    leaving = {move.uuid for move in todo}
    for move in todo:
        if move.target in names and names[move.target] not in leaving:
            raise FailedError(
                "collection-in-the-way",
                f"somebody created {move.target} in the middle of a switch",
                hint="Rename or drop it, then start again: the switch is finished from the journal.",
                where=f"{at.name}.{move.target}",
            )


def _rename_together(at: Connected, moves: Sequence[Move]) -> bool:
    """Whether the server took the renames as one command; refused, it has done none of them."""
    renames = [
        {
            "op": "c",
            "ns": f"{at.name}.$cmd",
            "o": {"renameCollection": f"{at.name}.{move.source}", "to": f"{at.name}.{move.target}"},
        }
        for move in moves
    ]
    try:
        at.client.admin.command("applyOps", renames)
    except OperationFailure as error:
        if error.code not in _NOT_PERMITTED:
            raise
        return False
    return True


def _rename_alone(at: Connected, move: Move) -> None:
    # Not waited for by a majority: the window is what costs, and the mark that follows is the barrier.
    source, target = f"{at.name}.{move.source}", f"{at.name}.{move.target}"
    at.client.admin.command({"renameCollection": source, "to": target, "writeConcern": {"w": 1}})
