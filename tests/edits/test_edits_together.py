"""Many decided renames: made together they leave the bytes that they leave one after the other."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent import wire
from bravo_agent.changes._samples import TEXT, column, table
from bravo_agent.config import Config, ProjectSection
from bravo_agent.model.catalog import Catalog
from bravo_agent.usecases import _model_edits
from bravo_agent.usecases._model_edits import ModelEdits, edit_models
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.workspace import BASELINE, Workspace, make_workspace

MODELS = '''"""What is sold."""

from pydantic import BaseModel, Field


class Order(BaseModel):
    """An order: its price, its region and the owner."""

    id: int
    price: str | None = None
    region: str | None = None
    owner: str | None = None
    state: str | None = Field(default=None, alias="state")


class Thing(BaseModel):
    id: int
    price: str | None = None
    weight: str | None = None
    colour: str | None = None
'''
SERVICE = """from app.models import Order, Thing


def line(order: Order, thing: Thing) -> str:
    # the price of an order, and the region of it
    return f"{order.price} {order.region} {order.owner} {thing.price} {thing.weight}"


def made(price: str, region: str) -> Order:
    return Order(id=1, price=price, region=region, owner=price + region)


def plain() -> Order:
    return Order.model_validate({"id": 1, "price": "2", "region": "x", "owner": "y"})


def doubtful(row, colour):
    return row.colour, colour, getattr(row, "weight")


def heavy(thing: Thing) -> list[str | None]:
    return [thing.weight, thing.colour, thing.price]
"""
FIELDS = {"orders": ("price", "region", "owner", "state"), "things": ("price", "weight", "colour")}
NEW = ("cost", "area", "price", "region", "holder", "mass")
RENAMES = st.fixed_dictionaries(
    {}, optional={(name, field): st.sampled_from(NEW) for name, fields in FIELDS.items() for field in fields}
)


def catalog(renamed: dict[tuple[str, str], str]) -> Catalog:
    tables = [
        table(
            *(column(renamed.get((name, field), field), TEXT, 2 + at) for at, field in enumerate(fields)),
            name=name,
            oid=number,
        )
        for number, (name, fields) in enumerate(FIELDS.items(), 1000)
    ]
    return Catalog(tuple(tables), "shop", "1")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").write_text("")
    (folder / "app" / "models.py").write_text(MODELS)
    (folder / "app" / "service.py").write_text(SERVICE)
    (folder / "app" / "order.json").write_text('{"id": 1, "price": "2", "region": "x", "owner": "y"}\n')
    (folder / BASELINE).write_text(wire.dumps(catalog({})))
    section = ProjectSection(models=("app/models.py",), sources=("app",))
    return make_workspace(folder, Config(project=section), dict(os.environ))


def detected(workspace: Workspace, renamed: dict[tuple[str, str], str]) -> Detection:
    """All that is found, every rename decided."""
    found = detect(workspace, catalog(renamed), write_report=False)
    changes = [
        replace(one, state="decided", option="rename") if one.kind == "renamed_field" else one
        for one in found.changes
    ]
    return replace(found, changes=tuple(changes))


def one_by_one(workspace: Workspace, found: Detection) -> ModelEdits:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_model_edits, "renames_at_once", lambda *_: {})
        return edit_models(workspace, found, check=False)


def same(workspace: Workspace, renamed: dict[tuple[str, str], str]) -> ModelEdits:
    found = detected(workspace, renamed)
    together, apart = edit_models(workspace, found, check=False), one_by_one(workspace, found)
    assert together.patch.edits == apart.patch.edits
    assert together.patch.manual == apart.patch.manual
    assert together.together == apart.together
    assert [one.change for one in together.carried] == [one.change for one in apart.carried]
    return together


@pytest.mark.parametrize(
    "renamed",
    [
        {("orders", "price"): "cost", ("orders", "region"): "area", ("things", "weight"): "mass"},
        {("orders", "price"): "cost", ("things", "price"): "cost", ("orders", "owner"): "holder"},
        {("orders", "price"): "cost", ("orders", "region"): "price", ("things", "colour"): "hue"},
    ],
    ids=["several", "one word of two models", "a chain"],
)
def test_together_is_one_by_one(workspace: Workspace, renamed: dict[tuple[str, str], str]) -> None:
    made = same(workspace, renamed)
    assert any(one.made.patch.edits for one in made.carried)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RENAMES)
def test_together_is_one_by_one_whatever_is_renamed(
    workspace: Workspace, renamed: dict[tuple[str, str], str]
) -> None:
    for name in FIELDS:
        new = [to for (of, _), to in renamed.items() if of == name]
        kept = [field for field in FIELDS[name] if (name, field) not in renamed]
        if len({*new, *kept}) < len(new) + len(kept):
            return  # no table has two columns of one name
    same(workspace, renamed)
