"""Whether an answer is a legal one: an option of the question, with the params it needs, of values that fit."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from itertools import chain

from bravo_agent.deciders._defaults import default_fault
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Altered, Change
from bravo_agent.types import family


def faults(change: Change, option: str, params: Mapping[str, str]) -> tuple[str, ...]:
    """Why ``option`` with ``params`` is no answer to the change's question; nothing where it is one."""
    options = {one.name: one for one in change.question.options} if change.question else {}
    found = options.get(option)
    if found is None:
        return (f"{option} is not among {', '.join(sorted(options)) or 'its options: it has none'}",)
    missing = sorted(set(found.params) - set(params))
    if missing:
        return (f"{option} needs {', '.join(missing)}",)
    values = ((name, param_fault(change, name, params[name])) for name in found.params)
    return tuple(f"{name} {fault}" for name, fault in values if fault)


def param_fault(change: Change, name: str, text: str) -> str | None:
    """What is wrong with a param's value, or None; the value itself is not repeated."""
    if name == "value":
        column = _column(change)
        return default_fault(text, family(column.type).shape(column.type), column.type) if column else None
    if name == "function":
        return None if _is_function(text) else "has to be module:function, as in shop.transforms:score"
    return None if text.strip() else "is empty"


def _column(change: Change) -> Column | None:
    """The column as the source has it now."""
    added = (fact.column for fact in change.facts if isinstance(fact, Added))
    altered = (fact.new for fact in change.facts if isinstance(fact, Altered))
    return next((column for column in chain(added, altered) if column is not None), None)


def _is_function(text: str) -> bool:
    module, sign, function = text.partition(":")
    names = [*module.split("."), function]
    return bool(sign) and all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
