"""Who may speak to the page: token, cookie, host, origin, forms; what is refused changes nothing."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from review_scene import Project

from bravo_agent.review.server import Served

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Client:
    """Requests with nothing added; ``cookie`` is what the browser would keep."""

    def __init__(self, served: Served) -> None:
        self.guard = served.guard
        self.home = served.guard.home
        self.cookie = ""

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            told.setdefault("cookie", self.cookie)
        connection = http.client.HTTPConnection("127.0.0.1", self.guard.port, timeout=60)
        try:
            connection.request(method, path, body, {**(FORM if body is not None else {}), **told})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def enter(self) -> Client:
        status, headers, _ = self.ask(urlsplit(self.guard.url).path + "?" + urlsplit(self.guard.url).query)
        assert status == 200
        self.cookie = headers["set-cookie"].partition(";")[0]
        return self

    def post(self, change_id: str, **fields: str) -> int:
        """A form as a browser on the page sends it, but for what ``fields`` say."""
        own = {"csrf": self.guard.csrf, "option": "make-optional", "do": "answer"}
        origin = fields.pop("origin", f"http://127.0.0.1:{self.guard.port}")
        sent = {name: value for name, value in {**own, **fields}.items() if value != "-"}
        headers = {"origin": origin} if origin != "-" else {}
        return self.ask(f"{self.home}/changes/{change_id}", "POST", urlencode(sent), **headers)[0]


@pytest.fixture
def client(project: Project) -> Iterator[Client]:
    with project.served() as served:
        yield Client(served)


def test_the_token_is_good_once(client: Client) -> None:
    address = urlsplit(client.guard.url)
    asked = f"{address.path}?{address.query}"
    assert client.ask(asked, "HEAD")[0] == 403
    status, headers, text = client.ask(asked)
    assert status == 200
    kept = headers["set-cookie"]
    assert re.fullmatch(rf"bravo-review-\d+=[\w-]{{43}}; Path={client.home}; HttpOnly; SameSite=Strict", kept)
    assert f'content="0;url={client.home}/"' in text
    again, headers, text = client.ask(asked)
    assert (again, "set-cookie" in headers) == (403, False)
    assert "used already" in text
    assert "token=" + address.query.removeprefix("token=") not in client.guard.url
    client.cookie = kept.partition(";")[0]
    assert client.ask(f"{client.home}/")[0] == 200


@pytest.mark.parametrize("given", ["", "token=", "token=guess", "token=%ff", "other=1"])
def test_a_guess_is_refused_and_does_not_use_the_token_up(client: Client, given: str) -> None:
    assert client.ask(f"{client.home}/enter?{given}")[0] == 403
    client.enter()


@pytest.mark.parametrize("cookie", ["", "bravo-review-1=x", "-=x"])
def test_without_the_cookie_nothing_is_shown(client: Client, cookie: str) -> None:
    own = client.enter().cookie
    client.cookie = cookie.replace("-=", own.partition("=")[0] + "=")
    for path in ("/", "/changes/abc", "/assets/review.css", "/nothing"):
        status, headers, text = client.ask(client.home + path)
        assert status == 403
        assert "campaigns" not in text
        assert headers["cache-control"] == "no-store"


def test_another_path_tells_nothing(client: Client) -> None:
    client.enter()
    for path in ("/", "/changes/x", "/enter?token=x", "/assets/review.css"):
        assert client.ask(path)[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""])
def test_another_host_is_refused(client: Client, host: str) -> None:
    address = urlsplit(client.guard.url)
    assert client.ask(f"{address.path}?{address.query}", host=host)[0] in (400, 403)
    client.enter()
    assert client.ask(f"{client.home}/", host=host)[0] in (400, 403)
    assert client.ask(f"{client.home}/", host=f"localhost:{client.guard.port}")[0] == 200


def test_another_origin_is_refused(client: Client, project: Project) -> None:
    client.enter()
    change = project.only("score").id
    other = f"http://127.0.0.1:{client.guard.port + 1}"
    for origin in ("-", "null", "http://evil.example", other, f"https://127.0.0.1:{client.guard.port}"):
        assert client.post(change, origin=origin) == 403
    assert client.ask(f"{client.home}/", origin="http://evil.example")[0] == 403
    for site in ("cross-site", "same-site"):
        assert client.ask(f"{client.home}/", sec_fetch_site=site)[0] == 403
    assert project.records() == []


def test_a_form_of_somebody_else_is_refused(client: Client, project: Project) -> None:
    client.enter()
    change = project.only("score").id
    for csrf in ("-", "", "x" * 43, "é"):
        assert client.post(change, csrf=csrf) == 403
    assert client.post(change, do="whatever") == 403
    assert client.post(change, rationale="x" * 70_000) == 403
    own = f"http://127.0.0.1:{client.guard.port}"
    assert client.ask(f"{client.home}/changes/{change}", "POST", "%ff=%ff", origin=own)[0] == 403
    assert client.ask(f"{client.home}/look", "POST", "", origin=own)[0] == 403
    assert project.records() == []
    assert client.post(change) == 303
    assert [one["option"] for one in project.records()] == ["make-optional"]


def test_headers_of_every_answer(client: Client) -> None:
    client.enter()
    paths = (
        "/",
        "/assets/review.css",
        "/assets/review.js",
        "/assets/x",
        "/changes/ffffffff",
        "/enter",
        "/look",
    )
    for path in paths:
        _, headers, _ = client.ask(client.home + path)
        assert headers["cache-control"] == "no-store", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


def test_a_fault_of_ours_tells_no_message(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.enter()
    (project.folder / "bravo.catalog.json").write_text("{")
    status, _, text = client.ask(f"{client.home}/")
    assert (status, "file-unreadable" in text) == (500, True)

    def fails(self: object, *rest: object, **more: object) -> None:
        raise RuntimeError("a value of a row")

    monkeypatch.setattr("bravo_agent.review.sitting.Sitting.page", fails)
    status, headers, text = client.ask(f"{client.home}/")
    assert (status, "RuntimeError" in text, "a value" in text) == (500, True, False)
    assert headers["cache-control"] == "no-store"


def test_it_listens_on_loopback_alone(project: Project) -> None:
    with project.served() as served:
        assert served.listening.getsockname() == ("127.0.0.1", served.guard.port)


def test_what_is_wrong_is_told_with_code_and_hint(client: Client, project: Project) -> None:
    client.enter()
    own = f"http://127.0.0.1:{client.guard.port}"
    change = project.only("score").id

    def told(**fields: str) -> tuple[int, str]:
        body = urlencode({"csrf": client.guard.csrf, "do": "answer", **fields})
        return client.ask(f"{client.home}/changes/{change}", "POST", body, origin=own)[::2]

    for fields, code in (
        ({"option": "shrug"}, "option-unknown"),
        ({"option": "default"}, "option-params"),
        ({"option": "default", "param-value": "1000"}, "param-invalid"),
        ({"do": "accept"}, "proposal-none"),
        ({"do": "reject"}, "proposal-none"),
    ):
        status, text = told(**fields)
        assert (status, code in text) == (409, True), fields
        assert "What to do: " in text
    assert project.records() == []
    status, _, text = client.ask(f"{client.home}/changes/ffffffff")
    assert (status, "change-unknown" in text) == (404, True)
