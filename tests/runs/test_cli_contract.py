"""What scripts rely on: options, documents, errors, the menu, and a door for every use case."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pexpect
import pytest
from click.testing import CliRunner
from runs_scene import Scene

import bravo_agent
from bravo_agent.cli.main import group

HOME = Path(bravo_agent.__file__).parent
# A use case that no command calls by itself, and why.
EXCUSED = {
    "examine.ground_of": "the server's: whether a look is still right",
    "inspect_plan.inspect_plan": "get_plan of the server; explain reads the same plan aloud",
    "inspect_plan.known_plans": "completions of the server",
    "apply.applied_before": "the server's, before it asks a person; a part of apply",
    "draft.code_to_read": "a part of review",
    "decide.find_proposal": "the server's, before it asks a person; a part of decide --accept",
    "versions.current_version": "the server's, before it asks a person; versions shows it",
    "samples.sample_values": "sample_values of the server; a person has psql",
    "acquire.make_shared_place": "the demo's; a team's bucket is made by whoever owns it",
    "artifacts.artifacts_of": "a part of run, cascade and artifacts",
    "detect.latest_local": "a part of transform",
    "detect.load_mapping": "a part of run, validate and transform",
    "detect.privacy_of": "a part of run's report",
    "detect.source_catalog": "a part of detect and of the commands with --source",
    "evidence.measure": "a part of detect",
    "recompute.recompute_uncommitted": "a part of cascade --recompute",
    "evidence.snapshot_at_hand": "a part of detect, decide and explain",
    "explain_change.explain_change": "a part of explain",
    "initialise.write_workspace_files": "a part of init",
    "load.build_tables": "a part of run and load",
    "load.surroundings": "a part of run, load and transform",
    "load.transform_hash": "a part of run",
    "load.transform_modules": "a part of plan",
    "offending.offending_keys": "a part of detect --offending-keys",
    "plans.list_plans": "a part of review",
    "run.database_for": "a part of run --refresh parallel",
    "run.interrupted": "a part of run and apply",
    "validate.check_collections": "a part of run",
    "validate.validator_of": "a part of run and validate",
    "uses.find_uses": "a part of refactor, and the Python API's",
    "uses.uses_of_fields": "a part of detect",
}


def _commands(under: click.Command = group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(under, click.Group):
        yield name, under
        return
    context = click.Context(under)
    for one in under.list_commands(context):
        found = under.get_command(context, one)
        assert found is not None
        yield from _commands(found, f"{name} {one}".strip())


COMMANDS = dict(_commands())


def test_the_commands_of_the_contract_are_there() -> None:
    promised = {"init", "doctor", "detect", "decide", "cascade", "transform", "load", "run", "validate"}
    promised |= {f"snapshot {verb}" for verb in ("export", "list", "download", "upload", "verify", "prune")}
    assert promised | {"versions", "rollback", "demo", "plan", "apply", "explain"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_shared_options_and_explains_itself(name: str) -> None:
    options = {text for one in COMMANDS[name].params for text in one.opts}
    assert {"--json", "-C", "--project"} <= options
    assert COMMANDS[name].help
    for one in COMMANDS[name].params:
        assert isinstance(one, click.Argument) or getattr(one, "help", None), one.name


# These bring a project of their own, make one, or need none.
WITHOUT_PROJECT = ("demo", "init", "refactor")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name.split()[0] not in WITHOUT_PROJECT])
def test_without_a_project_every_command_says_what_to_do(name: str, tmp_path: Path) -> None:
    asked = [one for one in COMMANDS[name].params if one.required]
    needed = [
        word for one in asked for word in ([one.opts[0], "x"] if one.opts[0][0] == "-" else ["12345678"])
    ]
    done = CliRunner().invoke(group, [*name.split(), *needed, "--json", "-C", str(tmp_path)])
    assert done.exit_code == 2
    document = json.loads(done.stdout)
    assert document["error"]["code"] == "config-missing"
    assert "bravo-agent init" in document["error"]["hint"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing-such"],
        ["run", "--refresh", "sometimes"],
        ["run", "--colour"],
        ["rollback"],
        ["snapshot", "prune", "--keep", "-1"],
        ["detect", "--before", "pyproject.toml"],
    ],
    ids=lambda one: " ".join(one),
)
def test_wrong_usage_is_a_document_too(arguments: list[str]) -> None:
    done = CliRunner().invoke(group, [*arguments, "--json"])
    assert done.exit_code == 2
    document = json.loads(done.stdout)
    assert (document["status"], document["error"]["code"], document["exitCode"]) == ("error", "usage", 2)
    assert document["error"]["hint"]
    assert CliRunner().invoke(group, arguments).exit_code == 2


def test_alone_without_a_terminal_it_shows_its_help() -> None:
    done = CliRunner().invoke(group, [])
    assert done.exit_code == 0
    assert "Exit codes: 0 done" in done.stdout
    assert CliRunner().invoke(group, ["run", "--help"]).exit_code == 0


def _menu(scene: Scene, folder: Path) -> pexpect.spawn:
    return pexpect.spawn(
        sys.executable,
        ["-c", "from bravo_agent.cli.main import main; main()"],
        cwd=str(folder),
        env=scene.outside(TERM="xterm"),
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 120),
    )


def test_the_menu_on_a_terminal(scene: Scene, tmp_path: Path) -> None:
    child = _menu(scene, scene.project)
    child.expect(r"1\. Look at what changed")
    child.expect("Select")
    child.sendline("7")
    child.expect("is not one of|invalid choice")
    child.sendline("2")
    child.expect("published: bravo-")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert len(scene.json("versions")) == 1
    (tmp_path / "empty").mkdir()
    child = _menu(scene, tmp_path / "empty")
    child.expect("See it work: the demo")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_doctor_names_each_fault(scene: Scene) -> None:
    def marks(**environ: str) -> dict[str, tuple[str, str]]:
        told = replace(scene, environ={**scene.environ, **environ}).cli("doctor", "--json")
        found = {one["subject"]: (one["mark"], one["found"]) for one in told.json}
        assert all(one["hint"] for one in told.json if one["mark"] != "ok")
        assert told.code == (1 if any(mark == "fault" for mark, _ in found.values()) else 0)
        return found

    well = marks()
    assert {name for name, (mark, _) in well.items() if mark == "fault"} == set()
    assert well["source"][1].startswith("PostgreSQL 18")
    assert well["publishing"][0] == "ok"
    assert marks(BRAVO_SOURCE_URI="postgresql://127.0.0.1:1/x")["source"][0] == "fault"
    assert (
        marks(BRAVO_TARGET_URI="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")["target"][0] == "fault"
    )
    assert marks(BRAVO_MASK_KEY="")["masking"][0] == "warning"
    (scene.project / "bravo.decisions.json").write_text("{")
    (scene.project / "bravo.catalog.json").unlink()
    found = marks()
    assert found["decisions"][0] == found["baseline"][0] == "fault"


def test_init_refuses_to_write_over_what_is_there(scene: Scene) -> None:
    before = scene.changed()
    assert scene.json("init", code=2)["error"]["code"] == "already-initialised"
    assert scene.changed() == before == set()
    for name in ("bravo.toml", "bravo.catalog.json"):
        (scene.project / name).unlink()
    written = scene.json("init")
    assert set(written["files"]) == {"bravo.toml", "bravo.catalog.json", ".gitignore"}
    ignored = (scene.project / ".gitignore").read_text().splitlines()
    assert {".bravo/", "logs/", "schema-change-report.json"} <= {*ignored}
    assert len(ignored) == len({*ignored})


def test_two_catalogs_in_files_are_compared(scene: Scene, tmp_path: Path) -> None:
    before, after = scene.project / "bravo.catalog.json", tmp_path / "after.json"
    catalog = json.loads(before.read_text())
    campaigns = next(one for one in catalog["tables"] if one["name"] == "campaigns")
    campaigns["columns"] = [one for one in campaigns["columns"] if one["name"] != "legacy_code"]
    after.write_text(json.dumps(catalog))
    found = scene.json("detect", "--before", str(before), "--after", str(after))["changes"]
    assert [(one["type"], one["field"]) for one in found] == [("dropped_field", "legacy_code")]


def _verbs() -> Iterator[str]:
    for path in sorted((HOME / "usecases").glob("[a-z]*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = node.args.args[:1]
                if first and first[0].arg == "workspace":
                    yield f"{path.stem}.{node.name}"


def _called() -> set[str]:
    """Names that a command's file takes from a use case, but for the demo, which tells all of them."""
    files = [path for path in (HOME / "cli").glob("*.py") if path.stem != "demo"]
    return {name for path in files for name in _called_in(ast.parse(path.read_text()))}


def _called_in(tree: ast.Module) -> Iterator[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    homes: dict[str, str] = {}
    for node in imports:
        package, _, home = (node.module or "").rpartition(".")
        if package == "bravo_agent.usecases":
            yield from (f"{home}.{one.name}" for one in node.names)
        elif node.module == "bravo_agent.usecases":
            homes |= {one.asname or one.name: one.name for one in node.names}
    for one in ast.walk(tree):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in homes:
            yield f"{homes[one.value.id]}.{one.attr}"


def test_every_use_case_has_a_command_or_an_excuse() -> None:
    verbs, called = set(_verbs()), _called()
    assert verbs - called - set(EXCUSED) == set()
    assert set(EXCUSED) - verbs == set(), "excuses for what is not there"
    assert set(EXCUSED) & called == set(), "excuses for what has a command"
