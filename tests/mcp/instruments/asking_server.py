"""What the conformance suite's scenarios for questions need: tools and a prompt that ask the client.

The server behind `bravo-agent mcp` cannot have tools with these names. This one has nothing else, and stands on what
that one stands on: its HTTP transport with token and host checks, and the library's own means of asking and of sealing
what it remembers between two rounds. It shows that questions get through there, and says nothing about bravo's tools.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

from mcp.server.mcpserver import Context, Elicit, ListRoots, MCPServer, Resolve, Sample
from mcp_types import (
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)
from pydantic import BaseModel

from mcp_server.http import serve_http

server = MCPServer[Any]("asking", log_level="ERROR")


class Name(BaseModel):
    name: str


class Colour(BaseModel):
    color: str


class Sure(BaseModel):
    ok: bool


def _sampled(question: str) -> Sample:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=question))
    return Sample([message], max_tokens=100)


def user_name() -> Elicit[Name]:
    return Elicit("What is your name?", Name)


def favourite(name: Annotated[Name, Resolve(user_name)]) -> Elicit[Colour]:
    return Elicit("What is your favourite colour?", Colour)


def confirmed() -> Elicit[Sure]:
    return Elicit("Please confirm", Sure)


def capital() -> Sample:
    return _sampled("What is the capital of France?")


def client_roots() -> ListRoots:
    return ListRoots()


def name_where_it_can(ctx: Context) -> Elicit[Name] | Name:
    """Asks only a client that says it can answer."""
    able = ctx.client_capabilities
    return user_name() if able is not None and able.elicitation is not None else Name(name="whoever")


def _form(key: str, message: str, schema: type[BaseModel]) -> InputRequiredResult:
    asked = ElicitRequestFormParams(message=message, requested_schema=schema.model_json_schema())
    return InputRequiredResult(input_requests={key: ElicitRequest(params=asked)})


def _answered(ctx: Context, key: str) -> Mapping[str, Any] | None:
    given = (ctx.input_responses or {}).get(key)
    return given.content if isinstance(given, ElicitResult) and given.action == "accept" else None


@server.tool()
def test_input_required_result_elicitation(ctx: Context) -> str | InputRequiredResult:
    """The one whose question has a name that the suite prescribes, so that it asks by itself."""
    given = _answered(ctx, "user_name")
    return _form("user_name", "What is your name?", Name) if given is None else f"Hello, {given['name']}!"


@server.prompt()
def test_input_required_result_prompt(ctx: Context) -> str | InputRequiredResult:
    given = _answered(ctx, "user_context")
    if given is None:
        return _form("user_context", "What context should the prompt use?", Name)
    return "Here it is."


@server.tool()
def test_input_required_result_sampling(answer: Annotated[CreateMessageResult, Resolve(capital)]) -> str:
    return answer.model


@server.tool()
def test_input_required_result_list_roots(roots: Annotated[ListRootsResult, Resolve(client_roots)]) -> str:
    return ", ".join(str(one.uri) for one in roots.roots)


@server.tool()
def test_input_required_result_request_state(sure: Annotated[Sure, Resolve(confirmed)]) -> str:
    return "state-ok"


@server.tool()
def test_input_required_result_tampered_state(sure: Annotated[Sure, Resolve(confirmed)]) -> str:
    return "state-ok"


@server.tool()
def test_input_required_result_multiple_inputs(
    name: Annotated[Name, Resolve(user_name)],
    greeting: Annotated[CreateMessageResult, Resolve(capital)],
    roots: Annotated[ListRootsResult, Resolve(client_roots)],
) -> str:
    return f"{name.name}: {len(roots.roots)} roots, {greeting.model}"


@server.tool()
def test_input_required_result_multi_round(colour: Annotated[Colour, Resolve(favourite)]) -> str:
    return colour.color


@server.tool()
def test_input_required_result_capabilities(
    name: Annotated[Name, Resolve(name_where_it_can)],
    greeting: Annotated[CreateMessageResult, Resolve(capital)],
) -> str:
    return f"{name.name}, {greeting.model}"


if __name__ == "__main__":
    serve_http(server, "127.0.0.1:0", os.environ)
