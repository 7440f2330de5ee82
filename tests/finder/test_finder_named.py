"""Places by name alone: all of them, with the role of the place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from finder_scene import EXAMPLE, write_marked

from bravo_agent.model.entities import Place
from codemods import find_mentions, named_uses

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
    write_marked(tmp_path, FILES)
    declared = [Place("app/models.py", 2)]
    found = named_uses(tmp_path, ["."], ["vendored"], [("Ad", "cost")], declared)
    assert {(use.file, use.line, use.role) for use in found["Ad", "cost"]} == EXPECTED
    assert {use.how for use in found["Ad", "cost"]} == {"name"}


def test_many_names_in_one_pass_and_none_for_nothing(tmp_path: Path) -> None:
    write_marked(tmp_path, FILES)
    found = named_uses(
        tmp_path, [".", "app"], ["vendored"], [("Ad", "costs"), ("B", "costs"), ("B", "nowhere")]
    )
    assert [len(uses) for uses in found.values()] == [1, 1, 0]
    assert named_uses(tmp_path, ["."], [], []) == {}


@pytest.mark.parametrize("name", ["daily_budget", "cost"])
def test_the_example_application(name: str) -> None:
    uses = named_uses(EXAMPLE, ["."], [], [("X", name)])["X", name]
    assert {"calculation", "rounding", "query", "test", "fixture", "api"} <= {use.role for use in uses}


def test_labels_and_keys_are_names_too(tmp_path: Path) -> None:
    files = {
        "a.py": "x = 'in review'\ny = 'now in review'\nz = f(status='a-b') # in review\n",
        "b.py": "a-b\n",
    }
    write_marked(tmp_path, files)
    found = named_uses(tmp_path, ["."], [], [("", "in review"), ("", "a-b"), ("", "")])
    assert [use.line for use in found["", "in review"]] == [1]
    assert [use.line for use in found["", "a-b"]] == [3]
    assert found["", ""] == ()


def test_mentions_are_all_lines_with_the_word(tmp_path: Path) -> None:
    write_marked(tmp_path, {"a.py": "# an Ad\nAds = Ad()\n'Ad'\n", "b.py": "def (Ad\n", "c.md": "Ad"})
    found = find_mentions(tmp_path, ["."], [], "Ad")
    assert [(use.file, use.line) for use in found] == [("a.py", 1), ("a.py", 2), ("a.py", 3), ("b.py", 1)]
