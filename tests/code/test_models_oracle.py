"""Static reading and the import say what Pydantic itself says, or that they do not know."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import models_corpus as corpus
import pytest
from models_oracle import fields_of

from bravo_agent.config import ProjectSection
from bravo_agent.model.entities import Entity, Shape
from bravo_agent.stores.application import ModelReading, read_models
from bravo_agent.stores.application._importing import imported_entity, in_application

SECTION = ProjectSection(models=(corpus.PACKAGE,))
# What only an import shows. A longer list is a loss, a shorter one a gain: both are looked at.
UNCLEAR = {
    "ByFunction", "ByGroup", "ByLambda", "ByPartial", "ByStars", "Computed", "Conditional", "Decorated",
    "Enums", "Made", "Meta", "OnBranch", "OnFallback", "Owner", "Paths", "Pitfall", "Priority",
    "Registrant", "Shadowed", "Twice", "Upper",
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("oracle")
    for name, text in corpus.FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1" if "latin" in name else "utf-8")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == corpus.PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def static(project: Path) -> ModelReading:
    return read_models(project, SECTION, allow_import=False)


def loaded(entity: Entity) -> Any:
    with warnings.catch_warnings():
        # the corpus does what pydantic warns of: that is the point
        warnings.simplefilter("ignore")
        found: Any = importlib.import_module(entity.module)
        for part in entity.name.split("."):
            found = getattr(found, part)
        return found


def doubted(reading: ModelReading) -> set[str]:
    return {note.split(": ")[1].split(" ")[0] for note in reading.notes if "is known in part" in note}


def bare(shape: Shape | None) -> Shape | None:
    return shape and replace(shape, text="", item=bare(shape.item))


def unordered(shape: Shape | None) -> Shape | None:
    """Of literals that are alike but for their order, typing gives back the one that was there first."""
    return shape and replace(shape, labels=tuple(sorted(shape.labels)), item=unordered(shape.item))


def differences(entity: Entity, *, any_order: bool = False) -> list[str]:
    same = unordered if any_order else bare
    said = [(f.name, f.document_name, f.required, f.computed, bare(f.shape)) for f in entity.fields]
    true = fields_of(loaded(entity))
    wrong = (
        [f"{entity.name}: {[one[0] for one in said]}"] if [s[0] for s in said] != [t[0] for t in true] else []
    )
    for one, other in zip(said, true, strict=False):
        if one[:4] != other[:4] or (other[4] is not None and same(one[4]) != same(bare(other[4]))):
            wrong.append(f"{entity.module}:{entity.name}: {one} is {other}")
    return wrong


def test_static_reading_says_what_pydantic_says(static: ModelReading) -> None:
    unclear = doubted(static)
    known = [entity for entity in static.models.entities if entity.name not in unclear]
    assert len(known) > 40
    wrong = [line for entity in known for line in differences(entity)]
    assert wrong == [], "\n".join(wrong)


def test_static_reading_knows_what_it_does_not_know(static: ModelReading) -> None:
    assert doubted(static) == UNCLEAR


def test_the_import_says_what_pydantic_says_of_every_class(project: Path, static: ModelReading) -> None:
    asked = [(entity.module, entity.name) for entity in static.models.entities]
    answers = in_application(project, SECTION, "fields", asked, [project])
    wrong = []
    for entity in static.models.entities:
        imported = imported_entity(entity, answers[f"{entity.module}:{entity.name}"])
        wrong += [line for line in differences(imported) if "'unknown'" not in line]
    assert wrong == [], "\n".join(wrong)


def test_every_model_is_found_and_says_how_it_is_known(project: Path) -> None:
    reading = read_models(project, SECTION)
    assert {e.name for e in reading.models.entities if e.known_by == "import"} == UNCLEAR
    assert {(e.module, e.name) for e in reading.models.entities if e.name == "Order"} == {
        (f"{corpus.PACKAGE}.orders", "Order"),
        (f"{corpus.PACKAGE}.package.inner.deep", "Order"),
    }
    assert reading.unread == (f"{corpus.PACKAGE}/broken.py:1: does not parse: skipped",)


@pytest.mark.parametrize("package", ["mcp_types", "anthropic/types", "fastapi/openapi"])
def test_models_of_real_libraries(tmp_path: Path, package: str) -> None:
    """Thousands of fields that others wrote: a copy is read as source, the installed one says what is right."""
    name = package.partition("/")[0]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        pytest.skip(f"{name} is not installed")
    shutil.copytree(Path(spec.origin).parent, tmp_path / name)
    reading = read_models(tmp_path, ProjectSection(models=(package,)), allow_import=False)
    unclear = doubted(reading)
    known = [
        entity
        for entity in reading.models.entities
        if entity.form == "pydantic" and entity.name not in unclear
    ]
    assert len(known) > 30
    assert len(unclear) < 5
    wrong = [
        line for entity in known[:: 1 + len(known) // 150] for line in differences(entity, any_order=True)
    ]
    assert wrong == [], "\n".join(wrong)
