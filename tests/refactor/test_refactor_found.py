"""What a measurement on other people's projects found wrong once: each through the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from refactor_project import project_in

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
