"""One sitting at the page: what was found, looked at again after every answer, and the answers themselves.

The answers are recorded by the same use cases as on a terminal, with the same checks, into the same file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bravo_agent.errors import BravoError
from bravo_agent.planning.standing import Standing
from bravo_agent.review.make_page import Cascades, Codes, card_of, in_order, make_page
from bravo_agent.review.page import Cascade, ChangeCard, Code, Fault, Filters, Page
from bravo_agent.review.side_by_side import side_by_side
from bravo_agent.review.surroundings import Surroundings, look_around
from bravo_agent.usecases.cascade import Cascade as Decided
from bravo_agent.usecases.cascade import make_cascade
from bravo_agent.usecases.decide import (
    accept_proposal,
    find_change,
    list_decisions,
    record_decision,
    reject_proposal,
)
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.draft import code_to_read
from bravo_agent.usecases.explain_change import explain_change
from bravo_agent.usecases.preview import preview
from bravo_agent.workspace import DECISIONS, Workspace

_WORKED_OUT = 40
_NOT_ALL = (
    f"what answers lead to in the code is worked out for the first {_WORKED_OUT} changes that ask something"
)


@dataclass
class Sitting:
    """``look`` detects anew. One request at a time: a page is for one person, and detection is not for two at once."""

    workspace: Workspace
    look: Callable[[], Detection]
    database: str | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _found: Detection | None = None
    _seen: bytes = b""
    _cascades: dict[tuple[str, str], Cascade] = field(default_factory=dict)
    _without: Decided | None = None
    _around: Surroundings | None = None

    @property
    def found(self) -> Detection:
        """What detect finds; looked at again where somebody has answered elsewhere in the meantime."""
        now = self._decisions()
        if self._found is None or now != self._seen:
            self._found, self._seen, self._cascades, self._without = self.look(), now, {}, None
        return self._found

    def look_again(self) -> None:
        """Forgets what was found: the source or the code may be another by now."""
        with self.lock:
            self._found = self._around = None

    def page(self, filters: Filters | None = None, *, complete: bool = False) -> Page:
        """All changes; ``complete``: with what each answer leads to in the code."""
        with self.lock:
            found = self.found
            cascades: dict[tuple[str, str], Cascade] = {}
            asking = [one for one in in_order(found.changes) if one.question] if complete else []
            for change in asking[:_WORKED_OUT]:
                cascades |= self._of_answers(change.id)
            records, around = list_decisions(self.workspace, found), self._look_around()
            name = self.workspace.project.name
            codes = self._codes(records)
            page = make_page(name, found, records, around, filters=filters, cascades=cascades, codes=codes)
        if len(asking) > _WORKED_OUT:
            page = replace(page, notes=(*page.notes, _NOT_ALL))
        return page

    def card(self, change_id: str) -> ChangeCard:
        """One change with what each of its answers leads to; raises ``change-unknown``."""
        with self.lock:
            found = self.found
            change = find_change(found, change_id)
            told = explain_change(self.workspace, found, change.id)
            following = tuple(told.document["next"]) if change.state != "open" else ()
            records = list_decisions(self.workspace, found)
            return card_of(change, records, self._of_answers(change.id), self._codes(records), following)

    def neighbours(self, change_id: str) -> tuple[str, str]:
        """The ids of the change before and of the one after, "" at an end."""
        with self.lock:
            ids = [one.id for one in in_order(self.found.changes)]
        at = ids.index(change_id)
        return ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""

    def seen_with(self, change_id: str, option: str, params: Mapping[str, str]) -> None:
        """Works out what an answer with these params leads to; it is shown from now on."""
        with self.lock:
            change = find_change(self.found, change_id)
            self._cascades[change.id, option] = self._cascade(change.id, option, params)

    def answer(self, change_id: str, option: str, params: Mapping[str, str], rationale: str) -> None:
        """Records an answer; raises as `record_decision`."""
        with self.lock:
            record_decision(self.workspace, self.found, change_id, option, params=params, rationale=rationale)
            self.look_again()

    def accept(self, change_id: str, rationale: str, read: str) -> None:
        """Makes the proposal that was ``read`` a person's answer; raises as `accept_proposal`."""
        with self.lock:
            accept_proposal(self.workspace, self.found, change_id, rationale=rationale, read=read)
            self.look_again()

    def reject(self, change_id: str, read: str) -> None:
        """Removes the proposal that was ``read``; raises as `reject_proposal`."""
        with self.lock:
            reject_proposal(self.workspace, self.found, change_id, read=read)
            self.look_again()

    def _look_around(self) -> Surroundings:
        """Anew each time; but a target that cannot be reached is not waited for again before `look_again`."""
        if self._around is None or not self._around.database_note.startswith("["):
            self._around = look_around(self.workspace, self.database)
        return self._around

    def _of_answers(self, change_id: str) -> Cascades:
        """Of every answer that needs nothing more to be known, and of those somebody asked for."""
        change = find_change(self.found, change_id)
        options = change.question.options if change.question else ()
        for option in options if change.state in ("open", "decided") else ():
            if not option.params and (change.id, option.name) not in self._cascades:
                self._cascades[change.id, option.name] = self._cascade(change.id, option.name, {})
        return {key: cascade for key, cascade in self._cascades.items() if key[0] == change.id}

    def _cascade(self, change_id: str, option: str, params: Mapping[str, str]) -> Cascade:
        try:
            if self._without is None:
                self._without = make_cascade(self.workspace, self.found)
            seen = preview(
                self.workspace, self.found, change_id, option, params=params, without=self._without
            )
        except BravoError as error:
            return Cascade(fault=fault_of(error))
        manual = (f"{f'{one.file}:{one.line}: ' if one.file else ''}{one.why}" for one in seen.manual)
        return Cascade(side_by_side(seen.diff), tuple(manual))

    def _codes(self, records: Iterable[Standing]) -> Codes:
        found = (code_to_read(self.workspace, one.decision) for one in records)
        return {
            one.sha256: Code(
                one.file, one.sha256, tuple(one.text.removesuffix("\n").split("\n")) if one.text else ()
            )
            for one in found
            if one is not None
        }

    def _decisions(self) -> bytes:
        path = self.workspace.project / DECISIONS
        return path.read_bytes() if path.exists() else b""


def fault_of(error: BravoError) -> Fault:
    """The error as it is shown."""
    return Fault(error.code, error.message, error.hint, error.details)
