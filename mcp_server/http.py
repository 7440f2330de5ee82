"""Streamable HTTP on this machine alone: a bearer token, and explicit settings against DNS rebinding."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
import sys
from collections.abc import Mapping
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bravo_agent.errors import RefusedError, UsageError

TOKEN = "BRAVO_MCP_TOKEN"  # noqa: S105 - the name of a variable
PATH = "/mcp"
_SHORTEST = 16


class Bearer:
    """Lets nobody through who does not bear the token; compared without telling by time how much of it was right."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._wanted = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """401 without the token, else what the server answers."""
        if scope["type"] == "http" and not self._known(scope):
            refused = PlainTextResponse("not authorised", 401, {"WWW-Authenticate": "Bearer"})
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._wanted)


def loopback(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; raises ``RefusedError`` ``host-not-loopback``, ``UsageError``."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise UsageError(
            "http-address-invalid",
            "the address is not HOST:PORT",
            hint="For example 127.0.0.1:8765; port 0 takes a free one.",
        )
    if not _is_loopback(host):
        raise RefusedError(
            "host-not-loopback",
            "the server listens on this machine alone",
            hint="Give 127.0.0.1, ::1 or localhost; from elsewhere come through SSH.",
        )
    return host, int(port)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token_of(environ: Mapping[str, str]) -> tuple[str, bool]:
    """The token, and whether it was made just now; raises ``UsageError`` ``token-too-short``."""
    given = environ.get(TOKEN, "").strip()
    if not given:
        return secrets.token_urlsafe(32), True
    if len(given) < _SHORTEST or not given.isascii() or not given.isprintable() or " " in given:
        raise UsageError(
            "token-too-short",
            f"{TOKEN} is no token of {_SHORTEST} or more signs",
            hint="Leave it out and the server makes one, or set a long random text.",
            where=TOKEN,
        )
    return given, False


def application(server: MCPServer[Any], host: str, port: int, token: str) -> ASGIApp:
    """The server as an ASGI application that answers to these names of this machine, with the token."""
    shown = f"[{host}]" if ":" in host else host
    names = list(
        dict.fromkeys([f"{shown}:{port}", f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"])
    )
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=names,
        allowed_origins=[f"http://{name}" for name in names],
    )
    app = server.streamable_http_app(streamable_http_path=PATH, transport_security=security, host=host)
    return Bearer(app, token)


def serve_http(server: MCPServer[Any], address: str, environ: Mapping[str, str]) -> None:
    """Serves until it is stopped; says on stderr where, and the token where it was made just now."""
    host, port = loopback(address)
    token, made = token_of(environ)
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    print(f"listening on http://{shown}:{port}{PATH}", file=sys.stderr, flush=True)  # noqa: T201
    if made:
        print(f"bearer token (set {TOKEN} to choose one): {token}", file=sys.stderr, flush=True)  # noqa: T201
    config = uvicorn.Config(
        application(server, host, port, token), log_level="warning", access_log=False, lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise UsageError(
            "http-address-taken",
            f"port {port} cannot be listened on ({error.strerror})",
            hint="Choose another; port 0 takes a free one.",
        ) from None
    return found
