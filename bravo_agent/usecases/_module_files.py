"""The file of a module that types are imported from."""

from __future__ import annotations

from bravo_agent.model.entities import ModelSet
from bravo_agent.usecases._by_hand import ByHand
from bravo_agent.workspace import Workspace


def file_of_module(workspace: Workspace, models: ModelSet, module: str) -> str:
    """Where its models are, else where its name says; raises ``ByHand``."""
    known = next((one.place.file for one in models.entities if one.module == module), None)
    if known is not None:
        return known
    project = workspace.project
    roots = [project, project / "src", *(project / one for one in workspace.config.project.sources)]
    dotted = module.replace(".", "/")
    for path in (root / name for root in roots for name in (f"{dotted}.py", f"{dotted}/__init__.py")):
        if path.is_file():
            return path.resolve().relative_to(project.resolve()).as_posix()
    raise ByHand(f"the module {module} is not found")
