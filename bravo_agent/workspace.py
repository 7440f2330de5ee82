"""The outside world of one run in one value; the only place that opens a store."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bravo_agent import wire
from bravo_agent.config import FILE, Config, parse_config, read_config
from bravo_agent.deciders.claude import Claude
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Decision
from bravo_agent.planning.decisions_file import read_decisions, record, write_decisions
from bravo_agent.ports import SnapshotStore
from bravo_agent.stores.application import ModelReading, read_models, scratch_folder
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.postgres import PostgresSource
from bravo_agent.stores.snapshot import FolderStore, open_store

BASELINE = "bravo.catalog.json"
DECISIONS = "bravo.decisions.json"
REPORT = "schema-change-report.json"


@dataclass(frozen=True)
class Workspace:
    """``project`` with its configuration and environment; ``now`` and ``user`` are the run's only clock and name."""

    project: Path
    config: Config
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    user: str
    assumed: tuple[Decision, ...] = ()
    """Answers that nobody gave yet, as if they stood in the file: what a preview is made with."""
    private: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "private", self.project / ".bravo")

    def with_edits(self, overlay: Mapping[str, str]) -> Workspace:
        """This one as it is once its files say ``overlay`` (file -> text): bravo.toml may be among them."""
        text = overlay.get(FILE)
        return self if text is None else replace(self, config=parse_config(text, str(self.project / FILE)))

    # -- outside systems ------------------------------------------------------------------------------

    def source(self) -> PostgresSource:
        """The production database; raises ``UsageError`` ``source-not-configured``."""
        uri = self._required(
            self.config.source.uri_env, "source-not-configured", "postgresql://user@host/database"
        )
        load = self.config.load
        return PostgresSource(uri, self.config.source, chunk_rows=load.chunk_rows, workers=load.workers)

    def target(self, database: str | None = None) -> MongoTarget:
        """The target database (default: the configured one); raises ``UsageError`` ``target-not-configured``."""
        uri = self._required(self.config.target.uri_env, "target-not-configured", "mongodb://host:27017")
        section = self.config.target
        return MongoTarget(
            uri, database or section.database, allow=section.allow, keep_versions=section.keep_versions
        )

    def snapshots(self) -> FolderStore:
        """The project's own snapshots, in .bravo/snapshots."""
        return FolderStore(self.private / "snapshots")

    def shared_snapshots(self) -> SnapshotStore:
        """The team's snapshots; raises ``UsageError`` ``snapshots-not-configured``."""
        name = self.config.snapshots.uri_env
        uri = self._required(name, "snapshots-not-configured", "s3://bucket/prefix or a folder")
        return open_store(uri, endpoint=self.environ.get("BRAVO_S3_ENDPOINT"))

    def claude(self) -> Claude:
        """The model that proposes; raises ``UsageError`` ``model-key-missing``. Nothing is sent before it is asked."""
        section = self.config.model
        key = self.environ.get(section.key_env, "").strip()
        if not key:
            raise UsageError(
                "model-key-missing",
                f"the environment has no {section.key_env}",
                hint="Set it to a key of the Anthropic API; it stands in no file of bravo-agent. Everything but "
                "proposals works without one.",
                where=section.key_env,
            )
        return Claude(key, section, base_url=self.environ.get("ANTHROPIC_BASE_URL"))

    def mask_key(self) -> bytes | None:
        """The masking key, or None when the environment has none."""
        found = self.environ.get(self.config.privacy.key_env)
        return found.encode() if found else None

    def _required(self, name: str, code: str, example: str) -> str:
        found = self.environ.get(name)
        if not found:
            raise UsageError(
                code, f"the environment has no {name}", hint=f"Set it, for example to {example}.", where=name
            )
        return found

    # -- what is committed with the application --------------------------------------------------------

    def models(self, overlay: Mapping[str, str] | None = None) -> ModelReading:
        """The application's models as they stand in the working tree, ``overlay`` (file -> text) over it."""
        return read_models(self.project, self.config.project, overlay=overlay)

    def baseline(self) -> Catalog:
        """The catalog that was last accepted; raises ``UsageError`` ``baseline-missing``."""
        path = self.project / BASELINE
        if not path.exists():
            raise UsageError(
                "baseline-missing",
                f"there is no {BASELINE}",
                hint="Run `bravo-agent init`: it writes what the source looks like today. Commit the file.",
                where=str(path),
            )
        return wire.loads(Catalog, path.read_bytes(), where=str(path))

    def decisions(self) -> tuple[Decision, ...]:
        """The recorded decisions; none when there is no file."""
        path = self.project / DECISIONS
        found = read_decisions(path.read_text(encoding="utf-8")) if path.exists() else ()
        return record(found, self.assumed) if self.assumed else found

    def save_baseline(self, catalog: Catalog) -> bool:
        """Writes bravo.catalog.json; False when it says so already."""
        return write_text(self.project / BASELINE, wire.dumps(catalog))

    def save_decisions(self, decisions: tuple[Decision, ...]) -> bool:
        """Writes bravo.decisions.json; False when it says so already."""
        return write_text(self.project / DECISIONS, write_decisions(decisions))


def write_text(path: Path, text: str) -> bool:
    """Writes ``text`` to ``path`` whole or not at all; False when it is there already."""
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    project = next((one for one in path.parents if (one / ".bravo").is_dir()), path.parent)
    scratch = scratch_folder(project, path.parent) / f".{path.name}.{os.getpid()}"
    scratch.write_bytes(data)
    scratch.replace(path)
    return True


def open_workspace(project: Path, environ: Mapping[str, str] | None = None) -> Workspace:
    """The workspace of ``project``; raises ``UsageError`` when its bravo.toml is missing or wrong."""
    return make_workspace(project, read_config(project), environ)


def open_code(
    project: Path,
    environ: Mapping[str, str] | None = None,
    *,
    python: str | None = None,
    exclude: tuple[str, ...] = (),
) -> Workspace:
    """The workspace of any project with Pydantic models; its bravo.toml counts where it has one.

    ``python`` (a path) and ``exclude`` go over what that says. Raises ``UsageError`` ``project-missing`` and as
    ``open_workspace``.
    """
    if not project.is_dir():
        raise UsageError("project-missing", f"there is no folder {project}", hint="Name it with -C DIR.")
    config = read_config(project) if (project / FILE).exists() else Config()
    section = config.project.model_copy(
        update={
            # As seen from where the command was given, like every path on a command line; links stay, a venv is one.
            "python": _from_here(python) or config.project.python,
            "exclude": (*config.project.exclude, *exclude),
        }
    )
    return make_workspace(project, config.model_copy(update={"project": section}), environ)


def _from_here(python: str | None) -> str | None:
    if not python or os.sep not in python:
        return python
    path = Path(python).absolute()
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise UsageError(
            "python-missing",
            f"{python} is no program that can be started",
            hint="Give the interpreter of the application's environment: --python .venv/bin/python",
        )
    return str(path)


def make_workspace(project: Path, config: Config, environ: Mapping[str, str] | None = None) -> Workspace:
    """A workspace for a configuration that need not be on disk yet."""
    found = os.environ if environ is None else environ
    return Workspace(project, config, found, lambda: datetime.now(UTC), _user(found))


def _user(environ: Mapping[str, str]) -> str:
    # GITHUB_ACTOR: in CI the system's user says nothing about who it was.
    for name in ("BRAVO_USER", "GITHUB_ACTOR"):
        if found := environ.get(name):
            return found
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
