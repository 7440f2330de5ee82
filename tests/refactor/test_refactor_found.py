"""What a measurement on other people's projects found wrong once: each through the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from refactor_project import project_in

from bravo_agent.errors import UsageError
from bravo_agent.workspace import open_code

MODEL = "from pydantic import BaseModel\n\n\nclass Track(BaseModel):\n    tracks: int\n"
READ = (
    "import json\n\nfrom models import Track\n\n\ndef read() -> int:\n"
    '    with open("a.json") as opened:\n        return Track.model_validate(json.load(opened)).tracks\n'
)


def test_a_new_name_that_holds_the_old_one(tmp_path: Path) -> None:
    """pypi-simple: one key, in a file that is opened and validated; `tracks_renamed` is no rename of a rename."""
    project = project_in(tmp_path, {"models.py": MODEL, "use.py": READ, "a.json": '{"tracks": 1}\n'})
    done = project.refactor("rename", "Track.tracks", "tracks_renamed", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts()["a.json"] == '{"tracks_renamed": 1}\n'
    assert project.texts()["use.py"] == READ.replace(".tracks", ".tracks_renamed")


def test_two_models_of_one_name_in_folders_without_a_package(tmp_path: Path) -> None:
    """safety-schemas: config/v3_0/main.py and report/v3_0/main.py are both called v3_0.main."""
    other = (
        "from pydantic import BaseModel\n\n\nclass Report(BaseModel):\n    files: list[int]\n    scan: int\n"
    )
    files = {
        "safe/config/v3_0/main.py": other.replace("files", "rules"),
        "safe/config/v3_0/__init__.py": "",
        "safe/report/v3_0/main.py": other,
        "safe/report/v3_0/__init__.py": "",
        "models.py": MODEL,
    }
    project = project_in(tmp_path, files)
    done = project.refactor("rename", "Track.tracks", "songs", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == {**files, "models.py": MODEL.replace("tracks", "songs")}


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("data/x.provenance", '{"tracks": 1}', 3),
        ("app.toml", "[music]\ntracks = 1\n", 3),
        ("data/x.csv", "id,tracks\n1,2\n", 3),
        ("LICENSE", "No tracks are covered.\n", 0),
        ("data/y.toml", "# tracks\ntext = 'all tracks = none'\n", 0),
    ],
)
def test_a_key_in_a_file_that_is_not_read_is_left_to_a_person(
    tmp_path: Path, file: str, text: str, code: int
) -> None:
    """pypi-attestations: test/assets/*.provenance hold JSON."""
    project = project_in(tmp_path, {"models.py": MODEL, file: text})
    done = project.refactor("rename", "Track.tracks", "songs", "--apply")
    assert done.exit_code == code, done.output
    assert file in done.output
    assert project.texts() == {"models.py": MODEL.replace("tracks", "songs"), file: text}
    assert project.refactor("drop", "Track.songs").exit_code == 0


def test_a_key_that_is_not_read_keeps_a_drop_from_being_made(tmp_path: Path) -> None:
    files = {"models.py": MODEL, "app.toml": "tracks = 1\n"}
    project = project_in(tmp_path, files)
    done = project.refactor("drop", "Track.tracks", "--apply")
    assert done.exit_code == 3
    assert "app.toml:1" in done.output
    assert project.texts() == files


def test_a_message_with_the_word_is_no_work(tmp_path: Path) -> None:
    """bump-my-version: help texts with the word `files`."""
    help_ = 'HELP = "Do not include these tracks in the commit"\nTOML = "tracks = ["\n'
    project = project_in(tmp_path, {"models.py": MODEL, "cli.py": help_.partition("TOML")[0]})
    assert project.refactor("rename", "Track.tracks", "songs").exit_code == 0
    project = project_in(tmp_path, {"models.py": MODEL, "cli.py": help_})
    done = project.refactor("rename", "Track.tracks", "songs")
    assert done.exit_code == 3
    assert "by hand: cli.py:2" in done.output
    assert "perhaps: cli.py:1" in done.output


ORDERS = """\
from pathlib import Path

from pydantic import BaseModel, Field, RootModel


class Order(BaseModel):
    item_count: int = Field(ge=0, le=9)
    user_name: str
    note: str = ""


class Orders(RootModel[list[Order]]):
    pass


class OrderUpdate(BaseModel):
    item_count: int | None = None
    user_name: str | None = None


def read() -> Orders:
    return Orders.model_validate_json(Path("data/orders.json").read_text())
"""


def test_an_object_that_several_models_take_is_not_left_in_silence(tmp_path: Path) -> None:
    """The smaller of two models that fit is no likelier: the file is listed, and the exit code says so."""
    data = '[{"item_count": 2, "user_name": "b"}]\n'
    project = project_in(tmp_path, {"models.py": ORDERS, "data/orders.json": data})
    done = project.refactor("rename", "Order.item_count", "amount", "--apply")
    assert done.exit_code == 3, done.output
    assert "data/orders.json:1" in done.output


def test_bounds_hold_for_every_kind_of_number(tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": ORDERS})
    done = project.refactor("retype", "Order.item_count", "float", "--apply")
    assert done.exit_code in (0, 3), done.output
    assert "item_count: float = Field(ge=0, le=9)" in project.texts()["models.py"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("retype", "Order.item_count", "int["), "no expression of Python"),
        (("add", "Order.tax", "float", "--default", "1.5x"), ""),
    ],
)
def test_what_is_typed_wrong_is_told_as_that(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    project = project_in(tmp_path, {"models.py": ORDERS})
    done = project.refactor(*words)
    assert done.exit_code != 0
    assert code in done.output
    assert "internal" not in done.output
    assert project.texts() == {"models.py": ORDERS}


def test_an_interpreter_that_is_not_there_is_no_silence(tmp_path: Path) -> None:
    for python in (tmp_path / "no" / "python", tmp_path / "models.py"):
        (tmp_path / "models.py").write_text(ORDERS)
        with pytest.raises(UsageError, match="is no program that can be started") as found:
            open_code(tmp_path, {}, python=str(python))
        assert found.value.code == "python-missing"
