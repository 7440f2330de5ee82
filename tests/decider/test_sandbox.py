"""The sandbox alone, without the allow-list before it: what gets through there is contained here."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128

from bravo_agent.planning.transform_code import BUILTINS, MODULES
from bravo_agent.stores.sandbox import SandboxReport, run_in_sandbox
from bravo_agent.stores.sandbox import process as sandbox

# As if the allow-list had failed: names that reach everything.
GENEROUS = (
    *BUILTINS,
    "open",
    "getattr",
    "BaseException",
    "Exception",
    "type",
    "print",
    "OSError",
    "exec",
    "compile",
)
OS = """
def find():
    for kind in ().__class__.__base__.__subclasses__():
        if kind.__name__ == '_wrap_close':
            return kind.__init__.__globals__
"""


def run(code: str, rows: tuple[object, ...] = (1,), *, wall: float = 20) -> SandboxReport:
    return run_in_sandbox(code, rows, builtins=GENEROUS, modules=sorted(MODULES), wall_seconds=wall)


def body(line: str) -> str:
    return f"{OS}\ndef transform(value):\n    g = find()\n    {line}\n"


def test_values_go_in_and_out_as_the_encoder_has_them() -> None:
    from datetime import datetime

    rows = (None, True, 2**40, 1.5, "é", b"\x00", [1, None], {"a": 1}, Decimal128("1.50"), datetime(2020, 1, 1),
            DatetimeMS(10**15))  # fmt: skip
    report = run("def transform(value):\n    return value\n", rows)
    assert report.failed is None
    assert [one.value for one in report.results] == list(rows)
    assert [type(one.value).__name__ for one in report.results][-2:] == ["datetime", "DatetimeMS"]


@pytest.mark.parametrize(
    "line",
    [
        "return open('/etc/passwd').read()",
        "return g['open']('/etc/passwd', 0)",
        "return g['system']('id')",
        "return g['fork']()",
        "return g['execv']('/bin/sh', ['sh'])",
        "return g['listdir']('/')",
        "return g['kill'](1, 9)",
        "return g['posix_spawn']('/bin/sh', ['sh'], {})",
        "return g['sys']._getframe(1).f_globals",
        "return g['sys'].modules['importlib'].import_module('socket')",
        "return g['sys'].modules['importlib._bootstrap']._load",
        "return g['sys'].modules['builtins'].__import__('ctypes')",
        "return g['sys'].modules['builtins'].__import__('_socket')",
        "return g['sys'].modules['builtins'].eval('1')",
        "return g['remove']('/tmp/x')",
        "return g['mkdir']('/tmp/x')",
        "exec('x = 1')",
        "return compile('1', '', 'eval')",
    ],
)
def test_every_door_is_shut(line: str) -> None:
    report = run(body(line))
    shut = ("PermissionError", "TypeError", "KeyError", "OSError", "InvalidDocument")
    assert report.failed or report.results[0].error in shut, report


def test_no_file_is_written(tmp_path: Path) -> None:
    wanted = tmp_path / "written"
    tmp_path.chmod(0o777)
    report = run(body(f"return g['open']({str(wanted)!r}, 65, 511)"))
    assert report.results[0].error
    assert not wanted.exists()


def test_no_connection_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        code = body(
            f"s = g['sys'].modules['builtins'].__import__('socket').socket(); s.connect(('127.0.0.1', {port}))"
        )
        assert run(code).results[0].error == "PermissionError"
        with pytest.raises(TimeoutError):
            server.accept()


def test_endless_loops_end() -> None:
    report = run("def transform(value):\n    while True: pass\n", wall=1)
    assert report.results == ()
    assert "did not end within 1 s" in str(report.failed)


def test_processor_time_is_bounded() -> None:
    report = run("def transform(value):\n    while True: pass\n", wall=120)
    assert "ended by a limit" in str(report.failed)


@pytest.mark.parametrize(
    "line",
    ["return 'a' * 10**10", "return [0] * 10**9", "return 10**10**8", "return f'{1:>9999999999}'"],
)
def test_memory_is_bounded(line: str) -> None:
    report = run(f"def transform(value):\n    {line}\n", wall=30)
    assert report.failed or report.results[0].error in ("MemoryError", "OverflowError", "ValueError")


def test_recursion_ends() -> None:
    code = "def transform(value):\n    return transform(value)\n"
    assert run(code).results[0].error == "RecursionError"
    assert run("def transform(v):\n    return (lambda f: f(f))(lambda f: f(f))\n").results[0].error


def test_a_fork_bomb_is_none() -> None:
    before = set(threading.enumerate())
    report = run(body("\n    while True:\n        try: g['fork']()\n        except OSError: return 'no'"))
    assert report.results[0].value == "no"
    for new in set(threading.enumerate()) - before:
        new.join(10)  # of the test's own worker, perhaps; one of ours would not end by itself
        assert not new.is_alive()


def test_the_limit_on_processes_binds_root_too() -> None:
    assert sandbox._LIMITS["RLIMIT_NPROC"] == 0
    uid = run(body("return g['getuid']()")).results[0].value
    assert uid == (65534 if os.geteuid() == 0 else uid)


@pytest.mark.parametrize("name", ["write", "close"])
def test_garbage_in_the_answer_is_a_failure(name: str) -> None:
    call = {"write": "g['write'](i, b'garbage')", "close": "g['close'](i)"}[name]
    code = body(f"\n    for i in range(64):\n        try: {call}\n        except OSError: pass\n    return 1")
    report = run(code)
    assert report.results == ()
    assert report.failed


def test_results_are_bounded() -> None:
    report = run("def transform(value):\n    return 'a' * 8_000_000\n")
    assert "more than 4 MB" in str(report.failed)
    report = run("def transform(value):\n    return 'a' * 3_000_000\n", rows=tuple(range(50)))
    assert report.failed


@pytest.mark.parametrize(
    "code",
    ["syntax error(", "import os\n", "1 / 0\n", "raise SystemExit\n", "transform = 1\n", "x = 1\n", "\ud800"],
)
def test_what_cannot_be_loaded_or_called(code: str) -> None:
    report = run(code)
    assert report.failed or report.results[0].error


def test_errors_are_told_by_name_alone() -> None:
    report = run("def transform(value):\n    raise ValueError('the value is ' + str(value))\n", (4711,))
    assert (report.results[0].error, report.results[0].value) == ("ValueError", None)


def test_a_made_up_error_name_is_not_repeated() -> None:
    code = "def transform(value):\n    raise type('a b\\x1b[2J' * 50, (Exception,), {})()\n"
    assert run(code).results[0].error == "an exception"


def test_it_finds_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    report = run(body("return sorted(str(one) for one in g['environ'])"))
    assert set(report.results[0].value) <= {"TZ", "LC_CTYPE"}


def test_it_says_how_it_is_isolated() -> None:
    report = run("def transform(value):\n    return value\n")
    assert report.isolation == ("namespaces" if sandbox._namespaces() else "process")


def test_without_namespaces_it_works_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_namespaces", lambda: ())
    report = run(body("return g['system']('id')"))
    assert (report.isolation, report.results[0].error) == ("process", "PermissionError")
