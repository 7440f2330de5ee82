"""A type checker asked, token by token, where a name is defined. It reads files and never writes or runs them.

The checker is ty, spoken to over the language server protocol. It needs the application's own interpreter: without
the installed packages a fifth of the answers is missing, and nothing says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from ty import find_ty_bin

from bravo_agent.model.code import Point
from bravo_agent.stores.language_server.connection import Connection, failed

_ENCODING = "utf-32"  # columns in code points, as libcst and ast have them
_IN_FLIGHT = 256
_WITHHELD = ("BRAVO_SOURCE_URI", "BRAVO_TARGET_URI", "BRAVO_MASK_KEY", "ANTHROPIC_API_KEY")


def checker_version() -> str:
    """Name and version of the checker: what its answers depend on besides the code."""
    return f"ty {metadata.version('ty')}"


class DefinitionServer:
    """One process of the checker for ``project``; a context manager. ``texts`` (file -> text) go before the disk.

    ``python``: the application's interpreter. ``timeout``: seconds without any answer after which it has failed.
    All questions raise ``FailedError`` ``type-checker-failed``.
    """

    def __init__(
        self, project: Path, texts: Mapping[str, str], *, python: str | None = None, timeout: float = 60.0
    ) -> None:
        self._project = project.resolve()
        self._connection = Connection([_binary(), "server"], self._project, _environment(python), timeout)
        try:
            self._initialize()
            for file, text in texts.items():
                self._connection.tell("textDocument/didOpen", {"textDocument": self._document(file, text)})
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> DefinitionServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def definitions(self, tokens: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
        """For each token the places that define it, sorted; none where the checker cannot tell.

        A place outside the project has an absolute path.
        """
        return self._places("textDocument/definition", tokens)

    def types(self, tokens: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
        """For each expression, by a sign of its last name, the places that define its type, sorted.

        Of a class or a function that is the class or the function, and of nothing that is called its result.
        """
        return self._places("textDocument/typeDefinition", tokens)

    def diagnostics(self, files: Sequence[str]) -> tuple[tuple[str, int, str, str], ...]:
        """(file, line, rule, message) of every error in the opened ``files``, sorted."""
        found = []
        for start in range(0, len(files), _IN_FLIGHT):
            asked = [
                (
                    file,
                    self._connection.ask(
                        "textDocument/diagnostic", {"textDocument": {"uri": self._uri(file)}}
                    ),
                )
                for file in files[start : start + _IN_FLIGHT]
            ]
            for file, number in asked:
                for one in (self._connection.wait(number) or {}).get("items", []):
                    if one.get("severity") == 1:
                        line = one["range"]["start"]["line"] + 1
                        found.append((file, line, str(one.get("code", "")), one["message"]))
        return tuple(sorted(found))

    def _places(self, method: str, tokens: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
        found: list[tuple[Point, ...]] = []
        for start in range(0, len(tokens), _IN_FLIGHT):
            asked = [
                self._connection.ask(method, self._position(token))
                for token in tokens[start : start + _IN_FLIGHT]
            ]
            found += [self._landings(self._connection.wait(number)) for number in asked]
        return tuple(found)

    def _initialize(self) -> None:
        root = self._project.as_uri()
        asked = self._connection.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "project"}],
                "capabilities": {
                    "general": {"positionEncodings": [_ENCODING]},
                    "textDocument": {
                        "definition": {"linkSupport": True},
                        "typeDefinition": {"linkSupport": True},
                        "diagnostic": {},
                    },
                },
            },
        )
        answer = self._connection.wait(asked)
        encoding = (answer or {}).get("capabilities", {}).get("positionEncoding")
        if encoding != _ENCODING:
            raise failed(f"it counts columns in {encoding or 'utf-16'}")
        self._connection.tell("initialized", {})

    # -- places ----------------------------------------------------------------------------------------

    def _document(self, file: str, text: str) -> dict[str, Any]:
        return {"uri": self._uri(file), "languageId": "python", "version": 1, "text": text}

    def _uri(self, file: str) -> str:
        return (self._project / file).as_uri()

    def _position(self, token: Point) -> dict[str, Any]:
        place = {"line": token.line - 1, "character": token.column}
        return {"textDocument": {"uri": self._uri(token.file)}, "position": place}

    def _landings(self, answer: Any) -> tuple[Point, ...]:
        links = answer if isinstance(answer, list) else [answer] if answer else []
        return tuple(sorted({self._landing(link) for link in links}, key=_by_place))

    def _landing(self, link: dict[str, Any]) -> Point:
        path = Path(unquote(urlsplit(link.get("targetUri") or link["uri"]).path))
        start = (link.get("targetSelectionRange") or link["range"])["start"]
        inside = path.is_relative_to(self._project)
        file = path.relative_to(self._project).as_posix() if inside else str(path)
        return Point(file, start["line"] + 1, start["character"])


def _by_place(one: Point) -> tuple[str, int, int]:
    return one.file, one.line, one.column


def _binary() -> str:
    try:
        return find_ty_bin()
    except FileNotFoundError:
        raise failed("it is not installed") from None


def _environment(python: str | None) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in _WITHHELD}
    own.pop("PYTHONPATH", None)
    if python is not None:
        own["VIRTUAL_ENV"] = str(Path(python).parent.parent)
    return own
