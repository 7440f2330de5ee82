"""Rows a second of the batch encoder, its oracle, the splitter and the checksums, on one core.

A table of 15 mixed columns, as in docs of the data path. Prints; nothing here is asserted.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer.checksum import column_checksums, row_hashes
from bravo_agent.transfer.encode import DocumentField, compile_encoder
from bravo_agent.transfer.exact import encode_exact
from bravo_agent.transfer.split import document_offsets, split_documents

ROWS = 50_000
_TAGS = ColumnType("text[]", "array", element=ColumnType("text"))
_STATUS = ColumnType("status", "enum", "public", labels=("active", "paused", "ended"))


def mixed(rows: int = ROWS) -> dict[str, tuple[ColumnType, pa.Array]]:
    """The columns and their canonical arrays; a third of them hold nulls in a tenth of the rows."""
    random = np.random.default_rng(1)
    words = [f"value {i} of some text" for i in range(5000)]
    items = pa.array([[f"t{j}" for j in range(i % 4)] for i in range(rows)])
    tags = pa.StructArray.from_arrays([items, pa.nulls(rows, pa.utf8())], names=["items", "text"])

    def holed(array: pa.Array) -> pa.Array:
        return pa.array(array, mask=random.random(rows) < 0.1)

    day = pa.array(random.integers(10_000, 20_000, rows).astype(np.int32))
    micros = pa.array(random.integers(10**15, 17 * 10**14, rows))
    return {
        "id": (ColumnType("int8"), pa.array(np.arange(rows))),
        "uid": (
            ColumnType("uuid"),
            pa.array([uuid.UUID(int=i * 7919).bytes for i in range(rows)], pa.binary(16)),
        ),
        "status": (_STATUS, pa.array(random.choice(_STATUS.labels, rows))),
        "budget": (
            ColumnType("numeric"),
            pa.array([f"{x / 100:.2f}" for x in random.integers(0, 10**9, rows)]),
        ),
        "rate": (
            ColumnType("numeric"),
            holed(np.array([f"{x / 1e6:.6f}" for x in random.integers(0, 10**9, rows)])),
        ),
        "tags": (_TAGS, tags),
        "meta": (ColumnType("jsonb"), pa.array([f'{{"k": {i % 50}, "n": [1, 2, 3]}}' for i in range(rows)])),
        "created": (ColumnType("timestamptz"), micros.cast(pa.timestamp("us", "UTC"))),
        "day": (ColumnType("date"), holed(day).cast(pa.date32())),
        "flag": (ColumnType("bool"), pa.array(random.random(rows) > 0.5)),
        "name": (ColumnType("text"), pa.array(random.choice(words, rows))),
        "descr": (ColumnType("text"), holed(random.choice(words, rows))),
        "n1": (ColumnType("int4"), holed(random.integers(0, 10**6, rows).astype(np.int32))),
        "n2": (ColumnType("int4"), pa.array(random.integers(0, 10**6, rows).astype(np.int32))),
        "f1": (ColumnType("float8"), pa.array(random.random(rows))),
    }


def best(run: Callable[[], object], repeats: int = 7) -> float:
    """Seconds of the quickest of ``repeats`` runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def measure() -> dict[str, float]:
    """Rows a second, by what is done."""
    columns = mixed()
    batch = pa.record_batch({name: array for name, (_, array) in columns.items()})
    fields = [DocumentField(name, type_, name) for name, (type_, _) in columns.items() if name != "id"]
    key = ("single", "id", ColumnType("int8"))
    encode = compile_encoder(key, fields, TypesSection())
    documents = encode(batch).documents
    block = documents.buffers()[2].to_pybytes()
    offsets = document_offsets(block)
    split = split_documents(block, offsets)
    small = batch.slice(0, 5000)
    return {
        "encode": ROWS / best(lambda: encode(batch)),
        "encode_exact (oracle)": 5000 / best(lambda: encode_exact(small, key, fields, TypesSection()), 2),
        "document_offsets": ROWS / best(lambda: document_offsets(block)),
        "split_documents": ROWS / best(lambda: split_documents(block, offsets)),
        "column_checksums": ROWS / best(lambda: column_checksums(split["_id"], split)),
        "row_hashes": ROWS / best(lambda: row_hashes(batch)),
    }


if __name__ == "__main__":
    pa.set_cpu_count(1)
    for what, rate in measure().items():
        sys.stdout.write(f"{what:24} {rate:12,.0f} rows/s\n")
