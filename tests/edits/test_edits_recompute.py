"""Expected values computed again: one small project whose tests write them in every way, run for real."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.stores.application import render_diff
from bravo_agent.usecases.recompute import Recomputation, recompute

# The tests of a project, run twice and more: tests/refactor has a small one for every run.
pytestmark = pytest.mark.slow

BEFORE, AFTER = "PLACES = 2\n", "PLACES = 4\n"
FILES = {
    "shop/__init__.py": "",
    "shop/digits.py": BEFORE,
    "shop/sums.py": """\
import json
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from .digits import PLACES


@dataclass
class Line:
    name: str
    price: Decimal


def shown(value):
    return f"{Decimal(value):.{PLACES}f}"


def number(value):
    return round(Decimal(value), PLACES)


def invoice(value):
    return {"kind": "invoice", "lines": [{"price": shown(value)}, {"price": "free"}]}


def anything(value):
    return shown(value) + str(random.random()) if PLACES == 4 else shown(value)


def other_type(value):
    return number(value) if PLACES == 4 else shown(value)


def read(name):
    return json.loads((Path(__file__).parent.parent / "tests" / name).read_text())
""",
    "tests/__init__.py": "",
    "tests/expected.py": 'IMPORTED = "7.13"\n',
    "tests/invoice.json": '{\n  "kind": "invoice",\n  "lines": [{"price": "5.56"}, {"price": "free"}]\n}\n',
    "tests/invoice.yaml": "invoices:\n  - kind: invoice\n    lines:\n"
    "      - price: '6.67'  # net\n      - price: free\n",
    "tests/test_forms.py": """\
import unittest
from decimal import Decimal

import pytest
import yaml

from shop.sums import Line, invoice, number, read, shown

from .expected import IMPORTED

CONSTANT = {"kind": "invoice", "lines": [{"price": "2.35"}, {"price": "free"}]}
ROWS = [("1.23456", "1.23"), ("é", "é")]


def test_literal():
    assert shown("1.23456") == '1.23' and True
    assert "1.23" == shown("1.23456")
    assert [shown("3.33333"), 1] == ["3.33", 1]  # déjà vu


def test_number():
    assert number("12345.67891") == Decimal("12345.68")
    assert int(number("1.23456") * 100_000_000) == 123_000_000
    assert float(number("1.23456")) == pytest.approx(1.23, abs=0.0001)


def test_constant():
    assert invoice("2.34567") == CONSTANT


def test_merged():
    assert invoice("8.88888") == CONSTANT | {"lines": [{"price": "8.89"}, {"price": "free"}]}


def test_imported():
    assert shown("7.12567") == IMPORTED


def test_local():
    expected = {"price": "9.88"}
    assert expected["price"] == shown("9.87654")


def test_made():
    assert Line("a", number("4.44444")) == Line("a", price=Decimal("4.44"))


@pytest.fixture
def wanted():
    return "5.00"


def test_fixture(wanted):
    assert shown("4.99995") == wanted


def test_json():
    assert invoice("5.55555") == read("invoice.json")


def test_yaml():
    with open("tests/invoice.yaml") as file:
        assert invoice("6.66666") == yaml.safe_load(file)["invoices"][0]


@pytest.mark.parametrize(("value", "text"), ROWS)
def test_table(value, text):
    assert (shown(value) if value[0].isdigit() else value) == text


@pytest.mark.parametrize("value, text", [pytest.param("0.12345", "0.12", id="one"), ("7", str(7.00))])
def test_other_table(value, text):
    assert number(value) == Decimal(text)


class TestOld(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(shown("6.54321"), "6.54")
""",
    "tests/test_left.py": """\
import pytest

from shop.sums import anything, other_type, shown

SHARED = "1.23"
INPUT = "2.34"


def test_another_value_each_time():
    assert anything("1.23456") == "1.23"


def test_another_type():
    assert other_type("1.23456") == "1.23"


def test_shared():
    assert shown("1.23456") == SHARED


def test_shared_with_others():
    assert SHARED == "".join(["1", ".23"])


def test_input():
    assert shown(INPUT) == INPUT


def test_not_equal():
    assert len(shown("1.23456")) < 5


def test_no_comparison():
    if shown("1.23456") != "1.23":
        raise ValueError("other")


def test_worked_out():
    assert shown("1.23456") == f"{1.23}"


def test_failed_before():
    assert shown("1.23456") == "9.99"


@pytest.mark.parametrize("text", ["1.23", "1.23"])
def test_which_row(text):
    assert shown("1.23456") == text
""",
}
SECTION = ProjectSection(python=sys.executable)
CHANGE = Patch((Edit("shop/digits.py", BEFORE, AFTER),))


def project_of(folder: Path, **more: str) -> Path:
    for name, text in {**FILES, **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_of(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def found(project: Path) -> Recomputation:
    return recompute(project, SECTION, CHANGE)


def test_the_project_itself_is_as_it_was(project: Path, found: Recomputation) -> None:
    assert {name: (project / name).read_text(encoding="utf-8") for name in FILES} == FILES
    assert [path for path in project.rglob("*") if path.suffix == ".pyc"] == []


def test_every_form_gets_what_the_application_gave(found: Recomputation) -> None:
    (forms,) = (edit.after for edit in found.patch.edits if edit.file == "tests/test_forms.py")
    changed = FILES["tests/test_forms.py"]
    for old, new in [
        ("== '1.23' and", "== '1.2346' and"),
        ('assert "1.23" == shown', 'assert "1.2346" == shown'),
        ('["3.33", 1]  # déjà vu', '["3.3333", 1]  # déjà vu'),
        ('Decimal("12345.68")', 'Decimal("12345.6789")'),
        ("123_000_000", "123_460_000"),
        ("approx(1.23, ", "approx(1.2346, "),
        ('{"price": "2.35"}', '{"price": "2.3457"}'),
        ('{"price": "8.89"}', '{"price": "8.8889"}'),
        ('{"price": "9.88"}', '{"price": "9.8765"}'),
        ('Decimal("4.44")', 'Decimal("4.4444")'),
        ('return "5.00"', 'return "5.0000"'),
        ('("1.23456", "1.23")', '("1.23456", "1.2346")'),
        ('"0.12345", "0.12"', '"0.12345", "0.1234"'),
        ('"6.54")', '"6.5432")'),
    ]:
        assert changed.count(old) == 1, old
        changed = changed.replace(old, new)
    assert forms == changed


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tests/expected.py", '"7.13"', '"7.1257"'),
        ("tests/invoice.json", '"5.56"', '"5.5556"'),
        ("tests/invoice.yaml", "'6.67'  # net", "'6.6667'  # net"),
    ],
)
def test_values_of_other_files(found: Recomputation, file: str, old: str, new: str) -> None:
    (edit,) = (edit for edit in found.patch.edits if edit.file == file)
    assert edit.after == FILES[file].replace(old, new)


def test_the_rest_is_listed_and_left(found: Recomputation) -> None:
    assert "tests/test_left.py" not in {edit.file for edit in found.patch.edits}
    assert found.failed_before == ("tests/test_left.py::test_failed_before",)
    names = {name.partition("::")[2] for name in found.failing}
    assert names == {
        "test_another_value_each_time",
        "test_another_type",
        "test_shared",
        "test_input",
        "test_not_equal",
        "test_no_comparison",
        "test_worked_out",
        "test_which_row",
    }
    whys = " | ".join(one.why for one in found.patch.manual)
    for why in (
        "the application gives another value each time",
        "it gives a Decimal now",
        "another test needs the value as it is",
        "INPUT is not only what is expected",
        "it is no comparison for equality but <",
        "the expected value is not written as a literal",
        "it is not clear which row of the table it is",
    ):
        assert why in whys
    assert all(one.file and one.line and one.suggestion for one in found.patch.manual)
    assert "1.2346" not in whys  # values stand in the diff alone


def test_each_proposal_says_who_asks_for_it(found: Recomputation) -> None:
    told = {(one.file, one.before): one for one in found.patch.recomputed}
    assert told["tests/invoice.json", '"5.56"'].line == 3
    assert told["tests/invoice.json", '"5.56"'].tests == ("tests/test_forms.py::test_json",)
    assert told["tests/invoice.yaml", '"6.67"'].line == 4
    assert "# recomputed, to be reviewed: tests/expected.py:1:" in render_diff(found.patch)


def test_a_patch_that_changes_nothing_asks_for_nothing(tmp_path: Path) -> None:
    small = {name: "" for name in FILES if name.startswith("tests/test_")}
    project_of(tmp_path, **small, **{"tests/test_one.py": "def test_one():\n    assert True\n"})
    made = recompute(tmp_path, SECTION, Patch((Edit("shop/digits.py", BEFORE, BEFORE + "\n"),)))
    assert (made.patch.recomputed, made.failing, made.passed) == ((), (), 1)


@pytest.mark.parametrize(
    ("section", "why"),
    [
        (ProjectSection(python=sys.executable, tests="no-such-command-here"), "cannot be run"),
        (
            ProjectSection(python=sys.executable, tests="python -c 'raise SystemExit(3)'"),
            "the command ended with 3, and no pytest ran",
        ),
    ],
)
def test_tests_that_cannot_be_run(tmp_path: Path, section: ProjectSection, why: str) -> None:
    with pytest.raises(FailedError, match=why) as caught:
        recompute(project_of(tmp_path), section, Patch())
    assert caught.value.code == "tests-not-run"


def test_workers_and_a_first_failure_that_would_end_it(tmp_path: Path) -> None:
    """A suite of two processes that stops at its first failure: all of it is seen all the same."""
    options = "[pytest]\naddopts = -n2 -x -q\nfilterwarnings = error\n"
    left = {"tests/test_left.py": ""}
    made = recompute(project_of(tmp_path, **left, **{"pytest.ini": options}), SECTION, CHANGE)
    assert (made.failing, len(made.patch.recomputed)) == ((), 17)


def test_an_installation_that_leads_back_to_the_project_is_refused(tmp_path: Path) -> None:
    project_of(tmp_path)
    elsewhere = f"import sys\n\nsys.path.insert(0, {str(tmp_path / 'shop')!r})\nimport digits\n"
    one = "def test_one():\n    pass\n"
    only = {name: "" for name in FILES if name.startswith("tests/test_")}
    project_of(tmp_path, **only, **{"tests/conftest.py": elsewhere, "tests/test_one.py": one})
    with pytest.raises(FailedError, match="from the project itself"):
        recompute(tmp_path, SECTION, Patch())
