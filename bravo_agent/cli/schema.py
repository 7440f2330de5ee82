"""``bravo-agent schema log / show / diff / check / export``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, table
from bravo_agent.model.schema import Against, CompatibilityMode, ModelDifference
from bravo_agent.planning.compare import describe
from bravo_agent.planning.compare_models import field_text
from bravo_agent.planning.report import report
from bravo_agent.usecases import schema as verbs
from bravo_agent.usecases.schema_check import Compatibility, check_schema

_SHORT = 12


@click.group("schema")
def command() -> None:
    """The schema registry: what each version was published with."""


_database = click.option(
    "--db", "database", metavar="NAME", help="The database (default: the configured one)."
)
_registry = click.option(
    "--registry",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An exported registry instead of the database's.",
)


@command.command("log")
@_database
@_registry
@common
def _log(session: Session, database: str | None, registry: Path | None) -> None:
    """What is registered, newest first."""
    found = verbs.schema_log(session.workspace(), database=database, registry=registry)
    document = [{**wire.plain(one.schema), "current": one.current, "note": one.note} for one in found]
    heads = ("schema", "registered", "by", "commit", "catalog", "models", "versions", "note")
    session.result(
        document, table(heads, [_row(one) for one in found]) if found else "nothing is registered yet"
    )


@command.command("show")
@click.argument("which", metavar="ID")
@click.option("--part", type=click.Choice(["catalog", "models"]), help="One part alone.")
@_database
@_registry
@common
def _show(
    session: Session, which: str, part: str | None, database: str | None, registry: Path | None
) -> None:
    """One schema: ID is a number, latest, current, a database version, or the beginning of a fingerprint."""
    found = verbs.show_schema(session.workspace(), which, database=database, registry=registry)
    parts = {"catalog": wire.plain(found.catalog), "models": wire.plain(found.models)}
    text = lines_text(
        [
            *(() if part else _facts(found)),
            *(_catalog_lines(found) if part != "models" else ()),
            *(_model_lines(found) if part != "catalog" else ()),
        ]
    )
    session.result(parts[part] if part else {"schema": wire.plain(found.schema), **parts}, text)


@command.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@_database
@_registry
@common
def _diff(session: Session, before: str, after: str, database: str | None, registry: Path | None) -> None:
    """What changed from schema A to schema B, in the catalog and in the models."""
    found = verbs.diff_schemas(session.workspace(), before, after, database=database, registry=registry)
    document = {
        "before": found.before,
        "after": found.after,
        "catalog": report(found.changes),
        "models": [wire.plain(one) for one in found.models],
    }
    lines = [f"schema {found.before} -> schema {found.after}", changes_text(found.changes, asks=False)]
    session.result(
        document, "\n".join([*lines, lines_text(_model_line(one) for one in found.models)]).rstrip()
    )


@command.command("check")
@click.option(
    "--mode",
    type=click.Choice(get_args(CompatibilityMode), case_sensitive=False),
    help="What has to fit (default: [registry] compatibility, which is BACKWARD).",
)
@click.option(
    "--source", default="direct", show_default=True, help="direct, s3, a snapshot's folder, or baseline."
)
@click.option("--against", metavar="ID", help="As if that schema were the last one registered.")
@_database
@_registry
@common
def _check(
    session: Session,
    mode: CompatibilityMode | None,
    source: str,
    against: str | None,
    database: str | None,
    registry: Path | None,
) -> int:
    """Holds source and models as they are now against what is registered; exits with 1 where they do not fit."""
    found = check_schema(
        session.workspace(), mode=mode, source=source, against=against, database=database, registry=registry
    )
    document = {"compatible": found.compatible, **wire.plain(found)}
    session.result(document, lines_text(_verdict_lines(found)))
    return 0 if found.compatible else 1


@command.command("export")
@click.option(
    "--to", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@_database
@common
def _export(session: Session, to: Path, database: str | None) -> None:
    """Writes the whole registry to a file, which the other commands read with --registry."""
    found = verbs.export_registry(session.workspace(), to, database=database)
    document = {"file": str(to), "database": found.database, "schemas": len(found.schemas)}
    session.result(document, f"exported {len(found.schemas)} schemas of {found.database} to {to}")


def _row(entry: verbs.SchemaEntry) -> tuple[str, ...]:
    one = entry.schema
    more = f" (+{len(one.versions) - 1})" if len(one.versions) > 1 else ""
    notes = [*(["current"] if entry.current else []), *([entry.note] if entry.note else [])]
    return (
        str(one.number),
        one.registered_at,
        one.registered_by,
        (one.git_commit or "")[:_SHORT],
        one.catalog_fingerprint[:_SHORT],
        one.models_fingerprint[:_SHORT],
        one.versions[-1] + more,
        "; ".join(notes),
    )


def _facts(found: verbs.SchemaContent) -> Iterator[str]:
    one = found.schema
    yield f"schema {one.number}, registered {one.registered_at} by {one.registered_by}"
    yield f"catalog {one.catalog_fingerprint}"
    yield f"models {one.models_fingerprint}"
    yield f"commit {one.git_commit or 'unknown'}"
    yield f"source database {one.source_database or 'unknown'} of cluster {one.system_identifier or 'unknown'}"
    yield f"versions {', '.join(one.versions)}"


def _catalog_lines(found: verbs.SchemaContent) -> Iterator[str]:
    for one in found.catalog.tables:
        yield f"table {one.key} ({', '.join(one.primary_key) or 'no primary key'})"
        for column in one.columns:
            yield f"    {column.name} {describe(column.type)}{'' if column.nullable else ' NOT NULL'}"


def _model_lines(found: verbs.SchemaContent) -> Iterator[str]:
    for one in found.models.entities:
        yield f"model {one.module}:{one.name}"
        yield from (f"    {field.name}: {field_text(field)}" for field in one.fields)


def _model_line(one: ModelDifference) -> str:
    place = f"{one.entity}.{one.field}" if one.field else one.entity
    return f"model {place}: {one.before or 'not there'} -> {one.after or 'not there'}"


def _verdict_lines(found: Compatibility) -> Iterator[str]:
    for one in found.against:
        yield f"{one.direction} with schema {one.number}: {_verdict(one)}"
        for fault in one.incompatibilities:
            place = f"{fault.table}.{fault.column}" if fault.column else fault.table
            yield f"    {place}: {fault.rule}: {fault.why}"
    yield from (f"note: {note}" for note in found.notes)
    yield f"{found.mode}: {'compatible' if found.compatible else 'not compatible'}"


def _verdict(one: Against) -> str:
    return "not compatible" if one.incompatibilities else "compatible"
