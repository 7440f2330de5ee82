"""The TypeScript file compiles, says what openapi-typescript says, and takes and refuses values as the models do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from artifacts_corpus import Corpus
from artifacts_node import compile_strictly

from bravo_agent.artifacts import Definitions
from bravo_agent.artifacts._exported import comment, exported
from bravo_agent.artifacts.typescript import declarations
from bravo_agent.artifacts.zod import schemas
from bravo_agent.errors import FailedError

USES = """
import type * as m from "./models.js";

export const tree: m.hard__models__Node = { value: 1, children: [{ value: 2, parent: null }], by_name: {} };
export const zoo: m.Zoo = { animals: [{ kind: "cat" }, { kind: "dog", name: "x" }] };
export const name = (one: m.Zoo["animals"][number]) => (one.kind === "dog" ? one.name : one.kind);
export const pair: m.Containers["pair"] = [1, "a"];
export const point: m.Point = [1];
export const json: m.Nested = [{ a: [1, null] }];
export const odd: m.Places = { firstName: "x", "odd-key": 1 };
export const open: m.Open = { a: 1, more: [true] };
export const moods: m.Containers["by_mood"] = { glad: 1 };
// @ts-expect-error: not a mood
export const angry: m.Mood = "angry";
// @ts-expect-error: the tag is missing
export const untold: m.Zoo = { animals: [{ lives: 3 }] };
// @ts-expect-error: a computed field is not assigned
export const twice = (money: m.Money) => { money.double = "2"; };
// @ts-expect-error: null is not taken
export const none: m.Choices["one"] = null;
// @ts-expect-error: too long
export const triple: m.Containers["pair"] = [1, "a", 2];
"""


# openapi-typescript writes types that TypeScript refuses for these,
CIRCULAR = {"Forest", "Nested", "Recursive"}
# takes an empty tuple for any list and no key for none, and forgets that items may be missing, and says of free keys
# what holds for the named ones too,
LOOSE = {"Containers"}
STRICT = {"Extra", "Nothing", "Point", "Structured"}
# and demands the tag of a model wherever it stands, once one union is told by it.
TOLD = {"Cat", "Page_Cat_", "Pages"}


@pytest.fixture(scope="module")
def folder(corpus: Corpus, node: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("typescript")
    (found / "models.ts").write_text(corpus.typescript)
    return found


def test_it_compiles_strictly_and_means_what_it_says(folder: Path, node: Path) -> None:
    (folder / "uses.ts").write_text(USES)
    flags = ("--noEmit", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--noImplicitOverride")
    assert compile_strictly(node, folder, ["models.ts", "uses.ts"], *flags) == ""


def test_types_inferred_from_zod_are_assignable_to_ours(corpus: Corpus, folder: Path, node: Path) -> None:
    """But for what stands for itself and is no object, or refers to one another: TypeScript loses its way there."""
    (folder / "schemas.ts").write_text(corpus.zod)
    left_out = {"Forest", "Nested", "Recursive", "Zoo", "Wolf", "Left", "Right"}
    lines = [
        'import * as z from "zod";',
        'import type * as m from "./models.js";',
        'import * as s from "./schemas.js";',
    ]
    for one in corpus.exported:
        if not {one.name, one.name.removesuffix("Input")} & left_out:
            lines.append(
                f"export const {one.name} = (x: z.infer<typeof s.{one.name}Schema>): m.{one.name} => x;"
            )
    (folder / "both.ts").write_text("\n".join(lines) + "\n")
    assert compile_strictly(node, folder, ["both.ts"], "--noEmit") == ""


def test_openapi_typescript_says_the_same(corpus: Corpus, folder: Path, node: Path) -> None:
    """Each type is assignable to the other, both ways, for every model and what it writes."""
    told = {name: one for name, one in corpus.definitions.serialization.items() if name not in CIRCULAR}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {},
        "components": {"schemas": told},
    }
    (folder / "openapi.json").write_text(json.dumps(document).replace("#/$defs/", "#/components/schemas/"))
    command = [str(node / "node_modules" / ".bin" / "openapi-typescript"), "openapi.json", "-o", "oracle.ts"]
    options = ["--default-non-nullable=false"]
    done = subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = ['import type * as m from "./models.js";', 'import type { components } from "./oracle.js";']
    lines.append('type S = components["schemas"];')
    for one in corpus.exported:
        if one.reads or one.definition.name in CIRCULAR:
            continue
        theirs = f'S["{one.definition.name}"]'
        if one.definition.name not in LOOSE:
            lines.append(f"export const to{one.name} = (x: {theirs}): m.{one.name} => x;")
        if one.definition.name not in TOLD | STRICT:
            lines.append(f"export const from{one.name} = (x: m.{one.name}): {theirs} => x;")
    (folder / "oracle_uses.ts").write_text("\n".join(lines) + "\n")
    assert compile_strictly(node, folder, ["oracle_uses.ts"], "--noEmit") == ""


@pytest.mark.parametrize(
    ("schema", "what"),
    [
        ({"type": "array", "contains": {}}, "'contains'"),
        ({"type": "string", "weird": 1}, "'weird'"),
        ({"minimum": 1}, "'minimum' without a type"),
        ({"not": {"type": "string"}}, "'not'"),
        ({"$ref": "other.json"}, "a reference to 'other.json'"),
        ({"$ref": "#/$defs/A", "minimum": 1}, "'minimum' beside $ref"),
        ({"const": {"a": 1}}, "a constant"),
        ({"type": "object", "properties": {"a": {"if": {}}}}, "'if'"),
        ({"type": "object", "patternProperties": {"a": {}, "b": {}}}, "'patternProperties'"),
        ({"type": "file"}, "'type' without a type"),
    ],
)
def test_what_is_not_known_is_an_error(schema: dict[str, Any], what: str) -> None:
    with pytest.raises(FailedError, match="artifact-unsupported") as caught:
        exported(Definitions({"A": schema}, {}))
    assert what in caught.value.message
    assert "A" in (caught.value.where or "")


def test_annotations_bind_nobody() -> None:
    schema = {
        "type": "string",
        "x-ui": 1,
        "title": "T",
        "examples": ["a"],
        "deprecated": True,
        "description": "D */",
    }
    found = exported(Definitions({"A": schema}, {"A": schema}))
    assert declarations(found).endswith("/**\n * D *\\/\n * @deprecated\n */\nexport type A = string;\n")


def test_names_are_sanitised_and_never_meet() -> None:
    plain = {"type": "object", "properties": {"a": {"type": "integer"}}}
    reads = {**plain, "required": ["a"]}
    both = {"A-B": plain, "A_B": plain, "AInput": plain, "A": plain, "class": {"type": "string"}}
    names = [one.name for one in exported(Definitions({**both, "A": reads}, both))]
    assert names == [
        "A",
        "AInput",
        "AInput2",
        "AInputInput",
        "A_B",
        "A_B2",
        "A_BInput",
        "A_BInput2",
        "class_",
    ]
    assert len(set(names)) == len(names)


def test_a_change_of_the_model_makes_no_name_appear_or_vanish() -> None:
    same = {"type": "object", "properties": {"a": {"type": "integer"}}}
    other = {**same, "required": ["a"]}
    first = exported(Definitions({"A": same}, {"A": same}))
    second = exported(Definitions({"A": same}, {"A": other}))
    assert [one.name for one in first] == [one.name for one in second] == ["A", "AInput"]


def test_comments_cannot_end_early() -> None:
    assert comment(["a */ b\n\tc\u2028d"]) == "/**\n * a *\\/ b\n *  c\n * d\n */\n"
    assert comment(["", " "]) == ""


def test_the_order_of_definitions_does_not_matter(corpus: Corpus) -> None:
    turned = Definitions(
        dict(reversed(corpus.definitions.validation.items())),
        dict(reversed(corpus.definitions.serialization.items())),
    )
    assert declarations(exported(turned)) == corpus.typescript
    assert schemas(exported(turned)) == corpus.zod
