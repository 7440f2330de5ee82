"""Classes that carry a field's value: named where they go their own way, and left out of a rename where asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from refactor_project import Project, project_in

MODELS = """from dataclasses import dataclass

from pydantic import BaseModel


class Ad(BaseModel):
    cost: int = 0


class Out(BaseModel):
    cost: int = 0


class Card(BaseModel):
    cost: int = 0


@dataclass
class Invoice:
    cost: int = 0
"""
USE = """from app.models import Ad, Card, Invoice, Out


def out(ad: Ad) -> Out:
    return Out(**ad.model_dump())


def card(ad: Ad) -> Card:
    return Card(cost=ad.cost)


def invoice(ad: Ad, found: Invoice) -> Invoice:
    found.cost = ad.cost
    return Invoice(cost=ad.cost)


def sums(ad: Ad, one: Out, two: Card, three: Invoice) -> int:
    return ad.cost + one.cost + two.cost + three.cost
"""
FILES = {"app/__init__.py": "", "app/models.py": MODELS, "app/use.py": USE}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path, FILES)


def renamed(*classes: str) -> dict[str, str]:
    """What the rename of cost to price makes of these classes."""
    models, use = MODELS, USE.replace("ad.cost", "ad.price")
    for name in classes:
        at = models.index(f"class {name}")
        models = models[:at] + models[at:].replace("cost", "price", 1)
        use = use.replace(f"{name}(cost=", f"{name}(price=")
    for name, read in (("Out", "one"), ("Card", "two")):
        use = use.replace(f"{read}.cost", f"{read}.price") if name in classes else use
    return {**FILES, "app/models.py": models, "app/use.py": use}


def test_what_is_no_model_keeps_its_name_and_is_named(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == renamed("Ad", "Out", "Card")
    assert "with it: Card.cost (the value is handed on as it is in app/use.py:9)" in done.output
    assert "not with it: Invoice.cost (the value is handed on as it is in app/use.py:13)\n" in done.output
    assert done.output.count("Invoice") == 1
    project.git("commit", "-qam", "renamed")
    assert project.refactor("rename", "Ad.price", "cost", "--apply").exit_code == 0
    assert project.texts() == FILES


def test_a_model_that_is_made_with_the_value_may_be_left_out(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--without", "Card", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == renamed("Ad", "Out")
    assert "not with it: Card.cost (the value is handed on as it is in app/use.py:9)\n" in done.output
    again = project.refactor("rename", "Ad.cost", "price", "--without", "Card", "--apply", "--allow-dirty")
    assert again.exit_code == 0, again.output
    assert "done already" in again.output
    project.git("commit", "-qam", "renamed")
    assert project.refactor("rename", "Ad.price", "cost", "--apply").exit_code == 0
    assert project.texts() == FILES


def test_where_the_value_passes_by_name_a_person_has_to_look(project: Project) -> None:
    done = project.refactor(
        "rename", "Ad.cost", "price", "--without", "Out", "--without", "Card", "--apply", "--json"
    )
    assert done.exit_code == 3, done.output
    document = json.loads(done.stdout)
    assert project.texts() == renamed("Ad")
    assert [(one["file"], one["line"]) for one in document["manual"]] == [("app/use.py", 5)]
    assert (
        "Out is filled from Ad in app/use.py:5, and Out.cost keeps its name" in document["manual"][0]["why"]
    )
    assert document["change"]["without"] == ["Out", "Card"]
    beside = [(one["ref"]["entity"], one["by_name"]) for one in document["group"]["beside"]]
    assert beside == [("Out", True), ("Card", False), ("Invoice", False)]


@pytest.mark.parametrize("name", ["Invoice", "Nope", "Ad"])
def test_what_is_not_renamed_with_it_cannot_be_left_out(name: str, project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--without", name, "--apply")
    assert done.exit_code == 2
    assert "class-not-apart" in done.output
    assert "With it: Card, Out." in done.output
    assert project.texts() == FILES
