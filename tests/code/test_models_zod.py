"""Zod 4 schemas are read by the project's own Node, or an error says what is missing.

With BRAVO_TEST_NODE_MODULES, a ``node_modules`` folder with zod 4 (and ``node``), nothing is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bravo_agent.config import ProjectSection
from bravo_agent.errors import BravoError
from bravo_agent.model.entities import Entity, Place
from bravo_agent.stores.application import ModelReading, read_models
from bravo_agent.stores.application._zod import read_zod

SCHEMAS = """import * as z from "zod";
console.log("said at import");

const money = z.number().multipleOf(0.01);
export const AddressSchema = z.object({ street: z.string().max(40), "zip-code": z.string().nullish() });
export const campaignSchema = z.object({
  _id: z.int(),
  name: z.string().max(30),
  budget: money,
  start: z.iso.date(),
  changed: z.date(),
  views: z.bigint().default(0n),
  level: z.enum(["low", "high"]).nullable(),
  maybe: z.string().optional(),
  key: z.uuid(),
  tags: z.array(z.string()),
  counts: z.record(z.string(), z.int()),
  address: AddressSchema,
  either: z.union([z.string(), z.number()]),
  size: z.string().transform((text) => text.length),
  seen: z.coerce.date(),
  price: z.stringFormat("decimal", /^\\d{1,8}\\.\\d{2}$/),
  one: z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({ k: z.literal("b") })]),
  places: z.map(z.string(), z.int()),
  anything: z.any(),
  get children() { return z.array(campaignSchema).optional(); },
});
export const Titled = z.strictObject({ x: z.int32() }).meta({ title: "Renamed" });
export const User = z.object({ a: z.string() });
export const UserSchema = z.object({ b: z.string() });
export const onlyText = z.string();
export const limit = 3;
export default campaignSchema;
"""
TYPED = """import { z } from "zod";
export const Typed = z.object({ n: z.int() });
export type T = z.infer<typeof Typed>;
"""


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("BRAVO_TEST_NODE_MODULES")
    if given:
        return Path(given)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("there is no node with npm")
    folder = tmp_path_factory.mktemp("npm")
    try:
        arguments = [npm, "install", "zod@4", "--prefer-offline", "--no-audit", "--no-fund"]
        subprocess.run(arguments, cwd=folder, check=True, capture_output=True, timeout=60)
    except (subprocess.SubprocessError, OSError):
        pytest.skip("npm cannot install zod here")
    return folder / "node_modules"


def project(folder: Path, modules: Path, **files: str) -> Path:
    (folder / "node_modules").symlink_to(modules, target_is_directory=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def one(reading: ModelReading, name: str) -> Entity:
    found = reading.models.entity(name)
    assert found is not None
    return found


def test_exported_schemas_are_entities(tmp_path: Path, modules: Path) -> None:
    reading = read_models(
        project(tmp_path, modules, schemas_mjs=SCHEMAS), ProjectSection(zod=("schemas.mjs",))
    )
    assert reading.notes == ()
    names = [entity.name for entity in reading.models.entities]
    assert names == ["Address", "Renamed", "User", "UserSchema", "campaign", "default"]
    campaign = one(reading, "campaign")
    assert (campaign.module, campaign.known_by, campaign.form) == ("schemas.mjs", "json-schema", "schema")
    shapes = {field.name: field.shape for field in campaign.fields}
    assert {name: shape.kind for name, shape in shapes.items()} == {
        "_id": "int", "name": "str", "budget": "decimal", "start": "date", "changed": "datetime", "views": "int",
        "level": "enum", "maybe": "str", "key": "uuid", "tags": "list", "counts": "dict", "address": "model",
        "either": "union", "size": "str", "seen": "datetime", "price": "decimal", "one": "union",
        "places": "unknown", "anything": "any", "children": "list",
    }  # fmt: skip
    assert {field.name for field in campaign.fields if not field.required} == {"views", "maybe", "children"}
    assert (shapes["name"].max_length, shapes["budget"].decimal_places) == (30, 2)
    assert (shapes["price"].max_digits, shapes["price"].decimal_places) == (10, 2)
    assert shapes["level"].optional
    assert shapes["level"].labels == ("low", "high")
    children = shapes["children"].item
    assert children is not None
    assert children.model == "campaign"


def test_places_are_the_lines_of_the_source(tmp_path: Path, modules: Path) -> None:
    reading = read_models(
        project(tmp_path, modules, schemas_mjs=SCHEMAS), ProjectSection(zod=("schemas.mjs",))
    )
    lines = SCHEMAS.splitlines()
    for entity in (one(reading, "campaign"), one(reading, "Address"), one(reading, "Renamed")):
        for field in entity.fields:
            if field.name != "children":  # a getter: the place of the schema
                assert re.search(rf"\b{field.name}\"?:", lines[field.place.line - 1])
    assert one(reading, "campaign").place == Place("schemas.mjs", 6)


def test_typescript_is_read_where_node_reads_it(tmp_path: Path, modules: Path) -> None:
    project(tmp_path, modules, schemas_ts=TYPED)
    if not strips_types(modules):
        with pytest.raises(BravoError, match="does not read TypeScript") as caught:
            read_zod(tmp_path, ["schemas.ts"])
        assert caught.value.code == "zod-not-available"
        assert "22.18" in caught.value.hint
        pytest.skip("this Node does not read TypeScript: the error says so")
    entities = read_zod(tmp_path, ["schemas.ts"])
    assert [(e.name, e.place, e.fields[0].place.line) for e in entities] == [
        ("Typed", Place("schemas.ts", 2), 2)
    ]


def strips_types(modules: Path) -> bool:
    own = modules / ".bin" / "node"
    node = str(own) if own.exists() else "node"
    asked = [node, "-p", "Boolean(process.features.typescript)"]
    return subprocess.run(asked, capture_output=True, check=True, timeout=60).stdout.strip() == b"true"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("throw new Error('mongodb://me:pw@host')", "mongodb://***"),
        ("import './nothing.mjs'", "nothing.mjs"),
        ("export const = 3", "SyntaxError"),
        ("process.exit(3)", "without an answer"),
        ("process.stderr.write('bye bye'); process.exit(0)", "bye bye"),
    ],
)
def test_a_file_that_fails_is_named(tmp_path: Path, modules: Path, text: str, said: str) -> None:
    project(tmp_path, modules, broken_mjs=text)
    with pytest.raises(BravoError) as caught:
        read_zod(tmp_path, ["broken.mjs"])
    assert caught.value.code == "zod-failed"
    assert said in caught.value.message
    assert "pw" not in str(caught.value)


def test_secrets_and_waiting(tmp_path: Path, modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAVO_SOURCE_URI", "secret-uri")
    monkeypatch.setenv("NODE_OPTIONS", "--require=/nowhere.js")
    text = "throw new Error(String(process.env.BRAVO_SOURCE_URI))"
    project(tmp_path, modules, env_mjs=text, slow_mjs="await new Promise((f) => setTimeout(f, 60000));")
    with pytest.raises(BravoError, match="undefined"):
        read_zod(tmp_path, ["env.mjs"])
    with pytest.raises(BravoError, match="took longer than 1 s"):
        read_zod(tmp_path, ["slow.mjs"], timeout=1)


def test_without_zod_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.mjs").write_text("export const x = 1;")
    if shutil.which("node"):
        with pytest.raises(BravoError, match=r"a\.mjs needs zod") as caught:
            read_zod(tmp_path, ["a.mjs"])
        assert (caught.value.code, caught.value.exit_code) == ("zod-not-available", 2)
        assert "npm install zod" in caught.value.hint
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BravoError, match="there is no `node`"):
        read_zod(tmp_path, ["a.mjs"])


def test_without_zod_4_the_error_says_so(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    old = tmp_path / "node_modules" / "zod"
    old.mkdir(parents=True)
    (old / "package.json").write_text('{"name": "zod", "version": "3.25.0", "main": "index.js"}')
    (old / "index.js").write_text("exports.z = {};")
    (tmp_path / "a.mjs").write_text("export const x = 1;")
    with pytest.raises(BravoError, match="needs zod 4"):
        read_zod(tmp_path, ["a.mjs"])


@pytest.mark.parametrize("file", ["nothing.ts", "../outside.mjs", "/etc/passwd"])
def test_a_file_that_is_not_the_projects(tmp_path: Path, file: str) -> None:
    (tmp_path / "../outside.mjs").write_text("")
    with pytest.raises(BravoError, match="no such file") as caught:
        read_zod(tmp_path, [file])
    assert caught.value.code == "zod-not-available"
