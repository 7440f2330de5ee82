"""Many edits of one file: a tree that grew is the tree that reading gives, and the bytes are those of one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.plan import DropField, InsertField, MakeOptional, ModelEdit, RenameField
from codemods import Home
from codemods._source import Source
from codemods._tree import Tree, forget_trees, read_tree, tree_of
from codemods.add_field import KIND as ADD
from codemods.drop_field import KIND as DROP
from codemods.make_optional import KIND as OPTIONAL
from codemods.rename_field import KIND as RENAME

TYPES = [
    ColumnType("text"),
    ColumnType("int8"),
    ColumnType("bool"),
    ColumnType("timestamptz"),
    ColumnType("numeric", precision=12, scale=2),
    ColumnType("state", form="enum", schema="public", labels=("it's", 'a "b"', "c")),
    ColumnType("jsonb"),
]
HEADS = [
    "from pydantic import BaseModel\n",
    '"""Models."""\n\nfrom __future__ import annotations\n\nfrom pydantic import BaseModel, Field\n',
    "from datetime import datetime\nfrom decimal import Decimal\nfrom typing import Any, Optional\n\n"
    "from pydantic import BaseModel\n",
]
BODIES = [
    "    id: int\n    name: str = 'x'\n",
    "    pass\n",
    '    """Only a text."""\n',
    '    id: int\n    """Its number."""\n\n    class Config:\n        extra = "allow"\n',
    "    id: int  # the key\n    # what follows is no field\n    LIMIT: ClassVar[int] = 3\n",
    "    model_config = {}\n\n    id: int\n\n    @property\n    def twice(self) -> int:\n        return self.id * 2\n",
    "    id: int; name: str\n    wide: dict[\n        str, int\n    ] = {}\n",
    "    id: int = 1 + \\\n        2\n    # the end\n",
    "    def twice(self) -> int:\n        return 2\n",
    "    class B(BaseModel):\n        id: int\n        size: int = 1\n\n    id: int\n    inner: B\n",
    "    id: int\n    date: str\n    datetime_: str = Field(alias='datetime')\n",
]
ORDERS = ["name", "size", "date", "datetime", "Decimal", "a b", "class", "model_config", "_x", *"abcdef"]


@st.composite
def modules(draw: st.DrawFn) -> str:
    found = [draw(st.sampled_from(HEADS))]
    for name in "AC":
        found.append(f"\n\nclass {name}(BaseModel):\n{draw(st.sampled_from(BODIES))}")
        found.append(draw(st.sampled_from(["", "\n\nx = 1\n", "\n    # below\n"])))
    text = "".join(found)
    text = draw(
        st.sampled_from([text, text.replace("\n", "\r\n"), text.replace("    ", "\t"), text.rstrip("\n")])
    )
    return draw(st.sampled_from(["", "", "\ufeff"])) + text


@st.composite
def edits(draw: st.DrawFn) -> list[ModelEdit]:
    one: st.SearchStrategy[ModelEdit] = st.one_of(
        st.builds(lambda m, n, t: InsertField(m, Column(n, t)), MODELS, NAMES, st.sampled_from(TYPES)),
        st.builds(lambda m, n, t: InsertField(m, Column(n, t)), MODELS, NAMES, st.sampled_from(TYPES)),
        st.builds(DropField, MODELS, NAMES),
        st.builds(MakeOptional, MODELS, NAMES),
        st.builds(lambda m, n, new: RenameField(m, n, n, new), MODELS, NAMES, NAMES),
    )
    return draw(st.lists(one, max_size=12))


MODELS, NAMES = st.sampled_from(["A", "C", "A.B"]), st.sampled_from(ORDERS)


def carried(text: str, wanted: Sequence[ModelEdit], *, anew: bool) -> Iterator[object]:
    """What every edit gives; ``anew``: each reads the file."""
    forget_trees()
    kinds = {"add-field": ADD, "drop-field": DROP, "make-optional": OPTIONAL, "rename-field": RENAME}
    for edit in wanted:
        if anew:
            forget_trees()
        result = kinds[edit.tag].carry(text, edit, Home(edit.entity, "app.models"), "models.py")  # type: ignore[union-attr]
        text = result.text
        yield result


def places(tree: Tree) -> list[tuple[str, object]]:
    """Of every node that is not white space, in the order of the tree."""
    found: list[tuple[str, object]] = []

    class Places(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            blank = (
                cst.Module, cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.Newline, cst.EmptyLine,
            )  # fmt: skip
            if not isinstance(node, blank):
                found.append((type(node).__name__, tree.range(node)))
            return True

    tree.module.visit(Places())
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modules(), edits())
def test_all_in_one_go_gives_the_bytes_of_one_by_one(text: str, wanted: list[ModelEdit]) -> None:
    assert list(carried(text, wanted, anew=False)) == list(carried(text, wanted, anew=True))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modules(), edits())
def test_a_tree_that_grew_is_the_one_that_is_read(text: str, wanted: list[ModelEdit]) -> None:
    for result in carried(text, wanted, anew=False):
        plain = result.text.removeprefix("\ufeff")  # type: ignore[attr-defined]
        if (grown := tree_of(plain)).lines:
            read = read_tree(plain)
            assert grown.module.code == plain
            assert grown.module.deep_equals(read.module)
            assert places(grown) == places(read)


@pytest.mark.parametrize("count", [300])
def test_a_tree_grows_by_so_many_lines_and_is_read_again(count: int) -> None:
    text = "from pydantic import BaseModel\n\n\nclass A(BaseModel):\n    id: int\n"
    wanted = [InsertField("A", Column(f"field_{number}", ColumnType("text"))) for number in range(count)]
    lines = []
    for result in carried(text, wanted, anew=False):
        lines.append(len(tree_of(result.text).lines))  # type: ignore[attr-defined]
    assert lines[0] == 1
    assert max(lines) == 256
    assert lines[256:] == [0, *range(1, count - 256)]
    assert [one.name.value for one in Source(result.text).classes("A")] == ["A"]  # type: ignore[attr-defined]
