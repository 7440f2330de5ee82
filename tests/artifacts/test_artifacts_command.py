"""``bravo-agent artifacts``: made anew, held against the models by --check, and nothing of others overwritten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fastapi import FastAPI

from bravo_agent import wire
from bravo_agent.artifacts._regions import MADE_BY
from bravo_agent.cli.main import group
from bravo_agent.config import ProjectSection
from bravo_agent.errors import BravoError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.stores.application import read_openapi

MODEL = """\
from pydantic import BaseModel


class Thing(BaseModel):
    name: str
    tags: set[str] = {'b', 'a', 'c'}
"""
API = """
from fastapi import FastAPI

from shop.models import Thing

app = FastAPI(title="Shop", version="1")


@app.api_route("/things", methods=["GET", "POST", "PUT", "PATCH"])
def things(thing: Thing) -> list[Thing]:
    return [thing]


def make() -> FastAPI:
    return app
"""
CONFIG = """
[project]
models = ["shop"]
fastapi = "shop.api:app"

[artifacts]
json-schema = "schemas"
mongodb-validator = "schemas"
openapi = "openapi.json"
typescript = "web/models.ts"
zod = "web/models.ts"
"""
FILES = ["openapi.json", "schemas/Thing.schema.json", "web/models.ts"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "models.py").write_text(MODEL)
    (tmp_path / "shop" / "api.py").write_text(API)
    (tmp_path / "bravo.toml").write_text(CONFIG)
    (tmp_path / "bravo.catalog.json").write_text(wire.dumps(Catalog(())))
    return tmp_path


def run(project: Path, *options: str) -> Result:
    return CliRunner().invoke(group, ["artifacts", "-C", str(project), *options], standalone_mode=False)


def texts(project: Path) -> dict[str, str]:
    return {file: (project / file).read_text() for file in FILES}


def test_made_checked_stale_and_made_anew(project: Path) -> None:
    assert run(project, "--check").exit_code == 1
    assert not (project / "web").exists()
    assert run(project).output.splitlines() == [f"written: {file}" for file in FILES]
    before = texts(project)
    checked = run(project, "--check")
    assert (checked.exit_code, checked.output) == (0, "nothing is stale\n")
    (project / "shop" / "models.py").write_text(MODEL + "    size: int | None = None\n")
    checked = run(project, "--check")
    assert checked.exit_code == 1
    assert checked.output.splitlines() == [
        f"stale: {file}: made anew by `bravo-agent artifacts`" for file in FILES
    ]
    assert texts(project) == before
    document = json.loads(run(project, "--check", "--json").stdout)
    assert document["stale"] == FILES
    assert "+  size: z.int().nullable().default(null),\n" in document["diff"]
    assert run(project).exit_code == 0
    assert all("size" in text for text in texts(project).values())
    assert run(project, "--check").exit_code == 0


def test_the_same_bytes_in_every_process(project: Path) -> None:
    script = "import sys; from bravo_agent.cli.main import main; sys.argv[0] = 'bravo-agent'; main()"
    found = set()
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-c", script, "artifacts", "-C", str(project)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
        found.add(tuple(texts(project).items()))
        for file in FILES:
            (project / file).unlink()
    assert len(found) == 1


def test_what_stands_outside_of_the_marks_stays(project: Path) -> None:
    run(project)
    path = project / "web" / "models.ts"
    made = path.read_text()
    path.write_text("// mine\n" + made.replace("name: string;", "broken") + "export const mine = 1;\n")
    assert run(project).output == "written: web/models.ts\n"
    assert path.read_text() == f"// mine\n{made}export const mine = 1;\n"


@pytest.mark.parametrize("file", ["openapi.json", "web/models.ts", "schemas/Thing.schema.json"])
def test_nothing_is_written_over_what_is_not_ours(project: Path, file: str) -> None:
    path = project / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    with pytest.raises(SystemExit) as caught:
        group.main(["artifacts", "-C", str(project), "--json"], standalone_mode=False)
    assert caught.value.code == 2
    assert path.read_text() == "{}"
    assert not any((project / other).exists() for other in FILES if other != file)


def test_what_a_model_that_is_gone_leaves_behind_is_told(project: Path) -> None:
    run(project)
    path = project / "shop" / "models.py"
    path.write_text(path.read_text() + "\n\nclass Old(BaseModel):\n    x: int\n")
    run(project)
    path.write_text(MODEL)
    (project / "schemas" / "Mine.schema.json").write_text("{}")
    run(project)
    checked = run(project, "--check")
    assert checked.exit_code == 1
    assert checked.output == (
        "by hand: schemas/Old.schema.json: nothing is generated as this json-schema any more: remove it\n"
    )


def test_openapi_is_what_the_application_gives(project: Path) -> None:
    run(project)
    told = json.loads((project / "openapi.json").read_text())
    assert told.pop("x-generated-by") == MADE_BY
    assert told["info"] == {"title": "Shop", "version": "1"}
    assert told == read_openapi(project, ProjectSection(fastapi="shop.api:make"), ModelSet(()))
    assert FastAPI().openapi().keys() < told.keys()


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        (None, "fastapi-not-configured", "[project] fastapi"),
        ("shop.nothing:app", "application-import-failed", "No module named"),
        ("shop.api:nothing", "application-import-failed", "nothing"),
    ],
)
def test_an_application_that_is_not_there(project: Path, target: str | None, code: str, said: str) -> None:
    with pytest.raises(BravoError) as caught:
        read_openapi(project, ProjectSection(fastapi=target), ModelSet(()))
    assert caught.value.code == code
    assert said in caught.value.message + caught.value.hint


def test_edits_that_are_not_written_yet_count(project: Path) -> None:
    overlay = {"shop/models.py": MODEL.replace("name", "title")}
    told = read_openapi(project, ProjectSection(fastapi="shop.api:app"), ModelSet(()), overlay=overlay)
    assert "title" in told["components"]["schemas"]["Thing"]["properties"]
