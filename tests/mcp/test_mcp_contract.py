"""A door for every use case: reached through the server, or excused in one line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import bravo_agent
import mcp_server

HOME = Path(bravo_agent.__file__).parent / "usecases"
SERVER = Path(mcp_server.__file__).parent
PERSON = "a person's, at a terminal"
PART = "a part of another use case"
# A use case that no tool, resource or prompt calls by itself, and why.
EXCUSED = {
    "acquire.acquire": PART,
    "acquire.export_snapshot": "make_plan takes a snapshot where none is named",
    "acquire.make_shared_place": "the demo's",
    "acquire.newest_local": PART,
    "acquire.prune_snapshots": PERSON,
    "acquire.share_snapshot": PERSON,
    "acquire.verify_snapshot": "fetch_snapshot, make_plan and apply verify by themselves",
    "adopt.adopt": "the target guard is a person's alone to open",
    "artifacts.apply_artifacts": "apply writes them with the rest of the plan",
    "artifacts.artifacts_of": PART,
    "artifacts.make_artifacts": "preview_cascade shows them with the rest",
    "cascade.apply_cascade": "apply carries out a plan's steps",
    "cascade.commit_cascade": PERSON,
    "cascade.recompute_cascade": "runs the project's tests, which is a person's wish",
    "convert.transform": PERSON,
    "decide.answered": PART,
    "decide.prune_decisions": PERSON,
    "decide.reject_proposal": PERSON,
    "detect.detect": PART,
    "detect.latest_local": PART,
    "detect.load_mapping": PART,
    "detect.privacy_of": PART,
    "draft.code_to_read": "a person reads the code outside of the conversation: in its file, or on the review page",
    "evidence.measure": PART,
    "evidence.snapshot_at_hand": PART,
    "explain.explain": "get_change, get_plan and validate_target tell the same, field by field",
    "explain_change.explain_change": "get_change tells the same, field by field",
    "initialise.initialise": PERSON,
    "initialise.write_workspace_files": PART,
    "load.build_tables": PART,
    "load.surroundings": PART,
    "load.transform_hash": PART,
    "load.transform_modules": PART,
    "mcp_install.install_server": PERSON,
    "offending.offending_keys": "keys of rows are shown at a terminal alone",
    "plan.draft_plan": "make_plan makes one that can be applied",
    "plans.list_plans": "get_plan tells of one, and of what was applied; the review page lists the newest",
    "propose.propose": "the agent itself is the model that proposes",
    "recompute.recompute_uncommitted": PART,
    "recompute.recompute_change": PERSON,
    "refactor.apply_refactoring": PERSON,
    "refactor.commit_refactoring": PERSON,
    "refactor.refactor": PERSON,
    "refactor.save_refactoring": PERSON,
    "run.database_for": PART,
    "run.interrupted": PART,
    "run.run": "an agent plans first and applies by hash",
    "schema.diff_schemas": PERSON,
    "schema.export_registry": PERSON,
    "schema.schema_log": PERSON,
    "schema.show_schema": PERSON,
    "schema_check.check_schema": PERSON,
    "uses.find_uses": PART,
    "uses.uses_of_fields": PART,
    "validate.check_collections": PART,
    "validate.validator_of": PART,
}


def _verbs() -> Iterator[str]:
    for path in sorted(HOME.glob("[a-z]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = node.args.args[:1]
                if first and first[0].arg == "workspace":
                    yield f"{path.stem}.{node.name}"


def _called() -> Iterator[str]:
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bravo_agent.usecases."):
                yield from (f"{(node.module or '').rpartition('.')[2]}.{one.name}" for one in node.names)


def test_every_use_case_is_reached_or_excused() -> None:
    verbs, called = set(_verbs()), set(_called())
    assert verbs - called - set(EXCUSED) == set()
    assert set(EXCUSED) - verbs == set(), "excuses for what is not there"
    assert set(EXCUSED) & called == set(), "excuses for what has a tool"
