"""Claude at the transport: every shape of an answer, retries, deadlines, the budget, and the key."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anthropic
import httpx
import pytest
import respx
from claude_transport import recorded, sent
from decider_scene import KEY
from pydantic import BaseModel, ConfigDict, Field
from respx.models import AllMockedAssertionError

from bravo_agent.config import ModelSection
from bravo_agent.deciders.claude import Claude, Reply

UNDECIDED = {
    "refusal": "refused",
    "refusal_with_text": "refused",
    "cut_off": "cut off (max_tokens)",
    "cut_in_thinking": "cut off (max_tokens)",
    "illegal_option": "option literal_error",
    "out_of_range": "confidence less_than_equal",
    "too_long": "rationale string_too_long",
    "extra_key": "extra_forbidden",
    "nonsense_text": "json_invalid",
    "no_text": "json_invalid",
    "nonsense_body": "",
    "null_body": "",
    "bad_key": "401 (authentication_error)",
    "no_credit": "400 (invalid_request_error)",
    "unknown_model": "404 (not_found_error)",
}


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    option: str = Field(pattern="^(cast|keep|undecided)$")
    confidence: float = Field(ge=0, le=1)
    rationale: str = Field(max_length=600)


@dataclass
class Clock:
    """Time that passes only where somebody waits."""

    now: float = 0.0
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


def ask(clock: Clock | None = None, **settings: Any) -> Reply[Any]:
    clock = clock or Clock()
    from bravo_agent.model.change import Option
    from bravo_agent.usecases.propose import answer_form

    form = answer_form((Option("cast", "", ""), Option("keep", "", "")))
    with Claude(KEY, ModelSection(**settings), clock=clock, wait=clock.wait) as model:
        return model.ask("system", "text", form)


def test_an_unrouted_request_raises(router: respx.MockRouter) -> None:
    """Without the mocker's own targets the request would go out to the network."""
    import httpx2

    with httpx2.Client() as client, pytest.raises(AllMockedAssertionError):
        client.get("https://api.anthropic.com/v1/models")
    assert ask(attempts=1).value is None


@pytest.mark.parametrize("name", ["success", "thinking"])
def test_an_answer(api: respx.Route, name: str) -> None:
    api.return_value = recorded(name)
    reply = ask()
    assert reply.value.option == "cast"
    assert reply.cost.input_tokens == 1480
    assert reply.cost.usd == pytest.approx((1480 * 2 + reply.cost.output_tokens * 10) / 1e6)
    request = api.calls.last.request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    body = sent(api)
    assert body["model"] == "claude-sonnet-5-5"
    assert "temperature" not in body
    schema = body["output_config"]["format"]["schema"]
    assert schema["properties"]["option"]["enum"] == ["cast", "keep", "undecided"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", UNDECIDED)
def test_every_failure_means_undecided(api: respx.Route, name: str) -> None:
    api.return_value = recorded(name)
    reply = ask()
    assert reply.value is None
    assert reply.why
    assert UNDECIDED[name] in reply.why
    assert KEY not in reply.why
    assert "sudo" not in reply.why
    assert "drop-table" not in reply.why
    assert api.call_count == 1


@pytest.mark.parametrize("name", ["cut_off", "refusal", "nonsense_text", "illegal_option"])
def test_what_failed_costs_too(api: respx.Route, name: str) -> None:
    api.return_value = recorded(name)
    assert ask().cost.usd > 0


@pytest.mark.parametrize("name", ["overloaded", "server_error", "rate_limited_briefly"])
def test_it_is_tried_again_within_the_deadline(api: respx.Route, name: str) -> None:
    api.side_effect = [recorded(name), recorded(name), recorded("success")]
    clock = Clock()
    assert ask(clock).value is not None
    assert clock.waited == ([2, 2] if name == "rate_limited_briefly" else [0.5, 1])


def test_overload_that_does_not_end(api: respx.Route) -> None:
    api.return_value = recorded("overloaded")
    reply = ask(attempts=3)
    assert (reply.value, api.call_count) == (None, 3)
    assert reply.why == "the API answered 529 (overloaded_error), 3 times"


def test_a_huge_retry_after_is_not_obeyed(api: respx.Route) -> None:
    api.return_value = recorded("rate_limited")
    clock = Clock()
    reply = ask(clock, deadline_seconds=30)
    assert reply.value is None
    assert "another attempt may come in 86400 s, after the deadline" in reply.why
    assert (clock.waited, api.call_count) == ([], 1)


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2099 07:28:00 GMT", "nan", "inf", "-5", ""])
def test_a_retry_after_that_is_no_number(api: respx.Route, said: str) -> None:
    answer = recorded("rate_limited")
    answer.headers["retry-after"] = said
    api.side_effect = [answer, recorded("success")]
    clock = Clock()
    assert ask(clock).value is not None
    assert clock.waited == [0.5]


def test_the_deadline_is_one_for_all_questions(api: respx.Route) -> None:
    api.return_value = recorded("success")
    clock = Clock()
    with Claude(KEY, ModelSection(deadline_seconds=10), clock=clock, wait=clock.wait) as model:
        assert model.ask("s", "t", Answer).value is not None
        clock.now = 11
        late = model.ask("s", "t", Answer)
    assert late.value is None
    assert late.why == "the deadline of 10 s has passed"
    assert api.call_count == 1


def test_the_budget_is_one_for_all_questions(api: respx.Route) -> None:
    api.return_value = recorded("success")
    with Claude(KEY, ModelSection(max_usd=0.005)) as model:
        replies = [model.ask("s", "t", Answer) for _ in range(4)]
    assert [reply.value is None for reply in replies] == [False, False, True, True]
    assert "budget of $0.01" in replies[-1].why
    assert api.call_count == 2


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), OSError("odd")])
def test_a_network_that_fails(api: respx.Route, error: Exception) -> None:
    api.side_effect = error
    reply = ask(attempts=2)
    assert reply.value is None
    assert reply.why


@dataclass
class Dripping:
    """A server that sends a byte now and then, so that no read ever times out."""

    url: str
    stop: threading.Event


@pytest.fixture
def dripping() -> Iterator[Dripping]:
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            try:
                while not stop.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Dripping(f"http://127.0.0.1:{server.server_address[1]}", stop)
    stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_drips_meets_the_deadline(dripping: Dripping) -> None:
    section = ModelSection(call_seconds=0.4, deadline_seconds=30, attempts=1)
    with Claude(KEY, section, base_url=dripping.url) as model:
        reply = model.ask("system", "text", Answer)
    assert reply.value is None
    assert "no answer within 0.4 s" in reply.why


def test_the_key_is_nowhere(
    api: respx.Route, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("bad_key", "overloaded", "success"):
        api.return_value = recorded(name)
        reply = ask(attempts=1)
        assert KEY not in json.dumps([reply.why, str(reply)])
    out = capfd.readouterr()
    assert KEY not in caplog.text + out.out + out.err


def test_the_recorded_errors_are_what_the_sdk_knows(api: respx.Route) -> None:
    api.return_value = recorded("overloaded")
    with (
        anthropic.Anthropic(api_key=KEY, base_url="https://api.anthropic.com", max_retries=0) as client,
        pytest.raises(anthropic.APIStatusError) as error,
    ):
        client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}])
    assert (error.value.status_code, error.value.type) == (529, "overloaded_error")
