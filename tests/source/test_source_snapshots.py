from __future__ import annotations

import multiprocessing
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from source_scene import made_snapshot, table_of

from bravo_agent.errors import BravoError, FailedError, UsageError
from bravo_agent.events import Event, RowsDone, ignore
from bravo_agent.stores.snapshot import ChunkRef, FolderStore, SnapshotReader, open_store, resolve, verify
from bravo_agent.stores.snapshot.layout import data_path, files, write_manifest
from bravo_agent.stores.snapshot.lock import writing
from bravo_agent.stores.snapshot.writer import CHUNK_BYTES, ChunkWriter


def test_chunks_are_row_groups(tmp_path: Path) -> None:
    made_snapshot(tmp_path)
    reader = SnapshotReader(tmp_path / "2026-01-01-001")
    chunks = reader.chunks("public.a")
    assert [(chunk.row_group, chunk.rows, chunk.index) for chunk in chunks] == [
        (0, 100, 0), (1, 100, 1), (2, 50, 2), (0, 100, 3), (1, 100, 4), (2, 50, 5),
    ]  # fmt: skip
    batch = reader.read(chunks[4], ["v"])
    assert batch.schema.names == ["v"]
    assert batch.column(0)[0].as_py() == "text 1 100"
    assert reader.chunks("public.b") == ()
    assert reader.schema("public.b") == pa.schema({"x": pa.int32()})
    with pytest.raises(UsageError, match="snapshot-table-missing"):
        reader.chunks("public.c")


def test_threads_share_a_reader(tmp_path: Path) -> None:
    made_snapshot(tmp_path)
    reader = SnapshotReader(tmp_path / "2026-01-01-001")
    sums: list[int] = []

    def read() -> None:
        sums.append(sum(sum(batch.column(0).to_pylist()) for batch in reader.batches("public.a")))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [2 * sum(range(250))] * 8


def test_wide_rows_end_a_chunk_early(tmp_path: Path) -> None:
    schema = pa.schema({"v": pa.utf8()})
    with ChunkWriter(tmp_path, "data/x/0.parquet", schema, chunk_rows=1000) as writer:
        for _ in range(5):
            writer.write(pa.record_batch([["x" * (CHUNK_BYTES // 2 + 1)]], schema=schema))
        file = writer.close()
    assert (file.rows, file.chunks) == (5, 3)
    assert not list(tmp_path.rglob("*.part"))


def test_paths_are_safe_and_apart() -> None:
    names = ["t", "T", "a.b", "../x", ".", "%54", "x" * 63, "ü" * 63, "ü" * 62 + "x", "con", ""]
    paths = [data_path(table_of(name, "S.x"), 0) for name in names]
    assert len({path.lower() for path in paths}) == len(names)
    assert all(len(part) < 255 and part not in (".", "..") for path in paths for part in path.split("/"))
    assert data_path(table_of("b", "s"), 7) == "data/s.b/00007.parquet"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None, "flip"])
def test_damage_is_found(tmp_path: Path, damage: Any) -> None:
    snapshot = made_snapshot(tmp_path)
    folder = tmp_path / snapshot.id
    path = folder / snapshot.tables[0].files[0].path
    if damage is None:
        path.unlink()
    elif damage == "flip":
        content = bytearray(path.read_bytes())
        content[100] ^= 1
        path.write_bytes(content)
    else:
        path.write_bytes(damage)
    with pytest.raises(FailedError, match="snapshot-corrupt") as caught:
        verify(folder)
    assert caught.value.where == str(path)
    with pytest.raises(FailedError, match="snapshot-corrupt"):
        FolderStore(tmp_path).download(snapshot.id, tmp_path / "elsewhere", ignore)
    assert FolderStore(tmp_path / "elsewhere").ids() == ()
    if damage != "flip":
        with pytest.raises(FailedError, match="snapshot-corrupt"):
            SnapshotReader(folder).chunks("public.a")


def test_a_damaged_page_is_no_traceback_of_arrow(tmp_path: Path) -> None:
    snapshot = made_snapshot(tmp_path)
    path = tmp_path / snapshot.id / snapshot.tables[0].files[0].path
    content = bytearray(path.read_bytes())
    content[4:200] = b"\xff" * 196
    path.write_bytes(content)
    with pytest.raises(FailedError, match="snapshot-corrupt"):
        SnapshotReader(tmp_path / snapshot.id).read(
            ChunkRef("public.a", snapshot.tables[0].files[0].path, 0, 100, 0)
        )


def test_manifests_that_are_not_to_be_trusted(tmp_path: Path) -> None:
    good = made_snapshot(tmp_path)
    folder = tmp_path / good.id
    file = replace(good.tables[0].files[0], path="data/../../../etc/passwd")
    outside = replace(good, tables=(replace(good.tables[0], files=(file,)),))
    for bad, code in (
        (outside, "snapshot-corrupt"),
        (replace(good, fingerprint="0"), "snapshot-corrupt"),
        (replace(good, format_version=2), "snapshot-too-new"),
    ):
        write_manifest(folder, bad)
        with pytest.raises(BravoError, match=code):
            SnapshotReader(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(FailedError, match="snapshot-corrupt"):
        SnapshotReader(folder)
    for id_ in ("../x", "", "a/b", ".hidden"):
        with pytest.raises(UsageError, match="snapshot-id-invalid"):
            FolderStore(tmp_path).manifest(id_)


def test_a_folder_keeps_snapshots(tmp_path: Path) -> None:
    here, there = FolderStore(tmp_path / "here"), FolderStore(tmp_path / "there")
    assert there.ids() == ()
    with pytest.raises(UsageError, match="snapshot-none"):
        resolve(there, "latest")
    for id_ in ("2026-01-02-001", "2026-01-01-002"):
        made_snapshot(here.path, id_)
        there.upload(here.path / id_, ignore)
    assert there.ids() == ("2026-01-01-002", "2026-01-02-001")
    assert resolve(there, "latest") == "2026-01-02-001"
    events: list[Event] = []
    folder = there.download("2026-01-01-002", tmp_path / "back", events.append)
    assert verify(folder) == here.manifest("2026-01-01-002")
    assert sum(event.rows for event in events if isinstance(event, RowsDone)) == 500
    assert there.download("2026-01-01-002", there.path, ignore) == there.path / "2026-01-01-002"
    there.remove("2026-01-01-002")
    assert there.ids() == ("2026-01-02-001",)
    with pytest.raises(UsageError, match="snapshot-unknown"):
        there.remove("2026-01-01-002")


def test_another_snapshot_of_the_same_id_stays(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.upload(tmp_path / made_snapshot(tmp_path).id, ignore)
    made_snapshot(tmp_path / "other", rows_=10)
    with pytest.raises(UsageError, match="snapshot-exists"):
        store.upload(tmp_path / "other" / "2026-01-01-001", ignore)
    with pytest.raises(UsageError, match="snapshot-exists"):
        store.download("2026-01-01-001", tmp_path / "other", ignore)


def test_a_half_upload_is_no_snapshot_and_goes_on(tmp_path: Path) -> None:
    snapshot = made_snapshot(tmp_path)
    store = FolderStore(tmp_path / "store")
    with pytest.raises(KeyboardInterrupt):
        store.upload(tmp_path / snapshot.id, _stopping_after(1))
    first = store.path / snapshot.id / files(snapshot)[0].path
    before = first.stat().st_mtime_ns
    assert store.ids() == ()
    store.upload(tmp_path / snapshot.id, ignore)
    assert store.ids() == (snapshot.id,)
    assert first.stat().st_mtime_ns == before


def _stopping_after(count: int) -> Any:
    seen: list[Event] = []

    def emit(event: Event) -> None:
        seen.extend([event] if isinstance(event, RowsDone) else [])
        if len(seen) == count:
            raise KeyboardInterrupt

    return emit


def test_prune_leaves_what_is_being_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    made_snapshot(tmp_path, "complete")
    (tmp_path / "broken" / "data").mkdir(parents=True)
    (tmp_path / "not-ours").mkdir()
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "busy", ready, done))
    process.start()
    assert ready.wait(30)
    try:
        assert store.prune_incomplete() == ("broken",)
        with pytest.raises(UsageError, match="snapshot-busy"), writing(tmp_path / "busy"):
            pass
    finally:
        process.kill()
        process.join()
    assert store.prune_incomplete() == ("busy",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["complete", "not-ours"]


def _hold(folder: Path, ready: Any, done: Any) -> None:
    with writing(folder):
        ready.set()
        done.wait(30)


def test_where_snapshots_can_be_kept(tmp_path: Path) -> None:
    assert isinstance(open_store(str(tmp_path)), FolderStore)
    store = open_store(f"file://{tmp_path}")
    assert isinstance(store, FolderStore)
    assert store.path == tmp_path
    for uri in ("gs://bucket/x", "s3:///x", "s3://key:secret@bucket/x"):
        with pytest.raises(UsageError, match="snapshot-uri-invalid") as caught:
            open_store(uri)
        assert "secret" not in str(caught.value)


def test_a_disk_that_refuses_is_an_error_of_ours(tmp_path: Path) -> None:
    snapshot = made_snapshot(tmp_path)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / snapshot.id).write_text("a file where a folder should be")
    with pytest.raises(FailedError, match="snapshot-disk"):
        FolderStore(tmp_path / "store").upload(tmp_path / snapshot.id, ignore)
    with pytest.raises(FailedError, match="snapshot-disk"):
        FolderStore(tmp_path).download(snapshot.id, tmp_path / "store", ignore)
