"""A small application on disk, without any server: what changed at its source, judged with policy and records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from bravo_agent import wire
from bravo_agent.changes._samples import INT8, TEXT, column, numeric, table
from bravo_agent.config import Config, PolicySection, read_config
from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Change, Decision, Details, Evidence, Option, Question, Severity, Verdict
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import BASELINE, DECISIONS, Workspace

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = column("name", TEXT, 2)
BUDGET = column("budget", numeric(12, 2), 3)
SCORE = column("score", numeric(5, 2), 4, nullable=False)
CHANNEL = column("channel", TEXT, 5)
CLICKS = column("clicks", INT8, 6, nullable=False)
MODELS = """from decimal import Decimal

from pydantic import BaseModel


class Campaign(BaseModel):
    id: int
    name: str | None = None
    budget: Decimal | None = None
"""
READER = """from models import Campaign


def rest(campaign: Campaign) -> object:
    return campaign.budget * 2
"""
UNMEASURED = Evidence()
SAFE = Option("add-field", "Add", "It is added.", safe=True)
KEEP = Option("keep", "Keep", "It stays.")
IGNORE = Option("ignore", "Ignore", "It stays out.")
DEFAULT = Option("default", "Default", "It has a default.", ("value",))


def catalog(*columns: Column, others: Sequence[Table] = ()) -> Catalog:
    """One cluster's catalog with the table campaigns of these columns."""
    return Catalog(tuple(sorted((table(*columns), *others), key=lambda one: one.key)), "prod", "1")


BEFORE = catalog(NAME, BUDGET)


@dataclass
class Scene:
    """The project and what its source says."""

    project: Path
    source: Catalog = BEFORE
    now: datetime = TODAY
    user: str = "anna"

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.project, read_config(self.project), {}, lambda: self.now, self.user)

    def found(self, stale: Literal["raise", "ask"] = "ask") -> Detection:
        return detect(self.workspace, self.source, stale=stale)

    def only(self, kind: str) -> Change:
        (change,) = [one for one in self.found().changes if one.kind == kind]
        return change

    def policy(self, text: str) -> None:
        """bravo.toml with this at its end."""
        (self.project / "bravo.toml").write_text('[project]\nsources = ["."]\n' + text, encoding="utf-8")

    def records(self) -> str:
        path = self.project / DECISIONS
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def forget_until_now(self) -> None:
        """The baseline is what the source is: everything so far is behind us."""
        (self.project / BASELINE).write_text(wire.dumps(self.source))


def make_scene(folder: Path, source: Catalog) -> Scene:
    (folder / "models.py").write_text(MODELS)
    (folder / "reader.py").write_text(READER)
    (folder / BASELINE).write_text(wire.dumps(BEFORE))
    scene = Scene(folder, source)
    scene.policy("")
    return scene


def change(
    kind: str = "new_field",
    *,
    id: str = "0123456789abcdef",
    table: str = "public.campaigns",
    field: str | None = "score",
    severity: Severity = "warning",
    verdict: Verdict = "review",
    options: tuple[Option, ...] | None = (SAFE, KEEP),
    evidence: Evidence = UNMEASURED,
) -> Change:
    """An open change out of nothing."""
    return Change(
        id, kind, table, field, severity, verdict, "in-place", "open", Details(), (),
        question=None if options is None else Question("What follows?", options),
        evidence=evidence, reason=f"default: {kind} is {verdict}",
    )  # fmt: skip


def policy(**sections: object) -> Config:
    """A configuration that no file holds."""
    return Config(policy=PolicySection.model_validate(sections))


WAIVER = {"kind": "new_field", "reason": "it is known", "expires": date(2026, 12, 31)}
Decided = Callable[..., tuple[Change, ...]]
PROPOSED = Decision("", "keep", decided_by="model", status="proposed", model="claude", prompt_hash="ab" * 32)
