"""What bravo.toml's policy names: a wrong letter there must not decide anything in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from bravo_agent.config import PolicySection
from bravo_agent.deciders.policy import kind_tag
from bravo_agent.errors import UsageError
from bravo_agent.planning.claims import kinds


def check_policy(policy: PolicySection) -> None:
    """Raises ``UsageError`` ``policy-unknown-kind``, ``policy-unknown-option`` naming the line."""
    for place, name in _kind_names(policy):
        if kind_tag(name) not in kinds():
            raise UsageError(
                "policy-unknown-kind",
                f"bravo.toml has a policy for {name}, which is no kind of change",
                hint=f"The kinds are: {', '.join(sorted(kinds()))}.",
                where=place,
            )
    for number, waiver in enumerate(policy.waivers):
        known = options_of(kind_tag(name) for name in waiver.kind)
        if waiver.option is not None and waiver.option not in known:
            raise UsageError(
                "policy-unknown-option",
                f"{waiver.option} answers no {' or '.join(waiver.kind)}",
                hint=f"Its answers are: {', '.join(sorted(known)) or 'none, nothing is asked'}.",
                where=f"{policy.place(f'waivers.{number}')}.option",
            )


def options_of(names: Iterable[str]) -> frozenset[str]:
    """The options that any of these kinds may have, as their examples show them."""
    return frozenset(option for name in names for option in _options().get(name, ()))


@cache
def _options() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(option for example in kind.examples for option in example.options or ())
        for name, kind in kinds().items()
    }


def _kind_names(policy: PolicySection) -> Iterator[tuple[str, str]]:
    yield from ((policy.place(f"kinds.{name}"), name) for name in policy.kinds)
    for entry, selectors in (("rules", policy.rules), ("waivers", policy.waivers)):
        for number, selector in enumerate(selectors):
            yield from ((f"{policy.place(f'{entry}.{number}')}.kind", name) for name in selector.kind)
