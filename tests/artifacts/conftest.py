"""One project of hard models, its TypeScript and Zod files, compiled once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from artifacts_corpus import Corpus, write_corpus
from artifacts_node import Judge, compile_strictly, install

from bravo_agent.artifacts import Definitions
from bravo_agent.artifacts._exported import exported
from bravo_agent.artifacts.typescript import declarations
from bravo_agent.artifacts.zod import schemas
from bravo_agent.config import ProjectSection
from bravo_agent.stores.application import read_definitions, read_models


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = write_corpus(tmp_path_factory.mktemp("hard"))
    section = ProjectSection(models=("hard",))
    models = read_models(folder, section).models
    definitions = Definitions(**read_definitions(folder, section, models))
    found = exported(definitions)
    return Corpus(folder, models, definitions, found, declarations(found), schemas(found))


@pytest.fixture(scope="session")
def node(pytestconfig: pytest.Config) -> Path:
    assert pytestconfig.cache is not None
    found = install(Path(pytestconfig.cache.mkdir("bravo-node")))
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="session")
def judge(corpus: Corpus, node: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    folder = tmp_path_factory.mktemp("zod")
    (folder / "schemas.ts").write_text(corpus.zod)
    assert compile_strictly(node, folder, ["schemas.ts"]) == ""
    found = Judge(folder, "schemas.js")
    yield found
    found.close()
