"""What the conformance suite's scenarios for questions need: tools and a prompt that ask the client.

The server behind `bravo-agent mcp` cannot have tools with these names. This one has nothing else, and stands on what
that one stands on: its HTTP transport with token and host checks, its edge between a tool and the protocol, and the
library's sealing of what is remembered between two rounds. It shows that a tool's question gets through all that; what
bravo's own tools ask is not in it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from anyio import CapacityLimiter
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

from bravo_agent.config import Config
from bravo_agent.workspace import make_workspace
from mcp_server._call import Call, Desk
from mcp_server._edge import edge
from mcp_server._results import Result
from mcp_server._tool import Tool
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


def test_input_required_result_sampling(
    call: Call, answer: Annotated[CreateMessageResult, Resolve(capital)]
) -> Result:
    """Has the client's model asked."""
    return _said(answer.model)


def test_input_required_result_list_roots(
    call: Call, roots: Annotated[ListRootsResult, Resolve(client_roots)]
) -> Result:
    """Asks for the client's folders."""
    return _said(", ".join(str(one.uri) for one in roots.roots))


def test_input_required_result_request_state(call: Call, sure: Annotated[Sure, Resolve(confirmed)]) -> Result:
    """Remembers that it has asked."""
    return _said("state-ok")


def test_input_required_result_tampered_state(
    call: Call, sure: Annotated[Sure, Resolve(confirmed)]
) -> Result:
    """The same, for a client that changes what is remembered."""
    return _said("state-ok")


def test_input_required_result_multiple_inputs(
    call: Call,
    name: Annotated[Name, Resolve(user_name)],
    greeting: Annotated[CreateMessageResult, Resolve(capital)],
    roots: Annotated[ListRootsResult, Resolve(client_roots)],
) -> Result:
    """Asks three things at once."""
    return _said(f"{name.name}: {len(roots.roots)} roots, {greeting.model}")


def test_input_required_result_multi_round(
    call: Call, colour: Annotated[Colour, Resolve(favourite)]
) -> Result:
    """Asks again after the first answer."""
    return _said(colour.color)


def test_input_required_result_capabilities(
    call: Call,
    name: Annotated[Name, Resolve(name_where_it_can)],
    greeting: Annotated[CreateMessageResult, Resolve(capital)],
) -> Result:
    """Asks what the client can be asked."""
    return _said(f"{name.name}, {greeting.model}")


def _said(status: str) -> Result:
    return Result(status=status, next_steps=())


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "bravo.toml").write_text("")
        desk = Desk(make_workspace(project, Config(), {}))
        threads = CapacityLimiter(2)
        for work in (
            test_input_required_result_sampling,
            test_input_required_result_list_roots,
            test_input_required_result_request_state,
            test_input_required_result_tampered_state,
            test_input_required_result_multiple_inputs,
            test_input_required_result_multi_round,
            test_input_required_result_capabilities,
        ):
            kind = Tool(work, work.__name__)
            server.add_tool(edge(kind, desk, threads), name=kind.name, structured_output=True)
        serve_http(server, "127.0.0.1:0", os.environ)


if __name__ == "__main__":
    _main()
