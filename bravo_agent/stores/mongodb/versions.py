"""Versions of a target: which there are, and the way back to one that is kept.

Full versions keep their collections whole under the reserved prefix. Increments form a chain on the version
they changed; the chain's collections are those of its newest member, and an older member is reached by
undoing the newer ones, newest first. Where the chain is not live its increments are undone aside, before
the switch.
"""

from __future__ import annotations

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.events import Emit, StepReached
from bravo_agent.model.version import Version
from bravo_agent.stores.mongodb.connection import Document
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import keep_name
from bravo_agent.stores.mongodb.operations import finish, settle, write_down
from bravo_agent.stores.mongodb.publish import leaving_moves, paired
from bravo_agent.stores.mongodb.records import all_versions, as_version, find_current, find_version
from bravo_agent.stores.mongodb.switch import Move


class Versions(Guard):
    """Listing versions and rolling back."""

    @mapped
    def versions(self) -> tuple[Version, ...]:
        """Every version that was begun, newest first."""
        return tuple(as_version(one) for one in all_versions(self))

    @mapped
    def current(self) -> Version | None:
        """The version that readers see, or None before the first."""
        found = find_current(self)
        return as_version(found) if found else None

    @mapped
    def rollback(self, version_id: str, emit: Emit) -> None:
        """Make a kept version the current one again; raises ``version-unknown``, ``version-dropped``."""
        self.enter()
        settle(self, emit)
        target = find_version(self, version_id)
        if target["current"]:
            return
        _check_kept(target)
        emit(StepReached("rollback", "journal"))
        finish(self, self._way_to(target), emit)

    @mapped
    def check_kept(self, version_id: str) -> None:
        """Raises as ``rollback`` does for a version that there is no way back to; writes nothing."""
        _check_kept(find_version(self, version_id))

    def _way_to(self, target: Document) -> Document:
        versions = {one["_id"]: one for one in all_versions(self)}
        current = next(one for one in versions.values() if one["current"])
        above = _above(target, versions)
        if current["_id"] in above:
            return write_down(
                self,
                "rollback",
                target["_id"],
                moves=(),
                collections=target["collections"],
                leaving=current["_id"],
                undo=above,
            )
        top = above[0] if above else target["_id"]
        names = self.uuids()
        prefix = keep_name(top, "")
        kept = {name.removeprefix(prefix): uuid for name, uuid in names.items() if name.startswith(prefix)}
        forward = [Move(uuid, keep_name(top, name), name) for name, uuid in sorted(kept.items())]
        return write_down(
            self,
            "rollback",
            target["_id"],
            moves=paired(leaving_moves(current, names), forward),
            collections=target["collections"],
            leaving=current["_id"],
            undo=above,
            kept_as=top,
        )


def _above(target: Document, versions: dict[str, Document]) -> list[str]:
    """The increments that were put on ``target`` and still stand, newest first."""
    above: list[str] = []
    here = target["_id"]
    while True:
        on_top = [
            one["_id"]
            for one in versions.values()
            if one.get("parent") == here and (one["current"] or one["state"] == "retired")
        ]
        if not on_top:
            return above[::-1]
        here = on_top[0]
        above.append(here)


def _check_kept(target: Document) -> None:
    if target["state"] in ("building", "publishing"):
        raise UsageError(
            "version-not-published",
            f"version {target['_id']} was never published",
            hint="Publish it first, or choose one of `bravo-agent versions`.",
        )
    if target["state"] != "retired":
        raise FailedError(
            "version-dropped",
            f"version {target['_id']} is no longer kept ({target['state']})",
            hint="`bravo-agent versions` says which are kept; a run with its snapshot loads it once more.",
        )
