"""Calls that make texts, JSON, CSV files and data frames of what they are given."""

from __future__ import annotations

from codemods._strings.call_parts import Known, argument, inner, plain
from codemods._strings.graph import Call, Node, copy, equal, flow, load, look_up, store


def _same(call: Call, receiver: Node) -> None:
    """The receiver itself, or a text made of it."""
    flow(receiver, call.result)


def _part(call: Call, receiver: Node) -> None:
    """A text that holds the receiver and the arguments."""
    for one in (receiver, *call.positional, *call.named.values()):
        store(call.result, "P", one)


def _join(call: Call, receiver: Node) -> None:
    """Of a text; with more than one part, of paths."""
    if len(call.positional) > 1:
        _joined_path(call, call.positional[0])
        return
    for one in call.positional:
        store(call.result, "P", inner(call, one, "e"))


def _split(call: Call, receiver: Node) -> None:
    store(call.result, "e", inner(call, receiver, "P"))
    store(call.result, "e", receiver)


def _text(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        flow(one, call.result)


def _dumps(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        store(call.result, "JS", one)


def _opened(call: Call, receiver: Node) -> None:
    """``open("x")``, ``path.open("r")``: what is read of it is what the file holds."""
    for one in call.positional[:1]:
        load(one, "FILE", call.result)
    if receiver is not call.function:
        load(receiver, "FILE", call.result)


def _opened_path(call: Call, receiver: Node) -> None:
    load(receiver, "FILE", call.result)


def _joined_path(call: Call, receiver: Node) -> None:
    for one in (receiver, *call.positional):
        flow(one, call.result)


def _loads(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        load(one, "JS", call.result)


def _stream(call: Call, receiver: Node) -> None:
    """``csv.writer(out)`` and its like: what is written to the one is written to the other."""
    for one in call.positional[:1]:
        flow(one, call.result)
    names = argument(call, 1, "fieldnames")
    if names is not None:
        store(call.result, "FN", names)


def _write_row(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        _written(call, receiver, inner(call, one, "e"))
        equal(one, inner(call, receiver, "FN"))


def _write_rows(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        _written(call, receiver, inner(call, one, "e", "e"))
        equal(inner(call, one, "e"), inner(call, receiver, "FN"))


def _write_header(call: Call, receiver: Node) -> None:
    _written(call, receiver, inner(call, receiver, "FN", "e"))


def _write(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        store(receiver, "W", one)


def _written(call: Call, stream: Node, names: Node) -> None:
    line = plain(call)
    line.kind = "fresh"
    store(line, "P", names)
    store(stream, "W", line)


def _what_was_written(call: Call, receiver: Node) -> None:
    load(receiver, "W", call.result)


def _frame(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        store(call.result, "K", inner(call, one, "e", "K"))
        copy(one, call.result)
    if "columns" in call.named:
        store(call.result, "K", inner(call, call.named["columns"], "e"))


def _columns(call: Call, receiver: Node) -> None:
    """Methods of a data frame that take names of columns."""
    for one in (
        *call.positional,
        *(call.named[n] for n in ("by", "on", "columns", "subset") if n in call.named),
    ):
        look_up(one, receiver)
        look_up(inner(call, one, "e"), receiver)
    copy(receiver, call.result)


METHODS: dict[str, Known] = {
    "strip": _same,
    "lstrip": _same,
    "rstrip": _same,
    "removeprefix": _part,
    "removesuffix": _part,
    "replace": _part,
    "format": _part,
    "lower": _same,
    "encode": _same,
    "decode": _same,
    "join": _join,
    "split": _split,
    "splitlines": _split,
    "writerow": _write_row,
    "writerows": _write_rows,
    "writeheader": _write_header,
    "write": _write,
    "getvalue": _what_was_written,
    "read": _same,
    "read_text": _opened_path,
    "read_bytes": _opened_path,
    "joinpath": _joined_path,
    "groupby": _columns,
    "sort_values": _columns,
    "set_index": _columns,
    "column": _columns,
    "select": _columns,
    "drop_columns": _columns,
}
BUILTINS: dict[str, Known] = {
    "str": _text,
}
FUNCTIONS: dict[str, Known] = {
    "open": _opened,
    "load": _loads,
    "safe_load": _loads,
    "Path": _text,
    "dumps": _dumps,
    "loads": _loads,
    "writer": _stream,
    "DictWriter": _stream,
    "DataFrame": _frame,
    "from_pylist": _frame,
}
