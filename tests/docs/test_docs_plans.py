"""The transcripts of docs/plans.md, typed in: what a plan says, its application, and what makes it stale."""

from __future__ import annotations

import re

import pytest
from docs_pages import blocks, ids, in_order
from docs_scene import Newcomer


def _typed(running: Newcomer, block: str, known: dict[str, str]) -> None:
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        for page, real in known.items():
            line = line.replace(page, real)
        done = running.shell(line)
        told = f"{done.out}\n{done.err}".replace(running.database, "bravo-1").splitlines()
        for wanted, found in in_order(shown.splitlines(), told):
            known.update(zip(ids(wanted), ids(found), strict=False))


@pytest.mark.slow
def test_the_transcripts_of_the_page(running: Newcomer) -> None:
    planned, stale = blocks("docs/plans.md", "console")
    running.drift(1)
    _typed(running, planned, {})
    running.commit()
    running.drift(2)
    known: dict[str, str] = {}
    asked = "open: new_field public.campaigns.performance_score: bravo-agent decide bb627779f982"
    _typed(running, f"$ bravo-agent plan\nplan 9b1f4e0c77d2\n{asked}\n", known)
    toml = running.project / "bravo.toml"
    toml.write_text(toml.read_text() + "\n[load]\nworkers = 3\n")
    assert running.shell(f"bravo-agent decide {known['bb627779f982']} make-optional").code == 0
    users = running.project / "campaigns" / "models" / "users.py"
    users.write_text(users.read_text() + "\n    nickname: str | None = None\n")
    assert running.shell("bravo-agent load").code == 3
    _typed(running, stale, known)
