"""Models read from source agree with what Pydantic says after an import."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import replace
from pathlib import Path

import code_hard_models as hard_models
import pytest

from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError
from bravo_agent.model.entities import Entity, Field, Place, Shape
from bravo_agent.stores.application import (
    ModelReading,
    find_model_paths,
    models_fingerprint,
    read_models,
    read_schemas,
)
from bravo_agent.stores.application._importing import imported_entity, in_application
from bravo_agent.stores.application._parsing import parse

SECTION = ProjectSection(models=("shop",))
DYNAMIC = {"ByFunction", "Conditional", "Generated", "Made", "OfPage"}
# Python 3.11 cannot import PEP 695
NEWER = "shop.models.newer"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hard_models.write(tmp_path_factory.mktemp("hard"))


@pytest.fixture(scope="module")
def static(project: Path) -> ModelReading:
    return read_models(project, SECTION, allow_import=False)


def one(reading: ModelReading, name: str) -> Entity:
    found = reading.models.entity(name)
    assert found is not None
    return found


def field(reading: ModelReading, entity: str, name: str) -> Field:
    found = one(reading, entity).field(name)
    assert found is not None
    return found


def bare(shape: Shape) -> Shape:
    return replace(shape, text="", item=bare(shape.item) if shape.item else None)


def told(found: Field) -> tuple[object, ...]:
    return found.name, found.document_name, found.required, found.computed, bare(found.shape)


def test_static_reading_and_import_agree(project: Path, static: ModelReading) -> None:
    entities = [e for e in static.models.entities if e.module != NEWER and e.name not in DYNAMIC]
    asked = [(entity.module, entity.name) for entity in entities]
    answers = in_application(project, SECTION, "fields", asked, [project])
    assert len(entities) == 7
    for entity in entities:
        imported = imported_entity(entity, answers[f"{entity.module}:{entity.name}"])
        assert [told(found) for found in entity.fields] == [told(found) for found in imported.fields]


def test_what_is_not_static_comes_from_an_import(project: Path) -> None:
    reading = read_models(project, SECTION)
    assert {e.name for e in reading.models.entities if e.known_by == "import"} == DYNAMIC
    assert field(reading, "ByFunction", "amount").document_name == "amt"
    assert field(reading, "Generated", "size").document_name == "SIZE"
    assert field(reading, "Made", "size").shape.kind == "int"
    assert reading.notes == ("shop/models/broken.py:1: does not parse: skipped",)


def test_without_an_import_the_doubts_are_notes(static: ModelReading) -> None:
    assert len(static.notes) == 1 + len(DYNAMIC)
    assert any("lambda" in note for note in static.notes)


def test_shapes_places_and_texts(static: ModelReading) -> None:
    money = field(static, "Order", "money_or")
    assert money.shape == Shape(
        "decimal", optional=True, text="Money | None", max_digits=12, decimal_places=2
    )
    assert money.place.file == "shop/models/orders.py"
    assert field(static, "Order", "id").place.file == "shop/base.py"
    assert field(static, "Order", "color").shape.labels == ("red", "dark-blue")
    assert field(static, "Order", "created_at").document_name == "createdAt"
    assert field(static, "Newer", "cents").shape.kind == "int"
    assert field(static, "Newer", "words").shape.item == Shape("str", text="str")


def test_named_types_know_whether_their_shape_is_all(static: ModelReading) -> None:
    plain = {found.name: found.plain for found in static.types}
    assert [plain[name] for name in ("Money", "Level", "Color")] == [True, True, True]
    assert not plain["Even"]


def test_fingerprint_goes_by_content(project: Path, static: ModelReading) -> None:
    overlay = {"shop/base.py": "# moved\n\n" + hard_models.FILES["shop/base.py"]}
    moved = read_models(project, SECTION, allow_import=False, overlay=overlay)
    assert moved.models != static.models
    assert models_fingerprint(moved.models) == models_fingerprint(static.models)
    changed = {"shop/base.py": hard_models.FILES["shop/base.py"].replace("total: int", "total: str")}
    other = read_models(project, SECTION, allow_import=False, overlay=changed)
    assert models_fingerprint(other.models) != models_fingerprint(static.models)


def test_schemas_see_the_overlay_and_new_files(project: Path, static: ModelReading) -> None:
    text = (
        hard_models.FILES["shop/base.py"] + "\n    added: 'Extra | None' = None\nfrom .extra import Extra\n"
    )
    new = "from pydantic import BaseModel\nclass Extra(BaseModel):\n    x: int\n"
    overlay = {"shop/base.py": text, "shop/extra.py": new}
    section = ProjectSection(models=("shop/base.py", "shop/extra.py"))
    reading = read_models(project, section, allow_import=False, overlay=overlay)
    schemas = {s.name: s for s in read_schemas(project, section, reading.models, overlay=overlay)}
    assert "added" in schemas["Page"].validation["properties"]
    assert "x" in schemas["Extra"].serialization["properties"]


def test_a_failing_import_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAVO_TARGET_URI", "secret-uri")
    text = "import os\nfrom pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n"
    text += "raise ValueError('mongodb://me:pw@host', os.environ.get('BRAVO_TARGET_URI'))\n"
    (tmp_path / "m.py").write_text(text)
    section = ProjectSection(models=("m.py",))
    reading = read_models(tmp_path, section)
    with pytest.raises(FailedError, match="ValueError") as caught:
        read_schemas(tmp_path, section, reading.models)
    assert caught.value.code == "application-import-failed"
    assert "secret-uri" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_an_import_that_hangs_or_exits_is_a_note(tmp_path: Path) -> None:
    text = "import sys\nfrom pydantic import BaseModel\nclass A(BaseModel):\n    x: frobnicate\nsys.exit(3)\n"
    (tmp_path / "m.py").write_text(text)
    reading = read_models(tmp_path, ProjectSection(models=("m",)))
    assert field(reading, "A", "x").shape.kind == "unknown"
    assert len(reading.notes) == 1


def test_a_module_that_prints_and_reads_stdin(tmp_path: Path) -> None:
    text = "from pydantic import BaseModel\nprint('hello')\nclass A(BaseModel):\n    x: type(1)\n"
    (tmp_path / "m.py").write_text(text)
    reading = read_models(tmp_path, ProjectSection(models=("m.py",)))
    assert one(reading, "A").known_by == "import"
    assert field(reading, "A", "x").shape.kind == "int"


def test_a_source_folder_and_namespace_package(tmp_path: Path) -> None:
    hard_models.write(
        tmp_path,
        {
            "src/app/db/base.py": "import pydantic\nclass Base(pydantic.BaseModel):\n    id: int\n",
            "src/app/db/user.py": "from app.db.base import Base\nclass User(Base):\n    name: str\n",
        },
    )
    reading = read_models(tmp_path, ProjectSection(models=("src/app",)), allow_import=False)
    assert [e.module for e in reading.models.entities] == ["app.db.base", "app.db.user"]
    assert [f.name for f in one(reading, "User").fields] == ["id", "name"]


def test_model_paths_for_init(tmp_path: Path) -> None:
    model = "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n"
    names = (
        "app/models/a.py",
        "app/models/b.py",
        "app/schemas.py",
        "tests/test_a.py",
        ".venv/x.py",
        "m/migrations/a.py",
    )
    hard_models.write(
        tmp_path,
        {
            **dict.fromkeys(names, model),
            "app/main.py": "x = 1\n",
            "app/other.py": "y = 1\n",
            "app/x/z.py": "class B(A):\n    pass\n",
        },
    )
    assert find_model_paths(tmp_path) == ("app/models", "app/schemas.py", "app/x/z.py")


def test_the_script_parses_on_older_pythons() -> None:
    script = Path(in_application.__code__.co_filename).with_name("_in_application")
    parts = sorted(script.glob("*.py"))
    assert len(parts) > 1
    for part in parts:
        ast.parse(part.read_text(), feature_version=(3, 9))


def test_pep_695_keeps_every_column() -> None:
    tree = parse("type Money = Decimal\nclass A[T](B):\n    x: int\n")
    assert isinstance(tree.body[0], (ast.Assign, getattr(ast, "TypeAlias", ast.Assign)))
    assert tree.body[0].value.col_offset == len("type Money = ")


def test_the_example_application_is_read_without_an_import() -> None:
    project = Path(__file__).parents[2] / "examples" / "campaigns"
    reading = read_models(project, ProjectSection(models=("campaigns/models",)), allow_import=False)
    assert reading.notes == ()
    assert all(e.known_by == "source" for e in reading.models.entities)
    assert field(reading, "DailyMetric", "key").document_name == "_id"
    place = field(reading, "Campaign", "daily_budget").place
    assert place == Place("campaigns/models/campaigns.py", place.line)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    project = hard_models.write(tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    before = sorted(project.rglob("*"))
    read_models(project, SECTION)
    assert sorted(project.rglob("*")) == before
