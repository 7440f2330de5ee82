"""A way to a server that can be cut: what a network does in the middle of the work."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes to the server of ``uri`` until it is cut, and again once it is mended; always on the same port."""

    def __init__(self, uri: str) -> None:
        place = urlsplit(uri)
        assert place.hostname
        self._server = (place.hostname, place.port or 27017)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self._pairs: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self) -> str:
        """For a client that asks nobody else."""
        host, port = self._listener.getsockname()
        return f"mongodb://{host}:{port}/?directConnection=true&serverSelectionTimeoutMS=1000"

    def cut(self) -> None:
        """Every connection breaks, and new ones do too."""
        self._open = False
        for one in self._pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """New connections get through."""
        self._open = True

    def close(self) -> None:
        """Nothing listens any more, and nothing is left open."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._pairs:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                client.close()
                continue
            server = socket.create_connection(self._server)
            self._pairs += [client, server]
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65_536):
            other.sendall(data)
    except OSError:
        pass
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
