"""The versions of a database, and the way back to one of them."""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.errors import StaleError, UsageError
from bravo_agent.events import Emit, ignore
from bravo_agent.model.version import Version
from bravo_agent.usecases._stage import stage
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Rollback:
    """From which version to which."""

    database: str
    before: str
    after: str
    seconds: float


def list_versions(workspace: Workspace, *, database: str | None = None) -> tuple[Version, ...]:
    """Newest first; those that were begun and not finished are among them."""
    with workspace.target(database) as target:
        return target.versions()


def current_version(
    workspace: Workspace, *, database: str | None = None, back_to: str | None = None
) -> str | None:
    """The id of the version that readers see, of a database that may be written to; raises as its guard does.

    ``back_to``: raises as ``rollback`` does where that is another version, and there is no way back to it.
    """
    with workspace.target(database) as target:
        target.look()
        found = target.current()
        now = found.id if found else None
        if back_to is not None and back_to != now:
            target.check_kept(back_to)
        return now


def refuse_other(now: str | None, wanted: str) -> None:
    """Raises ``StaleError`` ``rollback-stale`` unless the version that is ``wanted`` to be left is current ``now``."""
    if now != wanted:
        raise StaleError(
            "rollback-stale",
            f"version {now} is current, not {wanted}" if now else "no version is current",
            hint="Look at `bravo-agent versions`, and decide again.",
        )


def rollback(
    workspace: Workspace,
    *,
    version: str,
    database: str | None = None,
    current: str | None = None,
    emit: Emit = ignore,
) -> Rollback:
    """Makes a kept version current again; raises ``version-unknown``, ``version-dropped``.

    ``current``: the version that is left, where whoever wished it named one; raises ``StaleError`` ``rollback-stale``
    where another is current by now.
    """
    name = database or workspace.config.target.database
    with workspace.target(database) as target:
        target.recover(emit)
        left = target.current()
        if left is None:
            raise UsageError(
                "version-unknown",
                f"{name} has no published version",
                hint="`bravo-agent versions` lists what there is; `bravo-agent run` publishes one.",
            )
        if left.id == version:
            return Rollback(name, version, version, 0.0)
        if current is not None:
            refuse_other(left.id, current)
        with stage("rollback", emit) as found:
            target.rollback(version, emit)
        now = workspace.now().isoformat(timespec="seconds")
        target.record_run(
            {
                "run": f"{name}/{version} {now}",
                "what": "rollback",
                "who": workspace.user,
                "started_at": now,
                "finished_at": now,
                "database": name,
                "from": left.id,
                "to": version,
                "outcome": "done",
            }
        )
        return Rollback(name, left.id, version, found.seconds)
