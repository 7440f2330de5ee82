"""bravo.toml as a value. It names environment variables, never secrets."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from bravo_agent.errors import UsageError
from bravo_agent.model.change import Severity, Verdict
from bravo_agent.model.schema import CompatibilityMode
from bravo_agent.toml_lines import entry_lines

FILE = "bravo.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


# One text, or a list of any of them; an empty list would silently mean everything.
_OneOrMore = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_listed), Field(min_length=1)
]
_CAPITALS = re.compile("[A-Z_][A-Z0-9_]{0,99}")


def _variable(name: str) -> str:
    # Whoever writes the secret itself here must not find it again in errors, plans and what an agent is told.
    if not _CAPITALS.fullmatch(name):
        raise ValueError(
            "this is the name of an environment variable, in capitals; its value stands in no file"
        )
    return name


_Variable = Annotated[str, AfterValidator(_variable)]
_Severities = Annotated[tuple[Severity, ...], BeforeValidator(_listed), Field(min_length=1)]


class ProjectSection(_Section):
    """Where the application's code is, and which interpreter runs it."""

    models: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    zod: tuple[str, ...] = ()
    sources: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    python: str | None = None
    fastapi: str | None = Field(default=None, pattern=r"^[\w.]+(:[\w.]+)?$")
    tests: str | None = Field(default=None, min_length=1)


class SourceSection(_Section):
    """Which part of the production database is looked at."""

    uri_env: _Variable = "BRAVO_SOURCE_URI"
    schemas: tuple[str, ...] = ("public",)
    exclude: tuple[str, ...] = ()
    views: bool = False


class TargetSection(_Section):
    """Where documents go; ``allow`` are the name patterns of databases that may be written to."""

    uri_env: _Variable = "BRAVO_TARGET_URI"
    database: str = "bravo-1"
    allow: tuple[str, ...] = ("bravo-*",)
    keep_versions: int = Field(default=2, ge=1)


class SnapshotsSection(_Section):
    """Where snapshots are shared (``s3://bucket/prefix`` or a folder)."""

    uri_env: _Variable = "BRAVO_SNAPSHOT_URI"


class TypesSection(_Section):
    """Project-wide switches of the type table."""

    infinity: Literal["fail", "null", "string"] = "fail"
    uuid: Literal["binary", "string"] = "binary"
    date: Literal["date", "string"] = "date"


class PrivacySection(_Section):
    """``mask``: columns that are not classified ``keep`` are masked; ``keep``: no personal data at all."""

    mode: Literal["mask", "keep"] = "mask"
    key_env: _Variable = "BRAVO_MASK_KEY"
    columns: dict[str, Literal["mask", "keep"]] = {}


class EntitySection(_Section):
    """One table's model, collection, and the columns that differ from the default mapping."""

    model: str | None = None
    collection: str | None = None
    fields: dict[str, str] = {}
    rules: dict[str, str] = {}
    ignore: tuple[str, ...] = ()


class Selector(_Section):
    """Which changes are meant: every key that is given has to fit. ``table`` and ``field`` are patterns."""

    kind: _OneOrMore = ()
    severity: _Severities = ()
    table: _OneOrMore = ()
    field: _OneOrMore = ()


class PolicyRule(Selector):
    """One [[policy.rules]]: the verdict of the changes that it selects; the first rule that fits counts."""

    decision: Verdict
    reason: str = ""


class Waiver(Selector):
    """One [[policy.waivers]]: an exception with a reason and a last day.

    ``kind`` is demanded, and ``table`` beside the id of a change: once it is settled, an id alone says nothing
    to anybody, and a name alone not whether it is wrong or gone.
    """

    kind: _OneOrMore
    change: str | None = Field(default=None, pattern="^[0-9a-f]{8,16}$")
    decision: Literal["auto-approve", "review"]
    option: str | None = None
    params: dict[str, str] = {}
    reason: str = Field(pattern=r"\S")
    expires: date = Field(strict=True)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.change and not self.table:
            raise ValueError("a waiver of one change names its table too")
        if self.option and self.decision != "auto-approve":
            raise ValueError('an option is an answer: it goes with decision = "auto-approve"')
        if self.params and not self.option:
            raise ValueError("params belong to an option, and there is none")
        return self


class PolicySection(_Section):
    """Verdicts over the default table: waivers go before rules, rules before kinds."""

    kinds: dict[str, Verdict] = {}
    rules: tuple[PolicyRule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    _lines: dict[str, int] = PrivateAttr(default_factory=dict)

    def place(self, entry: str) -> str:
        """Where ``kinds.NAME``, ``rules.N`` or ``waivers.N`` stands: with its line where one is known."""
        line = self._lines.get(entry)
        if line is None:
            return f"{FILE}: policy.{entry}"
        section, _, name = entry.partition(".")
        return f"{FILE} line {line}: " + (f"[[policy.{section}]]" if name.isdecimal() else f"policy.{entry}")

    def find_lines(self, text: str) -> None:
        """Notes on which lines of ``text`` the entries stand."""
        arrays = {"policy.rules": len(self.rules), "policy.waivers": len(self.waivers)}
        self._lines.update(entry_lines(text, arrays, {"policy.kinds": frozenset(self.kinds)}))


class LoadSection(_Section):
    """How the data part works: ``chunk_rows`` rows are one unit of work and of retry."""

    workers: int = Field(default=2, ge=1, le=64)
    chunk_rows: int = Field(default=50_000, ge=100)
    quarantine: int = Field(default=0, ge=0)


class RegistrySection(_Section):
    """What ``schema check`` asks for."""

    compatibility: CompatibilityMode = "BACKWARD"


class ModelSection(_Section):
    """The model that proposes answers when it is asked to. Prices are yours to keep: they only make an estimate."""

    name: str = Field(default="claude-sonnet-5-5", min_length=1)
    key_env: _Variable = "ANTHROPIC_API_KEY"
    call_seconds: float = Field(default=60, gt=0, le=600)
    deadline_seconds: float = Field(default=300, gt=0, le=3600)
    attempts: int = Field(default=4, ge=1, le=10)
    max_tokens: int = Field(default=8_000, ge=256, le=32_000)
    input_usd_per_million: float = Field(default=2.0, ge=0)
    output_usd_per_million: float = Field(default=10.0, ge=0)
    max_usd: float = Field(default=1.0, ge=0)


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
    model: ModelSection = ModelSection()
    registry: RegistrySection = RegistrySection()


def read_config(project: Path) -> Config:
    """bravo.toml of ``project``; raises ``UsageError`` ``config-missing`` or ``config-invalid``."""
    path = project / FILE
    try:
        return parse_config(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise UsageError(
            "config-missing",
            f"there is no {FILE} in {project}",
            hint="Run `bravo-agent init` there, or name the project with -C DIR.",
        ) from None
    except UnicodeDecodeError as error:
        raise _no_toml(error, str(path)) from None


def parse_config(text: str, where: str) -> Config:
    """What ``text`` says; raises ``UsageError`` ``config-invalid``."""
    try:
        config = Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(error, where) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "config-invalid",
            f"{FILE}: {place}: {first['msg']}",
            hint="docs/configuration.md lists every key.",
            where=where,
        ) from None
    config.policy.find_lines(text)
    return config


def _no_toml(error: ValueError, where: str) -> UsageError:
    return UsageError(
        "config-invalid", f"{FILE} is not TOML: {error}", hint="Mend the line it names.", where=where
    )
