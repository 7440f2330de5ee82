"""Many fields asked for at once: each has the same finding as when it is asked for alone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from finder_scene import write_marked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent.config import Config, ProjectSection
from bravo_agent.errors import StoppedError
from bravo_agent.events import Event, PartReached
from bravo_agent.model.code import FieldRef
from bravo_agent.model.entities import ModelSet
from bravo_agent.stores.application import read_models
from bravo_agent.stores.language_server import DefinitionServer, checker_version
from bravo_agent.usecases.uses import find_uses, uses_of_fields
from bravo_agent.workspace import make_workspace
from codemods import StringAnalysis, Surroundings, find_field, find_fields, finding_uses

NAMES = ("cost", "price", "unit_price", "name")
Classes = list[tuple[list[str], list[int]]]


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """Models that inherit, hold and become one another, and code that reads their fields by name and by text."""
    classes: Classes = []
    for _ in range(draw(st.integers(2, 5))):
        own = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
        roots = [at for at, (_, bases) in enumerate(classes) if not bases]
        bases = draw(st.lists(st.sampled_from(roots), max_size=2, unique=True)) if roots else []
        classes.append((own, bases))
    pairs = st.tuples(*[st.integers(0, len(classes) - 1)] * 2)
    held = draw(st.lists(pairs, max_size=2, unique=True))
    handed = draw(st.lists(pairs, max_size=3, unique=True))
    return {
        "app/__init__.py": "",
        "app/models.py": _models(classes, held),
        "app/code.py": _code(classes, handed, draw(st.integers(0, 3))),
        "tests/data.json": f'[{{"{draw(st.sampled_from(NAMES))}": 1, "other": 2}}]\n',
        "README.md": f"M0 has a `{draw(st.sampled_from(NAMES))}`; M1.cost is another one.\n",
    }


def _models(classes: Classes, held: list[tuple[int, int]]) -> str:
    text = "from __future__ import annotations\n\nfrom pydantic import BaseModel, Field\n\n\n"
    for at, (own, bases) in enumerate(classes):
        above = ", ".join(f"M{base}" for base in bases) or "BaseModel"
        alias = ' = Field(alias="price")' if at == 1 and "price" not in own else ""
        fields = [f"    {name}: int{alias if name == 'cost' else ''}\n" for name in own]
        fields += [f"    inner: list[M{inner}] = []\n" for outer, inner in held[:1] if outer == at != inner]
        text += f"class M{at}({above}):\n{''.join(fields)}\n\n"
    return text


def _code(classes: Classes, handed: list[tuple[int, int]], read: int) -> str:
    every = ", ".join(f"M{at}" for at in range(len(classes)))
    text = f"from app.models import {every}\n\n\n"
    for at, (source, target) in enumerate(handed):
        text += f"def f{at}(one: M{source}) -> M{target}:\n    return M{target}(**one.model_dump())\n\n\n"
    for at, (own, _) in enumerate(classes):
        name = own[read % len(own)]
        text += f'def g{at}(one: M{at}) -> object:\n    return one.{name}, one.model_dump()["{name}"]\n\n\n'
    return text


def _asked(models: ModelSet) -> list[FieldRef]:
    return [FieldRef(one.module, one.name, field.name) for one in models.entities for field in one.fields]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_many_at_once_are_as_one_by_one(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve()
        write_marked(project, files)
        section = ProjectSection(models=())
        models = read_models(project, section).models

        def checker(texts: Mapping[str, str]) -> DefinitionServer:
            return DefinitionServer(project, texts, python=sys.executable)

        around = Surroundings(checker, checker_version(), strings=StringAnalysis)
        refs = _asked(models)
        together = find_fields(project, section, models, refs, around)
        assert find_fields(project, section, models, refs[::-1], around) == together[::-1]
        for ref, found in zip(refs[::3], together[::3], strict=True):
            assert find_field(project, section, models, ref, around) == found
        assert not any(one.notes for one in together)


def test_texts_are_followed_however_many_fields_changed(tmp_path: Path) -> None:
    names = [f"column_{number}" for number in range(40)]
    fields = "".join(f"    {name}: int\n" for name in names)
    reads = "".join(f'    row["{name}"],\n' for name in names)
    files = {
        "app/__init__.py": "",
        "app/models.py": f"from pydantic import BaseModel\n\n\nclass Row(BaseModel):\n{fields}",
        "app/code.py": "from app.models import Row\n\n\ndef f(one: Row) -> object:\n"
        f"    row = one.model_dump()\n    return [\n{reads}    ]\n",
    }
    write_marked(tmp_path, files)
    workspace = make_workspace(tmp_path, Config())
    models = workspace.models().models
    wanted = [("app.models:Row", name) for name in names]
    begun: list[Event] = []

    def stop(event: Event) -> None:
        begun.append(event)
        if len(begun) == 3:
            raise StoppedError

    # Nobody takes it for a checker that failed.
    with pytest.raises(StoppedError):
        uses_of_fields(workspace, models, wanted, emit=stop)
    assert begun == [PartReached("uses", number, 40) for number in range(3)]
    uses, notes = uses_of_fields(workspace, models, wanted)
    assert notes == ()
    assert {use.how for found in uses.values() for use in found} == {"flow"}
    (alone,) = find_uses(workspace, models, [FieldRef("app.models", "Row", "column_7")])
    assert finding_uses(alone) == uses["app.models:Row", "column_7"]
