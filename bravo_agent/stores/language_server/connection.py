"""The language server protocol over the standard streams of a process: questions by number, answers in any order."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bravo_agent.errors import FailedError


class Connection:
    """A process that speaks the protocol. ``timeout``: seconds without an answer after which it has failed.

    One thread reads and another one writes, so that neither side can wait for the other one for ever.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], timeout: float
    ) -> None:
        self._timeout = timeout
        self._answers: dict[int, Any] = {}
        self._changed = threading.Condition()
        self._ended = False
        self._number = 0
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environ,
            )
        except OSError as error:
            raise failed(f"it cannot be started ({error.strerror})") from None
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends the process; it holds nothing that has to be kept."""
        self._process.kill()
        self._process.wait()
        self._outgoing.put(None)
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was buffered for a process that is gone

    def ask(self, method: str, params: dict[str, Any]) -> int:
        """Sends a question; gives the number to wait for."""
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self._number

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Sends what has no answer."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def wait(self, number: int) -> Any:
        """The answer to a question; raises ``FailedError`` ``type-checker-failed``."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._answers or self._ended, self._timeout)
            if number in self._answers:
                return self._answers.pop(number)
        raise failed("it ended" if self._ended else f"it gave no answer for {self._timeout:g} s")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        self._outgoing.put(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def _write(self) -> None:
        assert self._process.stdin is not None
        try:
            while (data := self._outgoing.get()) is not None:
                self._process.stdin.write(data)
                if self._outgoing.empty():
                    self._process.stdin.flush()
        except (OSError, ValueError):
            self._end()

    def _read(self) -> None:
        try:
            while (message := self._message()) is not None:
                self._take(message)
        except (OSError, ValueError):
            pass  # the stream of a process that is gone; whoever waits is told below
        self._end()

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _message(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        if not length:
            return None
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message and "id" in message:  # it asks us, for settings: we have none
            asked = message["method"] == "workspace/configuration"
            settings = [None] * len(message.get("params", {}).get("items", [])) if asked else None
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": settings})
        elif "id" in message:
            with self._changed:
                self._answers[message["id"]] = message.get("result")
                self._changed.notify_all()


def failed(why: str) -> FailedError:
    """The one error of the type checker."""
    return FailedError(
        "type-checker-failed",
        f"the type checker cannot be asked: {why}",
        hint="Run it again; if it stays so, run `ty check` in the project to see what it stumbles over.",
        retryable=True,
    )
