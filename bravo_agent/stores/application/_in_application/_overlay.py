# ruff: noqa: PTH110, PTH118, PTH120, RUF012, UP006, UP035, UP045
"""Texts that go before what is on disk when the application is imported."""

import importlib.machinery
import importlib.util
import os
import sys
from typing import Any, Dict, Mapping, Optional, Sequence


def overlay(texts: Mapping[str, str]) -> None:
    """``texts`` (path -> text) are what the files of these paths say from now on."""
    _Loader.texts = {os.path.realpath(path): text for path, text in texts.items()}
    if _Loader.texts:
        sys.meta_path.insert(0, _Finder)


class _Loader(importlib.machinery.SourceFileLoader):
    """Gives the overlaid text of a file, and neither reads nor writes bytecode."""

    texts: Dict[str, str] = {}

    def get_data(self, path: str) -> bytes:
        text = self.texts.get(os.path.realpath(path))
        return super().get_data(path) if text is None else text.encode("utf-8")

    def path_stats(self, path: str) -> Any:
        raise OSError("no bytecode for an overlaid file")


class _Finder:
    """Finds modules among the overlaid files, the new ones too."""

    @staticmethod
    def find_spec(name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        tail = name.rpartition(".")[2]
        for entry in sys.path if path is None else path:
            for file, inside in ((f"{tail}/__init__.py", True), (f"{tail}.py", False)):
                full = os.path.realpath(os.path.join(entry or ".", file))
                if full in _Loader.texts:
                    return importlib.util.spec_from_file_location(
                        name,
                        full,
                        loader=_Loader(name, full),
                        submodule_search_locations=[os.path.dirname(full)] if inside else None,
                    )
                if os.path.exists(full):
                    return None
        return None
