"""add_field: its examples, and the promise that nothing but the inserted text changes."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.config import ProjectSection
from bravo_agent.model.entities import Field, Shape
from bravo_agent.stores.application import ModelReading, read_models, read_schemas
from codemods import AddField, Example, KnownType, annotation_of
from codemods.add_field import KIND

EXAMPLE = Path(__file__).parents[2] / "examples" / "campaigns"
CAMPAIGNS = ProjectSection(models=("campaigns/models",))


def bare(shape: Shape) -> Shape:
    return replace(shape, text="", optional=False, item=_item(shape.item) if shape.item else None)


def _item(shape: Shape) -> Shape:
    return replace(shape, text="")


def is_within(part: str, whole: str) -> bool:
    """Whether ``whole`` is ``part`` with something inserted."""
    rest = iter(whole)
    return all(one in rest for one in part)


def told(field: Field) -> tuple[object, ...]:
    """Everything but the place, which moves with what is inserted above."""
    return field.name, field.document_name, field.shape, field.required, field.default, field.computed


@pytest.mark.parametrize("example", KIND.examples, ids=lambda one: one.name)
def test_example(example: Example) -> None:
    result = KIND.edit(example.before, example.request)
    assert result.text == (example.before if example.after is None else example.after)
    if example.why:
        assert [work for work in result.manual if example.why in work.why], result.manual
    else:
        assert result.manual == ()


@pytest.mark.parametrize(
    "example", [one for one in KIND.examples if one.after is not None], ids=lambda one: one.name
)
def test_a_second_application_is_empty_and_the_result_parses(example: Example) -> None:
    assert example.after is not None
    ast.parse(example.after)
    assert KIND.edit(example.after, example.request).text == example.after


def test_two_in_five_examples_show_what_is_left_alone() -> None:
    left = [example for example in KIND.examples if example.after is None]
    assert len(left) / len(KIND.examples) >= 0.4


def known_types(project: Path) -> tuple[ModelReading, tuple[KnownType, ...]]:
    reading = read_models(project, CAMPAIGNS, allow_import=False)
    return reading, tuple(KnownType(one.module, one.name, one.shape) for one in reading.types if one.plain)


SHAPES = [
    Shape("decimal", max_digits=12, decimal_places=2),
    Shape("decimal", max_digits=20, decimal_places=6),
    Shape("decimal"),
    Shape("datetime"),
    Shape("enum", labels=("text", "image", "video", "carousel")),
    Shape("enum", labels=('odd "one"', "two")),
    Shape("str", max_length=7),
    Shape("list", item=Shape("str", optional=True)),
    Shape("dict", item=Shape("any")),
    Shape("any"),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.kind}{shape.max_digits or ''}")
def test_the_only_difference_in_the_model_is_the_field(shape: Shape) -> None:
    reading, known = known_types(EXAMPLE)
    written = annotation_of(shape)
    assert written is not None
    for entity in reading.models.entities:
        request = AddField(
            entity.name, "brand_new", *written, module=entity.module, shape=shape, known_types=known
        )
        patch = KIND.apply_to_project(EXAMPLE, entity.place.file, request)
        assert patch.manual == ()
        after = read_models(
            EXAMPLE, CAMPAIGNS, allow_import=False, overlay={edit.file: edit.after for edit in patch.edits}
        )
        now = after.models.entity(f"{entity.module}:{entity.name}")
        assert now is not None
        added = [field for field in now.fields if entity.field(field.name) is None]
        assert [(f.name, bare(f.shape), f.required) for f in added] == [("brand_new", bare(shape), False)]
        assert [told(f) for f in now.fields if f not in added] == [told(f) for f in entity.fields]


def test_the_patched_application_can_be_imported() -> None:
    reading, known = known_types(EXAMPLE)
    overlay: dict[str, str] = {}
    for number, shape in enumerate(SHAPES):
        for entity in reading.models.entities:
            annotation, imports = annotation_of(shape) or ("", ())
            request = AddField(
                entity.name,
                f"new_{number}",
                annotation,
                imports,
                module=entity.module,
                shape=shape,
                known_types=known,
            )
            patch = KIND.apply_to_project(EXAMPLE, entity.place.file, request, overlay)
            overlay.update({edit.file: edit.after for edit in patch.edits})
    assert len(read_schemas(EXAMPLE, CAMPAIGNS, reading.models, overlay=overlay)) == len(
        reading.models.entities
    )


HEADS = [
    "",
    '"""Doc."""\n',
    "# comment\n",
    "from __future__ import annotations\n",
    "import os, sys\n",
    "\ufeffx = 1\n",
]
IMPORTS = [
    "from pydantic import BaseModel\n",
    "from pydantic import (\n    BaseModel,\n    Field,  # note\n)\n",
    "import pydantic\nfrom pydantic import *\n",
    "from decimal import ROUND_UP\nfrom pydantic import BaseModel  # noqa\n",
    "try:\n    from decimal import Decimal\nexcept ImportError:\n    pass\nfrom pydantic import BaseModel\n",
]
BODY = [
    "    a: int\n",
    "    b: Optional[int] = None  # trailing\n",
    '    """text"""\n',
    "    model_config = ConfigDict()\n",
    "\n    # lonely comment\n",
    "    c: ClassVar[int] = 1\n",
    "    _d: int = PrivateAttr(1)\n",
    "    @field_validator('a')\n    def check(cls, v):\n        return v\n",
    "    class Config:\n        x = 1\n",
    "    e: list[\n        int\n    ] = []\n",
    "    pass\n",
    "    f: int; g: int\n",
    "    Decimal: str = ''\n",
    "    ä: str = 'ß\\u2028\x0c'\n",
]
TAILS = ["", "\n\nclass Other(BaseModel):\n    x: int\n", "\nAd.model_rebuild()", "\n\n\n# end"]


@settings(max_examples=300, deadline=None)
@given(
    head=st.sampled_from(HEADS),
    imports=st.sampled_from(IMPORTS),
    body=st.lists(st.sampled_from(BODY), min_size=1, max_size=6),
    tail=st.sampled_from(TAILS),
    ends=st.sampled_from(["\n", "\r\n"]),
    tabs=st.booleans(),
    alias=st.sampled_from([None, "x.y"]),
)
def test_every_other_byte_stays_and_the_second_application_is_empty(
    head: str, imports: str, body: list[str], tail: str, ends: str, tabs: bool, alias: str | None
) -> None:
    text = head + imports + "\n\nclass Ad(BaseModel):\n" + "".join(body) + tail
    text = (text.replace("    ", "\t") if tabs else text).replace("\n", ends)
    request = AddField("Ad", "score", "Decimal", ("from decimal import Decimal",), alias=alias)
    result = KIND.edit(text, request)
    if result.manual:
        assert result.text == text
        return
    assert result.text != text
    assert is_within(text, result.text) or is_within("".join(text.rpartition("pass")[::2]), result.text)
    if ends == "\r\n":
        assert "\n" not in result.text.replace("\r\n", "")
    assert KIND.edit(result.text, request).text == result.text
