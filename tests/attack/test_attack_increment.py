"""Increments whose start is not what it seems: what they cannot bring in rightly they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from attack_scene import App

TABLES = (
    "create table t (id int primary key, a text)",
    "insert into t select i, 'x' from generate_series(1, 20) i",
    "create table link (a int, b int, primary key (a, b))",
    "insert into link values (1, 2), (3, 4)",
    "create table loose (a int, secret text)",
    "insert into loose values (1, 'x'), (1, 'x')",
)


def test_table_of_keys_that_was_not_loaded_before(app: App) -> None:
    """Its rows stand in the former snapshot already, but nowhere in the database."""
    app.init(*TABLES)
    toml, models = app.project / "bravo.toml", app.project / "models.py"
    whole, config = models.read_text(), toml.read_text()
    models.write_text(whole.replace("class Link(", "class _Other("))
    toml.write_text("\n\n".join(part for part in config.split("\n\n") if "public.link" not in part))
    app.commit()
    app.run()
    assert app.documents("link") == []
    models.write_text(whole)
    toml.write_text(config)
    app.commit()
    app.run("--refresh", "incremental")
    assert [one["_id"] for one in app.documents("link")] == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    app.cli("validate")


def test_collection_that_somebody_replaced(app: App) -> None:
    app.init(*TABLES)
    app.run()
    with app.client() as client:
        client[app.database].drop_collection("t")
        client[app.database]["t"].insert_one({"_id": 999})
    app.sql("update t set a = 'y' where id = 3")
    error = app.run("--refresh", "incremental", code=6)["error"]
    assert error["code"] == "collection-replaced"
    app.run()
    assert len(app.documents("t")) == 20


def test_collection_that_nothing_feeds_any_more(app: App) -> None:
    app.init(*TABLES)
    app.run()
    app.edit('collection = "t"', 'collection = "other"')
    error = app.run("--refresh", "incremental", code=2)["error"]
    assert error["code"] == "increment-leaves-behind"


def test_documents_named_under_another_masking_key(app: App) -> None:
    """The ``_id`` of a table without a key tells nothing without the masking key, and changes with it."""
    app.init(*TABLES, privacy="mask")
    app.run()
    before = {one["_id"] for one in app.documents("loose")}
    other = App(
        app.project, app.source_uri, app.target_uri, app.database, {**app.environ, "BRAVO_MASK_KEY": "z" * 40}
    )
    error = json.loads(other.cli("run", "--auto", "--json", "--refresh", "incremental", code=2))["error"]
    assert error["code"] == "increment-other-masks"
    other.run()
    assert before.isdisjoint(one["_id"] for one in app.documents("loose"))


def test_custom_function_that_was_changed(app: App) -> None:
    """Rows that did not change become other documents all the same."""
    app.init(*TABLES)
    (app.project / "shout.py").write_text("def loud(value):\n    return value.upper()\n")
    app.edit('collection = "t"', 'collection = "t"\nrules = { a = "custom:shout:loud" }')
    run_apart(app)
    assert {one["a"] for one in app.documents("t")} == {"X"}
    (app.project / "shout.py").write_text("def loud(value):\n    return value + '!'\n")
    app.commit()
    run_apart(app, "--refresh", "incremental")
    assert {one["a"] for one in app.documents("t")} == {"x!"}


def run_apart(app: App, *arguments: str) -> None:
    """In a process of its own: a module is imported once in each."""
    command = [
        sys.executable,
        "-c",
        "from bravo_agent.cli.main import main; main()",
        "run",
        "--auto",
        *arguments,
    ]
    environ = {**os.environ, **app.environ}
    subprocess.run(command, cwd=app.project, env=environ, check=True, capture_output=True, timeout=60)
