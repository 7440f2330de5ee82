"""The example application: its artifacts compile, and judge its own fixtures as its models do."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from artifacts_documents import exact
from artifacts_node import Judge, compile_strictly

from bravo_agent.artifacts import Definitions
from bravo_agent.artifacts._exported import exported
from bravo_agent.artifacts.typescript import declarations
from bravo_agent.artifacts.zod import schemas
from bravo_agent.config import ProjectSection
from bravo_agent.stores.application import read_definitions, read_models, read_openapi
from bravo_agent.usecases.demo import copy_example

SECTION = ProjectSection(fastapi="campaigns.api:app")
FIXTURES = {
    "campaigns": "Campaign",
    "ads": "Ad",
    "ad_groups": "AdGroup",
    "advertisers": "Advertiser",
    "users": "User",
    "daily_metrics": "DailyMetric",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_example(tmp_path_factory.mktemp("example") / "campaigns")


@pytest.fixture(scope="module")
def told(project: Path, node: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    found = exported(Definitions(**read_definitions(project, SECTION, read_models(project, SECTION).models)))
    folder = tmp_path_factory.mktemp("web")
    (folder / "schemas.ts").write_text(schemas(found))
    (folder / "models.ts").write_text(declarations(found))
    assert compile_strictly(node, folder, ["schemas.ts", "models.ts"]) == ""
    judge = Judge(folder, "schemas.js")
    yield judge
    judge.close()


@pytest.mark.parametrize(("fixture", "model"), FIXTURES.items())
def test_fixtures_are_read_and_what_is_written_of_them_too(
    fixture: str, model: str, project: Path, told: Judge
) -> None:
    documents: list[dict[str, Any]] = json.loads(
        (project / "tests" / "fixtures" / f"{fixture}.json").read_text()
    )
    sys.path.insert(0, str(project))
    try:
        found = getattr(importlib.import_module("campaigns.models"), model)
    finally:
        sys.path.remove(str(project))
    assert documents
    for document in documents:
        value = found.model_validate(document)
        assert told.accepts(model, json.loads(value.model_dump_json(by_alias=True)))
        # a number that JavaScript cannot hold is refused; the example's own serializer writes it as text
        assert told.accepts(f"{model}Input", document) == exact(document)
        document = {key: one if exact(one) else None for key, one in document.items()}
        assert told.accepts(f"{model}Input", document)
        for key in [key for key, field in found.model_fields.items() if field.is_required()]:
            alias = found.model_fields[key].alias or key
            assert not told.accepts(
                f"{model}Input", {name: one for name, one in document.items() if name != alias}
            )


def test_openapi_names_every_route(project: Path) -> None:
    document = read_openapi(project, SECTION, read_models(project, SECTION).models)
    assert {"/campaigns", "/campaigns/{campaign_id}/budget", "/simulations/budget"} <= document[
        "paths"
    ].keys()
    assert document == read_openapi(project, SECTION, read_models(project, SECTION).models)
