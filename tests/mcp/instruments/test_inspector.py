"""MCP Inspector: the tools' schemas are portable, and the server bears many calls at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from instruments_kit import ALL_ALLOWED, INSPECTOR, Done, Http, Stdio, named, run

pytestmark = pytest.mark.instruments

ERAS = ("legacy", "modern")
CALLS = 100


def over_stdio(stdio: Stdio, home: Path, *arguments: str) -> Done:
    environ = named(stdio.environ, "-e")
    return run(
        INSPECTOR, *arguments, *environ, "--", sys.executable, *stdio.arguments, *ALL_ALLOWED, home=home
    )


def over_http(http: Http, home: Path, *arguments: str) -> Done:
    where = ("--transport", "http", "--server-url", http.url, "--header", http.header)
    return run(INSPECTOR, *arguments, *where, home=home)


@pytest.mark.parametrize("era", ERAS)
def test_strict(stdio: Stdio, tmp_path: Path, era: str) -> None:
    found = tmp_path / "tools.json"
    done = over_stdio(
        stdio,
        tmp_path,
        *("--protocol-era", era, "--strict", "--method", "tools/list", "--format", "json"),
        *("--output", str(found)),
    )
    assert done.code == 0, done
    # It tells what is not portable on stderr, also where that is no error.
    assert done.err == "", done
    assert len(json.loads(found.read_text(encoding="utf-8"))["tools"]) > 10


def test_strict_is_no_empty_word(tmp_path: Path) -> None:
    server = Path(__file__).with_name("unportable_server.py")
    done = run(
        INSPECTOR, "--strict", "--method", "tools/list", "--", sys.executable, str(server), home=tmp_path
    )
    assert done.code == 6, done


@pytest.mark.parametrize("transport", ["stdio", "http"])
@pytest.mark.parametrize("era", ERAS)
def test_load(stdio: Stdio, http: Http, tmp_path: Path, transport: str, era: str) -> None:
    arguments = (
        *("--protocol-era", era, "--method", "tools/call", "--tool-name", "get_status", "--format", "json"),
        *("--load", "--load-requests", str(CALLS), "--load-concurrency", "20"),
    )
    ask = (
        over_http(http, tmp_path, *arguments)
        if transport == "http"
        else over_stdio(stdio, tmp_path, *arguments)
    )
    assert ask.code == 0, ask
    found = ask.document["result"]
    print(found)
    counts = {name: found[name] for name in ("requests", "ok", "toolErrors", "errors")}
    assert counts == {"requests": CALLS, "ok": CALLS, "toolErrors": 0, "errors": 0}
