"""Versions against a model: whatever is published, merged and rolled back, readers find what it says."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import bson
import pytest
from target_scene import build, generation, live, open_target, publish, version

from bravo_agent.errors import BravoError, FailedError, RefusedError, UsageError
from bravo_agent.events import ignore

V = [f"2025-06-28-{number:03d}" for number in range(1, 60)]


def test_versions_are_listed_newest_first_with_one_current(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        assert target.versions() == ()
        assert target.current() is None
        publish(target, V[0], generation(1, "a"))
        publish(target, V[1], generation(2, "a", "b"))
        target.mark_verified(V[1])
        newest, oldest = target.versions()
        assert (newest.id, newest.state, newest.current, newest.verified) == (V[1], "published", True, True)
        assert (oldest.id, oldest.state, oldest.current) == (V[0], "retired", False)
        assert [(one.name, one.documents) for one in newest.collections] == [("a", 3), ("b", 3)]
        assert target.current() == newest
        assert newest.collections[0].uuid == target.uuids()["a"]


def test_only_the_last_versions_are_kept(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name, keep=2) as target:
        for number in range(5):
            publish(target, V[number], generation(number, "a", "b"))
        assert [one.state for one in target.versions()] == [
            "published",
            "retired",
            "retired",
            "dropped",
            "dropped",
        ]
        assert sum(name.startswith("_bravo_keep") for name in target.uuids()) == 4
        with pytest.raises(FailedError) as caught:
            target.rollback(V[0], ignore)
        assert caught.value.code == "version-dropped"
        with pytest.raises(UsageError) as unknown:
            target.rollback("2020-01-01-001", ignore)
        assert unknown.value.code == "version-unknown"
        target.rollback(V[2], ignore)
    assert live(mongo_uri, mongo_database_name) == generation(2, "a", "b")


def test_what_is_not_ours_stays(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        publish(target, V[0], generation(1, "a"))
        target.database["theirs"].insert_one({"_id": 1})
        target.record_run({"run": "r1", "outcome": "published"})
        build(target, V[1], generation(2, "a"))
        target.prepare(V[1], "theirs")
        with pytest.raises(RefusedError) as caught:
            target.publish(V[1], ignore)
        assert caught.value.code == "collection-not-ours"
        assert live(mongo_uri, mongo_database_name)["a"] == generation(1, "a")["a"]
        with pytest.raises(RefusedError):
            target.begin(version(V[2], "theirs"))
        target.abandon(V[1])
        publish(target, V[3], generation(3, "b"))
        assert live(mongo_uri, mongo_database_name) == {**generation(3, "b"), "theirs": {1: {"_id": 1}}}
        assert [run["run"] for run in target.runs()] == ["r1"]
        states = {one.id: one.state for one in target.versions()}
        assert states == {V[0]: "retired", V[1]: "failed", V[3]: "published"}


def test_a_build_that_nobody_goes_on_with_is_dropped(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        build(target, V[0], generation(1, "a"))
        target.chunk_done(V[0], "public.a", 0, rows=3, documents=3, checksums={"x.y": 2**70})
        target.recover(ignore, resume=V[0])
        assert target.chunks_done(V[0])["public.a", 0].checksums == {"x.y": 2**70}
        assert target.count("a", version=V[0]) == 3
        target.begin(version(V[0], "a"))
        assert target.count("a", version=V[0]) == 3
        target.recover(ignore)
        assert target.chunks_done(V[0]) == {}
        assert target.versions()[0].state == "failed"
        assert not [name for name in target.uuids() if name.startswith("_bravo_build")]
        with pytest.raises(UsageError):
            target.begin(version(V[0], "a"))
        with pytest.raises(UsageError):
            target.publish(V[0], ignore)


def test_version_ids_are_unique_under_concurrency(mongo_uri: str, mongo_database_name: str) -> None:
    with (
        open_target(mongo_uri, mongo_database_name) as one,
        open_target(mongo_uri, mongo_database_name) as two,
        ThreadPoolExecutor(8) as pool,
    ):
        ids = list(pool.map(lambda n: (one, two)[n % 2].next_version_id("2025-06-28"), range(40)))
        assert sorted(ids) == V[:40]
        assert one.next_version_id("2025-06-29") == "2025-06-29-001"
        assert one.versions() == ()


def test_an_empty_version_is_not_published(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        target.begin(version(V[0], "a"))
        with pytest.raises(FailedError) as caught:
            target.publish(V[0], ignore)
        assert caught.value.code == "nothing-built"


class Model:
    """What versions are, without a database: a list of states, and which of them can be gone back to."""

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.contents: dict[str, Any] = {}
        self.parent: dict[str, str | None] = {}
        self.retired: list[str] = []  # newest last
        self.current: str | None = None

    def publish(self, id_: str, contents: Any, parent: str | None) -> None:
        self.contents[id_], self.parent[id_] = deepcopy(contents), parent
        self._leave()
        self.current = id_

    def rollback(self, id_: str) -> None:
        spent = [one for one in [*self.retired, self.current] if one and id_ in self._chain(one)]
        self.retired.remove(id_)
        if self.current not in spent:
            self._leave()
        self.retired = [one for one in self.retired if one not in spent]
        self.current = id_

    def _leave(self) -> None:
        if self.current:
            self.retired = [*self.retired, self.current][-self.keep :]

    def _chain(self, id_: str) -> list[str]:
        found, here = [], self.parent[id_]
        while here:
            found.append(here)
            here = self.parent[here]
        return found


@pytest.mark.parametrize("seed", range(6))
def test_random_sequences_agree_with_the_model(mongo_uri: str, mongo_database_name: str, seed: int) -> None:
    rng = random.Random(seed)
    model = Model(keep=rng.choice([1, 2, 4]))
    ids = iter(V)
    switch: Any = rng.choice(["atomic", "per-collection"])
    with open_target(mongo_uri, mongo_database_name, keep=model.keep, switch=switch) as target:
        for _ in range(14):
            verb = rng.choice(["full", "increment", "increment", "rollback"])
            if verb == "full" or model.current is None:
                names = rng.sample(["a", "b", "c"], rng.randint(1, 3))
                contents = {name: _documents(rng) for name in names}
                id_ = next(ids)
                publish(target, id_, contents)
                model.publish(id_, contents, None)
            elif verb == "increment":
                id_ = next(ids)
                contents = deepcopy(model.contents[model.current])
                target.begin(version(id_, *contents, refresh="incremental"))
                for name, documents in contents.items():
                    changed, gone = _documents(rng), rng.sample(range(12), 3)
                    gone = [one for one in gone if one not in changed]
                    upserts = [bson.encode(one) for one in changed.values()]
                    target.apply_delta(
                        id_, name, upserts=upserts, deletes=gone, owned_fields=["_id", "v", "w"]
                    )
                    documents.update(changed)
                    for one in gone:
                        documents.pop(one, None)
                target.publish(id_, ignore)
                model.publish(id_, contents, model.current)
            elif model.retired:
                id_ = rng.choice(model.retired)
                target.rollback(id_, ignore)
                model.rollback(id_)
            _agree(target, model, live(mongo_uri, mongo_database_name))
            with pytest.raises(BravoError):
                target.rollback(rng.choice(sorted({*V} - {*model.retired, model.current or ""})), ignore)


def _documents(rng: random.Random) -> dict[int, dict[str, Any]]:
    keys = rng.sample(range(12), rng.randint(1, 9))
    return {
        i: {"_id": i, "v": rng.randint(0, 99), **({"w": "x"} if rng.random() < 0.5 else {})} for i in keys
    }


def _agree(target: Any, model: Model, found: Any) -> None:
    assert model.current is not None
    assert target.current().id == model.current
    wanted = model.contents[model.current]
    assert {name: docs for name, docs in found.items() if docs} == {n: d for n, d in wanted.items() if d}
    assert {one.id for one in target.versions() if one.state == "retired"} == set(model.retired)
