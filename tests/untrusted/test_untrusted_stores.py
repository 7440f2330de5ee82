"""The shared place and the target are written by others too: manifests, audit trail, versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pymongo import MongoClient
from test_untrusted_mcp import Session, play
from untrusted_corpus import TEXTS, holds, unseen
from untrusted_scene import Scene

from bravo_agent.errors import FailedError
from bravo_agent.stores.snapshot.layout import parse_manifest

_RUN = {"run": 1, "what": 1, "who": 1, "outcome": 1, "error": 1, "version": 1, "snapshot": 1, "plan": 1}


@pytest.mark.parametrize(
    "text", [*TEXTS.values(), "../../evil", "a/b", ""], ids=[*TEXTS, "up", "slash", "empty"]
)
def test_an_id_that_is_none_is_a_damaged_manifest(hostile: Scene, text: str) -> None:
    [manifest, *_] = sorted((hostile.project / ".bravo" / "snapshots").glob("*/manifest.json"))
    document = json.loads(manifest.read_text())
    assert parse_manifest(json.dumps(document).encode(), "here").id == document["id"]
    with pytest.raises(FailedError) as error:
        parse_manifest(json.dumps({**document, "id": text}).encode(), "here")
    assert error.value.code == "snapshot-corrupt"
    assert not holds(str(error.value))


def test_texts_of_a_shared_manifest_are_data(hostile: Scene, tmp_path: Path) -> None:
    [manifest, *_] = sorted((hostile.project / ".bravo" / "snapshots").glob("*/manifest.json"))
    document = json.loads(manifest.read_text())
    name = "s-of-others"
    document |= {"id": name, "created_at": TEXTS["closing"], "created_by": TEXTS["lines"]}
    (tmp_path / name).mkdir()
    (tmp_path / name / "manifest.json").write_text(json.dumps(document))
    shared = Scene(hostile.project, hostile.source_uri, hostile.database,
                     {**hostile.environ, "BRAVO_SNAPSHOT_URI": str(tmp_path)})  # fmt: skip

    async def work(session: Session) -> None:
        await session.call("list_snapshots")
        await session.call("fetch_snapshot", snapshot=name)
        await session.call("get_status")

    session, _ = play(shared, work)
    assert session.faults == []
    assert holds(json.dumps(session.calls["list_snapshots"]))
    for command in (("snapshot", "list"), ("snapshot", "download", "--id", name)):
        told = shared.cli(*command, code=None)
        assert unseen(told.out + told.err) == ""


def test_texts_of_the_audit_trail_are_data(hostile: Scene) -> None:
    with MongoClient[dict[str, object]](hostile.environ["BRAVO_TARGET_URI"]) as client:
        audit = client[hostile.database]["etl_audit"]
        planted = [
            {**dict.fromkeys(_RUN, text), "run": f"{text}{number}", "started_at": f"9999{number}", "finished_at": text,
             "checks": {text.replace(".", "").replace("$", "").replace("\0", "")[:100]: [1, 2]},
             "metrics": {"seconds": {text[:100]: 1.5}}}
            for number, text in enumerate(TEXTS.values())
        ]  # fmt: skip
        audit.insert_many(planted)
        try:

            async def work(session: Session) -> None:
                for one in planted:
                    await session.call("get_run", run_id=str(one["run"])[:200])
                await session.call("get_run")
                prompt = await session.client.get_prompt("explain_run", {})
                assert holds(prompt.messages[1].content.text)  # type: ignore[union-attr]
                assert not holds(prompt.messages[0].content.text)  # type: ignore[union-attr]

            session, _ = play(hostile, work)
            assert session.faults == []
            assert len(session.calls["get_run"]) > 5
            told = hostile.cli("runs")
            assert holds(told.out)
            assert unseen(told.out) == ""
            assert len(told.out.splitlines()) <= 1 + 20
        finally:
            audit.delete_many({"run": {"$in": [one["run"] for one in planted]}})
