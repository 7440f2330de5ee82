"""Keys of JSON and YAML files: an object that a model takes is the model's, and what is nested is its own."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from strings_scene import explained, shown, verdicts

from bravo_agent.model.code import FieldGroup, FieldRef
from codemods._strings.data_values import NotReadable, Value, read_values

LOADING = """
import json
from pathlib import Path
from app.models import Item
def load(name: str):
    return json.loads((Path(__file__).parent / f"{name}.json").read_text())
def test_it() -> None:
    for raw in load("partial"):
        Item.model_validate({"id": 1, "name": "x"} | raw)
    Item.model_validate(load("whole"))
"""
CASES: dict[str, tuple[str, str]] = {
    "an object of the model": ("a.json", '{"id": 1, "name": "x", "price": 2}  //target'),
    "a list of them": (
        "a.json",
        '[\n{"id": 1, "name": "x", "price": 2}, //target\n{"price": 1, "name": "", "id": 2} //target\n]',
    ),
    "a model inside, and free keys": (
        "a.json",
        '{"id": 1, "name": "x", "price": 2, //target\n'
        '"maker": {"name": "m", "price": 3}, //other\n'
        '"details": {"price": {"price": 1}}} //other other',
    ),
    "another model": ("a.json", '{"id": 1, "price": 2}  //other'),
    "a key that the model has not": ("a.json", '{"id": 1, "name": "x", "price": 2, "color": 1}  //unknown'),
    "a required key is not there": ("a.json", '{"name": "x", "price": 2, "details": {}}  //unknown'),
    "no model at all": ("a.json", '{"price": 2, "scripts": {"price": "x"}}  //unknown unknown'),
    "models inside of something": (
        "a.json",
        '{"items": [{"id": 1, "name": "x", "price": 2}], //target\n"price": 1} //unknown',
    ),
    "one line each": (
        "a.jsonl",
        '{"id": 1, "name": "x", "price": 2} //target\n{"id": 2, "name": "y", "price": 3} //target\n',
    ),
    "a nested object of the wrong shape": (
        "a.json",
        '{"id": 1, "name": "x", "price": 2, "maker": {"price": 1, "city": 2}}  //unknown unknown',
    ),
    "what the code loads": ("tests/whole.json", '{"id": 1, "name": "x", "price": 2} //target'),
    "yaml": (
        "a.yaml",
        "# price\nitems:\n- id: 1\n  name: price\n  price: 2 #target\n  details:\n    price: 3 #other\n"
        "- {id: 2, name: y, \"price\": 3} #target\n- id: 3\n  'price': 1 #other\n",
    ),
    "yaml with anchors and two documents": (
        "a.yml",
        "base: &base\n  price: 1 #mixed\n  name: x\nfirst:\n  <<: *base\n  id: 1\n---\nprice: 2 #unknown\n",
    ),
}


def marked(text: str) -> tuple[str, dict[int, list[str]]]:
    """The text without its marks, and what they say by line."""
    lines: list[str] = []
    said: dict[int, list[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        mark = re.search(r" *(?://|#)((?:target|other|mixed|unknown)(?: \w+)*)$", line)
        if mark:
            said[number] = mark.group(1).split()
        lines.append(line[: mark.start()] if mark else line)
    return "\n".join(lines), said


@pytest.mark.parametrize("name", CASES)
def test_keys_of_data_files(name: str) -> None:
    file, text = CASES[name]
    clean, said = marked(text)
    found = verdicts({"tests/test_code.py": LOADING}, data={file: clean})
    assert shown(found, [file]) == {f"{file}:{line}": verdict for line, verdict in said.items()}, explained(
        found
    )


def test_a_file_that_is_loaded_as_a_model_is_the_models() -> None:
    """``Maker`` takes the object with less left over; the code says what it is."""
    models = "from app.models import BaseModel\nclass Short(BaseModel):\n    name: str\n    price: int\n"
    loading = models + LOADING.replace("Item.model_validate(load", "Short.model_validate(load")
    data = {"tests/whole.json": '{"name": "x", "price": 2}'}
    group = FieldGroup(FieldRef("tests.test_code", "Short", "price"))
    guessed = verdicts({"tests/test_code.py": models}, data=data, group=group)
    loaded = verdicts({"tests/test_code.py": loading}, data=data, group=group)
    assert shown(guessed, data) == {"tests/whole.json:1": ["mixed"]}
    assert shown(loaded, data) == {"tests/whole.json:1": ["target"]}


READING = """
import json
import os
from pathlib import Path
from app.models import BaseModel
class Track(BaseModel):
    price: int
class Album(BaseModel):
    first: Track
    tracks: list[Track] = []
HERE = Path(__file__).parent
def one() -> None:
    Track.model_validate(json.load(open("one.json")))
def two() -> None:
    with open(HERE / "two.json") as file:
        for raw in json.load(file):
            Track(**raw)
def three() -> None:
    Track.model_validate_json((HERE / "data" / "three.json").read_text())
def five() -> None:
    with (HERE / "five.json").open() as file:
        Track.model_validate(json.load(file))
def six() -> None:
    Track.model_validate_json(open(os.path.join("tests", "six.json")).read())
def seven() -> None:
    Track.model_validate_json(Path("./tests/one/seven.json").read_bytes())
def nested() -> None:
    Album.model_validate_json(Path("album.json").read_bytes())
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("one", "{}"), ("two", "[{}]"), ("data/three", "{}"), ("four", "{}"), ("five", "{}"), ("six", "{}"),
        ("one/seven", "{}"), ("album", '{"first": {}}'),
    ],
)  # fmt: skip
def test_a_file_that_is_opened_and_validated(file: str, text: str) -> None:
    data = {f"tests/{file}.json": text.replace("{}", '{"price": 1}')}
    group = FieldGroup(FieldRef("tests.test_code", "Track", "price"))
    found = verdicts({"tests/test_code.py": READING}, data=data, group=group)
    assert shown(found, data) == {f"tests/{file}.json:1": ["unknown" if file == "four" else "target"]}


def test_another_file_of_the_same_name_is_not_opened() -> None:
    """A path with folders means one file; a bare name may mean any, and one key alone does not tell."""
    group = FieldGroup(FieldRef("tests.test_code", "Track", "price"))
    data = dict.fromkeys(
        ["tests/one/seven.json", "tests/two/seven.json", "a/one.json", "b/one.json"], '{"price": 1}'
    )
    found = verdicts({"tests/test_code.py": READING}, data=data, group=group)
    assert [shown(found, [file])[f"{file}:1"] for file in data] == [
        ["target"],
        ["unknown"],
        ["unknown"],
        ["unknown"],
    ]


@pytest.mark.parametrize("text", ["{", '{"a" 1}', "[1,]", '{"a": 1,}', "nope", '{"a": "\n"}', "[" * 5000])
def test_what_is_no_json_is_left_alone(text: str) -> None:
    with pytest.raises(NotReadable):
        read_values("a.json", text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def plain(value: Value) -> object:
    """The shape alone: keys and lists."""
    if value.kind == "object":
        return {key: plain(inner) for key, _, inner in value.keys}
    return [plain(one) for one in value.items] if value.kind == "list" else None


def bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    return [bare(one) for one in value] if isinstance(value, list) else None


def held(file: str, text: str, value: Value) -> None:
    """Each token is where its key is written."""
    lines = re.split(r"\r\n|\r|\n", text)
    for key, token, inner in value.keys:
        assert token is None or lines[token.line - 1][token.column : token.end] == key
        held(file, text, inner)
    for one in value.items:
        held(file, text, one)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_json_is_read_as_python_reads_it(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    [read] = read_values("a.json", text)
    assert plain(read) == bare(value)
    held("a.json", text, read)


@given(
    st.dictionaries(
        st.text("abc", min_size=1), st.dictionaries(st.text("xyz -#'\"", min_size=1), st.integers())
    )
)
def test_yaml_is_read_as_pyyaml_reads_it(value: dict[str, dict[str, int]]) -> None:
    text = yaml.safe_dump(value)
    [read] = read_values("a.yaml", text)
    assert plain(read) == bare(value)
    held("a.yaml", text, read)
