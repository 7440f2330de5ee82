"""The application's files while edits are made of them, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bravo_agent.model.plan import Edit, Patch
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.usecases._python_files import PythonFiles
from bravo_agent.workspace import Workspace


@dataclass
class Texts:
    """Files as they are on disk (``new``: not there), and as the edits so far leave them."""

    workspace: Workspace
    before: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.files = PythonFiles(self.workspace)

    def read(self, file: str) -> str:
        """The text now; raises ``ByHand`` where it is in no encoding that is edited."""
        if file not in self.now:
            path = self.workspace.project / file
            try:
                self.before[file] = read_text(path) if path.exists() else ""
            except (UnicodeDecodeError, OSError):
                raise ByHand("the file cannot be read as UTF-8", file, 1) from None
            self.now[file] = self.before[file]
            if not path.exists():
                self.new.add(file)
        return self.now[file]

    def take(self, patch: Patch) -> None:
        """The edits of one change become what the next one starts from."""
        for edit in patch.edits:
            self.read(edit.file)
            self.now[edit.file] = edit.after

    def copy(self) -> Texts:
        """The same texts, to try an edit on."""
        return Texts(self.workspace, dict(self.before), dict(self.now), set(self.new))

    def changed(self) -> dict[str, str]:
        """The files that an edit has changed, as they are now."""
        return {edit.file: edit.after for edit in self.edits()}

    def edits(self) -> Iterator[Edit]:
        """What differs, by file."""
        for file in sorted(self.now):
            if self.now[file] != self.before[file]:
                yield Edit(file, None if file in self.new else self.before[file], self.now[file])
