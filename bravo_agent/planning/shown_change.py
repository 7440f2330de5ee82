"""What of a change a model may see: structure, statistics, places in the code. Never a row, never a secret."""

from __future__ import annotations

from typing import Any

from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.change import Altered, Change, Evidence, Fact, Option
from bravo_agent.model.entities import Field, Shape


def shown_change(change: Change, field: Field | None = None) -> dict[str, Any]:
    """The change as plain data; keys of offending rows and lines of code are left out."""
    details = change.details
    return {
        "kind": change.kind,
        "severity": change.severity,
        "table": change.table,
        "column": change.field,
        "model": change.entity,
        "field": shown_field(field) if field else change.model_field,
        "expected_type": details.expected_type,
        "current_type": details.current_type,
        "before": details.before,
        "after": details.after,
        "default": details.default,
        "required": details.required,
        "note": details.note,
        "facts": [_fact(one) for one in change.facts],
        "statistics": _evidence(change.evidence),
        "candidates": [
            {
                "table": one.table,
                "column": one.field,
                "score": round(one.score, 3),
                "reasons": list(one.reasons),
            }
            for one in change.candidates
        ],
        "uses": [
            {"file": use.file, "line": use.line, "role": use.role, "known_by": use.how} for use in change.uses
        ],
        "options": [_option(one) for one in change.question.options] if change.question else [],
    }


def shown_field(field: Field) -> dict[str, Any]:
    """What the application's field takes."""
    return {"name": field.name, "required": field.required, **_shape(field.shape)}


def shown_column(column: Column) -> dict[str, Any]:
    """A column's structure, its comment included: that is what people write hints (and jokes) into."""
    return {
        "name": column.name,
        "type": column.type.sql,
        "labels": list(_labels(column.type)),
        "nullable": column.nullable,
        "default": column.default,
        "generated": column.generated or None,
        "comment": column.comment,
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {
        "kind": shape.kind,
        "annotation": shape.text,
        "optional": shape.optional,
        "labels": list(shape.labels),
        "max_length": shape.max_length,
        "max_digits": shape.max_digits,
        "decimal_places": shape.decimal_places,
        "items": _shape(shape.item) if shape.item else None,
    }


def _labels(type_: ColumnType) -> tuple[str, ...]:
    return _labels(type_.element) if type_.form == "array" and type_.element else type_.labels


def _fact(fact: Fact) -> dict[str, Any]:
    if isinstance(fact, Altered):
        return {
            "fact": fact.aspect,
            "before": fact.before,
            "after": fact.after,
            "old": shown_column(fact.old) if fact.old else None,
            "new": shown_column(fact.new) if fact.new else None,
        }
    return {"fact": fact.tag, "column": shown_column(fact.column) if fact.column else None}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """Counts alone. Labels are structure; ``keys`` of rows are not, and stay here."""
    return {
        "rows": evidence.rows,
        "null_rows": evidence.nulls,
        "distinct_values": evidence.distinct,
        "rows_that_the_expected_type_takes": evidence.castable,
        "rows_out_of_bounds": evidence.outside,
        "rows_by_label": [{"label": label, "rows": rows} for label, rows in evidence.holding],
        "share_equal_by_key": evidence.equal_by_key,
        "name_similarity": evidence.similarity,
        "identity_proves_it": evidence.identity or None,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "label": option.label,
        "consequence": option.consequence,
        "params": list(option.params),
    }
