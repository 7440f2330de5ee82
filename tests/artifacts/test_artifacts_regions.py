"""Generated text keeps to its place: what stands outside of our marks stays, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.artifacts import is_ours, placed
from bravo_agent.artifacts._regions import MADE_BY
from bravo_agent.errors import UsageError

REGION = "// bravo-agent: begin zod\nnew;\n// bravo-agent: end zod\n"
LINES = st.lists(st.sampled_from(["", "code();", "// comment", "é", "  x"]), max_size=4).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


def test_a_new_file_is_one_region() -> None:
    assert placed("zod", "a/b.ts", "new;\n", None) == REGION
    assert (
        placed("zod", "b.py", "x = 1\n", None) == "# bravo-agent: begin zod\nx = 1\n# bravo-agent: end zod\n"
    )
    assert placed("zod", "b.json", "{}\n", None) == "{}\n"


@given(before=LINES, old=LINES, after=LINES, crlf=st.booleans(), end=st.booleans())
def test_what_stands_outside_stays(before: str, old: str, after: str, crlf: bool, end: bool) -> None:
    text = f"{before}// bravo-agent: begin zod\n{old}// bravo-agent: end zod\n{after}"
    wanted = f"{before}{REGION}{after}"
    if not end:
        text, wanted = text.removesuffix("\n"), wanted.removesuffix("\n")
    if crlf:
        text, wanted = text.replace("\n", "\r\n"), wanted.replace("\n", "\r\n")
    if not after and not end and crlf:
        return  # such a file has no line end of its own at all
    found = placed("zod", "x.ts", "new;\n", text)
    assert found == wanted
    assert placed("zod", "x.ts", "new;\n", found) == found


def test_two_kinds_share_a_file() -> None:
    one = placed("typescript", "x.ts", "type A = 1;\n", None)
    both = placed("zod", "x.ts", "new;\n", one)
    assert both == one + REGION
    assert placed("typescript", "x.ts", "type A = 1;\n", both) == both


@pytest.mark.parametrize(
    ("file", "before", "code"),
    [
        ("x.ts", "mine();\n", "artifact-not-ours"),
        ("x.ts", "", "artifact-not-ours"),
        ("x.json", '{"mine": 1}\n', "artifact-not-ours"),
        ("x.ts", "// bravo-agent: begin zod\n", "artifact-marks-broken"),
        ("x.ts", "// bravo-agent: end zod\n// bravo-agent: begin zod\n", "artifact-marks-broken"),
        ("x.ts", REGION + REGION, "artifact-marks-broken"),
        (
            "x.ts",
            "// bravo-agent: begin zod\n" + REGION + "// bravo-agent: end zod\n",
            "artifact-marks-broken",
        ),
        ("x.ts", "// bravo-agent: begin zod\n// bravo-agent: end typescript\n", "artifact-marks-broken"),
        ("web", None, "artifact-file-type"),
    ],
)
def test_what_is_not_ours_is_refused(file: str, before: str | None, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        placed("zod", file, "new;\n", before)
    assert caught.value.code == code


def test_a_json_file_that_we_made_is_replaced_whole() -> None:
    ours = f'{{\n  "$comment": "{MADE_BY}"\n}}\n'
    assert is_ours("x.json", ours)
    assert placed("openapi", "x.json", "{}\n", ours) == "{}\n"
    assert placed("openapi", "x.json", '{\n"a": 1}\n', '{\r\n"a": 1}\r\n') == '{\r\n"a": 1}\r\n'
