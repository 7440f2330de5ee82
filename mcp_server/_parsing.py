"""One syntax tree at a time, in a process where many threads read the application's code.

CPython counts the depth of a tree under construction per interpreter, not per thread: on 3.11 two threads in
``ast.parse`` at once now and then raise SystemError "AST constructor recursion depth mismatch"
(https://github.com/python/cpython/issues/106905). No other front end reads code in two threads, so the lock is put
around the function here, once, instead of around each of its callers. ``ast.literal_eval`` goes through it too.
"""

from __future__ import annotations

import ast
import functools
import threading
from typing import Any

_LOCK = threading.RLock()


def one_parse_at_a_time() -> None:
    """Puts the lock around ``ast.parse``; twice is once."""
    parse: Any = ast.parse
    if hasattr(parse, "__wrapped__"):
        return

    @functools.wraps(parse)
    def locked(*arguments: Any, **keywords: Any) -> Any:
        with _LOCK:
            return parse(*arguments, **keywords)

    setattr(ast, "parse", locked)  # noqa: B010 - mypy knows the function's type, and this is another one
