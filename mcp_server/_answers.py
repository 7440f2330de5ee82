"""What of an answer a person can be shown in a question, and the command lines that they can run instead."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from bravo_agent.characters import all_seen
from bravo_agent.model.change import Decision
from bravo_agent.planning.decisions_file import content_hash

_LONGEST = 700
# Numbers, dates, truth values: what cannot say anything to anybody.
_PLAIN = re.compile(r"[0-9.+:TZ -]{1,40}|true|false|null", re.ASCII | re.IGNORECASE)


def plain(params: Mapping[str, str]) -> bool:
    """Whether every value may stand in a question: texts may not, whoever they are from."""
    return all(_PLAIN.fullmatch(value) for value in params.values())


def decide_command(change_id: str, option: str, params: Mapping[str, str]) -> str:
    """For a shell, exactly; the values are quoted by its rules.

    A person must see what they are about to run: where they would not, or it is long, the values are theirs to give.
    """
    given = [word for name, value in sorted(params.items()) for word in ("--param", f"{name}={value}")]
    command = shlex.join(["bravo-agent", "decide", change_id, option, *given])
    if len(command) > _LONGEST or not all(all_seen(value) for value in params.values()):
        return shlex.join(["bravo-agent", "decide", change_id])
    return command


def accept_command(proposal: Decision) -> str:
    """Accepts this proposal and no other; without what follows the id, the command shows it."""
    return f"bravo-agent decide {proposal.change_id} --accept --proposal {content_hash(proposal)}"
