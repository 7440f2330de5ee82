"""The type checker as a server: a real one, over small projects."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bravo_agent.errors import FailedError
from bravo_agent.model.code import Point
from bravo_agent.stores.language_server import DefinitionServer, checker_version
from bravo_agent.stores.language_server.connection import Connection

MODELS = """\
class Base:
    cost: int = 0


class Ad(Base):
    name: str = ""
"""
USE = """\
from app.models import Ad


def ünïcode(ad: Ad | None, other: object) -> None:
    if ad is not None:
        "𝔘𝔫𝔦", ad.cost
    other.cost
    ad.nowhere
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "models.py").write_text(MODELS)
    (tmp_path / "app" / "use.py").write_text(USE)
    return tmp_path


def test_definitions_types_and_errors(project: Path) -> None:
    with DefinitionServer(project, {"app/use.py": USE}, python=sys.executable) as server:
        asked = [Point("app/use.py", 6, USE.split("\n")[5].index("cost")), Point("app/use.py", 7, 10)]
        assert server.definitions(asked) == ((Point("app/models.py", 2, 4),), ())
        assert server.types([Point("app/use.py", 6, USE.split("\n")[5].index("ad."))]) == (
            (Point("app/models.py", 5, 6),),
        )
        errors = server.diagnostics(["app/use.py"])
    assert {(file, line) for file, line, _, _ in errors} >= {("app/use.py", 7)}


def test_what_is_given_goes_before_the_disk_and_outside_is_absolute(project: Path) -> None:
    moved = "\n\n" + MODELS
    texts = {"app/models.py": moved, "app/use.py": USE + "\nimport json\njson.dumps\n"}
    with DefinitionServer(project, texts, python=sys.executable) as server:
        column = USE.split("\n")[5].index("cost")
        found, outside = server.definitions([Point("app/use.py", 6, column), Point("app/use.py", 11, 6)])
    assert found == (Point("app/models.py", 4, 4),)
    assert all(Path(one.file).is_absolute() for one in outside)
    assert outside


def test_hundreds_of_questions_keep_their_order(project: Path) -> None:
    column = USE.split("\n")[5].index("cost")
    asked = [Point("app/use.py", 6 if number % 3 else 7, column) for number in range(1000)]
    with DefinitionServer(project, {"app/use.py": USE}, python=sys.executable) as server:
        found = server.definitions(asked)
    assert [bool(one) for one in found] == [bool(number % 3) for number in range(1000)]


def test_a_server_that_ends_or_stays_silent_or_is_missing(tmp_path: Path) -> None:
    for command, why in (
        ([sys.executable, "-c", "pass"], "it ended"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "no answer for 0.5 s"),
        ([str(tmp_path / "nothing")], "cannot be started"),
    ):
        with pytest.raises(FailedError, match=why) as caught:
            _ask(command, tmp_path)
        assert caught.value.code == "type-checker-failed"


def _ask(command: list[str], folder: Path) -> None:
    connection = Connection(command, folder, {}, 0.5 if "sleep" in command[-1] else 30.0)
    try:
        connection.wait(connection.ask("initialize", {}))
    finally:
        connection.close()


def test_its_version_is_known() -> None:
    assert checker_version().startswith("ty ")
