"""Claude by the Anthropic API: it proposes, within its own deadline and budget; every failure means undecided.

As a decider it never answers: what it says is written down as a proposal, and a person accepts it. Nothing but an
explicit request reaches the network from here, and the SDK is not even imported before.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bravo_agent.config import ModelSection
from bravo_agent.model.proposal import Cost

if TYPE_CHECKING:
    from anthropic import Anthropic

    from bravo_agent.deciders._decider import Grounds
    from bravo_agent.model.change import Change

_HOME = "https://api.anthropic.com"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
_CUT = {"max_tokens", "model_context_window_exceeded", "stop_sequence", "pause_turn", "tool_use"}
Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True)
class Reply(Generic[Form]):
    """What came back in the asked form, or ``why`` there is nothing; and what it cost either way."""

    value: Form | None = None
    why: str = ""
    cost: Cost = field(default_factory=Cost)


class Claude:
    """One sitting: its deadline begins with the first question, its budget is what all of them may cost."""

    def __init__(
        self,
        key: str,
        section: ModelSection,
        *,
        base_url: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = section.name
        self._key, self._section, self._base_url = key, section, base_url or _HOME
        self._clock, self._wait = clock, wait
        self._client: Anthropic | None = None
        self._deadline: float | None = None
        self._spent = 0.0

    def __enter__(self) -> Claude:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def boundary(self) -> str:
        """A mark for data that nobody can have known when they chose a name."""
        return f"data-{secrets.token_hex(12)}"

    def ask(self, system: str, text: str, form: type[Form]) -> Reply[Form]:
        """The answer in ``form``; never raises for what the API or the network does."""
        if self._spent >= self._section.max_usd:
            return Reply(why=f"the budget of ${self._section.max_usd:.2f} (model.max_usd) is used up")
        if self._deadline is None:
            self._deadline = self._clock() + self._section.deadline_seconds
        request = _request(self._section, system, text, form)
        message, why = self._message(request)
        if message is None:
            return Reply(why=why)
        cost = self._cost(message)
        self._spent += cost.usd
        value, why = _read(message, form)
        return Reply(value, why, cost)

    def _message(self, request: dict[str, Any]) -> tuple[Any, str]:
        """The API's message, or why there is none, after as many attempts as setting and deadline allow."""
        why = ""
        for attempt in range(self._section.attempts):
            left = self._left()
            if left <= 0:
                return None, f"the deadline of {self._section.deadline_seconds:g} s has passed{_after(why)}"
            message, why, pause = self._attempt(request, min(left, self._section.call_seconds))
            if message is not None or pause is None:
                return message, why
            pause = pause or min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE)
            if pause >= self._left():
                return None, f"{why}; another attempt may come in {pause:g} s, after the deadline"
            if attempt + 1 < self._section.attempts:
                self._wait(pause)
        return None, f"{why}, {self._section.attempts} times"

    def _attempt(self, request: dict[str, Any], seconds: float) -> tuple[Any, str, float | None]:
        """(message, why not, pause before the next attempt: None for no other, 0 for ours to choose)."""
        import anthropic

        try:
            # The SDK's timeout is one of each read: a server that drips bytes would never meet it.
            message = _within(seconds, lambda: self._open().messages.create(**request, timeout=seconds))
        except _LateError:
            return None, f"no answer within {seconds:g} s", 0
        except anthropic.APIStatusError as error:
            why = f"the API answered {error.status_code}{_kind(error.type)}"
            again = error.status_code in (408, 409, 429) or error.status_code >= 500
            refused = error.response.headers.get("x-should-retry") == "false"
            return None, why, _asked_pause(error.response.headers) if again and not refused else None
        except anthropic.APIConnectionError:
            return None, "the API cannot be reached", 0
        except Exception as error:  # noqa: BLE001 - whatever it is, the change stays undecided
            return None, f"the call failed ({type(error).__name__})", None
        if not isinstance(message, anthropic.types.Message):
            return None, "the API's answer is not a message", None
        return message, "", None

    def _open(self) -> Anthropic:
        if self._client is None:
            from anthropic import Anthropic

            # Retries are ours: the SDK obeys retry-after without a limit.
            self._client = Anthropic(
                api_key=self._key, base_url=self._base_url, max_retries=0, timeout=self._section.call_seconds
            )
        return self._client

    def _left(self) -> float:
        assert self._deadline is not None
        return self._deadline - self._clock()

    def _cost(self, message: Any) -> Cost:
        usage = getattr(message, "usage", None)
        read = sum(
            _count(usage, name)
            for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        )
        written = _count(usage, "output_tokens")
        section = self._section
        usd = (read * section.input_usd_per_million + written * section.output_usd_per_million) / 1e6
        return Cost(read, written, usd)


class _LateError(Exception):
    """The call is still under way when its time is over."""


def _within(seconds: float, call: Callable[[], Any]) -> Any:
    """What ``call`` gives, if it does so in time; a late one is left to end in its own thread."""
    done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
            done.put((None, error))

    threading.Thread(target=work, name="model-call", daemon=True).start()
    try:
        value, error = done.get(timeout=seconds)
    except Empty:
        raise _LateError from None
    if error is not None:
        raise error
    return value


def _request(section: ModelSection, system: str, text: str, form: type[BaseModel]) -> dict[str, Any]:
    """As ``messages.parse`` would send it; parsed here, because there a cut-off answer loses what it cost."""
    from anthropic import transform_schema

    return {
        "model": section.name,
        "max_tokens": section.max_tokens,
        "system": system,
        "messages": [{"role": "user", "content": text}],
        "output_config": {"format": {"type": "json_schema", "schema": transform_schema(form)}},
    }


def _read(message: Any, form: type[Form]) -> tuple[Form | None, str]:
    """The answer in the asked form, or why not; its text is never repeated in the reason."""
    reason = getattr(message, "stop_reason", None)
    if reason == "refusal":
        return None, "the model refused to answer"
    if reason in _CUT:
        return None, f"the answer was cut off ({reason})"
    try:
        text = "".join(block.text for block in message.content if block.type == "text")
        return form.model_validate_json(text), ""
    except ValidationError as error:
        return None, f"the answer does not fit: {_places(error)}"
    except (AttributeError, TypeError, ValueError):
        return None, "the API's answer is not a message"


def _places(error: ValidationError) -> str:
    """Where and what, by our own names: keys that the model made up are not repeated."""
    known = error.errors(include_url=False, include_input=False, include_context=False)[:3]
    return ", ".join(f"{_place(one['loc'])}{one['type']}" for one in known)


def _place(loc: Sequence[int | str]) -> str:
    first = str(loc[0]) if loc else ""
    return f"{first} " if first in ("option", "params", "rationale", "confidence", "code") else ""


def _asked_pause(headers: Any) -> float:
    """Seconds of retry-after; 0 where it says nothing that is a number."""
    try:
        seconds = float(headers.get("retry-after") or 0)
    except ValueError:
        return 0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0


def _count(usage: Any, name: str) -> int:
    found = getattr(usage, name, None)
    return found if isinstance(found, int) and found > 0 else 0


def _kind(name: Any) -> str:
    """The API's name of the error, where it looks like one."""
    return f" ({name})" if isinstance(name, str) and name.isidentifier() else ""


def _after(why: str) -> str:
    return f", after: {why}" if why else ""


class ClaudeDecider:
    """Last of all, and silent: ``--auto`` never calls a model, and no run depends on one."""

    name: ClassVar[str] = "claude"
    rank: ClassVar[int] = 90

    def answer(self, change: Change, grounds: Grounds) -> None:
        """None, always: a model's answer is a proposal (usecases/propose.py), not a decision."""
        return


KIND = ClaudeDecider()
