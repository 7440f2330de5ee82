"""A pytest plugin for another project's interpreter: what became of each test, and which tokens used a field.

It needs Python 3.11 or later, pytest and Pydantic, nothing else. ``BRAVO_OUTCOMES`` names the file for the outcomes;
``BRAVO_TRACE`` one that holds ``{"tree": FOLDER, "modules": [...], "names": [...], "out": FILE}``: every Pydantic class
of these modules gets a data descriptor for each of its fields that is named so, and the instruction that read or wrote
it says where its token stands (``co_positions``). Keywords are found at the call that made the instance.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import json
import os
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pydantic.main
import pytest
from pydantic import BaseModel

_Place = tuple[str, int, int]


class Outcomes:
    """Keeps the worst outcome of each test."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Setup, call and teardown each report; a test that was skipped is not one that passed."""
        before = self._found.get(report.nodeid, "passed")
        self._found[report.nodeid] = report.outcome if report.outcome != "passed" else before

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected counts as a failed test."""
        if report.failed:
            self._found[report.nodeid or "."] = "failed"

    def pytest_sessionfinish(self) -> None:
        """Writes them."""
        self._path.write_text(json.dumps(self._found, sort_keys=True))


class Trace:
    """Who used which field, by token; ``used`` has for each the classes of the values."""

    current: ClassVar[Trace | None] = None

    def __init__(self, tree: Path, modules: list[str], names: list[str], out: Path) -> None:
        self._tree = str(tree.resolve()) + os.sep
        self._modules = modules
        self._names = names
        self._out = out
        self._texts: dict[str, list[bytes]] = {}
        self._calls: dict[str, dict[tuple[int, int], ast.Call]] = {}
        self._code: dict[tuple[Any, int, str], _Place | None] = {}
        self.used: dict[tuple[_Place, str], set[tuple[str, ...]]] = {}

    def pytest_sessionstart(self) -> None:
        """The project's modules are imported before the tests, so that their classes are there."""
        for name in self._modules:
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001 - a module that needs what is not installed
                sys.stderr.write(f"{name} cannot be imported: {error}\n")
        for kind in list(_subclasses(BaseModel)):
            if kind.__module__ in self._modules:
                self._watch(kind)
        _watch_calls()
        Trace.current = self

    def _watch(self, kind: type[BaseModel]) -> None:
        own = vars(kind).get("__annotations__", {})
        for name in self._names:
            if name in kind.model_fields and name in own and name not in vars(kind):
                type.__setattr__(kind, name, _Watched(self, name))

    def pytest_sessionfinish(self) -> None:
        """Writes what was seen."""
        found = [
            {"file": place[0], "line": place[1], "column": place[2], "name": name, "classes": sorted(kinds)}
            for (place, name), kinds in sorted(self.used.items())
        ]
        self._out.write_text(json.dumps(found))

    # -- attributes -------------------------------------------------------------------------------------

    def saw(self, frame: types.FrameType | None, name: str, value: object) -> None:
        """``frame`` used the field ``name`` of ``value``."""
        if frame is None or not frame.f_code.co_filename.startswith(self._tree):
            return
        key = frame.f_code, frame.f_lasti, name
        if key not in self._code:
            self._code[key] = self._place(frame, name)
        self._add(self._code[key], name, value)

    def set(self, frame: types.FrameType | None, name: str, value: BaseModel) -> None:
        """``frame`` gave ``value`` a new value of something."""
        if name in self._names and name in type(value).model_fields:
            self.saw(frame, name, value)

    def _add(self, place: _Place | None, name: str, value: object) -> None:
        if place is not None:
            kinds = tuple(f"{one.__module__}:{one.__qualname__}" for one in type(value).__mro__)
            self.used.setdefault((place, name), set()).add(kinds)

    def _place(self, frame: types.FrameType, name: str) -> _Place | None:
        span = _span(frame)
        if span is None:
            return None
        lines = self._lines(frame.f_code.co_filename)
        _, (last, end) = span
        if last > len(lines):
            return None  # code that was made at run time, under the name of a file
        word = name.encode()
        if lines[last - 1][end - len(word) : end] == word:
            return self._at(frame.f_code.co_filename, last, end - len(word))
        found = list(_words(lines, span, word))
        return self._at(frame.f_code.co_filename, *found[0]) if len(found) == 1 else None

    def _lines(self, file: str) -> list[bytes]:
        if file not in self._texts:
            try:
                data = Path(file).read_bytes().removeprefix(b"\xef\xbb\xbf")
            except OSError:
                data = b""
            self._texts[file] = re.split(rb"\r\n|\r|\n", data)
        return self._texts[file]

    def _at(self, file: str, line: int, column: int) -> _Place:
        """Columns are bytes there, and characters outside."""
        before = self._lines(file)[line - 1][:column].decode("utf-8", "replace")
        return file.removeprefix(self._tree), line, len(before)

    # -- keywords ---------------------------------------------------------------------------------------

    def made(self, frame: types.FrameType | None, value: BaseModel, data: dict[str, Any]) -> None:
        """``frame`` made ``value`` by a call with these keywords."""
        while frame is not None and frame.f_code.co_name == "__init__" and _first(frame) is value:
            frame = frame.f_back  # an __init__ of its own hands on what its caller gave
        if frame is None or not frame.f_code.co_filename.startswith(self._tree):
            return
        asked = [one for one in self._names if one in data and one in type(value).model_fields]
        span = _span(frame) if asked else None
        call = self._call(frame.f_code.co_filename, span[1]) if span is not None else None
        for one in call.keywords if call is not None else ():
            if one.arg in asked:
                self._add(self._at(frame.f_code.co_filename, one.lineno, one.col_offset), one.arg, value)

    def _call(self, file: str, end: tuple[int, int]) -> ast.Call | None:
        """The call that ends there: no two end at one place."""
        if file not in self._calls:
            try:
                tree = ast.parse(b"\n".join(self._lines(file)))
            except SyntaxError:
                tree = ast.Module([], [])
            calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
            self._calls[file] = {(node.end_lineno or 0, node.end_col_offset or 0): node for node in calls}
        return self._calls[file].get(end)


class _Watched:
    """Stands on a class in place of a field; the values stay where Pydantic keeps them."""

    def __init__(self, trace: Trace, name: str) -> None:
        self._trace = trace
        self._name = name

    def __get__(self, value: Any, owner: type | None = None) -> Any:
        if value is None or self._name not in vars(value):
            raise AttributeError(self._name)
        self._trace.saw(sys._getframe(1), self._name, value)
        return vars(value)[self._name]

    def __set__(self, value: Any, given: Any) -> None:
        vars(value)[self._name] = given

    def __delete__(self, value: Any) -> None:
        del vars(value)[self._name]


def _watch_calls() -> None:
    """``BaseModel.__init__`` and ``__setattr__`` tell of each call; the functions themselves stay the same ones.

    Pydantic asks whether a class has an ``__init__`` of its own, so that it may not be replaced.
    """
    for function, hook in ((BaseModel.__init__, _told_init), (BaseModel.__setattr__, _told_setattr)):
        assert isinstance(function, types.FunctionType)
        copy = types.FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__
        )
        copy.__kwdefaults__ = function.__kwdefaults__
        vars(pydantic.main)[f"_bravo_{function.__name__}"] = copy
        vars(pydantic.main)["_bravo_trace"] = Trace
        vars(pydantic.main)["_bravo_frame"] = sys._getframe
        function.__code__ = hook.__code__


def _told_init(self: BaseModel, /, **data: Any) -> None:
    __tracebackhide__ = True
    if _bravo_trace.current is not None:  # type: ignore[name-defined]  # noqa: F821
        _bravo_trace.current.made(_bravo_frame(1), self, data)  # type: ignore[name-defined]  # noqa: F821
    _bravo___init__(self, **data)  # type: ignore[name-defined]  # noqa: F821


def _told_setattr(self: BaseModel, name: str, value: Any) -> None:
    if _bravo_trace.current is not None:  # type: ignore[name-defined]  # noqa: F821
        _bravo_trace.current.set(_bravo_frame(1), name, self)  # type: ignore[name-defined]  # noqa: F821
    _bravo___setattr__(self, name, value)  # type: ignore[name-defined]  # noqa: F821


def _first(frame: types.FrameType) -> object:
    names = frame.f_code.co_varnames
    return frame.f_locals.get(names[0]) if names else None


def _span(frame: types.FrameType) -> tuple[tuple[int, int], tuple[int, int]] | None:
    positions = frame.f_code.co_positions()
    line, end_line, column, end = next(itertools.islice(positions, frame.f_lasti // 2, None), (None,) * 4)
    if line is None or end_line is None or column is None or end is None:
        return None
    return (line, column), (end_line, end)


def _words(
    lines: list[bytes], span: tuple[tuple[int, int], tuple[int, int]], word: bytes
) -> Iterator[tuple[int, int]]:
    (first, start), (last, end) = span
    for number in range(first, last + 1):
        low, high = start if number == first else 0, end if number == last else len(lines[number - 1])
        for found in re.finditer(rb"\b%s\b" % re.escape(word), lines[number - 1][:high]):
            if found.start() >= low:
                yield number, found.start()


def _subclasses(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


def pytest_configure(config: pytest.Config) -> None:
    """Only what the environment asks for."""
    if path := os.environ.get("BRAVO_OUTCOMES"):
        config.pluginmanager.register(Outcomes(Path(path)), "bravo-outcomes")
    if path := os.environ.get("BRAVO_TRACE"):
        asked = json.loads(Path(path).read_text())
        trace = Trace(Path(asked["tree"]), asked["modules"], asked["names"], Path(asked["out"]))
        config.pluginmanager.register(trace, "bravo-trace")
