"""Everything a run needs, looked at one by one, each fault with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bravo_agent.errors import BravoError
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.stores.application import head_commit
from bravo_agent.workspace import BASELINE, Workspace

Mark = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Diagnosis:
    """What was looked at, what was found, and, for a fault or a warning, what to do."""

    subject: str
    mark: Mark
    found: str
    hint: str = ""


def doctor(workspace: Workspace, *, emit: Emit = ignore) -> tuple[Diagnosis, ...]:
    """The diagnoses, in the order in which a run would meet the faults."""
    found: list[Diagnosis] = []
    for one in _all(workspace):
        emit(PartReached("doctor", len(found) + 1))
        found.append(one)
    return tuple(found)


def _all(workspace: Workspace) -> Iterator[Diagnosis]:
    yield Diagnosis("configuration", "ok", f"bravo.toml of {workspace.project}")
    yield _try("models", lambda: _models(workspace))
    yield _try("baseline", lambda: f"{len(workspace.baseline().tables)} tables in {BASELINE}")
    yield _try("decisions", lambda: f"{len(workspace.decisions())} recorded")
    yield _try("source", lambda: _source(workspace))
    yield _try("target", lambda: _target(workspace))
    yield from _switch(workspace)
    yield _shared(workspace)
    yield _mask_key(workspace)
    yield _git(workspace)


def _try(subject: str, look: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(subject, "ok", look())
    except BravoError as error:
        return Diagnosis(subject, "fault", f"[{error.code}] {error.message}", error.hint)


def _models(workspace: Workspace) -> str:
    reading = workspace.models()
    notes = f"; {'; '.join(reading.notes)}" if reading.notes else ""
    how = ", ".join(f"{count} {way}" for way, count in reading.known_by)
    return f"{len(reading.models.entities)} models{f': {how}' if len(reading.known_by) > 1 else ''}{notes}"


def _source(workspace: Workspace) -> str:
    catalog = workspace.source().catalog()
    return f"PostgreSQL {catalog.server_version}, database {catalog.database}, {len(catalog.tables)} tables"


def _target(workspace: Workspace) -> str:
    with workspace.target() as target:
        target.guard()
        current = target.current()
        version = f"version {current.id}" if current else "nothing published yet"
        return f"database {workspace.config.target.database}, {version}"


def _switch(workspace: Workspace) -> Iterator[Diagnosis]:
    try:
        with workspace.target() as target:
            mode = target.switch_mode()
    except BravoError:
        return  # said above, as the target's fault
    if mode == "atomic":
        yield Diagnosis("publishing", "ok", "all collections switch in one operation")
    else:
        yield Diagnosis(
            "publishing",
            "warning",
            "collections switch one after the other: readers may see a mix for a moment",
            "A replica set, and a role that may run applyOps, make it one operation.",
        )


def _shared(workspace: Workspace) -> Diagnosis:
    if not workspace.environ.get(workspace.config.snapshots.uri_env):
        name = workspace.config.snapshots.uri_env
        return Diagnosis(
            "shared snapshots",
            "warning",
            f"{name} is not set",
            "Set it to s3://bucket/prefix to share snapshots.",
        )
    return _try("shared snapshots", lambda: f"{len(workspace.shared_snapshots().ids())} snapshots")


def _mask_key(workspace: Workspace) -> Diagnosis:
    if workspace.config.privacy.mode == "keep":
        return Diagnosis("masking", "ok", "the source holds no personal data (privacy mode keep)")
    if workspace.mask_key():
        return Diagnosis("masking", "ok", f"key in {workspace.config.privacy.key_env}")
    return Diagnosis(
        "masking",
        "warning",
        f"{workspace.config.privacy.key_env} is not set",
        "Set it to a long random text before a run that masks something.",
    )


def _git(workspace: Workspace) -> Diagnosis:
    commit = head_commit(workspace.project)
    if commit is None:
        return Diagnosis(
            "version control",
            "warning",
            "the project is in no git repository (or has no commit)",
            "The cascade then edits files without asking whether they are clean.",
        )
    return Diagnosis("version control", "ok", f"commit {commit[:12]}")
