"""The finder of uses: which tokens of an application mean a field, and how that is known."""

from codemods._finding.constructions import find_constructions
from codemods._finding.find import Surroundings, find_field, find_fields
from codemods._finding.uses import find_mentions, finding_uses, named_uses
from codemods._finding.values import Checker, OpenChecker, OpenStrings, Strings, Verdict
from codemods._finding.variables import find_variables

__all__ = [
    "Checker",
    "OpenChecker",
    "OpenStrings",
    "Strings",
    "Surroundings",
    "Verdict",
    "find_constructions",
    "find_field",
    "find_fields",
    "find_mentions",
    "find_variables",
    "finding_uses",
    "named_uses",
]
