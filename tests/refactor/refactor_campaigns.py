"""The example application, and what a rename of Campaign.daily_budget must change in it, line by line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples/campaigns"
OLD, NEW = "daily_budget", "daily_budget_amount"

MUST = {
    "campaigns/api.py": (136,),
    "campaigns/calculations.py": (94, 113, 131),
    "campaigns/models/campaigns.py": (53, 79, 83, 98),
    "campaigns/repository.py": (80, 81, 95, 104),
    "campaigns/rounding.py": (10,),
    "campaigns/schemas.py": (43, 62),
    "campaigns/serializers.py": (129, 145),
    "campaigns/validation.py": (38, 39, 40, 41, 43),
    "tests/factories.py": (52,),
    "tests/fixtures/campaigns.json": (10, 39, 61),
    "tests/test_api.py": (9, 34, 46, 56, 62, 64, 70),
    "tests/test_calculations.py": (83,),
    "tests/test_models.py": (34, 41, 48, 49, 56, 82, 83),
    "tests/test_repository.py": (15, 22, 34, 35, 36),
    "tests/test_rounding.py": (12,),
    "tests/test_serializers.py": (26, 44, 82),
    "tests/test_validation.py": (23, 34),
}
MUST_NOT = {
    "campaigns/api.py": (96, 99, 168, 169),
    "campaigns/calculations.py": (118, 124, 125, 132),
    "campaigns/schemas.py": (127,),
    "production/generate.py": (185,),
    "tests/fixtures/campaigns.json": (25,),
    "tests/test_api.py": (38, 48, 112),
    "tests/test_calculations.py": (108, 109, 111),
    "tests/test_serializers.py": (46,),
}
# The local of the same name stays; the attribute beside it does not.
KEPT = {"campaigns/calculations.py": {131: "daily_budget = "}}


def copy_of_example(folder: Path) -> Path:
    """The application without what tests have left in it."""
    skipped = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".bravo", "*.egg-info")
    shutil.copytree(EXAMPLE, folder, ignore=skipped)
    return folder


def expected(folder: Path) -> dict[str, str]:
    """Every file as the rename must leave it."""
    texts = {}
    for path in sorted(
        one for one in folder.rglob("*") if one.suffix in (".py", ".json", ".md", ".sql", ".toml")
    ):
        file = path.relative_to(folder).as_posix()
        lines = path.read_text().split("\n")
        for number in MUST.get(file, ()):
            kept = KEPT.get(file, {}).get(number, "")
            head, tail = lines[number - 1].partition(kept)[:2] if kept else ("", "")
            rest = lines[number - 1][len(head) + len(tail) :]
            lines[number - 1] = head + tail + re.sub(rf"\b{OLD}\b", NEW, rest)
        texts[file] = "\n".join(lines)
    return texts
