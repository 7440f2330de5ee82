"""Walks through the value flow from a text: forward to what it meets, back to where its counterpart comes from.

A walk back looks for origins; where it finds the origin of a container it turns, since the container goes elsewhere
too. A walk forward never turns back but at a comparison: that two values end in one variable says nothing of both.
What one call hands in comes out at that call alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemods._strings.found import (
    Asked,
    Calls,
    Found,
    Path,
    Site,
    State,
    Thing,
    all_forward,
    back,
    forward,
    labels,
    place,
)
from codemods._strings.graph import Call, Class, Node, Op, fits

_LONGEST = 8
_LONGEST_OF_THINGS = 5
_STEPS = 20_000
"""Of one text, and of all the walks that it takes."""
_STEPS_OF_A_WALK = 2_000
_STEPS_TO_THINGS = 600
_DEEPEST = 14


@dataclass
class Memory:
    """What walks have found out. ``meant``: what was asked of the group, and the answers, on which it all rests."""

    known: dict[tuple[State, Asked], Found] = field(default_factory=dict)
    callees: dict[int, list[Thing]] = field(default_factory=dict)
    callers: dict[int, list[tuple[Call, bool]]] = field(default_factory=dict)
    elsewhere: dict[int, bool] = field(default_factory=dict)
    having: dict[str, list[Class]] = field(default_factory=dict)
    meant: dict[tuple[Class, str], bool] = field(default_factory=dict)

    def copy(self) -> Memory:
        """Another one, which starts with the same."""
        return Memory(
            dict(self.known),
            dict(self.callees),
            dict(self.callers),
            dict(self.elsewhere),
            dict(self.having),
            dict(self.meant),
        )


class Walk(ABC):
    """One for a program; each walk's result is kept. What is beyond edges is added by those that inherit."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._open: set[tuple[State, Asked]] = set()
        self.cut: set[object] = set()
        """What was asked for while it ran: results that rest on it are not whole."""
        self._depth = 0
        self._left = _STEPS
        self._to_things = False

    @abstractmethod
    def argument(self, call: Call, label: str, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Into what is called."""

    @abstractmethod
    def beyond(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Forward to where no edge leads: out of functions and modules, to readers of attributes."""

    @abstractmethod
    def declared(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back where a type is declared; ``state`` itself is among what it gives where that says too little."""

    @abstractmethod
    def loaded(
        self, node: Node, label: str, base: Node, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        """Back into what ``node`` was read from."""

    @abstractmethod
    def origin(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        """Back where no edge leads, and on from there where it is an origin."""

    @abstractmethod
    def staged(self, node: Node, path: Path, other: Node, calls: Calls, asked: Asked) -> Asked:
        """``asked``, with the stages before it where ``other`` stands for a pipeline of MongoDB."""

    def from_text(self, node: Node, asked: Asked, path: Path) -> Found:
        """What a text meets, site by site."""
        self._left = _STEPS
        self.cut.clear()
        return self.run(State(node, True, path), asked)

    def sources(self, node: Node, path: Path, calls: Calls, asked: Asked) -> Found:
        """What ``node``, or what lies in it, can be."""
        return self.run(State(node, False, path, calls), asked)

    def run(self, start: State, asked: Asked) -> Found:
        """The result of a walk; one that is asked for while it runs is empty, and so not kept."""
        key = start, asked
        known = self.memory.known.get(key)
        if known is not None:
            return known
        if key in self._open:
            self.cut.add(key)
            return Found()
        if self._depth > _DEEPEST:
            return Found(tangled=True)
        self._open.add(key)
        self._depth += 1
        before, self.cut = self.cut, set()  # what this walk rests on, and not what was walked before it
        found = self._walk(start, asked)
        self._depth -= 1
        self._open.discard(key)
        self.cut.discard(key)
        if not self.cut and self._left >= 0:
            self.memory.known[key] = found
        self.cut |= before
        return found

    def _walk(self, start: State, asked: Asked) -> Found:
        found = Found()
        waiting, seen = [start], {start}
        longest = _LONGEST if asked.name else _LONGEST_OF_THINGS
        while waiting:
            state = waiting.pop()
            self._left -= 1
            if self._left < 0 or len(seen) > _STEPS_OF_A_WALK:
                found.tangled = True
                break
            for step in self._steps(state, asked, found):
                if len(step.path) > longest:
                    found.tangled = found.tangled or bool(asked.name)
                elif step not in seen:
                    seen.add(step)
                    waiting.append(step)
        return found

    def _steps(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        if state.forward:
            yield from self._onward(state, asked, found)
        else:
            yield from self._backward(state, asked, found)

    # --- forward ---

    def _onward(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        node, path, calls = state.node, state.path, state.calls
        top = path[0] if path else None
        for op, label, other in node.edges:
            if op is Op.FLOW:
                yield State(other, True, path, calls)
            elif op is Op.STORE:
                yield State(other, False, ((label, True), *path), calls)
            elif op is Op.LOAD:
                if top is not None and top[1] and fits(label, top[0]):
                    yield State(other, True, path[1:], calls)
            elif op is Op.STORED:
                if top is not None and not top[1] and fits(label, top[0]):
                    yield State(other, False, path[1:], calls)
            elif op is Op.COPY:
                if top is not None and top[1]:
                    yield State(other, True, path, calls)
            elif op is Op.COPIED:
                if top is not None and not top[1]:
                    yield State(other, False, path, calls)
            elif op is Op.ARGUMENT:
                yield from self.argument(other.fact, label, state, asked, found)
            else:
                yield from self._meets(op, label, other, state, asked, found)
        yield from self.beyond(state, asked, found)

    def _meets(
        self, op: Op, label: str, other: Node, state: State, asked: Asked, found: Found
    ) -> Iterator[State]:
        node, path, calls = state.node, state.path, state.calls
        if not all_forward(path):
            return
        if op is Op.EQUAL:
            asked = self.staged(node, path, other, calls, asked)
            site = self.sources(other, back(path), calls, asked)
            found.sites.append(Site("equal", other, site, bool(path)))
            for call in site.made:  # a new key of what a pipeline gives
                yield State(call.result, True, (("e", True), ("K", True)), calls)
        elif op is Op.HAS_KEY and len(path) == 1 and fits(label, path[0][0]):
            found.sites.append(Site("keyed", other, self.sources(other, (), calls, asked)))
        elif op is Op.KEY_OF and not path:
            kind = "reads" if label == "K" else "equal"
            site = self.sources(other, ((label, False),), calls, asked)
            found.sites.append(Site(kind, other, site, inside=False))
        elif op is Op.MERGED and labels(path) == ("K",):
            site = self.sources(other, back(path), calls, asked)
            found.sites.append(Site("merged", other, Found(names=dict(site.names))))

    # --- back ---

    def _backward(self, state: State, asked: Asked, found: Found) -> Iterator[State]:
        node, path, calls = state.node, state.path, state.calls
        if node.annotation is not None:
            steps = list(self.declared(state, asked, found))
            yield from (one for one in steps if one is not state)
            if state not in steps:
                return
        top = path[0] if path else None
        for op, label, other in node.edges:
            if op is Op.FROM:
                yield State(other, False, path, calls)
            elif op is Op.LOADED:
                yield from self.loaded(node, label, other, state, asked, found)
            elif op is Op.STORED and top is not None and not top[1] and fits(label, top[0]):
                yield State(other, False, path[1:], calls)
            elif op is Op.COPIED and top is not None and not top[1]:
                yield State(other, False, path, calls)
        yield from self.origin(state, asked, found)

    def unknown(self, state: State, why: str, asked: Asked, found: Found) -> Iterator[State]:
        """An origin that nobody knows: what it is checked as elsewhere tells what it is.

        Of a text from outside nothing tells: that it is compared with names does not make it one.
        """
        if not state.path:
            found.unknown.setdefault(f"{why} ({place(state.node)})")
            return
        if not asked.name:
            return  # a function of something unknown stays unknown
        used = self.run(State(state.node, True, forward(state.path), state.calls), asked)
        known = False
        for site in (one for one in used.sites if one.inside):
            known = known or bool(site.found.names or site.found.others)
            found.names.update({key: why for key, why in site.found.names.items() if key not in found.names})
            found.others.update(site.found.others)
            found.texts.update(site.found.texts)
        if not known or used.tangled:
            found.unknown.setdefault(f"{why} ({place(state.node)})")
        yield State(state.node, True, state.path, state.calls)

    def things(self, node: Node, calls: Calls = ()) -> list[Thing]:
        """The functions, classes and constants that ``node`` can be."""
        start = State(node, False, (), calls), Asked("")
        if self._to_things:
            return list(self.run(*start).things)
        left, self._left, self._to_things = self._left, _STEPS_TO_THINGS, True
        found = self.run(*start)
        self._left, self._to_things = left, False
        if found.tangled:  # once is enough: what it would be stays unknown
            self.memory.known[start] = found
        return list(found.things)
