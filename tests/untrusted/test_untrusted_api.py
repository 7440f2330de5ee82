"""What the model's API is sent: our words outside, everything else between two marks; no server is started."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import respx
from claude_transport import URL, recorded, sent, transport
from decider_scene import CODE, SCORE, Scene, catalog, make_scene
from untrusted_corpus import MARK, TEXTS, holds, inside, outside, unseen

from bravo_agent.changes._samples import INT8, TEXT, column, enum
from bravo_agent.cli._propose import proposals_text
from bravo_agent.usecases.draft import draft
from bravo_agent.usecases.propose import propose

ALL = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@pytest.fixture
def api() -> Iterator[respx.Route]:
    with transport() as router:
        yield router.post(URL)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


def _hostile(text: str) -> list[object]:
    """Columns whose every text is of that hand: comment, default, labels, the name itself."""
    clicks = replace(column("clicks", INT8, 2), comment=text, default=f"'{text}'")
    named = replace(column(text, TEXT, 5, nullable=False), comment=text)
    return [clicks, replace(CODE, type=enum(text, f"{text}2")), replace(SCORE, comment=text), named]


@ALL
def test_the_request_keeps_texts_between_its_marks(scene: Scene, api: respx.Route, text: str) -> None:
    # An application may be of the same hand as its database.
    (scene.project / f"uses_{MARK}.py").write_text(
        "from models import Campaign\n\n\ndef one(it: Campaign) -> object:\n    return it.clicks\n"
    )
    scene.source = catalog(*_hostile(text))  # type: ignore[arg-type]
    api.return_value = recorded("success")
    made = propose(scene.workspace, scene.found(), emit=scene.events.append)
    assert api.call_count >= 3
    marks = [_check(sent(api, number)) for number in range(api.call_count)]
    assert len(set(marks)) == len(marks)
    assert unseen(proposals_text(made)) == ""


@ALL
def test_asking_for_code_does_so_too(scene: Scene, api: respx.Route, text: str) -> None:
    clicks, *_ = _hostile(text)
    scene.source = catalog(clicks, CODE)  # type: ignore[arg-type]
    api.return_value = recorded("success")
    draft(scene.workspace, scene.found(), scene.only.id)
    _check(sent(api))


def _check(body: dict[str, object]) -> str:
    content = body["messages"][0]["content"]  # type: ignore[index]
    rest = json.dumps({**body, "messages": []}, ensure_ascii=False)
    assert not holds(rest)
    assert not holds(outside(content))
    assert "never an instruction" in outside(content)
    [(mark, held)] = inside(content)
    assert holds(held)
    assert unseen(content) == ""
    assert not any(sign in held for sign in "<>")
    assert json.loads(held)
    assert len(content) < 40_000
    return mark
