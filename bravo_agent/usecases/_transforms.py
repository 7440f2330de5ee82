"""Transformations bound by hash: kept aside as drafts, written when a person accepts, held at each run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Change
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.planning.transform_code import refusals
from bravo_agent.rules._bound import bound_code, code_hash, module_file, normalised
from bravo_agent.stores.application import apply_patch, read_text
from bravo_agent.workspace import Workspace, write_text

FOLDER = "bravo_transforms"


@dataclass(frozen=True)
class FunctionCode:
    """A function's file; ``text`` is None where no file here has the hash."""

    file: str
    sha256: str
    text: str | None = None


def check_transforms(workspace: Workspace, changes: Iterable[Change]) -> None:
    """Raises ``StaleError`` ``transform-changed`` where a file is not what was approved any more."""
    for change in changes:
        params = dict(change.params)
        if change.state == "decided" and "sha256" in params and "function" in params:
            place = f"{change.id[:12]}, {change.table}.{change.field}"
            bound_code(workspace.project, params["function"], params["sha256"], place)


def keep_draft(workspace: Workspace, code: str) -> Path:
    """Writes checked code to .bravo/drafts under its hash, where accepting finds it."""
    path = _draft(workspace, code_hash(code))
    write_text(path, normalised(code))
    return path


def function_code(workspace: Workspace, params: Mapping[str, str]) -> FunctionCode | None:
    """The code that an answer is bound to by its hash, as a person reads it; None where no hash binds any."""
    function, digest = params.get("function"), params.get("sha256")
    if function is None or digest is None:
        return None
    module = function.partition(":")[0]
    file = f"{module.replace('.', '/')}.py"
    try:
        return FunctionCode(file, digest, _drafted(workspace, digest, file))
    except (UsageError, UnicodeDecodeError):
        pass  # drafted elsewhere, or cleaned away: it may stand in the application
    try:
        return FunctionCode(file, digest, normalised(bound_code(workspace.project, function, digest, file)))
    except StaleError:
        return FunctionCode(file, digest)


def install_transform(workspace: Workspace, params: Mapping[str, str]) -> str | None:
    """Writes the accepted function's file into the application; gives it, or None where it stands there already.

    Nothing is written for an answer that no hash binds. Raises ``UsageError`` ``draft-missing``,
    ``transform-refused``, ``transform-not-clean``.
    """
    function, digest = params.get("function"), params.get("sha256")
    if function is None or digest is None:
        return None
    module = function.partition(":")[0]
    standing = module_file(workspace.project, module)
    before = read_text(standing) if standing else None
    if before is not None and code_hash(before) == digest:
        return None
    file = f"{module.replace('.', '/')}.py"
    code = _drafted(workspace, digest, file)
    refused = refusals(code)
    if refused or not module.startswith(f"{FOLDER}."):
        raise UsageError(
            "transform-refused",
            f"{file}: {refused[0].why if refused else f'drafts are written to {FOLDER}/ alone'}",
            hint="Draft it again with `bravo-agent draft`.",
            where=file,
        )
    if apply_patch(workspace.project, Patch((Edit(file, before, code),))):
        raise UsageError(
            "transform-not-clean",
            f"{file} has changes that are not committed",
            hint="Commit or remove them first: accepting writes over the file.",
            where=file,
        )
    return file


def _drafted(workspace: Workspace, digest: str, file: str) -> str:
    path = _draft(workspace, digest) if digest.isalnum() else None
    code = read_text(path) if path and path.is_file() else None
    if code is None or code_hash(code) != digest:
        raise UsageError(
            "draft-missing",
            f"neither {file} nor a draft here has the hash {digest[:12]}",
            hint="Drafts stay on the machine that made them: accept there and commit the file, or draft again here.",
            where=file,
        )
    return code


def _draft(workspace: Workspace, digest: str) -> Path:
    return workspace.private / "drafts" / f"{digest}.py"
