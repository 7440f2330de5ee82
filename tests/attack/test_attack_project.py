"""Hand-made faults in models and configuration: told, and nothing is lost by them."""

from __future__ import annotations

from attack_scene import App

FRUIT = (
    "create table apples (id int primary key, a text)",
    "insert into apples values (1, 'x')",
    "create table pears (id int primary key, v text)",
    "insert into pears values (1, 'v')",
)


def test_model_file_that_does_not_parse_takes_no_collection_away(app: App) -> None:
    app.init(*FRUIT)
    app.edit('[project]\nmodels = ["models.py"]', '[project]\nmodels = ["models.py", "pears.py"]')
    models, toml = app.project / "models.py", app.project / "bravo.toml"
    first, _, second = models.read_text().partition("class Pear(")
    models.write_text(first)
    pears = app.project / "pears.py"
    pears.write_text(f"{first.partition('class ')[0]}class Pear({second}")
    toml.write_text("\n\n".join(part for part in toml.read_text().split("\n\n") if "[entities" not in part))
    app.commit()
    app.run()
    assert app.documents("pears") == [{"_id": 1, "v": "v"}]
    pears.write_text("class Pear(:\n")
    app.commit()
    assert app.run(code=2)["error"]["code"] == "models-unread"
    assert app.documents("pears") == [{"_id": 1, "v": "v"}]


def test_model_without_a_column_of_the_key(app: App) -> None:
    """The key names the document, whether the model asks for it or not."""
    app.init(
        "create table link (a int, b int, w text, primary key (a, b))", "insert into link values (1, 2, 'w')"
    )
    app.edit("    b: int\n", "", "models.py")
    app.run()
    assert app.documents("link") == [{"_id": {"a": 1, "b": 2}, "a": 1, "b": 2, "w": "w"}]
    app.edit('collection = "link"', 'collection = "link"\nignore = ["b"]')
    assert app.run(code=2)["error"]["code"] == "key-not-loaded"


def test_two_fields_under_one_key(app: App) -> None:
    app.init(*FRUIT, "alter table apples add b text")
    app.edit("    b: str | None = None", '    b: str | None = Field(default=None, alias="a")', "models.py")
    assert app.run(code=2)["error"]["code"] == "document-key-shared"


def test_names_that_match_nothing(app: App) -> None:
    app.init(*FRUIT)
    app.edit('collection = "apples"', 'collection = "apples"\nignore = ["nope"]')
    assert "bravo.toml names the column public.apples.nope, which is not there" in app.run()["notes"]
    app.edit('mode = "keep"', 'mode = "keep"\n[privacy.columns]\n"apples.a" = "mask"')
    assert app.run(code=2)["error"]["code"] == "mask-unmatched"


def test_work_behind_a_symbolic_link_is_left_alone(app: App) -> None:
    app.init(*FRUIT)
    link, real = app.project / "models.py", app.project / "real" / "models.py"
    real.parent.mkdir()
    link.rename(real)
    link.symlink_to("real/models.py")
    app.commit()
    real.write_text(real.read_text() + "# work in progress\n")
    before = real.read_bytes()
    app.sql("alter table apples add n text")
    assert app.run(code=3)["code"]["not_clean"] == ["models.py"]
    assert real.read_bytes() == before


def test_view_of_the_readers_in_the_way(app: App) -> None:
    """It stands where a collection of ours was: refused before anything is published."""
    app.init(*FRUIT)
    app.run()
    with app.client() as client:
        client[app.database].drop_collection("pears")
        client[app.database].create_collection("pears", viewOn="apples", pipeline=[])
        assert app.run(code=6)["error"]["code"] == "collection-not-ours"
        assert client[app.database]["apples"].count_documents({}) == 1


def test_field_taken_from_a_model_by_hand_is_told(app: App) -> None:
    app.init(*FRUIT)
    app.run()
    app.edit("    a: str | None = None\n", "", "models.py")
    told = "no field has apples.a any more"
    assert told in app.told()
    assert told not in app.told()
    assert app.documents("apples") == [{"_id": 1}]
