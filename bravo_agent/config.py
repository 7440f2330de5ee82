"""bravo.toml as a value. It names environment variables, never secrets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bravo_agent.errors import UsageError
from bravo_agent.model.change import Verdict

FILE = "bravo.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectSection(_Section):
    """Where the application's code is, and which interpreter runs it."""

    models: tuple[str, ...] = ()
    sources: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    python: str | None = None


class SourceSection(_Section):
    """Which part of the production database is looked at."""

    uri_env: str = "BRAVO_SOURCE_URI"
    schemas: tuple[str, ...] = ("public",)
    exclude: tuple[str, ...] = ()
    views: bool = False


class TargetSection(_Section):
    """Where documents go; ``allow`` are the name patterns of databases that may be written to."""

    uri_env: str = "BRAVO_TARGET_URI"
    database: str = "bravo-1"
    allow: tuple[str, ...] = ("bravo-*",)
    keep_versions: int = Field(default=2, ge=1)


class SnapshotsSection(_Section):
    """Where snapshots are shared (``s3://bucket/prefix`` or a folder)."""

    uri_env: str = "BRAVO_SNAPSHOT_URI"


class TypesSection(_Section):
    """Project-wide switches of the type table."""

    infinity: Literal["fail", "null", "string"] = "fail"
    uuid: Literal["binary", "string"] = "binary"
    date: Literal["date", "string"] = "date"


class PrivacySection(_Section):
    """``mask``: columns that are not classified ``keep`` are masked; ``keep``: no personal data at all."""

    mode: Literal["mask", "keep"] = "mask"
    key_env: str = "BRAVO_MASK_KEY"
    columns: dict[str, Literal["mask", "keep"]] = {}


class EntitySection(_Section):
    """One table's model, collection, and the columns that differ from the default mapping."""

    model: str | None = None
    collection: str | None = None
    fields: dict[str, str] = {}
    rules: dict[str, str] = {}
    ignore: tuple[str, ...] = ()


class PolicySection(_Section):
    """Verdicts by kind of change, over the default table."""

    kinds: dict[str, Verdict] = {}


class LoadSection(_Section):
    """How the data part works: ``chunk_rows`` rows are one unit of work and of retry."""

    workers: int = Field(default=2, ge=1, le=64)
    chunk_rows: int = Field(default=50_000, ge=100)
    quarantine: int = Field(default=0, ge=0)


class Config(_Section):
    """The whole file; every section may be left out."""

    project: ProjectSection = ProjectSection()
    source: SourceSection = SourceSection()
    target: TargetSection = TargetSection()
    snapshots: SnapshotsSection = SnapshotsSection()
    types: TypesSection = TypesSection()
    privacy: PrivacySection = PrivacySection()
    entities: dict[str, EntitySection] = {}
    renames: dict[str, str] = {}
    policy: PolicySection = PolicySection()
    artifacts: dict[str, str] = {}
    load: LoadSection = LoadSection()


def read_config(project: Path) -> Config:
    """bravo.toml of ``project``; raises ``UsageError`` ``config-missing`` or ``config-invalid``."""
    path = project / FILE
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise UsageError(
            "config-missing",
            f"there is no {FILE} in {project}",
            hint="Run `bravo-agent init` there, or name the project with -C DIR.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "config-invalid", f"{FILE} is not TOML: {error}", hint="Mend the line it names.", where=str(path)
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "config-invalid",
            f"{FILE}: {place}: {first['msg']}",
            hint="docs/configuration.md lists every key.",
            where=str(path),
        ) from None
