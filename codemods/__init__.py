"""Edits of the application's code, one kind per file and all by splice, and the finder of uses."""

from codemods._annotate import annotation_of
from codemods._class_names import family_of, module_of
from codemods._decimal_alias import named_type
from codemods._declaration import class_at, class_text, field_lines, lines_of, names_in
from codemods._everywhere import Code, CodeCodemod, CodeExample, ordered, unread
from codemods._finding import (
    Surroundings,
    Verdict,
    find_constructions,
    find_field,
    find_fields,
    find_mentions,
    find_variables,
    finding_uses,
    named_uses,
)
from codemods._finding.roles import role_of_file
from codemods._given_values import EXPECTED_ADVICE
from codemods._made_untouched import made_untouched
from codemods._new_value import NewValue
from codemods._reads import formatted_reads, unknown_reads
from codemods._rename_words import new_words
from codemods._requests import CalculateField, ComputeField, GiveField, NewLabels, RegisterModel, RoundField
from codemods._source import names_bound_in
from codemods._strings import StringAnalysis
from codemods._tree import parses
from codemods._valid_values import ValidValue, bounds_of, valid_value
from codemods._values import (
    AddField,
    EditResult,
    Example,
    Home,
    KnownType,
    LeftAlone,
    ModelCodemod,
    ModelText,
)
from codemods._wanted import field_request
from codemods.calculated_field import plain_type
from codemods.computed_field import ignored_in
from codemods.enum_values import member_names, members_of
from codemods.expected_values import line_of

__all__ = [
    "EXPECTED_ADVICE",
    "AddField",
    "CalculateField",
    "Code",
    "CodeCodemod",
    "CodeExample",
    "ComputeField",
    "EditResult",
    "Example",
    "GiveField",
    "Home",
    "KnownType",
    "LeftAlone",
    "ModelCodemod",
    "ModelText",
    "NewLabels",
    "NewValue",
    "RegisterModel",
    "RoundField",
    "StringAnalysis",
    "Surroundings",
    "ValidValue",
    "Verdict",
    "annotation_of",
    "bounds_of",
    "class_at",
    "class_text",
    "family_of",
    "field_lines",
    "field_request",
    "find_constructions",
    "find_field",
    "find_fields",
    "find_mentions",
    "find_variables",
    "finding_uses",
    "formatted_reads",
    "ignored_in",
    "line_of",
    "lines_of",
    "made_untouched",
    "member_names",
    "members_of",
    "module_of",
    "named_type",
    "named_uses",
    "names_bound_in",
    "names_in",
    "new_words",
    "ordered",
    "parses",
    "plain_type",
    "role_of_file",
    "unknown_reads",
    "unread",
    "valid_value",
]
