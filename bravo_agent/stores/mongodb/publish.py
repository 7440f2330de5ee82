"""A built version becomes the current one, in one step for its readers, and survives a crash at any point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.events import Emit, StepReached
from bravo_agent.stores.mongodb.build import refuse_foreign
from bravo_agent.stores.mongodb.connection import Document, SwitchMode
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import build_name, keep_name
from bravo_agent.stores.mongodb.operations import finish, settle, sweep, write_down
from bravo_agent.stores.mongodb.records import (
    all_versions,
    change,
    check_base,
    find_current,
    find_version,
    write_together,
)
from bravo_agent.stores.mongodb.switch import Move, switch_mode


class Publish(Guard):
    """Publishing, and what the next start does about a crash."""

    @mapped
    def publish(self, version_id: str, emit: Emit) -> None:
        """Make ``version_id`` the current version; done already: nothing. Raises ``collection-not-ours``."""
        self.enter()
        settle(self, emit, resume=version_id)
        version = find_version(self, version_id)
        if version["current"]:
            return
        if version["state"] not in ("building", "publishing"):
            raise UsageError(
                "version-not-open",
                f"version {version_id} is {version['state']} and cannot be published",
                hint="`rollback` goes to a version that was published before; else build a new one.",
            )
        incremental = version["refresh"] == "incremental"
        emit(StepReached("publish", "journal"))
        finish(self, self._increment(version) if incremental else self._full(version), emit)

    @mapped
    def recover(self, emit: Emit, *, resume: str | None = None) -> None:
        """Finish or undo what a crash left; the build (or increment) ``resume`` is kept to go on with."""
        self.enter()
        settle(self, emit, resume=resume)
        for version in all_versions(self):
            if version["state"] in ("building", "publishing") and version["_id"] != resume:
                self._abandon(version["_id"])
        sweep(self)

    @mapped
    def abandon(self, version_id: str) -> None:
        """Give up a build: its collections are dropped, the version is ``failed``."""
        self.enter()
        if find_version(self, version_id)["state"] == "building":
            self._abandon(version_id)
            sweep(self)

    @mapped
    def switch_mode(self) -> SwitchMode:
        """``atomic`` or ``per-collection``: what this server and this role permit."""
        return switch_mode(self)

    def _full(self, version: Document) -> Document:
        version_id = version["_id"]
        prefix = build_name(version_id, "")
        names = self.uuids()
        built = {name.removeprefix(prefix): uuid for name, uuid in names.items() if name.startswith(prefix)}
        if not built:
            raise FailedError(
                "nothing-built", f"version {version_id} has no collections", hint="Load its tables first."
            )
        refuse_foreign(self, built)
        current = find_current(self)
        states = [
            self._state(build_name(version_id, name), name, uuid) for name, uuid in sorted(built.items())
        ]
        aside = leaving_moves(current, names)
        forward = [Move(uuid, build_name(version_id, name), name) for name, uuid in sorted(built.items())]
        return write_down(
            self,
            "publish",
            version_id,
            moves=paired(aside, forward),
            collections=states,
            leaving=current["_id"] if current else None,
        )

    def _increment(self, version: Document) -> Document:
        check_base(self, version)
        names = self.uuids()
        touched = [one["collection"] for one in version.get("owned", ())]
        parent = find_version(self, version["parent"])
        live = dict.fromkeys([*(one["name"] for one in parent["collections"]), *touched])
        return write_down(
            self,
            "publish",
            version["_id"],
            moves=(),
            collections=[self._state(name, name, names[name]) for name in live if name in names],
            leaving=parent["_id"],
            replaces=f"incremental {version['_id']}",
        )

    def _state(self, place: str, name: str, uuid: str) -> Document:
        # The count from the collection's own books: what was counted document by document, the checks say.
        return {"name": name, "documents": self.database[place].estimated_document_count(), "uuid": uuid}

    def _abandon(self, version_id: str) -> None:
        write_together(self, [change(version_id, state="failed", current=False)], [])


def leaving_moves(current: Document | None, names: Mapping[str, str]) -> list[Move]:
    """The moves that put the current version's collections aside; those somebody dropped are left out."""
    if current is None:
        return []
    owned = [one["name"] for one in current["collections"]]
    return [Move(names[name], name, keep_name(current["_id"], name)) for name in owned if name in names]


def paired(aside: Sequence[Move], forward: Sequence[Move]) -> list[Move]:
    """Each collection's two moves next to each other, so that it is missing for as short as can be."""
    following = {move.target: move for move in forward}
    moves: list[Move] = []
    for move in aside:
        moves.append(move)
        if move.source in following:
            moves.append(following.pop(move.source))
    return [*moves, *following.values()]
