"""A small application on disk whose source changed; no server is needed to ask a model about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bravo_agent import wire
from bravo_agent.changes._samples import INT8, TEXT, column, numeric, table
from bravo_agent.config import read_config
from bravo_agent.events import Event
from bravo_agent.model.catalog import Catalog, Column
from bravo_agent.model.change import Change, Decision
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import BASELINE, Workspace

KEY = "sk-ant-a-key-that-no-output-may-show"
MODELS = """from decimal import Decimal

from pydantic import BaseModel


class Campaign(BaseModel):
    id: int
    clicks: str | None = None
    code: str
"""
CLICKS = column("clicks", TEXT, 2)
CODE = column("code", TEXT, 3, nullable=False)
SCORE = column("score", numeric(5, 2), 4, nullable=False)


def catalog(*columns: Column) -> Catalog:
    return Catalog((table(*columns),), "prod", "1")


BEFORE = catalog(CLICKS, CODE)
RETYPED = catalog(replace(CLICKS, type=INT8), CODE)


@dataclass
class Scene:
    """The project, what its source says, and what was emitted."""

    project: Path
    source: Catalog = RETYPED
    environ: Mapping[str, str] = field(default_factory=lambda: {"ANTHROPIC_API_KEY": KEY})
    events: list[Event] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
        return Workspace(self.project, read_config(self.project), self.environ, lambda: moment, "anna")

    def found(self) -> Detection:
        return detect(self.workspace, self.source, stale="ask")

    @property
    def only(self) -> Change:
        (change,) = [one for one in self.found().changes if one.state == "open"]
        return change

    def config(self, text: str) -> None:
        (self.project / "bravo.toml").write_text('[project]\nsources = ["."]\n' + text, encoding="utf-8")

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return self.workspace.decisions()


def make_scene(folder: Path) -> Scene:
    (folder / "models.py").write_text(MODELS)
    (folder / BASELINE).write_text(wire.dumps(BEFORE))
    scene = Scene(folder)
    scene.config('[privacy]\nmode = "keep"\n')
    return scene
