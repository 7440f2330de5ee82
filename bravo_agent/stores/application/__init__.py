"""The application as an outside system: its models, its working tree, patches of its files."""

from bravo_agent.stores.application._importing import ModelSchema, interpreter
from bravo_agent.stores.application.checkers import CheckerRun, configured_checkers, run_checker
from bravo_agent.stores.application.commits import commit_patch
from bravo_agent.stores.application.discovery import file_stamps, find_model_paths
from bravo_agent.stores.application.patches import (
    apply_patch,
    not_clean,
    read_text,
    render_diff,
    scratch_folder,
)
from bravo_agent.stores.application.project_lock import only_writer
from bravo_agent.stores.application.reading import (
    ModelReading,
    NamedType,
    models_fingerprint,
    read_definitions,
    read_models,
    read_openapi,
    read_schemas,
)
from bravo_agent.stores.application.suite import (
    SuiteRun,
    Written,
    base_name,
    run_suite,
    scratch_copy,
    write_edits,
)
from bravo_agent.stores.application.working_tree import (
    branch,
    dirty_files,
    former_texts,
    head_commit,
    is_clean,
    repository_files,
    uncommitted,
)

__all__ = [
    "CheckerRun",
    "ModelReading",
    "ModelSchema",
    "NamedType",
    "SuiteRun",
    "Written",
    "apply_patch",
    "base_name",
    "branch",
    "commit_patch",
    "configured_checkers",
    "dirty_files",
    "file_stamps",
    "find_model_paths",
    "former_texts",
    "head_commit",
    "interpreter",
    "is_clean",
    "models_fingerprint",
    "not_clean",
    "only_writer",
    "read_definitions",
    "read_models",
    "read_openapi",
    "read_schemas",
    "read_text",
    "render_diff",
    "repository_files",
    "run_checker",
    "run_suite",
    "scratch_copy",
    "scratch_folder",
    "uncommitted",
    "write_edits",
]
