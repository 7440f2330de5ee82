"""The same project and production as the runs have."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

RUNS = Path(__file__).resolve().parents[1] / "runs"
sys.path.insert(0, str(RUNS))
_spec = importlib.util.spec_from_file_location("consent_runs_conftest", RUNS / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_runs = importlib.util.module_from_spec(_spec)
sys.modules["consent_runs_conftest"] = _runs
_spec.loader.exec_module(_runs)

template, new_scene, scene = _runs.template, _runs.new_scene, _runs.scene
