"""The sandbox seen from outside: start, limit, kill, and believe nothing that comes out of it."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

import bson
from bson.codec_options import CodecOptions, DatetimeConversion

from bravo_agent.errors import FailedError

_SCRIPT = Path(__file__).with_name("_inside.py")
_WALL_SECONDS = 10.0
_ANSWER_BYTES = 4 * 2**20
_ERROR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_LIMITS = {
    "RLIMIT_CPU": 3,
    "RLIMIT_AS": 512 * 2**20,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_CORE": 0,
    "RLIMIT_NPROC": 0,
    "RLIMIT_NOFILE": 0,
}
_OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_AUTO)

Isolation = Literal["namespaces", "process"]
"""``namespaces``: without a network by the kernel's word; ``process``: the audit hook alone forbids it."""


@dataclass(frozen=True)
class TrialResult:
    """What became of one row: the value that would be stored, or the name of what was raised."""

    value: Any = None
    error: str | None = None


@dataclass(frozen=True)
class SandboxReport:
    """One result per row, or ``failed``: why there are none."""

    results: tuple[TrialResult, ...] = ()
    failed: str | None = None
    isolation: Isolation = "process"


def run_in_sandbox(
    code: str,
    rows: Sequence[Any],
    *,
    builtins: Sequence[str],
    modules: Sequence[str],
    zone: str = "UTC",
    wall_seconds: float = _WALL_SECONDS,
) -> SandboxReport:
    """``transform`` of ``code`` over ``rows`` (what ``bson.encode`` takes); nothing that it does raises here.

    ``builtins`` and ``modules`` are all that the code can name; ``zone`` is the local time zone that it finds.
    Raises ``FailedError`` ``sandbox-missing`` where the platform has no such limits.
    """
    if not sys.platform.startswith("linux"):
        raise FailedError(
            "sandbox-missing",
            f"there is no sandbox on {sys.platform}",
            hint="Draft on Linux (in CI, a container), or write the function yourself and answer with decide.",
        )
    seal = secrets.token_hex(16)
    request = {
        "code": code,
        "rows": base64.b64encode(bson.encode({"v": list(rows)})).decode(),
        "builtins": list(builtins),
        "modules": list(modules),
        "packages": str(Path(bson.__file__).parent.parent),
        "limits": _LIMITS,
        "seal": seal,
    }
    isolation: Isolation = "namespaces" if _namespaces() else "process"
    answer, ended = _converse(json.dumps(request).encode(), zone, wall_seconds)
    failed, results = _believed(answer, seal, len(rows))
    if failed and ended:
        failed = ended
    return SandboxReport(results, failed, isolation)


def _converse(request: bytes, zone: str, wall_seconds: float) -> tuple[bytes, str | None]:
    """What came out, and why it ended early (None: it ended by itself)."""
    command = [*_namespaces(), sys.executable, "-I", "-S", "-B", str(_SCRIPT)]
    with (
        tempfile.TemporaryDirectory(prefix="bravo-sandbox-") as folder,
        subprocess.Popen(
            command,
            cwd=folder,
            env={"TZ": zone},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process,
    ):
        late = threading.Event()

        def end() -> None:
            late.set()
            _kill(process)

        clock = threading.Timer(wall_seconds, end)
        clock.start()
        try:
            answer = _exchange(process, request)
        finally:
            clock.cancel()
            _kill(process)
            process.wait()
    if late.is_set():
        return answer, f"it did not end within {wall_seconds:g} s"
    if len(answer) > _ANSWER_BYTES:
        return answer, f"its results take more than {_ANSWER_BYTES // 2**20} MB"
    return answer, None if process.returncode == 0 else "it was ended by a limit (time, memory) or by a crash"


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None
    try:
        stdin.write(request)
        stdin.close()
    except BrokenPipeError:
        return b""
    return _read(stdout)


def _read(stdout: IO[bytes]) -> bytes:
    """To the end, or to one byte more than is permitted."""
    return stdout.read(_ANSWER_BYTES + 1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The whole session that we started; a process that has ended already is no fault."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, 9)
        except ProcessLookupError:
            return


def _believed(answer: bytes, seal: str, rows: int) -> tuple[str | None, tuple[TrialResult, ...]]:
    """The results, if the answer is ours to the letter; garbage in it is a failure, never an exception."""
    if not answer.startswith(seal.encode()):
        return "it gave no answer, or wrote over it", ()
    try:
        found = json.loads(answer[len(seal) :])
        if "failed" in found:
            return f"it could not be loaded: {_name(found['failed'])}", ()
        results = tuple(_result(one) for one in found["rows"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, bson.errors.BSONError):
        return "it gave no answer, or wrote over it", ()
    return (None, results) if len(results) == rows else ("it did not answer for every row", ())


def _result(found: Mapping[str, Any]) -> TrialResult:
    if "error" in found:
        return TrialResult(error=_name(found["error"]))
    return TrialResult(bson.decode(base64.b64decode(found["bson"]), _OPTIONS)["v"])


def _name(found: Any) -> str:
    """The name of an exception's class: the only thing of an exception that is told."""
    return found if isinstance(found, str) and _ERROR_NAME.fullmatch(found) else "an exception"


@cache
def _namespaces() -> tuple[str, ...]:
    """The command that takes network, processes and shared memory away, where the kernel permits it."""
    found = shutil.which("unshare")
    if found is None:
        return ()
    flags = ("--net", "--ipc", "--pid", "--fork", "--kill-child")
    command = (found, *flags) if os.geteuid() == 0 else (found, "--user", *flags)
    try:
        done = subprocess.run(
            [*command, "true"], capture_output=True, stdin=subprocess.DEVNULL, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if done.returncode == 0 else ()
