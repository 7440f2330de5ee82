"""A model that is a script: it speaks as much of the Anthropic Messages API as Claude Code needs, on loopback alone.

Each request of a conversation that has the tools gets the script's next step; everything else that the client asks for
beside it (a title, a count of tokens) gets a short answer that means nothing. What was asked is kept for the test.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NAME = "claude-sonnet-4-5"
_USAGE = {"input_tokens": 1, "output_tokens": 1}


@dataclass(frozen=True)
class Use:
    """A tool that the model wants called."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Got:
    """What came back for a use."""

    text: str
    error: bool

    @property
    def document(self) -> Any:
        """The JSON that the text begins with; the client writes reminders of its own after it."""
        return json.JSONDecoder().raw_decode(self.text)[0]


Step = Callable[[Sequence[Got]], Use]
"""Says what to call, after what came back so far."""


@dataclass
class Model:
    """A script, and what the client sent while it played."""

    steps: Sequence[Step]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The requests of the conversation, in their order."""
    others: list[str] = field(default_factory=list)
    """The paths of all others."""

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """Those the model was offered in the end, by name."""
        return {one["name"]: one for one in self.asked[-1]["tools"]}

    @property
    def got(self) -> list[Got]:
        """What came back, as the model saw it in the end."""
        return _results(self.asked[-1])

    @property
    def told(self) -> str:
        """Every text that the model saw in the end: of the system prompt, of messages, of results."""
        last = self.asked[-1]
        return "\n".join(_texts([last["system"], [one["content"] for one in last["messages"]]]))

    def answer(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The blocks of the next message."""
        if not path.startswith("/v1/messages") or not body.get("tools"):
            self.others.append(path)
            return [{"type": "text", "text": "{}"}]
        self.asked.append(body)
        results = _results(body)
        if len(results) == len(self.steps):
            return [{"type": "text", "text": "Done."}]
        use = self.steps[len(results)](results)
        number = f"toolu_{len(results):04}"
        return [{"type": "tool_use", "id": number, "name": use.tool, "input": dict(use.arguments)}]


@contextmanager
def scripted(*steps: Step) -> Iterator[Model]:
    """The model, listening."""
    model = Model(steps)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(model))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        model.url = f"http://127.0.0.1:{server.server_port}"
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(model: Model) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._send("text/plain", b"")

        def do_GET(self) -> None:
            model.others.append(self.path)
            self._send("application/json", b"{}")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                blocks = model.answer(self.path, body)
            except Exception as error:
                # A script that cannot go on must not be tried again for minutes, as a server that fails is.
                fault = {"type": "invalid_request_error", "message": f"the script: {error!r}"}
                self._send("application/json", json.dumps({"type": "error", "error": fault}).encode(), 400)
                return
            if body.get("stream"):
                self._send("text/event-stream", b"".join(_events(blocks)))
            else:
                self._send("application/json", json.dumps(_message(blocks)).encode())

        def _send(self, kind: str, body: bytes, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: what was asked is kept."""

    return Handler


def _message(blocks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    reason = "tool_use" if any(one["type"] == "tool_use" for one in blocks) else "end_turn"
    head = {"id": f"msg_{uuid.uuid4().hex}", "type": "message", "role": "assistant", "model": NAME}
    return {**head, "content": blocks, "stop_reason": reason, "stop_sequence": None, "usage": _USAGE}


def _events(blocks: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    whole = _message(blocks)
    end = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield _event("message_start", message={**whole, "content": [], "stop_reason": None})
    for index, block in enumerate(blocks):
        if block["type"] == "tool_use":
            empty: dict[str, Any] = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        else:
            empty, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": block["text"]}
        yield _event("content_block_start", index=index, content_block=empty)
        yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    yield _event("message_delta", delta=end, usage=_USAGE)
    yield _event("message_stop")


def _event(kind: str, **more: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


def _results(body: Mapping[str, Any]) -> list[Got]:
    return [
        Got("\n".join(_texts(one["content"])), bool(one.get("is_error")))
        for said in body["messages"]
        if not isinstance(said["content"], str)
        for one in said["content"]
        if one["type"] == "tool_result"
    ]


def _texts(content: Any) -> Iterator[str]:
    """Content is a text, a block, or a list of these; a block holds its text or more content."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for one in content:
            yield from _texts(one)
    else:
        yield from _texts(content.get("text", content.get("content", [])))
