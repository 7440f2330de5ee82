"""Which names the TypeScript and the Zod file give, and in which order: the same ones in both.

``Campaign`` is what the application writes (serialization), ``CampaignInput`` what it reads (validation). Both are
there for every model, the second as another name of the first where they are the same: so a change of the model
never makes a name appear or vanish.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from bravo_agent.artifacts._given import Definitions
from bravo_agent.artifacts._nodes import Definition, Node, Object, Property, Ref, Table, refs
from bravo_agent.artifacts._schema_nodes import read_definitions

_INPUT = "Input"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What TypeScript does not take as the name of a type, or as that of a constant.
_RESERVED = _words(
    "any as asserts async await bigint boolean break case catch class const continue debugger declare default "
    "delete do else enum export extends false finally for from function get if implements import in infer "
    "instanceof interface intrinsic is keyof let module namespace never new null number object of package "
    "private protected public readonly require return satisfies set static string super switch symbol this "
    "throw true try type typeof undefined unique unknown using var void while with yield"
)


@dataclass(frozen=True)
class Exported:
    """``definition`` under its exported name, its references too; ``same_as``: only another name of that one."""

    name: str
    definition: Definition
    reads: bool
    same_as: str | None = None


def exported(definitions: Definitions) -> tuple[Exported, ...]:
    """Everything that is exported, sorted by name; raises ``FailedError`` ``artifact-unsupported``."""
    writes, reads = read_definitions(definitions.serialization), read_definitions(definitions.validation)
    same = _same(writes, reads)
    names = _names(writes, reads, same)
    found = [Exported(names[name, False], one, False) for name, one in writes.items()]
    for name, one in reads.items():
        if name not in same:
            found.append(Exported(names[name, True], one, True))
        elif (name, True) in names:
            found.append(Exported(names[name, True], one, True, same_as=names[name, False]))
    called = {
        reading: {name: names[name, reading and name not in same] for name in side}
        for reading, side in ((False, writes), (True, reads))
    }
    renamed = [replace(one, definition=_renamed(one.definition, called[one.reads])) for one in found]
    return tuple(sorted(renamed, key=lambda one: one.name))


def in_order(found: Iterable[Exported]) -> tuple[tuple[Exported, ...], ...]:
    """Groups of those that refer to one another, each after the groups that it refers to; deterministic."""
    by_name = {one.name: one for one in found}
    uses = {name: sorted(_uses(one)) for name, one in sorted(by_name.items())}
    return tuple(tuple(by_name[name] for name in group) for group in _components(uses))


def is_recursive(group: tuple[Exported, ...]) -> bool:
    """Whether those of the group refer to one another, or the only one to itself."""
    return len(group) > 1 or group[0].name in _uses(group[0])


def untold(node: Node, tag: str | None, named: Mapping[str, Node]) -> Property | None:
    """The property ``tag`` of a union's member, where the model alone would not demand it: the union does."""
    found = named.get(node.name) if isinstance(node, Ref) else node
    if tag is None or not isinstance(found, Object):
        return None
    return next((one for one in found.properties if one.name == tag and not one.required), None)


def property_key(name: str) -> str:
    """``name`` as the key of an object's literal or type."""
    return name if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name) and name != "__proto__" else literal(name)


def literal(value: object) -> str:
    """A scalar as JavaScript writes it."""
    readable = isinstance(value, str) and value.isprintable()
    return json.dumps(value, ensure_ascii=not readable)


def comment(lines: Iterable[str], indent: str = "") -> str:
    """A doc comment of ``lines``; "" without any. What could end the comment is escaped."""
    said = [line.rstrip() for text in lines if text.strip() for line in _plain(text).split("\n")]
    if not said:
        return ""
    if len(said) == 1:
        return f"{indent}/** {said[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in said)
    return f"{indent}/**\n{body}{indent} */\n"


def _plain(text: str) -> str:
    lines = text.replace("*/", "*\\/").strip().splitlines()
    return "\n".join("".join(one if one.isprintable() else " " for one in line) for line in lines)


def _uses(one: Exported) -> set[str]:
    return {one.same_as} if one.same_as else set(refs(one.definition.node))


def _same(writes: Mapping[str, Definition], reads: Mapping[str, Definition]) -> frozenset[str]:
    """The names under which both modes say the same, all the way down."""
    same = {name for name, one in reads.items() if writes.get(name) == one}
    while True:
        fewer = {name for name in same if all(inner in same for inner in refs(reads[name].node))}
        if fewer == same:
            return frozenset(same)
        same = fewer


def _names(
    writes: Mapping[str, Definition], reads: Mapping[str, Definition], same: frozenset[str]
) -> dict[tuple[str, bool], str]:
    """The exported name by (definition, whether it reads): first the plain ones, then what is made from them."""
    taken: set[str] = set()
    names = {(name, False): _free(name, taken) for name in writes}
    for name, one in reads.items():
        if name not in same or isinstance(one.node, Object | Table):
            names[name, True] = _free(f"{name}{_INPUT}", taken)
    return names


def _free(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if plain in _RESERVED or plain[:1].isdecimal():
        plain = f"{plain}_" if plain in _RESERVED else f"_{plain}"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}{number}", number + 1
    taken.add(found)
    return found


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` (a node, or a part of one) with every reference under its exported name."""
    if isinstance(value, Ref):
        return Ref(names[value.name])
    if isinstance(value, tuple):
        return tuple(_renamed(one, names) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(
        value, **{field.name: _renamed(getattr(value, field.name), names) for field in fields(value)}
    )


def _components(uses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Names that reach one another, each group after those it uses, else by name."""
    reached = {name: _reach(name, uses) for name in uses}
    groups = {
        name: tuple(one for one in uses if one == name or (one in reached[name] and name in reached[one]))
        for name in uses
    }
    done: set[str] = set()
    for name in uses:
        yield from _after_what_it_uses(name, uses, groups, done)


def _after_what_it_uses(
    name: str, uses: Mapping[str, Sequence[str]], groups: Mapping[str, tuple[str, ...]], done: set[str]
) -> Iterator[tuple[str, ...]]:
    if name in done:
        return
    done.update(groups[name])
    for one in groups[name]:
        for inner in uses[one]:
            yield from _after_what_it_uses(inner, uses, groups, done)
    yield groups[name]


def _reach(name: str, uses: Mapping[str, Sequence[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(uses[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(uses[one])
    return frozenset(found)
