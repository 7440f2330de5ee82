"""Who may speak to the page: this machine's browser, once it has shown the token that the terminal printed.

A page of another site, or of another program on this machine, cannot read it or answer in somebody's name: the host
and the origin have to be ours, the cookie is not sent from elsewhere and lives under a path that nobody else knows,
and a form carries a second token.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Not no-referrer: with it a browser hides the origin of our own forms too.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def _token() -> str:
    return secrets.token_urlsafe(32)


@dataclass
class Guard:
    """The secrets of one sitting. Cookies know no ports: the path keeps ours from other programs on this machine."""

    port: int
    home: str = field(default_factory=lambda: f"/{secrets.token_urlsafe(12)}")
    csrf: str = field(default_factory=_token, repr=False)
    _once: str | None = field(default_factory=_token, repr=False)
    _session: str = field(default_factory=_token, repr=False)

    @property
    def url(self) -> str:
        """Where a browser begins; good for one visit."""
        return f"http://127.0.0.1:{self.port}{self.home}/enter?token={self._once or ''}"

    @property
    def cookie(self) -> str:
        """The session as a header has it."""
        return f"{self.cookie_name}={self._session}; Path={self.home}; HttpOnly; SameSite=Strict"

    @property
    def cookie_name(self) -> str:
        """Of this port: several reviews may be open."""
        return f"bravo-review-{self.port}"

    def exchange(self, token: str) -> bool:
        """Whether the token is the one; afterwards it is dead."""
        if self._once is None or not _same(token, self._once):
            return False
        self._once = None
        return True

    def refusal(self, method: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> str | None:
        """Why a request is refused, or None; the token's own page needs no cookie, so it asks `strange` alone."""
        if wrong := self.strange(method, headers):
            return wrong
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "site"
        return None if _same(cookies.get(self.cookie_name, ""), self._session) else "cookie"

    def strange(self, method: str, headers: Mapping[str, str]) -> str | None:
        """Whether host or origin is not ours."""
        hosts = (f"127.0.0.1:{self.port}", f"localhost:{self.port}")
        host = headers.get("host", "").casefold()
        if host not in hosts:
            return "host"
        origin = headers.get("origin")
        if origin is None:
            return "origin" if method not in ("GET", "HEAD") else None
        return None if origin == f"http://{host}" else "origin"

    def is_ours(self, csrf: str) -> bool:
        """Whether a form is one that we have written."""
        return _same(csrf, self.csrf)


def _same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode(), wanted.encode())
