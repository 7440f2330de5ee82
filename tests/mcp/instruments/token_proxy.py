"""Puts the bearer token on requests of an instrument that cannot, and changes nothing else.

It is a relay between two ports of this machine, for tests alone: the server it leads to is the real one, with its
token and its checks. ``Host`` and ``Origin`` that name this relay are made to name the server; every other value of
them goes through as it is, so that the server's own protection answers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

_MOST = 1 << 20


@dataclass(frozen=True)
class _Relay:
    host: str
    port: int
    token: str

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one connection: what follows its head is passed on unread, in both directions."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        own = writer.get_extra_info("sockname")[1]
        there, onward = await asyncio.open_connection(self.host, self.port, limit=_MOST)
        onward.write(self._head(head, own))
        # The answer's end ends the request too: whoever asks again opens a new connection.
        asking = asyncio.create_task(_pump(reader, onward))
        await _pump(there, writer)
        asking.cancel()
        onward.close()

    def _head(self, head: bytes, own: int) -> bytes:
        first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        kept = [self._named(line, own) for line in lines if not line.lower().startswith(b"connection:")]
        ours = (f"Authorization: Bearer {self.token}".encode(), b"Connection: close")
        return b"\r\n".join((first, *kept, *ours)) + b"\r\n\r\n"

    def _named(self, line: bytes, own: int) -> bytes:
        if line.lower().startswith((b"host:", b"origin:")):
            for name in (b"127.0.0.1", b"localhost"):
                if line.endswith(name + f":{own}".encode()):
                    return line.removesuffix(str(own).encode()) + str(self.port).encode()
        return line


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
        writer.close()
    except ConnectionError:
        writer.close()


@contextmanager
def bearing(url: str, token: str) -> Iterator[str]:
    """The address under which ``url`` answers as if every request bore the token."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    relay = _Relay(parts.hostname, parts.port, token)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        begun = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(relay.pass_on, "127.0.0.1", 0, limit=_MOST), loop
        )
        server = begun.result(timeout=30)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{parts.path}"
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(timeout=30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
