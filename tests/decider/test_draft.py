"""Drafts: three gates, a hash, a person; and nothing of them on a row before."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import respx
from claude_transport import recorded, sent
from decider_scene import CLICKS, CODE, SCORE, Scene, catalog

from bravo_agent.changes._samples import INT8, numeric, varchar
from bravo_agent.cli.draft import draft_text
from bravo_agent.config import TypesSection
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.planning.fits_shape import misfit
from bravo_agent.planning.synthetic import synthetic_values
from bravo_agent.transfer.exact import values
from bravo_agent.types import family
from bravo_agent.usecases.decide import accept_proposal, record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.usecases.draft import draft, module_name

GOOD = "def transform(value):\n    return None if value is None else str(value)\n"


def drafted(scene: Scene, code: str) -> Any:
    return draft(scene.workspace, scene.found(), scene.only.id, code=code)


def test_a_draft_of_a_person(scene: Scene) -> None:
    made = drafted(scene, GOOD.replace("\n", "\r\n"))
    assert made.faults == ()
    assert made.code == GOOD
    assert made.trials == 9
    assert made.function == f"bravo_transforms.campaigns_clicks_{made.change_id[:8]}:transform"
    assert not (scene.project / "bravo_transforms").exists()
    assert scene.decisions == ()
    assert f"--param sha256={made.sha256}" in draft_text(made)
    params = {"function": made.function, "sha256": made.sha256}
    record_decision(scene.workspace, scene.found(), made.change_id, "custom", params=params)
    assert (scene.project / made.file).read_text() == GOOD
    (record,) = scene.decisions
    assert dict(record.params) == params


def test_a_draft_of_the_model_waits_for_a_person(scene: Scene, api: respx.Route) -> None:
    api.return_value = recorded("draft")
    made = draft(scene.workspace, scene.found(), scene.only.id)
    assert made.faults == ()
    assert made.cost.usd > 0
    (record,) = scene.decisions
    assert (record.status, record.option, record.model) == ("proposed", "custom", "claude-sonnet-5-5")
    assert record.prompt_hash == made.prompt_hash
    assert not (scene.project / made.file).exists()
    assert "--accept" in draft_text(made)
    accept_proposal(scene.workspace, scene.found(), made.change_id)
    assert (scene.project / made.file).read_text() == made.code
    body = sent(api)
    assert "bson.decimal128" in body["system"]
    assert '"max_length"' not in body["system"]
    assert '"type": "int8"' in body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("draft_hostile", "the module os is not permitted"),
        ("draft_none", "the model cannot tell"),
        ("refusal", "the model refused to answer"),
        ("cut_off", "cut off"),
        ("overloaded", "529"),
        ("success", "code missing"),
    ],
)
def test_what_does_not_pass_is_no_proposal(scene: Scene, api: respx.Route, name: str, why: str) -> None:
    api.return_value = recorded(name)
    scene.config('[privacy]\nmode = "keep"\n[model]\nattempts = 1\n')
    made = draft(scene.workspace, scene.found(), scene.only.id)
    assert any(why in fault for fault in made.faults), made.faults
    assert scene.decisions == ()
    assert not (scene.project / ".bravo" / "drafts").exists()
    assert "refused:" in draft_text(made)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def transform(value):\n    return str(value.upper())\n", "raises AttributeError"),
        ("def transform(value):\n    return value\n", "it gives Int64, and the field takes str"),
        ("def transform(value):\n    return ''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'})\n",
         "not deterministic"),
        ("SEEN = []\n\n\ndef transform(value):\n    SEEN.append(value)\n    return str(len(SEEN))\n",
         "not deterministic"),
        ("from datetime import datetime\n\n\ndef transform(value):\n"
         "    return str(datetime.fromtimestamp(0).hour)\n", "not deterministic"),
        ("def transform(value):\n    return 'x' * 10**10\n", "raises MemoryError"),
        ("def transform(value):\n    return transform(value)\n", "raises RecursionError"),
        ("def transform(value):\n    return str(sum(i * i for i in range(10**12)))\n", "on synthetic values it "),
        ("import re\n\n\ndef transform(value):\n    return str(re.match('(a+)+$', 'a' * 60 + 'b'))\n",
         "on synthetic values it "),
        ("X = 1 / 0\n\n\ndef transform(value):\n    return None\n", "could not be loaded: ZeroDivisionError"),
        ("def transform(value):\n    return [print]\n", "the name print"),
        ("def transform(value):\n    return {1, 2}\n", "raises InvalidDocument"),
    ],
)  # fmt: skip
def test_what_the_trials_show(scene: Scene, code: str, why: str) -> None:
    made = drafted(scene, code)
    assert any(why in fault for fault in made.faults), made.faults
    assert not (scene.project / ".bravo" / "drafts").exists()


def test_null_only_where_the_field_is_optional(scene: Scene) -> None:
    scene.source = catalog(CLICKS, replace(CODE, type=INT8))
    assert any("null, and the field takes none" in fault for fault in drafted(scene, GOOD).faults)
    assert drafted(scene, "def transform(value):\n    return str(value)\n").faults == ()


@pytest.mark.parametrize("where", ["new column", "settled", "nothing asked"])
def test_where_no_function_can_answer(scene: Scene, where: str) -> None:
    if where == "new column":
        scene.source = catalog(CLICKS, CODE, SCORE)
    elif where == "settled":
        text = (scene.project / "models.py").read_text()
        (scene.project / "models.py").write_text(text.replace("clicks: str", "clicks: int"))
    else:
        scene.source = catalog(replace(CLICKS, comment="new"), CODE)
    (change,) = scene.found().changes
    with pytest.raises(UsageError) as error:
        draft(scene.workspace, scene.found(), change.id, code=GOOD)
    assert error.value.code == "draft-not-possible"


def test_changed_code_is_stale(scene: Scene) -> None:
    made = drafted(scene, GOOD)
    params = {"function": made.function, "sha256": made.sha256}
    record_decision(scene.workspace, scene.found(), made.change_id, "custom", params=params)
    file = scene.project / made.file
    detect(scene.workspace, scene.source)
    file.write_bytes(GOOD.replace("\n", "\r\n").encode())
    detect(scene.workspace, scene.source)
    for change in (
        lambda: file.write_text(GOOD + "# more\n"),
        lambda: file.write_bytes(b"\xff"),
        file.unlink,
    ):
        change()
        with pytest.raises(StaleError) as error:
            detect(scene.workspace, scene.source)
        assert (error.value.code, error.value.exit_code) == ("transform-changed", 5)
        assert made.file in str(error.value)
    scene.found()  # whoever answers anew gets past it


def test_a_decision_without_its_draft(scene: Scene) -> None:
    function = "bravo_transforms.campaigns_clicks_12345678:transform"
    for digest in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(UsageError) as error:
            record_decision(
                scene.workspace, scene.found(), scene.only.id, "custom",
                params={"function": function, "sha256": digest},
            )  # fmt: skip
        assert error.value.code == "draft-missing"
    assert scene.decisions == ()


def test_a_draft_that_somebody_changed_is_not_found(scene: Scene) -> None:
    made = drafted(scene, GOOD)
    (kept,) = (scene.project / ".bravo" / "drafts").iterdir()
    kept.write_text("import os\n")
    with pytest.raises(UsageError) as error:
        record_decision(
            scene.workspace, scene.found(), made.change_id, "custom",
            params={"function": made.function, "sha256": made.sha256},
        )  # fmt: skip
    assert error.value.code == "draft-missing"


@pytest.mark.parametrize("module", ["models", "elsewhere.x", "bravo_transforms"])
def test_drafts_go_to_their_folder_alone(scene: Scene, module: str) -> None:
    made = drafted(scene, GOOD)
    with pytest.raises(UsageError) as error:
        record_decision(
            scene.workspace, scene.found(), made.change_id, "custom",
            params={"function": f"{module}:transform", "sha256": made.sha256},
        )  # fmt: skip
    assert error.value.code == "transform-refused"
    assert "Campaign" in (scene.project / "models.py").read_text()


def test_uncommitted_work_is_not_written_over(scene: Scene) -> None:
    def git(*arguments: str) -> None:
        own = ("-c", "user.name=T", "-c", "user.email=t@example.com")
        subprocess.run(["git", "-C", str(scene.project), *own, *arguments], check=True, capture_output=True)

    made = drafted(scene, GOOD)
    file = scene.project / made.file
    file.parent.mkdir()
    file.write_text("mine = 1\n")
    git("init", "-q")
    params = {"function": made.function, "sha256": made.sha256}
    with pytest.raises(UsageError) as error:
        record_decision(scene.workspace, scene.found(), made.change_id, "custom", params=params)
    assert error.value.code == "transform-not-clean"
    assert (file.read_text(), scene.decisions) == ("mine = 1\n", ())
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    record_decision(scene.workspace, scene.found(), made.change_id, "custom", params=params)
    assert file.read_text() == GOOD


def test_a_function_of_ones_own_may_be_bound_too(scene: Scene) -> None:
    from bravo_agent.rules._bound import code_hash

    own = "import os\n\n\ndef shout(value):\n    return os.fspath('x')\n"
    (scene.project / "own.py").write_text(own)
    params = {"function": "own:shout", "sha256": code_hash(own)}
    record_decision(scene.workspace, scene.found(), scene.only.id, "custom", params=params)
    detect(scene.workspace, scene.source)
    (scene.project / "own.py").write_text(own + "\n\nMORE = 1\n")
    with pytest.raises(StaleError):
        detect(scene.workspace, scene.source)


def test_a_masked_column_is_noted(scene: Scene) -> None:
    scene.config("")
    made = drafted(scene, GOOD)
    assert made.faults == ()
    assert "classified keep" in made.notes[0]


def test_module_names_are_names(scene: Scene) -> None:
    for table, field in (
        ("public.o\u0308rders", "na me"),
        ("sales.1", "$"),
        ("public." + "x" * 90, "y"),
        ("public.\u202e", "é"),
    ):
        name = module_name(replace(scene.only, table=table, field=field))
        assert name.isidentifier()
        assert name.isascii()
        assert len(name) <= 52


BASE = (
    ColumnType("bool"), ColumnType("int2"), ColumnType("int4"), ColumnType("int8"), ColumnType("oid"),
    ColumnType("float4"), ColumnType("float8"), ColumnType("numeric"), numeric(5, 2), numeric(3, 5),
    ColumnType("money"), ColumnType("text"), varchar(3), ColumnType("bpchar", length=4), ColumnType("char"),
    ColumnType("bytea"), ColumnType("uuid"), ColumnType("date"), ColumnType("timestamp"), ColumnType("timestamptz"),
    ColumnType("time"), ColumnType("interval"), ColumnType("json"), ColumnType("jsonb"), ColumnType("inet"),
    ColumnType("mood", form="enum", schema="public", labels=("sad", "it's", "日本")),
    ColumnType("int4[]", form="array", element=ColumnType("int4")),
    ColumnType("text[]", form="array", element=ColumnType("text")),
    ColumnType("int4range", form="range", element=ColumnType("int4")),
)  # fmt: skip


@pytest.mark.parametrize("type_", BASE, ids=lambda type_: type_.sql)
def test_synthetic_values_are_of_the_kinds_that_rows_have(type_: ColumnType) -> None:
    """Held against what the way of a row gives for the same type, and against the shape of a generated model."""
    import bson

    found = synthetic_values(Column("c", type_), TypesSection())
    assert found[0] is None
    assert len(found) > 1
    bson.encode({"v": list(found)})
    shape = replace(family(type_).shape(type_), optional=True)
    if shape.item is not None:
        shape = replace(shape, item=replace(shape.item, optional=True))
    assert [why for one in found if (why := misfit(one, shape))] == []
    if type_.form == "base" and family(type_).lane(type_) in (
        "bool",
        "int32",
        "int64",
        "double",
        "string",
        "binary",
    ):
        import pyarrow as pa

        plain = [one if not isinstance(one, int) or isinstance(one, bool) else int(one) for one in found]
        rows = list(values(type_, pa.array(plain, family(type_).arrow(type_)), TypesSection()))
        assert [type(one) for one in rows] == [type(one) for one in found]


@pytest.mark.parametrize(
    ("value", "shape", "why"),
    [
        (True, Shape("int"), "bool"),
        (1, Shape("bool"), "int"),
        ("abcd", Shape("str", max_length=3), "longer than 3"),
        ("x", Shape("enum", labels=("a",)), "a label"),
        ([1, "x"], Shape("list", item=Shape("int")), "str"),
        (None, Shape("union"), "null"),
        (1.5, Shape("decimal"), "float"),
    ],
)
def test_misfits(value: Any, shape: Shape, why: str) -> None:
    assert why in str(misfit(value, shape))


@pytest.mark.parametrize(
    ("text", "fits"),
    [("12.34", True), ("123.45", False), ("1.234", False), ("NaN", True), ("1E+3", False), ("0.01", True)],
)
def test_digits(text: str, fits: bool) -> None:
    from bson.decimal128 import Decimal128

    assert (misfit(Decimal128(text), Shape("decimal", max_digits=4, decimal_places=2)) is None) == fits


def test_nothing_is_left_behind(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = {path.name for path in Path("/tmp").glob("bravo-sandbox-*")}
    drafted(scene, GOOD)
    assert {path.name for path in Path("/tmp").glob("bravo-sandbox-*")} <= before
