"""The kinds of ``bravo-agent refactor`` as codemods of libcst's own command line.

``python -m libcst.tool codemod -x bravo_agent.libcst_commands.RenameField --model Ad --field cost --to price .``

libcst asks for one file after the other, in several processes; what is to be done is found out once, for the whole
project, before the first of them is written. Only Python files are edited this way: what else would have to change is
warned of.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
from abc import abstractmethod
from pathlib import Path
from typing import Any

import libcst as cst
import psutil
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from bravo_agent import wire
from bravo_agent.model.refactor import Add, CodeChange, Drop, FieldChange, Precision, Rename, Retype
from bravo_agent.stores.application import only_writer
from bravo_agent.usecases.refactor import refactor
from bravo_agent.workspace import open_code, write_text

_BOM = "\ufeff"


class _FieldCommand(CodemodCommand):
    """``--root``: the project's folder; ``--python``: the interpreter that has the application's packages."""

    DESCRIPTION = "Changes one field of a Pydantic model through the whole code."

    def __init__(self, context: CodemodContext, **options: Any) -> None:
        super().__init__(context)
        self._options = options
        self._root = str(Path(options["root"]).resolve())

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """What every kind takes."""
        arg_parser.add_argument("--model", required=True, help="Model, or package.module:Model.")
        arg_parser.add_argument("--field", required=True, help="The field's name.")
        arg_parser.add_argument("--root", default=".", help="The project's folder (default: here).")
        arg_parser.add_argument("--python", help="The interpreter that has the application's packages.")

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The file as the whole change leaves it."""
        made = _made(self._root, self._options["python"], self._change())
        file = Path(self.context.filename or "").resolve()
        name = file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else ""
        for one in (*made.refused, *made.patch.manual, *made.unread):
            if one.file == name:
                self.warn(f"line {one.line}: {one.why}")
        if made.refused:
            raise SkipFile(f"nothing is edited: {made.refused[0].why}")
        edit = next((one for one in made.patch.edits if one.file == name), None)
        if edit is None:
            return tree
        if made.group and name == _home(made):
            self._warn_of_others(made)
        if (edit.before or "").removeprefix(_BOM) != tree.code:
            raise SkipFile("it has changed since it was looked at")
        return cst.parse_module(edit.after.removeprefix(_BOM), config=tree.config_for_parsing)

    @abstractmethod
    def _change(self) -> FieldChange: ...

    def _warn_of_others(self, made: CodeChange) -> None:
        for one in made.patch.edits:
            if not one.file.endswith((".py", ".pyi")):
                self.warn(f"{one.file} would have to change too: `bravo-agent refactor` does it")


class RenameField(_FieldCommand):
    """``--to``: the new name."""

    DESCRIPTION = "Renames a field of a Pydantic model through the whole code."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The shared ones and its own."""
        _FieldCommand.add_args(arg_parser)
        arg_parser.add_argument("--to", required=True, help="The new name.")

    def _change(self) -> FieldChange:
        return Rename(self._options["model"], self._options["field"], self._options["to"])


class DropField(_FieldCommand):
    """All of it, or nothing."""

    DESCRIPTION = "Takes a field of a Pydantic model out of the whole code."

    def _change(self) -> FieldChange:
        return Drop(self._options["model"], self._options["field"])


class AddField(_FieldCommand):
    """``--type``, and one of ``--default``, ``--optional``, ``--computed``."""

    DESCRIPTION = "Adds a field to a Pydantic model, and a value wherever the model is made."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The shared ones and its own."""
        _FieldCommand.add_args(arg_parser)
        arg_parser.add_argument("--type", required=True, help="Its Python type.")
        arg_parser.add_argument("--default", help="A Python expression.")
        arg_parser.add_argument("--optional", action="store_true", help="It takes None.")
        arg_parser.add_argument("--computed", help="A Python expression over the other fields.")

    def _change(self) -> FieldChange:
        names = ("model", "field", "type", "default", "optional", "computed")
        return Add(*(self._options[name] for name in names))


class RetypeField(_FieldCommand):
    """``--type``: the new one."""

    DESCRIPTION = "Gives a field of a Pydantic model another type."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The shared ones and its own."""
        _FieldCommand.add_args(arg_parser)
        arg_parser.add_argument("--type", required=True, help="Its new Python type.")

    def _change(self) -> FieldChange:
        return Retype(self._options["model"], self._options["field"], self._options["type"])


class ChangePrecision(_FieldCommand):
    """``--places`` digits behind the point, ``--digits`` in all."""

    DESCRIPTION = "Gives a decimal field of a Pydantic model other digits, and what rounds it with it."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The shared ones and its own."""
        _FieldCommand.add_args(arg_parser)
        arg_parser.add_argument("--places", type=int, required=True, help="Digits behind the point.")
        arg_parser.add_argument("--digits", type=int, help="Digits in all.")

    def _change(self) -> FieldChange:
        names = ("model", "field", "places", "digits")
        return Precision(*(self._options[name] for name in names))


def _home(made: CodeChange) -> str:
    """The first file that is edited and is Python: the warnings of all are given there, once."""
    return next((one.file for one in made.patch.edits if one.file.endswith((".py", ".pyi"))), "")


@functools.cache
def _made(root: str, python: str | None, change: FieldChange) -> CodeChange:
    """The whole change: made once per run of libcst, by the first of its processes, before any file is written."""
    workspace = open_code(Path(root), python=python)
    run = multiprocessing.parent_process()
    if run is None or run.pid is None:
        return refactor(workspace, change)
    begun = psutil.Process(run.pid).create_time()
    name = f"libcst-{run.pid}-{wire.fingerprint([begun, python, wire.plain(change)])[:16]}.json"
    kept = workspace.private / "cache" / name
    with only_writer(kept.parent, wait=True):
        if kept.exists():
            return wire.loads(CodeChange, kept.read_bytes(), where=str(kept))
        _forget_ended(kept.parent)
        made = refactor(workspace, change)
        write_text(kept, wire.dumps(made))
    return made


def _forget_ended(folder: Path) -> None:
    """Takes away what runs that are over have left."""
    for old in folder.glob("libcst-*-*.json"):
        number = old.name.split("-")[1]
        if not number.isdecimal() or not psutil.pid_exists(int(number)):
            old.unlink(missing_ok=True)
