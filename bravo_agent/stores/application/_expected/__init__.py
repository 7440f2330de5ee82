# ruff: noqa: BLE001, PTH118, PTH123, SIM102, UP006, UP035, UP045
"""A pytest plugin that runs in the application's own interpreter: what fails, and which written value it differs from.

Self-contained on purpose, and in the spelling of older Pythons: the folder is copied beside the application, and
nothing of bravo-agent can be imported here. It changes no outcome and writes to ``_BRAVO_EXPECTED`` alone, one file of
JSON lines per process:

- ``{"test": id, "outcome": "passed" | "failed" | "skipped" | "error", "file": ..., "line": ...}``
- ``{"compared": id, "leaves": [...], "why": ..., "file": ..., "line": ...}`` of a comparison that failed
- ``{"foreign": [...]}``: modules that come from the project itself and not from the copy that is tested
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, Iterator, List, Optional

import pytest

from ._data import Documents
from ._follow import Follower
from ._names import Scope
from ._sources import Leaf, Source, Unclear


def pytest_configure(config: Any) -> None:
    """Watch where a folder for what is seen is named."""
    folder = os.environ.get("_BRAVO_EXPECTED")
    if folder and not config.pluginmanager.has_plugin("bravo-expected-watch"):
        config.pluginmanager.register(Watch(folder), "bravo-expected-watch")


class Watch:
    """What happens in one process."""

    def __init__(self, folder: str) -> None:
        self._root = os.path.realpath(os.environ["_BRAVO_EXPECTED_ROOT"])
        self._original = os.environ.get("_BRAVO_EXPECTED_ORIGINAL", "")
        self._only = json.loads(os.environ.get("_BRAVO_EXPECTED_ONLY", "null"))
        self._out = os.path.join(folder, f"{os.getpid()}.jsonl")
        self._documents = Documents(self._root)
        self._follower = Follower(self._documents, os.path.join(self._root, ""))
        self._item: Any = None
        self._outcomes: Dict[str, Dict[str, Any]] = {}
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: Any) -> None:
        if event == "open" and isinstance(arguments[0], str):
            self._documents.note(arguments[0])

    def _tell(self, told: Dict[str, Any]) -> None:
        with open(self._out, "a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")

    # -- what pytest calls --------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: Any, items: List[Any]) -> None:
        """Only the tests that are asked for; what stands in brackets behind a name follows its parameters."""
        if self._only is None:
            return
        wanted = set(self._only)
        gone = [item for item in items if base_name(item.nodeid) not in wanted]
        if gone:
            config.hook.pytest_deselected(items=gone)
            items[:] = [item for item in items if base_name(item.nodeid) in wanted]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Which test runs."""
        self._item = item
        yield
        self._item = None

    def pytest_assertrepr_compare(self, op: str, left: Any, right: Any) -> None:
        """Called while an assertion fails, with the values themselves."""
        if self._item is not None:
            self._compared(op, left, right)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[None]:
        """``assertEqual`` of unittest: its arguments are in its frame, once pytest has put the exception here."""
        yield
        if call.when == "call" and call.excinfo is not None:
            self._unittest(call.excinfo.tb)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """The outcome of a test; a fixture that fails makes an error of it."""
        known = self._outcomes.get(report.nodeid, {"outcome": "skipped"})
        outcome = known["outcome"]
        if report.failed:
            outcome = "failed" if report.when == "call" and outcome != "error" else "error"
        elif report.passed and report.when == "call":
            outcome = "passed"
        file, line = self._place(report) if report.failed else (known.get("file"), known.get("line"))
        self._outcomes[report.nodeid] = {
            "test": report.nodeid,
            "outcome": outcome,
            "file": file,
            "line": line,
        }
        if report.when == "teardown":
            self._tell(self._outcomes.pop(report.nodeid))

    def pytest_collectreport(self, report: Any) -> None:
        """A file that cannot be collected counts as a test that fails."""
        if report.failed:
            self._tell({"test": report.nodeid, "outcome": "error", "file": report.nodeid, "line": 1})

    def pytest_sessionfinish(self) -> None:
        """Where the application's modules came from."""
        if self._original:
            start = os.path.join(os.path.realpath(self._original), "")
            self._tell({"foreign": sorted(self._foreign(start))})

    # -- what is made of it -------------------------------------------------------------------------

    def _foreign(self, start: str) -> Iterator[str]:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and os.path.realpath(file).startswith(start):
                if "site-packages" not in file and not os.path.realpath(file).startswith(self._root):
                    yield name

    def _place(self, report: Any) -> Any:
        entries = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", [])
        for entry in reversed(entries):
            found = getattr(entry, "reprfileloc", None)
            if found is None:
                continue
            path = os.path.realpath(os.path.join(self._root, found.path))
            if path.startswith(os.path.join(self._root, "")) and "site-packages" not in path:
                return self._relative(path), found.lineno
        return report.location[0], (report.location[1] or 0) + 1

    def _compared(self, op: str, left: Any, right: Any) -> None:
        frame = _asserting_frame()
        if frame is None:
            return
        line = frame.f_lineno
        try:
            source = Source.of(frame.f_code.co_filename)
            sides = _sides(source.asserted(line), op)
            scope = Scope(source, source.function(line), frame.f_locals, frame.f_globals, self._item)
            leaves = self._follower.either([(sides[0], left), (sides[1], right)], scope)
        except Unclear as unclear:
            self._tell_compared(frame, [], str(unclear))
        except Exception as error:  # never in the way of the tests
            self._tell_compared(frame, [], f"it is not understood ({type(error).__name__})")
        else:
            self._tell_compared(frame, leaves, "")

    def _unittest(self, trace: Any) -> None:
        before: Any = None
        while trace is not None:
            name = trace.tb_frame.f_code.co_name
            if name in ("assertEqual", "assertEquals") and before is not None:
                break
            before, trace = trace.tb_frame, trace.tb_next
        if trace is None:
            return
        given = trace.tb_frame.f_locals
        try:
            source = Source.of(before.f_code.co_filename)
            call = source.call(before.f_lineno, trace.tb_frame.f_code.co_name)
            scope = Scope(source, source.function(call.lineno), before.f_locals, before.f_globals, self._item)
            sides = [(call.args[0], given["first"]), (call.args[1], given["second"])]
            self._tell_compared(before, self._follower.either(sides, scope), "")
        except Unclear as unclear:
            self._tell_compared(before, [], str(unclear))
        except Exception as error:  # never in the way of the tests
            self._tell_compared(before, [], f"it is not understood ({type(error).__name__})")

    def _tell_compared(self, frame: Any, leaves: List[Leaf], why: str) -> None:
        told = [{**leaf.told, "file": self._relative(leaf.told["file"])} for leaf in leaves]
        place = {"file": self._relative(frame.f_code.co_filename), "line": frame.f_lineno}
        self._tell({"compared": self._item.nodeid, "leaves": told, "why": why, **place})

    def _relative(self, file: Any) -> str:
        return os.path.relpath(os.path.realpath(file), self._root).replace(os.sep, "/")


def base_name(test: str) -> str:
    """The test's id without its parameters."""
    return test.split("[", 1)[0]


def _asserting_frame() -> Optional[Any]:
    """The frame of the assertion that pytest explains right now."""
    frame: Any = sys._getframe()
    while frame is not None and frame.f_code.co_name != "_call_reprcompare":
        frame = frame.f_back
    return None if frame is None else frame.f_back


def _sides(asserted: Any, op: str) -> Any:
    """The two expressions of the only comparison; raises ``Unclear``."""
    import ast

    if op != "==":
        raise Unclear(f"it is no comparison for equality but {op}")
    test = asserted.test
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    equal = [one for one in parts if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Eq)]
    if len(equal) != 1 or len(equal[0].ops) != 1:
        raise Unclear("the assertion holds more than one comparison")
    return equal[0].left, equal[0].comparators[0]
