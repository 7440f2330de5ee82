"""A small application without any server, and its review: values for most tests, a served page for a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bravo_agent import wire
from bravo_agent.changes._samples import TEXT, column, numeric, table
from bravo_agent.config import read_config
from bravo_agent.model.catalog import Catalog, Column
from bravo_agent.model.change import Change
from bravo_agent.review.server import Served, open_review
from bravo_agent.review.sitting import Sitting
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import BASELINE, DECISIONS, Workspace

NAME = column("name", TEXT, 2)
BUDGET = column("budget", numeric(12, 2), 3)
SCORE = column("score", numeric(5, 2), 4, nullable=False)
CHANNEL = column("channel", TEXT, 5)
SCRIPT = "<script>document.title='owned'</script>"
BRACES = "{{7*7}}"
# Right-to-left override, a tag letter, a filler that is printable and unseen, a line break.
UNSEEN = "x\u202eevil\U000e0061\u3164\nb"
HOSTILE = tuple(column(name, TEXT, at) for at, name in enumerate((SCRIPT, BRACES, UNSEEN), 6))
MODELS = """from decimal import Decimal

from pydantic import BaseModel


class Campaign(BaseModel):
    id: int
    name: str | None = None
    budget: Decimal | None = None
"""
READER = """from models import Campaign


def rest(campaign: Campaign) -> object:
    return campaign.budget * 2  # <img src=x onerror=alert(1)> {{7*7}}
"""


def catalog(*columns: Column) -> Catalog:
    """The table campaigns with these columns."""
    return Catalog((table(*columns),), "prod", "1")


BEFORE = catalog(NAME, BUDGET)
AFTER = catalog(NAME, SCORE, CHANNEL)


@dataclass
class Project:
    """The application and what its source says."""

    folder: Path
    source: Catalog = AFTER
    user: str = "anna"

    @property
    def workspace(self) -> Workspace:
        now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        return Workspace(self.folder, read_config(self.folder), {}, lambda: now, self.user)

    def look(self) -> Detection:
        return detect(self.workspace, self.source, stale="ask")

    @property
    def sitting(self) -> Sitting:
        return Sitting(self.workspace, self.look)

    def only(self, field: str) -> Change:
        (change,) = [one for one in self.look().changes if one.field == field]
        return change

    def records(self) -> list[dict[str, Any]]:
        path = self.folder / DECISIONS
        return json.loads(path.read_text(encoding="utf-8"))["decisions"] if path.exists() else []

    @contextmanager
    def served(self) -> Iterator[Served]:
        """The page on a port of its own, in a thread."""
        made = open_review(self.sitting)
        thread = threading.Thread(target=made.run, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.stop()
            thread.join(20)
            made.listening.close()
            assert not thread.is_alive()


def make_project(folder: Path, source: Catalog = AFTER) -> Project:
    """The application's files, in a folder that is there already."""
    (folder / "bravo.toml").write_text('[project]\nsources = ["."]\n', encoding="utf-8")
    (folder / "models.py").write_text(MODELS)
    (folder / "reader.py").write_text(READER)
    (folder / BASELINE).write_text(wire.dumps(BEFORE))
    return Project(folder, source)


def hostile(project: Project) -> Project:
    """The same with columns whose names were chosen to do harm."""
    return replace(project, source=catalog(NAME, SCORE, CHANNEL, *HOSTILE))
