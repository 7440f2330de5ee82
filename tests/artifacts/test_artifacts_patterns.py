"""A pattern means to JavaScript and MongoDB what it means to Pydantic."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from artifacts_documents import matches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from bravo_agent.artifacts._patterns import CannotSayError, javascript, pcre

PATTERNS = [
    r"^\w+$",
    r"^[A-Z]{2}-\d+/x$",
    r"(?i)^straße$",
    r"\bx\b",
    r"x\B",
    r"^[^\s\]\w-]*$",
    r"a.b",
    r"(?s)a.b",
    r"^(?P<year>\d{4})-(?<month>\d\d)$",
    r"\x{1F600}|\u{e9}|\x41|\U0001F601",
    r"^a{2}?b{1,}c{0,2}$",
    r"^\{a\}\]\-\_\ \"$",
    r"[]a]",
    r"[^]a]",
    r"[a^\-.$|(){}*+?/]",
    r"\p{Lu}\pL",
    r"^\P{Lu}$",
    r"[\p{Lu}\d]",
    r"\Aab\z",
    r"^(?:a|b)+?$",
    r"^\S+@\S+$",
    "^\u2028\t?$",
    r"\D\W",
    r"",
    r"\n|\t|\r",
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
]
CANNOT = [
    r"(?x)a b",
    r"[[:alpha:]]",
    r"[a&&b]",
    r"a++",
    r"a{2}+",
    r"a{,3}",
    r"(?i:a)b",
    r"\p{Greek}",
    r"\q",
    r"(?>a)",
]
TEXTS = [
    *[
        "",
        "a",
        "ab",
        "ab\n",
        "größe",
        "a\nb",
        "a\rb",
        "a\u2028b",
        "AB-12/x",
        "AB-٣/x",
        "2024-05",
        "x",
        " x ",
        "xy",
        "é",
    ],
    *[
        "STRASSE",
        "Straße",
        "😀",
        "😁",
        "A",
        "Ab",
        "ǅ",
        "aabbcc",
        '{a}]-_ "',
        "]",
        "^",
        "-",
        "$",
        "/",
        "a@b",
        "-1.5",
        ".",
    ],
    *["\u2028", "\u2028\t", "\t", "\x85", "\ufeff", "\u200d", "²", "_", "1 ", "é1"],
]


@pytest.fixture(scope="module")
def tables(node: Path) -> Any:
    """Which of the texts each pattern matches in JavaScript."""
    code = ", ".join(javascript(pattern) for pattern in PATTERNS)
    script = f"const t = {json.dumps(TEXTS)}; console.log(JSON.stringify([{code}].map((r) => t.map((x) => r.test(x)))))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("number", range(len(PATTERNS)), ids=PATTERNS)
def test_javascript_matches_as_pydantic_does(number: int, tables: Any) -> None:
    for text, found in zip(TEXTS, tables[number], strict=True):
        assert found == matches(PATTERNS[number], text), (text, javascript(PATTERNS[number]))


def test_mongodb_matches_as_pydantic_does(mongo_uri: str, mongo_database_name: str) -> None:
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        collection = client[mongo_database_name]["texts"]
        collection.insert_many([{"_id": number, "t": text} for number, text in enumerate(TEXTS)])
        for pattern in PATTERNS:
            asked = {"$jsonSchema": {"properties": {"t": {"pattern": pcre(pattern)}}}}
            found = {document["_id"] for document in collection.find(asked)}
            wanted = {number for number, text in enumerate(TEXTS) if matches(pattern, text)}
            assert {TEXTS[one] for one in found ^ wanted} == set(), (pattern, pcre(pattern))


@pytest.mark.parametrize("pattern", CANNOT)
@pytest.mark.parametrize("say", [javascript, pcre])
def test_what_a_dialect_cannot_say_is_an_error(say: Any, pattern: str) -> None:
    with pytest.raises(CannotSayError):
        say(pattern)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(pattern=st.text(st.sampled_from(r"ab\d\w.^$[]-{}()|/?*+ 1,"), max_size=8))
def test_any_pattern_that_is_said_is_one_to_node(node_checks: Any, pattern: str) -> None:
    try:
        matches(pattern, "a")
        said = javascript(pattern)
    except (CannotSayError, AssertionError):
        return
    assert node_checks(said), (pattern, said)


@pytest.fixture(scope="module")
def node_checks(node: Path) -> Any:
    script = (
        'require("readline").createInterface({ input: process.stdin }).on("line", (line) => {'
        "let told = true; try { eval(JSON.parse(line)); } catch { told = false; } console.log(told); })"
    )
    process = subprocess.Popen(
        ["node", "-e", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask(said: str) -> bool:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(said) + "\n")
        process.stdin.flush()
        return process.stdout.readline() == "true\n"

    yield ask
    process.communicate(timeout=20)
