"""What runs inside the sandbox: read the request, shut every door, run the function, answer.

Run as a script by ``python -I -S``; it imports nothing of ours. Everything that the code may need is imported
before the doors are shut, because afterwards no file can be opened.
"""

from __future__ import annotations

import base64
import builtins
import json
import os
import resource
import sys
import warnings
from types import CodeType
from typing import Any, NoReturn

_PRELOADED = (
    "_strptime", "datetime", "decimal", "math", "re", "string", "unicodedata", "uuid",
    "encodings.ascii", "encodings.latin_1", "encodings.utf_8", "encodings.utf_16", "encodings.cp1252",
    "bson", "bson.binary", "bson.codec_options", "bson.datetime_ms", "bson.decimal128", "bson.int64",
)  # fmt: skip
_NOBODY = 65534


def main() -> NoReturn:
    """One request from stdin, one answer to the pipe that was stdout."""
    request = json.load(sys.stdin.buffer)
    sys.path[:] = [*sys.path, request["packages"]]
    for name in _PRELOADED:
        __import__(name)
    sys.path.clear()
    warnings.simplefilter("ignore")
    code = compile(request["code"], "transform", "exec", dont_inherit=True)
    rows = _rows(request)
    names = {"__builtins__": {name: getattr(builtins, name) for name in request["builtins"]}}
    names["__builtins__"]["__import__"] = _importer(frozenset(request["modules"]))
    answer = _shut(request["limits"])
    # Only now does anything run that was not written by us.
    sys.addaudithook(_door())
    document = json.dumps(_answers(code, names, rows))
    data = (request["seal"] + document).encode()
    while data:
        data = data[os.write(answer, data) :]
    os._exit(0)


def _rows(request: dict[str, Any]) -> list[Any]:
    # Not at the top: -S knows no site-packages until main has named them.
    from bson import decode
    from bson.codec_options import CodecOptions, DatetimeConversion

    options: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_AUTO)
    # As the reader of a snapshot gives them: a datetime, or DatetimeMS where Python has no such year.
    rows: list[Any] = decode(base64.b64decode(request["rows"]), options)["v"]
    return rows


def _shut(limits: dict[str, int]) -> int:
    """No stdin, stdout or stderr, no new file, no file's growth, no process, no privilege."""
    answer, nothing = os.dup(1), os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    for name, value in limits.items():
        number = getattr(resource, name)
        resource.setrlimit(number, (value, value))
    if os.geteuid() == 0:
        _drop()
    return answer


def _drop() -> None:
    """Limits on processes do not bind root. Inside a user namespace without a map nothing is to be dropped."""
    try:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError:
        os._exit(3)


def _importer(permitted: frozenset[str]) -> Any:
    """Modules that are loaded already, by name; nothing is looked for."""
    loaded = {name: sys.modules[name] for name in permitted}

    def find(
        name: str, globals: Any = None, locals: Any = None, fromlist: tuple[str, ...] = (), level: int = 0
    ) -> Any:
        if level or name not in loaded or ("." in name and not fromlist):
            raise ImportError("not permitted")
        return loaded[name]

    return find


def _door() -> Any:
    """An audit hook that refuses every event but the one ``exec`` that starts the code."""
    left = ["exec"]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in left:
            left.remove(event)
            return
        raise PermissionError("refused in the sandbox: " + event)

    return hook


def _answers(code: CodeType, names: dict[str, Any], rows: list[Any]) -> dict[str, Any]:
    from bson import encode

    try:
        exec(code, names)  # noqa: S102 - this is what the sandbox is for
        function = names["transform"]
    except BaseException as error:  # noqa: BLE001
        return {"failed": type(error).__name__}
    found = []
    for row in rows:
        try:
            value = encode({"v": function(row)})
            found.append({"bson": base64.b64encode(value).decode()})
        except BaseException as error:  # noqa: BLE001
            found.append({"error": type(error).__name__})
    return {"rows": found}


main()
