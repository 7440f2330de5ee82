"""The served page: routes on loopback, each a thin door over the sitting."""

from __future__ import annotations

import functools
import socket
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from bravo_agent.errors import BravoError
from bravo_agent.review.guard import HEADERS, Guard
from bravo_agent.review.html import Form, asset, change_html, index_html, notice_html
from bravo_agent.review.page import Filters
from bravo_agent.review.sitting import Sitting, fault_of

_MOST_BYTES = 65_536
_TYPES = {"review.css": "text/css", "review.js": "text/javascript"}
_REFUSED = {
    "host": "The request names another host than this machine's loopback address.",
    "origin": "The request comes from another page.",
    "site": "The request comes from another site.",
    "cookie": "This browser has not shown the token, or the review was started anew since. A token is good for one "
    "visit: stop the review and start it again.",
    "token": "This token was used already, or is not the one that the terminal printed. Stop the review and start "
    "it again.",
    "csrf": "The form was not written by this review, or the review was started anew since. Load the page again.",
    "size": "The form is too large.",
}
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Served:
    """A review that waits for its browser."""

    guard: Guard
    server: uvicorn.Server
    listening: socket.socket

    def run(self) -> None:
        """Serves until somebody stops it (ctrl-c raises ``KeyboardInterrupt``), or `stop` is called."""
        self.server.run(sockets=[self.listening])

    def stop(self) -> None:
        """Ends `run`, from another thread."""
        self.server.should_exit = True


def open_review(sitting: Sitting, port: int = 0) -> Served:
    """Listens on 127.0.0.1 (0: on any free port); raises ``OSError`` where the port is taken."""
    listening = socket.create_server(("127.0.0.1", port))
    guard = Guard(listening.getsockname()[1])
    config = uvicorn.Config(
        make_app(sitting, guard),
        log_level="critical",
        # Addresses hold the token.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    return Served(guard, uvicorn.Server(config), listening)


def make_app(sitting: Sitting, guard: Guard) -> Starlette:
    """The application; everything lies under the guard's own path."""
    doors = _Doors(sitting, guard)
    routes = [
        Route("/enter", doors.enter),
        Route("/", doors.kept(doors.index)),
        Route("/assets/{name}", doors.kept(doors.asset)),
        Route("/look", doors.kept(doors.look), methods=["POST"]),
        Route("/changes/{id}", doors.kept(doors.change)),
        Route("/changes/{id}", doors.kept(doors.act), methods=["POST"]),
        Route("/{rest:path}", doors.kept(doors.missing)),
    ]
    return Starlette(
        routes=[Mount(guard.home, routes=routes), Route("/{rest:path}", doors.nothing)],
        exception_handlers={HTTPException: _not_so, Exception: _broken},
    )


@dataclass(frozen=True)
class _Doors:
    """The routes' functions."""

    sitting: Sitting
    guard: Guard

    def kept(self, handler: Handler) -> Handler:
        """``handler`` behind the guard; a failure of ours is a page, never a trace."""

        @functools.wraps(handler)
        async def guarded(request: Request) -> Response:
            if why := self.guard.refusal(request.method, request.headers, request.cookies):
                return _refused(why)
            try:
                return await handler(request)
            except BravoError as error:
                return _notice(error)

        return guarded

    async def nothing(self, request: Request) -> Response:
        """Any other path: nobody is told what there is."""
        return _refused(self.guard.strange(request.method, request.headers) or "cookie")

    async def missing(self, request: Request) -> Response:
        """An address of ours that leads nowhere."""
        return _not_there()

    async def enter(self, request: Request) -> Response:
        """The token for a cookie. The page leads on by itself: a redirect of a link from elsewhere loses the cookie."""
        if why := self.guard.strange(request.method, request.headers):
            return _refused(why)
        if request.method != "GET" or not self.guard.exchange(request.query_params.get("token", "")):
            return _refused("token")
        text = notice_html("Review", "Opening the review", onward=f"{self.guard.home}/")
        return _answer(text, cookie=self.guard.cookie)

    async def asset(self, request: Request) -> Response:
        """The style sheet or the script."""
        name = request.path_params["name"]
        if name not in _TYPES:
            return _not_there()
        return Response(asset(name), media_type=_TYPES[name], headers=dict(HEADERS))

    async def index(self, request: Request) -> Response:
        """The report."""
        asked = request.query_params
        filters = Filters(
            *(asked.get(name, "")[:200] for name in ("severity", "decision", "state", "kind", "text"))
        )
        page = await run_in_threadpool(self.sitting.page, filters)
        return _answer(index_html(page, self.guard.csrf))

    async def look(self, request: Request) -> Response:
        """Detects anew."""
        if isinstance(form := await self._form(request), Response):
            return form
        await run_in_threadpool(self.sitting.look_again)
        return RedirectResponse(f"{self.guard.home}/", 303, headers=dict(HEADERS))

    async def change(self, request: Request) -> Response:
        """One change."""
        return await self._shown(request.path_params["id"], Form(self.guard.csrf))

    async def act(self, request: Request) -> Response:
        """An answer, or a look at what it leads to: the button that was pressed says which."""
        if isinstance(form := await self._form(request), Response):
            return form
        change_id, option = request.path_params["id"], form.get("option", "")
        params = {name[6:]: value for name, value in form.items() if name.startswith("param-")}
        why, read = form.get("rationale", "").strip(), form.get("proposal", "")
        typed = Form(self.guard.csrf, option, why, params)
        try:
            match form.get("do"):
                case "preview":
                    await run_in_threadpool(self.sitting.seen_with, change_id, option, params)
                    return await self._shown(change_id, typed)
                case "answer":
                    await run_in_threadpool(self.sitting.answer, change_id, option, params, why)
                case "accept":
                    await run_in_threadpool(self.sitting.accept, change_id, why, read)
                case "reject":
                    await run_in_threadpool(self.sitting.reject, change_id, read)
                case _:
                    return _refused("csrf")
        except BravoError as error:
            return await self._shown(
                change_id, Form(typed.csrf, option, why, params, fault_of(error)), status=409
            )
        return RedirectResponse(f"{self.guard.home}/changes/{change_id}#answered", 303, headers=dict(HEADERS))

    async def _shown(self, change_id: str, form: Form, status: int = 200) -> Response:
        card = await run_in_threadpool(self.sitting.card, change_id)
        beside = await run_in_threadpool(self.sitting.neighbours, card.id)
        return _answer(change_html(self.sitting.workspace.project.name, card, beside, form), status)

    async def _form(self, request: Request) -> dict[str, str] | Response:
        """The fields of a form that is ours, or the refusal."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                return _refused("size")
        try:
            fields = dict(
                parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
            )
        except ValueError:
            return _refused("csrf")
        return fields if self.guard.is_ours(fields.get("csrf", "")) else _refused("csrf")


def _answer(text: str, status: int = 200, *, cookie: str = "") -> Response:
    headers = {**HEADERS, "set-cookie": cookie} if cookie else dict(HEADERS)
    return HTMLResponse(text, status, headers=headers)


def _refused(why: str) -> Response:
    return _answer(notice_html("Refused", _REFUSED[why], code=why), 403)


def _not_there() -> Response:
    return _answer(notice_html("Nothing here", "There is no such page."), 404)


async def _not_so(request: Request, error: Exception) -> Response:
    return _answer(notice_html("Refused", "This address takes no such request."), 405)


async def _broken(request: Request, error: Exception) -> Response:
    """A fault of bravo-agent itself. Its message may hold row values, so only its type and place are told."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    text = f"An unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}."
    return _answer(notice_html("This did not work", text, code="internal"), 500)


def _notice(error: BravoError) -> Response:
    text = f"{error.message}. What to do: {error.hint}"
    return _answer(
        notice_html("This did not work", text, code=error.code), 404 if "unknown" in error.code else 500
    )
