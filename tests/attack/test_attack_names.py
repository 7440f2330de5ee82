"""Names that nobody would choose, and what becomes of them in files, models and documents."""

from __future__ import annotations

import tomllib

from attack_scene import App
from psycopg import sql

EVIL = (
    "emoji😀",
    "del\x7f",
    "c1\x9b31m",
    "esc\x1b[2J",
    "new\nline",
    'quo"te',
    "back\\slash",
    "[project]",
    "{{ 7 }}",
)


def test_configuration_of_evil_names_is_toml(app: App) -> None:
    tables = [sql.SQL("create table {} (id int primary key, v text)").format(sql.Identifier(n)) for n in EVIL]
    app.init(*(table.as_string() for table in tables), privacy="mask")
    config = tomllib.loads((app.project / "bravo.toml").read_text(encoding="utf-8"))
    assert set(config["entities"]) == {f"public.{name}" for name in EVIL}
    assert "nothing changed" in app.cli("detect")


def test_added_columns_of_evil_names_are_loaded(app: App) -> None:
    """The model's new field asks for the key that the document really has."""
    app.init("create table t (id int primary key)", "insert into t values (1)")
    names = ("$x", "a.b", "class", "_id", "model_config", "Ab", "aB")
    app.sql(*(f"alter table t add \"{name}\" text default 'v'" for name in names))
    report = app.run()
    assert report["code"]["manual"] == []
    keys = ("%24x", "a%2Eb", "class", "%5Fid", "model_config", "Ab", "aB")
    assert app.documents("t") == [{"_id": 1, **dict.fromkeys(keys, "v")}]
    assert app.run()["changes"] == []
