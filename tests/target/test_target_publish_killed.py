"""Publishing and rolling back under kill -9 at every step, with a reader beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from target_delta import AFTER, BEFORE, DELETES, OWNED, UPSERTS
from target_scene import Reader, build, generation, live, open_target, publish, version

from bravo_agent.events import Event, StepReached, ignore
from bravo_agent.stores.mongodb import SwitchMode

OLD = generation(1, "a", "b", "c")
NEW = generation(2, "a", "b", "d")
V1, V2 = "2025-06-28-001", "2025-06-28-002"
ATOMIC = ("journal", "switch", "verify", "mark", "sweep", "done")
RENAMES = 6
SINGLE = len(ATOMIC) - 1 + RENAMES


def victim(uri: str, database: str, switch: SwitchMode, verb: str, version_id: str, step: int) -> list[str]:
    """The steps that it announced before it was killed in the last of them."""
    script = Path(__file__).with_name("target_victim.py")
    done = subprocess.run(
        [sys.executable, str(script), uri, database, switch, verb, version_id, str(step)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("step", range(len(ATOMIC)))
def test_a_killed_publish_is_all_or_nothing(mongo_uri: str, mongo_database_name: str, step: int) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V1, OLD)
        build(target, V2, NEW)
    with Reader(mongo_uri, mongo_database_name, ("a", "b")) as reader:
        reached = victim(mongo_uri, mongo_database_name, "atomic", "publish", V2, step)
        assert reached == list(ATOMIC[: step + 1])
        assert live(mongo_uri, mongo_database_name) == (OLD if step <= 1 else NEW)
        with open_target(mongo_uri, mongo_database_name) as target:
            target.recover(ignore, resume=V2)
            current = target.current()
            assert current is not None
            assert live(mongo_uri, mongo_database_name) == {V1: OLD, V2: NEW}[current.id]
            target.publish(V2, ignore)
            assert live(mongo_uri, mongo_database_name) == NEW
            target.rollback(V1, ignore)
            assert live(mongo_uri, mongo_database_name) == OLD
    assert reader.mixed == []


@pytest.mark.parametrize("step", range(len(ATOMIC)))
def test_a_killed_rollback_is_all_or_nothing(mongo_uri: str, mongo_database_name: str, step: int) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V1, OLD)
        publish(target, V2, NEW)
    with Reader(mongo_uri, mongo_database_name, ("a", "b")) as reader:
        reached = victim(mongo_uri, mongo_database_name, "atomic", "rollback", V1, step)
        assert reached == list(ATOMIC[: step + 1])
        with open_target(mongo_uri, mongo_database_name) as target:
            target.recover(ignore)
            assert live(mongo_uri, mongo_database_name) == (NEW if step == 0 else OLD)
            target.rollback(V1, ignore)
            assert live(mongo_uri, mongo_database_name) == OLD
            target.rollback(V2, ignore)
            assert live(mongo_uri, mongo_database_name) == NEW
    assert reader.mixed == []


@pytest.mark.parametrize("step", range(SINGLE))
@pytest.mark.parametrize("verb", ["publish", "rollback"])
def test_without_the_atomic_switch_the_next_start_closes_the_window(
    mongo_uri: str, mongo_database_name: str, verb: str, step: int
) -> None:
    with open_target(mongo_uri, mongo_database_name, switch="per-collection") as target:
        publish(target, V1, OLD)
        build(target, V2, NEW)
        if verb == "rollback":
            target.publish(V2, ignore)
    wanted, before, after = (V2, OLD, NEW) if verb == "publish" else (V1, NEW, OLD)
    reached = victim(mongo_uri, mongo_database_name, "per-collection", verb, wanted, step)
    assert len(reached) == step + 1
    with open_target(mongo_uri, mongo_database_name, switch="per-collection") as target:
        target.recover(ignore, resume=V2)
        assert live(mongo_uri, mongo_database_name) == (before if step == 0 else after)
        getattr(target, verb)(wanted, ignore)
        assert live(mongo_uri, mongo_database_name) == after
        windows = [one.get("window") for one in target.database["_bravo_journal"].find({"version": wanted})]
        assert "per-collection" in windows
        assert all(one["state"] == "done" for one in target.database["_bravo_journal"].find())


def test_recovery_may_be_killed_too(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V1, OLD)
        build(target, V2, NEW)
    victim(mongo_uri, mongo_database_name, "atomic", "publish", V2, 1)
    # Each recovery begins at what the killed one left undone, so the number of its steps up to there differs.
    for step, reached in ((0, "switch"), (1, "verify"), (1, "mark"), (2, "sweep"), (1, "done")):
        before = NEW if reached not in ("switch", "verify") else OLD
        assert live(mongo_uri, mongo_database_name) == before
        assert victim(mongo_uri, mongo_database_name, "atomic", "recover", V2, step)[-1] == reached
    with open_target(mongo_uri, mongo_database_name) as target:
        target.recover(ignore)
        assert live(mongo_uri, mongo_database_name) == NEW
        assert target.current().id == V2  # type: ignore[union-attr]


DELTA_STEPS = (
    ("note a", "update a") * 2 + ("note a", "delete a") + ("journal", "verify", "mark", "sweep", "done")
)


@pytest.mark.parametrize("resume", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize("step", range(len(DELTA_STEPS)))
def test_a_killed_increment_is_finished_or_undone(
    mongo_uri: str, mongo_database_name: str, step: int, resume: bool
) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V1, {"a": BEFORE})
        target.begin(version(V2, "a", refresh="incremental"))
    reached = victim(mongo_uri, mongo_database_name, "atomic", "delta", V2, step)
    assert reached == list(DELTA_STEPS[: step + 1])
    decided = step > DELTA_STEPS.index("journal")
    with open_target(mongo_uri, mongo_database_name) as target:
        target.recover(ignore, resume=V2 if resume else None)
        if decided or not resume:
            assert live(mongo_uri, mongo_database_name)["a"] == (AFTER if decided else BEFORE)
        if resume and not decided:
            target.begin(version(V2, "a", refresh="incremental"))
            target.apply_delta(V2, "a", upserts=UPSERTS, deletes=DELETES, owned_fields=OWNED)
            target.publish(V2, ignore)
            assert live(mongo_uri, mongo_database_name)["a"] == AFTER
        if decided or resume:
            target.rollback(V1, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == BEFORE
        assert target.current().id == V1  # type: ignore[union-attr]
        assert not [name for name in target.uuids() if name.startswith("_bravo_undo")]


@pytest.mark.parametrize("aside", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("step", range(6))
def test_a_killed_rollback_of_an_increment_is_finished(
    mongo_uri: str, mongo_database_name: str, step: int, aside: bool
) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V1, {"a": BEFORE})
        target.begin(version(V2, "a", refresh="incremental"))
        target.apply_delta(V2, "a", upserts=UPSERTS, deletes=DELETES, owned_fields=OWNED)
        target.publish(V2, ignore)
        if aside:
            publish(target, "2025-06-28-003", {"a": NEW["a"]})
    reached = victim(mongo_uri, mongo_database_name, "atomic", "rollback", V1, step)
    assert reached[:2] == ["journal", f"undo {V2}"][: step + 1]
    if aside and step <= 2:
        assert live(mongo_uri, mongo_database_name)["a"] == NEW["a"]
    with open_target(mongo_uri, mongo_database_name) as target:
        target.recover(ignore)
        unchanged = NEW["a"] if aside else AFTER
        assert live(mongo_uri, mongo_database_name)["a"] == (unchanged if step == 0 else BEFORE)
        target.rollback(V1, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == BEFORE


def test_readers_see_one_version_while_versions_come_and_go(mongo_uri: str, mongo_database_name: str) -> None:
    steps: list[str] = []

    def emit(event: Event) -> None:
        if isinstance(event, StepReached):
            steps.append(event.step)

    with open_target(mongo_uri, mongo_database_name) as target:
        assert target.switch_mode() == "atomic"
        publish(target, V1, OLD)
        publish(target, V2, NEW)
        with Reader(mongo_uri, mongo_database_name, ("a", "b")) as reader:
            for _ in range(15):
                target.rollback(V1, emit)
                target.rollback(V2, emit)
        assert reader.mixed == []
    assert tuple(steps) == ATOMIC * 30
