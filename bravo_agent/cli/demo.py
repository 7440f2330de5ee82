"""``bravo-agent demo``: the whole story on embedded servers, with the example application."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from bravo_agent import wire
from bravo_agent.cli._changes import changes_text
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import table
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.events import Emit
from bravo_agent.model.run import RunReport
from bravo_agent.stores.servers import ServerSet, start_servers, stop_servers
from bravo_agent.usecases import acquire, demo
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect, source_catalog
from bravo_agent.usecases.initialise import initialise
from bravo_agent.usecases.production import create_database, run_sql
from bravo_agent.usecases.run import run
from bravo_agent.usecases.validate import failed_checks, validate
from bravo_agent.usecases.versions import list_versions, rollback
from bravo_agent.workspace import Workspace, make_workspace, open_workspace

_BUCKET = "snapshots"
_WIDTH = 116  # one screen tells the story: what is longer stands in the real commands' output


@dataclass
class _Story:
    """One telling; ``result`` is what --json gives at the end."""

    session: Session
    project: Path
    environ: dict[str, str]
    number: int = 0
    result: dict[str, object] = field(default_factory=dict)

    @property
    def emit(self) -> Emit:
        return lambda event: None

    def workspace(self) -> Workspace:
        return open_workspace(self.project, self.environ)

    def chapter(self, title: str) -> None:
        self.number += 1
        self.say(click.style(f"{self.number}. {title}", bold=True))

    def say(self, text: str) -> None:
        if not self.session.json:
            click.echo(text)

    def indent(self, text: str) -> None:
        for line in text.splitlines():
            self.say(f"   {line}" if len(line) <= _WIDTH else f"   {line[: _WIDTH - 3]}...")


@click.command("demo")
@click.option("--rows", default=20_000, show_default=True, help="Rows of daily metrics in production.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), help="Work here and keep it afterwards.")
@common
def command(session: Session, rows: int, folder: Path | None) -> int:
    """The whole story on embedded PostgreSQL, MongoDB and S3 with the example application."""
    started = time.monotonic()
    with _folder(folder) as project, start_servers(_servers(project), s3=True) as servers:
        story = _Story(session, project, _environment(servers))
        _tell(story, servers, rows)
        story.say(f"\nIt took {time.monotonic() - started:.0f} s.")
        if folder:
            story.say(f"The application is in {story.project}; its servers stop when nobody uses them.")
        else:
            story.say("Keep what it made with --dir FOLDER. In your own project: bravo-agent init")
        session.result(story.result)
    return 0


def _servers(project: Path) -> Path:
    return project / ".bravo" / "servers"


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="bravo-demo-", ignore_cleanup_errors=True) as name:
            try:
                yield Path(name)
            finally:
                # Before their folder goes: the watchdog would find nothing left that says what to stop.
                stop_servers(_servers(Path(name)))
        return
    if kept.exists() and any(kept.iterdir()):
        raise UsageError(
            "demo-folder-used",
            f"{kept} is not empty",
            hint="The demo makes a project of its own: name a folder that does not exist yet.",
            where=str(kept),
        )
    kept.mkdir(parents=True, exist_ok=True)
    yield kept.resolve()


def _environment(servers: ServerSet) -> dict[str, str]:
    if servers.postgres_uri is None or servers.mongodb_uri is None or servers.s3 is None:
        raise AssertionError("all three were asked for")
    # boto3 takes its keys from the process' own environment.
    os.environ["AWS_ACCESS_KEY_ID"] = servers.s3.access_key
    os.environ["AWS_SECRET_ACCESS_KEY"] = servers.s3.secret_key
    os.environ["AWS_DEFAULT_REGION"] = servers.s3.region
    return {
        "BRAVO_SOURCE_URI": urlsplit(servers.postgres_uri)._replace(path="/production").geturl(),
        "BRAVO_TARGET_URI": servers.mongodb_uri,
        "BRAVO_SNAPSHOT_URI": f"s3://{_BUCKET}/campaigns",
        "BRAVO_S3_ENDPOINT": servers.s3.endpoint,
        "BRAVO_MASK_KEY": "the demo's own key, which protects nothing",
        "BRAVO_USER": "demo",
    }


def _tell(story: _Story, servers: ServerSet, rows: int) -> None:
    _production(story, servers, rows)
    _first_day(story)
    _first_load(story)
    _drift(story)
    _safe_part(story)
    _decision(story)
    _back(story)


def _production(story: _Story, servers: ServerSet, rows: int) -> None:
    story.chapter("Production: PostgreSQL 18, filled by the example's generator")
    demo.copy_example(story.project)
    create_database(servers.postgres_uri or "", "production")
    counts = demo.generator(story.project).generate(story.environ["BRAVO_SOURCE_URI"], rows=rows, seed=1)
    story.indent(", ".join(f"{name} {count:,}" for name, count in counts.items()))


def _first_day(story: _Story) -> None:
    story.chapter("bravo-agent init: the models are found and mapped, bravo.toml is written")
    done = initialise(make_workspace(story.project, Config(), story.environ), emit=story.emit)
    story.indent(", ".join(f"{name.partition('.')[2]} -> {entity}" for name, entity in done.mapped))
    story.indent(f"proposed to be masked: {', '.join(name.partition('.')[2] for name in done.masked)}")
    path = story.project / "bravo.toml"
    text = path.read_text(encoding="utf-8")
    # What a developer does on the first day: reads the proposals and corrects two of them.
    for column in ("public.users.locale", "public.users.notifications"):
        text = text.replace(f'"{column}" = "mask"', f'"{column}" = "keep"')
    text = text.replace("# [artifacts]\n# json-schema", "[artifacts]\njson-schema")
    for kind in ("mongodb-validator", "typescript", "zod"):
        text = text.replace(f"# {kind}", kind)
    path.write_text(text, encoding="utf-8")


def _first_load(story: _Story) -> None:
    story.chapter("bravo-agent snapshot export, upload; bravo-agent run --source s3")
    workspace = story.workspace()
    acquire.make_shared_place(workspace)
    snapshot = acquire.export_snapshot(workspace, emit=story.emit)
    acquire.share_snapshot(workspace, emit=story.emit)
    story.indent(
        f"snapshot {snapshot.id}: {len(snapshot.tables)} tables, {snapshot.rows:,} rows, shared on S3"
    )
    _loaded(story, "first", run(workspace, source="s3", emit=story.emit))


def _drift(story: _Story) -> None:
    story.chapter("Production changes: an optional column, and a required one")
    for number in (1, 2):
        run_sql(story.environ["BRAVO_SOURCE_URI"], demo.drift_script(story.project, number))
    workspace = story.workspace()
    found = detect(workspace, source_catalog(workspace, "direct"))
    story.result["changes"] = [wire.plain(change) for change in found.changes]
    story.indent(changes_text(found.changes))


def _safe_part(story: _Story) -> None:
    story.chapter("bravo-agent --auto: what is safe is done, what is not stays out (exit code 3)")
    before = _models(story)
    report = run(story.workspace(), emit=story.emit)
    _show_edits(story, before)
    _loaded(story, "auto", report)


def _decision(story: _Story) -> None:
    workspace = story.workspace()
    found = detect(workspace, source_catalog(workspace, "direct"))
    asked = next(change for change in found.changes if change.state == "open")
    story.chapter(f"A person decides: bravo-agent decide {asked.id[:12]} make-optional")
    record_decision(workspace, found, asked.id, "make-optional", params={}, rationale="the demo")
    before = _models(story)
    report = run(workspace, emit=story.emit)
    _show_edits(story, before)
    _loaded(story, "decided", report)


def _back(story: _Story) -> None:
    workspace = story.workspace()
    first = list_versions(workspace)[-1].id
    story.chapter(f"bravo-agent rollback --version {first}")
    done = rollback(workspace, version=first, emit=story.emit)
    story.indent(f"{done.before} -> {done.after} in {done.seconds:.2f} s")
    results = validate(workspace, emit=story.emit)
    failed = failed_checks(results, 0)
    story.indent(f"bravo-agent validate: {len(results) - len(failed)} of {len(results)} checks passed")
    rows = [
        (one.id, "current" if one.current else one.state, f"{sum(c.documents for c in one.collections):,}")
        for one in list_versions(workspace)
    ]
    story.indent(table(("version", "state", "documents"), rows))
    story.result["rollback"] = wire.plain(done)


def _loaded(story: _Story, name: str, report: RunReport) -> None:
    passed = sum(one.passed for one in report.checks)
    documents = sum(one.documents for one in report.tables)
    story.indent(
        f"{report.database}, version {report.run.version}: {documents:,} documents in {len(report.tables)} "
        f"collections, {passed} of {len(report.checks)} checks passed, exit code {report.exit_code}"
    )
    for one in report.tables:
        for column, change in one.left_out:
            story.indent(f"left out: {one.table}.{column}, until change {change[:12]} is settled")
    story.result[name] = {"exitCode": report.exit_code, "documents": documents, "published": report.published}


def _models(story: _Story) -> dict[str, list[str]]:
    folder = story.project / "campaigns" / "models"
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.py"))}


def _show_edits(story: _Story, before: dict[str, list[str]]) -> None:
    for name, lines in _models(story).items():
        old = set(before.get(name, ()))
        for line in lines:
            if line not in old:
                story.indent(f"campaigns/models/{name}: + {line.strip()}")
