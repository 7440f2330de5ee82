"""The policy of bravo.toml: its lines give the verdict; an explicit auto-approve takes the safe option.

Waivers go before rules, rules before [policy.kinds], and that before the default table; of waivers and rules the
first that fits counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from bravo_agent.config import PolicyRule, PolicySection, Selector, Waiver
from bravo_agent.deciders._decider import Answer, Grounds, safe_option
from bravo_agent.deciders._legal import faults
from bravo_agent.model.change import Change, Verdict


@dataclass(frozen=True)
class Ruling:
    """What one line of bravo.toml says of a change; ``line`` is how a person finds it."""

    verdict: Verdict
    line: str
    option: str | None = None
    params: tuple[tuple[str, str], ...] = ()


class Policy:
    """Answers where a line says auto-approve and names the option, or the question has one safe option."""

    name: ClassVar[str] = "policy"
    rank: ClassVar[int] = 20

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The option that the line names, else the safe one; ``change`` holds the verdict already."""
        said = ruling(change, grounds)
        if said is None or said.verdict != "auto-approve" or change.verdict != "auto-approve":
            return None
        if said.option is not None:
            return Answer(said.option, "policy", said.line, said.params)
        option = safe_option(change)
        return Answer(option.name, "policy", said.line) if option else None


def ruling(change: Change, grounds: Grounds) -> Ruling | None:
    """The line that speaks of ``change``, or None where only the default table does."""
    policy = grounds.policy
    for number, waiver in enumerate(policy.waivers):
        if waiver.expires >= grounds.today and waives(waiver, change):
            line = f"{policy.place(f'waivers.{number}')}: {waiver_text(waiver)}"
            return Ruling(waiver.decision, line, waiver.option, tuple(sorted(waiver.params.items())))
    for number, rule in enumerate(policy.rules):
        if selects(rule, change):
            return Ruling(rule.decision, f"{policy.place(f'rules.{number}')}: {_rule_text(rule)}")
    return _by_kind(change, policy)


def verdict(change: Change, grounds: Grounds) -> tuple[Verdict, str]:
    """The verdict and the line it comes from.

    A block that nothing can answer stays one. An auto-approve without a safe option becomes a review: a
    policy may lift a question to nobody, it may not guess. A waiver may name the answer, if it is a legal one.
    """
    said = ruling(change, grounds)
    if said is None:
        return change.verdict, change.reason
    if change.question is None and said.verdict != change.verdict:
        return change.verdict, f"{change.reason}; no policy lifts it ({said.line})"
    if said.option is not None:
        wrong = faults(change, said.option, dict(said.params))
        return ("review", f"{said.line}, but {'; '.join(wrong)}") if wrong else ("auto-approve", said.line)
    lifted = said.verdict == "auto-approve" and change.question is not None
    if lifted and safe_option(change) is None:
        return "review", f"{said.line}, but no option is safe: somebody has to choose"
    return said.verdict, said.line


def waives(waiver: Waiver, change: Change) -> bool:
    """Whether ``waiver`` is meant for this change; its last day is judged elsewhere."""
    return change.id.startswith(waiver.change or "") and selects(waiver, change)


def selects(selector: Selector, change: Change, *, by_severity: bool = True) -> bool:
    """Whether every key that ``selector`` gives fits the change; patterns are those of a shell, capitals count."""
    return (
        (not selector.kind or change.kind in [kind_tag(name) for name in selector.kind])
        and (not by_severity or not selector.severity or change.severity in selector.severity)
        and (not selector.table or any(fnmatchcase(change.table, one) for one in selector.table))
        and (not selector.field or any(fnmatchcase(change.field or "", one) for one in selector.field))
    )


def kind_tag(name: str) -> str:
    """A kind's tag on the wire; bravo.toml may write it with hyphens as well."""
    return name.replace("-", "_")


def waiver_text(waiver: Waiver) -> str:
    """A waiver as a reader of a report needs it: what it says, why, and how long."""
    answer = f" as {waiver.option}" if waiver.option else ""
    return f'{waiver.decision}{answer}, "{waiver.reason.strip()}", until {waiver.expires.isoformat()}'


def _rule_text(rule: PolicyRule) -> str:
    given = {"kind": rule.kind, "severity": rule.severity, "table": rule.table, "field": rule.field}
    keys = [f"{key} {' or '.join(values)}" for key, values in given.items() if values]
    why = f', "{rule.reason.strip()}"' if rule.reason.strip() else ""
    return f"{', '.join(keys) or 'everything'} is {rule.decision}{why}"


def _by_kind(change: Change, policy: PolicySection) -> Ruling | None:
    for name, said in policy.kinds.items():
        if kind_tag(name) == change.kind:
            return Ruling(said, f'{policy.place(f"kinds.{name}")} = "{said}"')
    return None


KIND = Policy()
