"""Uses by name: all of them, with the role of the place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from code_hard_models import write

from bravo_agent.model.entities import Place
from codemods import find_uses

FILES = {
    "app/models.py": "class Ad(M):\n    cost: int\n\n    @field_validator('cost')\n    def f(cls, v): ...\n",
    "app/calculations.py": "def total(ad):\n    return ad.cost\n",
    "app/other.py": "def f(ad):\n    cost = 1\n    return g(ad.cost, round(ad.cost, 2), ad.cost * 2, ad.costs)\n",
    "app/api.py": "@app.get('/x')\ndef get(ad):\n    return {'cost': ad.cost}\n",
    "app/repository.py": "def q(c):\n    return c.aggregate([{'$sum': '$cost'}])\n",
    "app/rounding.py": "DIGITS = {'cost': 2}\n",
    "app/dump.py": "def f(ad):\n    return ad.model_dump(include={'cost'})\n",
    "app/match.py": "match ad:\n    case Ad(cost=x):\n        y = [\n            Ad(\n                cost=x,\n"
    "            )\n        ]\n",
    "app/newer.py": "type X = int\nprint(f'{ad.cost!r}')\n",
    "app/broken.py": "def (\nad.cost\n",
    "tests/test_ad.py": "assert ad.cost == 1\n",
    "tests/fixtures/ads.json": '[\n  {"cost": 1, "other": "cost"}\n]\n',
    "data/ads.json": '{"cost": 1}\n',
    ".venv/lib/x.py": "ad.cost\n",
    "vendored/x.py": "ad.cost\n",
}
EXPECTED = {
    ("app/api.py", 3, "api"),
    ("app/broken.py", 2, "other"),
    ("app/calculations.py", 2, "calculation"),
    ("app/dump.py", 2, "serialization"),
    ("app/match.py", 2, "other"),
    ("app/match.py", 5, "other"),
    ("app/models.py", 4, "validation"),
    ("app/newer.py", 2, "other"),
    ("app/other.py", 3, "calculation"),
    ("app/other.py", 3, "other"),
    ("app/other.py", 3, "rounding"),
    ("app/repository.py", 2, "query"),
    ("app/rounding.py", 1, "rounding"),
    ("tests/fixtures/ads.json", 2, "fixture"),
    ("tests/test_ad.py", 1, "test"),
}


def test_every_use_with_its_role(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    declared = [Place("app/models.py", 2)]
    found = find_uses(tmp_path, ["."], ["vendored"], [("Ad", "cost")], declared)
    assert {(use.file, use.line, use.role) for use in found["Ad", "cost"]} == EXPECTED
    assert {use.how for use in found["Ad", "cost"]} == {"name"}


def test_many_names_in_one_pass_and_none_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = find_uses(
        tmp_path, [".", "app"], ["vendored"], [("Ad", "costs"), ("B", "costs"), ("B", "nowhere")]
    )
    assert [len(uses) for uses in found.values()] == [1, 1, 0]
    assert find_uses(tmp_path, ["."], [], []) == {}


@pytest.mark.parametrize("name", ["daily_budget", "cost"])
def test_the_example_application(name: str) -> None:
    project = Path(__file__).parents[2] / "examples" / "campaigns"
    uses = find_uses(project, ["."], [], [("X", name)])["X", name]
    assert {"calculation", "rounding", "query", "test", "fixture", "api"} <= {use.role for use in uses}
