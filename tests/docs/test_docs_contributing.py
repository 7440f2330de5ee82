"""CONTRIBUTING: every shelf that it names exists, and each of its examples is a kind that works."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest
from docs_pages import ROOT, blocks, text

from bravo_agent.artifacts import Given
from bravo_agent.changes._samples import ID_FIELD
from bravo_agent.config import Config, TypesSection
from bravo_agent.deciders._decider import Grounds
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column, ColumnType
from bravo_agent.model.entities import Entity, ModelSet, Place
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import recognise
from bravo_agent.ports import CheckContext, RuleContext
from bravo_agent.registry import shelf

TEXT = ColumnType("text")


def examples() -> dict[str, tuple[str, str]]:
    """Shelf -> (file, source) of each example."""
    found = {}
    for block in blocks("CONTRIBUTING.md", "python"):
        file, _, source = block.partition("\n")
        path = file.removeprefix("# ")
        found[str(Path(path).parent).replace("/", ".")] = (path, source)
    return found


def kind(name: str) -> Any:
    file, source = examples()[name]
    module = ModuleType(file.removesuffix(".py").replace("/", "."))
    # A dataclass looks its module up.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module.KIND


def test_shelves_exist_and_are_all_named() -> None:
    named = set(re.findall(r"^`([\w/]+)`: ", text("CONTRIBUTING.md"), re.M))
    assert named == {name.replace(".", "/") for name in examples()}
    for name in named:
        assert importlib.import_module(name.replace("/", "."))
        assert (ROOT / name / "__init__.py").is_file()
    for name in named - {"codemods"}:
        assert shelf(name.replace("/", "."))


@pytest.mark.parametrize("name", sorted(examples()))
def test_examples_are_new_files_with_a_kind(name: str) -> None:
    file, source = examples()[name]
    assert not (ROOT / file).exists()
    assert source.startswith('"""')
    assert kind(name) is not None


def test_make_targets_exist() -> None:
    targets = re.findall(r"^make ([\w-]+)$", blocks("CONTRIBUTING.md", "sh")[0], re.M)
    assert targets
    assert all(re.search(rf"^{one}:", text("Makefile"), re.M) for one in targets)


def test_type() -> None:
    found = kind("bravo_agent.types")
    isbn = ColumnType("isbn13", schema="public")
    assert found.matches(isbn)
    assert found.select(isbn, '"c"') == ('"c"::text',)
    assert found.reader(isbn, TypesSection())("978-0-11") == "978011"


def test_change() -> None:
    found = kind("bravo_agent.changes")
    (example,) = found.examples
    entity = Entity("Campaign", "app.models", Place("m.py", 1), (ID_FIELD, *example.fields))
    before, after = Catalog((example.before,), "p", "1"), Catalog((example.after,), "p", "1")
    models, config = ModelSet((entity,)), Config()
    mapping = derive_mapping(before, models, config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bravo_agent.planning.recognise.kinds", lambda: {**kinds(), found.name: found})
        (change,) = recognise(before, after, models, mapping, config, {}).changes
    assert (change.kind, change.severity, change.verdict) == (found.name, "warning", "review")


def test_decider() -> None:
    found = kind("bravo_agent.deciders")
    say = found.answer
    assert say(cast(Any, SimpleNamespace(kind="new_field", field="a_tmp")), Grounds()).option == "ignore"
    assert say(cast(Any, SimpleNamespace(kind="new_field", field="a")), Grounds()) is None


def test_rule() -> None:
    found = kind("bravo_agent.rules")
    context = RuleContext("public.t", ROOT, None, pa.string(), lambda type_, array: iter(()))
    compiled = found.compile(Column("c", TEXT), "", context)
    assert compiled.apply(pa.array(["a", None])).to_pylist() == ["A", None]
    numbers = RuleContext("public.t", ROOT, None, pa.int32(), lambda type_, array: iter(()))
    with pytest.raises(UsageError, match="not for int4"):
        found.compile(Column("c", ColumnType("int4")), "", numbers)


def test_artifact() -> None:
    columns = (ColumnMapping("id", "_id", "id"), ColumnMapping("name", "name", "name"))
    mapping = Mapping((EntityMapping("public.t", "t", "T", columns, ("id",)),))
    given = Given(Catalog(()), mapping, ModelSet(()))
    assert kind("bravo_agent.artifacts").files(given, "out") == {"out/fields.txt": "t._id\nt.name\n"}


def contexts() -> Iterator[tuple[int, int, int]]:
    yield from [(0, 5, 1), (5, 5, 0), (0, 0, 0)]


@pytest.mark.parametrize(("documents", "rows", "findings"), list(contexts()))
def test_check(documents: int, rows: int, findings: int) -> None:
    mapping = EntityMapping("public.t", "t", None, ())
    context = SimpleNamespace(documents=lambda: documents, manifest_rows=lambda: rows, mapping=mapping)
    examined, found = kind("bravo_agent.checks").check(cast(CheckContext, context))
    assert (examined, len(found)) == (documents, findings)


def test_codemod() -> None:
    found = kind("codemods")
    request = found.edit.__globals__["MarkDeprecated"]("Ad", "url")
    before = "class Ad(Base):\n    url: str\n    size: int  # pixels\n"
    after = found.edit(before, request).text
    assert after == "class Ad(Base):\n    url: str  # deprecated\n    size: int  # pixels\n"
    assert found.edit(after, request).text == after
    (left,) = found.edit("x = 1\n", request).manual
    assert left.why == "Ad.url is not in this file"
