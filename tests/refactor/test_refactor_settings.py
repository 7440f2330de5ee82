"""Settings: what the environment calls a field is listed, wherever it stands."""

from __future__ import annotations

from pathlib import Path

from refactor_project import project_in

SETTINGS = """from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Cache(BaseModel):
    timeout: float = 1.0


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="svc_", env_nested_delimiter="__")

    timeout: float = 10.0
    cache: Cache = Cache()
"""
FILES = {
    "app.py": SETTINGS,
    "test_app.py": 'def test(monkeypatch):\n    monkeypatch.setenv("SVC_TIMEOUT", "7")\n',
    "Dockerfile": "FROM python\nENV SVC_TIMEOUT=8\nENV OTHER_TIMEOUT=9\n",
    "docker-compose.yml": "services:\n  svc:\n    environment:\n      - SVC_CACHE__TIMEOUT=12\n",
    "README.md": "Set `SVC_TIMEOUT`.\n",
}


def test_variables_of_a_field_are_listed(tmp_path: Path) -> None:
    """The setting, in code, containers and pages; what another prefix calls so is none."""
    done = project_in(tmp_path, FILES).refactor("rename", "Settings.timeout", "wait")
    assert done.exit_code == 3, done.output
    said = [line for line in done.output.splitlines() if "environment variable" in line]
    assert [line.split(": ")[1] for line in said] == ["Dockerfile:2", "README.md:1", "test_app.py:2"]


def test_variables_of_a_model_inside_of_settings(tmp_path: Path) -> None:
    """``SVC_CACHE__TIMEOUT`` alone."""
    done = project_in(tmp_path, FILES).refactor("rename", "Cache.timeout", "wait")
    said = [line for line in done.output.splitlines() if "environment variable" in line]
    assert [line.split(": ")[1] for line in said] == ["docker-compose.yml:4"]
