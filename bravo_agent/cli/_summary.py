"""A run's report: as one JSON document, and as the screen a person reads at its end."""

from __future__ import annotations

from typing import Any

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._tables import lines_text, table
from bravo_agent.model.run import RunReport
from bravo_agent.planning.report import schema_change

_OUTCOMES = {
    "published": "published",
    "published-review": "published; something needs review and stayed out",
    "blocked": "blocked: nothing was published",
    "failed-checks": "checks failed: nothing was published",
}


def run_document(report: RunReport) -> dict[str, Any]:
    """What varies from run to run stands under ``run`` alone."""
    return {
        "status": report.outcome,
        "exitCode": report.exit_code,
        "database": report.database,
        "refresh": report.refresh,
        "published": report.published,
        "catalogFingerprint": report.catalog_fingerprint,
        "changes": [schema_change(change) for change in report.changes],
        "code": wire.plain(report.code),
        "tables": [wire.plain(one) for one in report.tables],
        "checks": [wire.plain(one) for one in report.checks],
        "masked": list(report.masked),
        "unclassified": list(report.unclassified),
        "notes": list(report.notes),
        "nextSteps": list(report.next_steps),
        "run": {**wire.plain(report.run), "plan": report.plan_hash},
    }


def run_text(report: RunReport) -> str:
    """Found, decided, loaded, checked, where, how long, what next."""
    blocks = [f"changes\n{_indent(changes_text(report.changes))}", *_code(report)]
    if report.tables and report.published:
        blocks.append(f"loaded\n{_indent(_tables(report))}")
    blocks.append(f"checked\n{_indent(_checks(report))}")
    if report.masked:
        blocks.append("masked\n" + lines_text([f"  {len(report.masked)} columns{_unclassified(report)}"]))
    if report.notes:
        blocks.append("notes\n" + lines_text(f"  {note}" for note in report.notes))
    if report.next_steps:
        blocks.append("next\n" + lines_text(f"  {step}" for step in report.next_steps))
    blocks.append(_last_line(report))
    return "\n".join(blocks)


def _code(report: RunReport) -> list[str]:
    code, lines = report.code, []
    lines += [f"  edited {file}" for file in code.edited]
    lines += [f"  not edited, it has uncommitted changes: {file}" for file in code.not_clean]
    lines += [f"  patch written to {code.patch_file}"] if code.patch_file else []
    lines += [f"  every place: {code.manifest}"] if code.manifest else []
    lines += [f"  by hand: {one.file}:{one.line}: {one.why}" for one in code.manual]
    return ["code\n" + lines_text(lines)] if lines else []


def _tables(report: RunReport) -> str:
    rows = [(one.table, one.collection, f"{one.rows:,}", f"{one.documents:,}") for one in report.tables]
    lines = []
    for one in report.tables:
        lines += [f"left out: {one.table}.{column} (change {why[:12]})" for column, why in one.left_out]
        lines += [f"quarantined: {one.table}: {one.quarantined} rows"] if one.quarantined else []
    loaded = table(("table", "collection", "rows", "documents"), rows)
    return "\n".join([loaded, lines_text(lines)] if lines else [loaded])


def _checks(report: RunReport) -> str:
    if not report.checks:
        return "nothing"
    failed = [one for one in report.checks if not one.passed]
    examined = sum(one.examined for one in report.checks)
    lines = [
        f"{len(report.checks) - len(failed)} of {len(report.checks)} checks passed, {examined:,} things looked at"
    ]
    for one in failed:
        lines += [
            f"failed: {one.check}: {found.where}: {found.message} ({found.count})" for found in one.findings
        ]
    return lines_text(lines)


def _unclassified(report: RunReport) -> str:
    return f", not classified yet: {', '.join(report.unclassified)}" if report.unclassified else ""


def _last_line(report: RunReport) -> str:
    run = report.run
    total = sum(run.seconds.values())
    where = f"{report.database}, version {run.version}" if report.published else report.database
    memory = f"{run.peak_memory / 2**20:.0f} MB"
    rate = f", {run.rows_per_second:,} rows/s" if run.rows_per_second else ""
    return f"{_OUTCOMES[report.outcome]}: {where}; {total:.1f} s{rate}, peak memory {memory}"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
