"""The generator is deterministic, and agrees with the models. No database needed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PRODUCTION = Path(__file__).parent.parent / "production"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    for name in ("numpy", "psycopg", "pyarrow"):
        pytest.importorskip(name, reason=f"the generator needs {name}")
    spec = importlib.util.spec_from_file_location("production_generate", PRODUCTION / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_sizes(generate: ModuleType) -> None:
    assert generate.Sizes.of(1).campaigns == 8
    sizes = generate.Sizes.of(365_000)
    assert (sizes.campaigns, sizes.ad_groups, sizes.ads) == (1000, 2000, 3000)


@pytest.mark.parametrize("table", ["advertisers", "users", "campaigns", "ad_groups", "ads"])
def test_same_seed_same_rows(generate: ModuleType, table: str) -> None:
    make, sizes = getattr(generate, table), generate.Sizes.of(5000)
    assert list(make(sizes, 7)) == list(make(sizes, 7))
    assert list(make(sizes, 7)) != list(make(sizes, 8))


def test_blocks_hold_exactly_the_rows(generate: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "BLOCK", 1000)
    sizes = generate.Sizes.of(2500)
    blocks = list(generate.daily_metrics(sizes, 7))
    assert [block.count(b"\n") for block in blocks] == [1000, 1000, 500]
    assert blocks == list(generate.daily_metrics(sizes, 7))


def test_every_drift_says_its_verdict() -> None:
    scripts = sorted((PRODUCTION / "drift").glob("*.sql"))
    assert len(scripts) == 9
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert "-- bravo-agent:" in text, script.name
