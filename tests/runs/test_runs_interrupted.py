"""Runs that are killed, stopped or met by another: the next one ends with exactly the same database."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymongo.errors import OperationFailure
from runs_production import expected, without
from runs_scene import Scene

# Lines of progress, one in each stage: the process is killed a moment after it said so.
MOMENTS = (
    "export: public.ads:",
    "detect: done",
    "load: public.ads:",
    "validate: public.ads:",
    "validate: done",
)
NEWER = (
    "update campaigns set name = 'newer ' || id;"
    "update ads set description = 'newer';"
    "delete from daily_metrics where ad_id % 3 = 0;"
)


def _when(process: subprocess.Popen[str], moment: str) -> None:
    """Returns when the process has said ``moment``."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith(moment):
            return
    raise AssertionError(f"{moment!r} was never said: {said}")


def _many_chunks(scene: Scene) -> None:
    path = scene.project / "bravo.toml"
    path.write_text(path.read_text() + "\n[load]\nchunk_rows = 100\n")
    scene.commit()


@contextmanager
def _reading(scene: Scene) -> Iterator[set[tuple[bool, bool]]]:
    """Reads two collections at one moment, again and again; gives (campaigns are newer, ads are newer)."""
    seen: set[tuple[bool, bool]] = set()
    done = threading.Event()

    def read() -> None:
        with scene.client() as client:
            base = client[scene.database]
            while not done.is_set():
                try:
                    with client.start_session(snapshot=True) as session:
                        campaign = base["campaigns"].find_one({}, session=session)
                        ad = base["ads"].find_one({}, session=session)
                except OperationFailure:  # the snapshot is older than a switch of names: read again
                    continue
                assert campaign is not None
                assert ad is not None
                seen.add((campaign["name"].startswith("newer"), ad["description"] == "newer"))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


@pytest.mark.slow
def test_killed_at_any_moment(scene: Scene) -> None:
    _many_chunks(scene)
    scene.json("--auto")
    first = scene.documents()
    scene.drift(1)
    scene.sql(NEWER)
    wait = random.Random(11)
    with _reading(scene) as seen:
        for moment in MOMENTS:
            with scene.start("--auto") as process:
                _when(process, moment)
                time.sleep(wait.random() * 0.03)
                process.kill()
            assert scene.documents() == first or moment == MOMENTS[-1]
        report = scene.json("--auto")
    documents = scene.documents()
    assert without(documents, report["masked"]) == without(expected(scene, without=report["masked"]), ())
    assert seen <= {(False, False), (True, True)}
    assert (True, True) in seen
    states = {one["state"] for one in scene.json("versions")}
    assert not states & {"building", "publishing"}
    assert scene.changed() == {"campaigns/models/campaigns.py", "bravo.catalog.json"}
    with scene.client() as client:
        left = [name for name in client[scene.database].list_collection_names() if "_bravo_build" in name]
    assert left == []
    assert scene.json("validate")


@pytest.mark.parametrize("step", ["switch", "mark"])
def test_killed_at_a_step_of_the_publish(scene: Scene, step: str) -> None:
    scene.json("--auto")
    first = scene.documents()
    scene.sql(NEWER)
    victim = [sys.executable, str(Path(__file__).with_name("runs_victim.py")), step]
    died = subprocess.run(victim, cwd=scene.project, env=scene.outside(), timeout=120)
    assert died.returncode == -signal.SIGKILL
    assert scene.documents() == first or step != "switch"
    masked = scene.json("--auto")["masked"]
    assert without(scene.documents(), masked) == without(expected(scene, without=masked), ())
    assert [one["state"] for one in scene.json("versions")] == ["published", "retired", "retired"]


@pytest.mark.slow
def test_an_increment_that_was_killed(scene: Scene) -> None:
    scene.json("--auto")
    first = scene.documents()
    scene.sql(NEWER)
    for moment in ("load: public.ads:", "load: done"):
        with scene.start("--auto", "--refresh", "incremental") as process:
            _when(process, moment)
            process.kill()
    report = scene.json("--auto", "--refresh", "incremental")
    found = without(scene.documents(), report["masked"])
    assert found == without(expected(scene, without=report["masked"]), ())
    scene.json("rollback", "--version", scene.json("versions")[-1]["id"])
    assert scene.documents() == first


def test_interrupted_from_the_keyboard(scene: Scene) -> None:
    _many_chunks(scene)
    with scene.start("--auto") as process:
        _when(process, "load: public.ads:")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "interrupted: what is done is kept" in said
    outcome = scene.cli("--auto", "--json")
    assert outcome.code == 0
    assert "goes on with the interrupted load" in outcome.err
    masked = outcome.json["masked"]
    assert without(scene.documents(), masked) == without(expected(scene, without=masked), ())
    assert len(scene.json("snapshot", "list")["local"]) == 1


@pytest.mark.slow
def test_two_at_once(scene: Scene) -> None:
    with scene.start("--auto", "--json") as process:
        _when(process, "export: public.ad")
        process.send_signal(signal.SIGSTOP)
        try:
            error = scene.json("--auto", code=1)["error"]
        finally:
            process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)
    assert (error["code"], error["retryable"]) == ("target-busy", True)
    assert process.returncode == 0
    assert scene.json("--auto")["published"]
