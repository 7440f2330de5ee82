"""Keys in files that are not read: what nobody edits may hold the field's name as a key all the same.

By how it is written alone, each kind of file by its own forms; a word in prose is none of them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from codemods._finding.lines import LINE_END, line_starts

Keys = tuple[int, ...]
_SETTINGS = frozenset(["toml", "ini", "cfg", "conf", "config", "properties"])
_TABLES = frozenset(["csv", "tsv", "tab", "psv"])
_TEMPLATES = frozenset([
    "j2", "jinja", "jinja2", "html", "htm", "xhtml", "tmpl", "tpl", "template", "mako", "mustache", "hbs", "liquid",
    "njk", "mjml",
])  # fmt: skip
_OF_TOOLS = frozenset([
    "setup.cfg", "tox.ini", "mypy.ini", "pytest.ini", "ruff.toml", "bravo.toml", "Cargo.toml", "Pipfile", "PKG-INFO",
    "METADATA", ".ruff.toml", ".isort.cfg", ".mypy.ini", ".taplo.toml",
])  # fmt: skip
_STANDARD = re.compile(
    r"(?:project|build-system|dependency-groups|tool\.(?:poetry|hatch|pdm|uv|flit|setuptools|setuptools_scm|maturin"
    r"|scikit-build|cibuildwheel|ruff|black|isort|flake8|pylint|mypy|pyright|basedpyright|ty|pyrefly|pytest|coverage"
    r"|tox|nox|bandit|codespell|interrogate|importlinter|towncrier|commitizen|semantic_release|check-manifest"
    r"|vulture|pydocstyle|docformatter|poe|pixi|rye|versioneer))(?:\.|$)"
)
"""Tables of pyproject.toml whose keys other tools give a meaning."""
_HEADER = re.compile(r"^[ \t]*\[{1,2}[ \t]*([^\[\]\r\n]+?)[ \t]*\]{1,2}[ \t]*(?:[#;].*)?$")
_WITH_BLANKS = re.compile(r"\"[^\"]*\s[^\"]*\"|'[^']*\s[^']*'")
_FILLED_IN = re.compile(r"\{[{%].{0,500}?[%}]\}|\$\{.{0,500}?\}|<%.{0,500}?%>", re.DOTALL)
_HIDDEN = re.compile(r"\.[^.]+")


def keys_in(file: str, text: str, words: Iterable[str]) -> dict[str, Keys]:
    """For each word the lines on which it is a key, a column, or what a template fills in or a notebook reads.

    A file of environment variables is asked for the words in capitals too, perhaps behind a prefix.
    """
    found = {word: _lines(text, _places(file, text, word)) for word in words}
    if is_environment(file):
        found |= {word.upper(): _lines(text, _variables(text, word)) for word in list(found)}
    return found


def is_environment(file: str) -> bool:
    """Whether it is a file of environment variables: ``.env``, ``.env.example``, ``prod.env``."""
    name = file.rpartition("/")[2]
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")


def _lines(text: str, places: Iterable[int]) -> Keys:
    starts = line_starts(text)
    return tuple(sorted({bisect_right(starts, place) for place in places}))


def _places(file: str, text: str, word: str) -> Iterator[int]:
    name = file.rpartition("/")[2]
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    escaped = re.escape(word)
    if name in _OF_TOOLS or kind == "lock" or (_HIDDEN.fullmatch(name) and not is_environment(file)):
        return
    if kind == "ipynb":
        yield from _in_notebook(text, escaped)
        return
    yield from _starts(rf"\\?([\"']){escaped}\\?\1\s*:", text)
    if kind in _TABLES:
        yield from _in_header(text, word)
    elif kind == "xml":
        yield from _starts(rf"<(?:\w+:)?{escaped}[\s/>]|\s{escaped}\s*=\s*[\"']", text)
    elif kind in _SETTINGS or is_environment(file):
        yield from _assigned(name, text, escaped, everywhere=True)
    elif kind in _TEMPLATES or "templates" in file.split("/")[:-1]:
        yield from _in_template(text, escaped)
    else:
        yield from _assigned(name, text, escaped, everywhere=False)


def _starts(pattern: str, text: str) -> Iterator[int]:
    yield from (one.start() + 1 for one in re.finditer(pattern, text))


def _assigned(name: str, text: str, word: str, *, everywhere: bool) -> Iterator[int]:
    """``word = ...``, ``word: ...``, ``a.word = ...``, ``{word = ...}`` and ``[a.word]``; else in sections alone."""
    key = rf"(?:[\w\"'-]+\.)*[\"']?{word}[\"']?(?:\.[\w\"'-]+)*"
    given = re.compile(rf"[ \t]*(?:export[ \t]+)?{key}[ \t]*[=:]|[^#]*[{{,][ \t]*{key}[ \t]*=(?!=)")
    headed = re.compile(rf"(?:.*\.)?[\"']?{word}[\"']?(?:\..*)?")
    section, place = "", 0
    for line in LINE_END.split(text):
        header = _HEADER.match(line)
        section = header[1] if header else section
        counts = (everywhere or section) and not (name == "pyproject.toml" and _STANDARD.match(section))
        if counts and (headed.fullmatch(section) if header else given.match(line)):
            yield place
        place = _next(text, place + len(line))


def _next(text: str, end: int) -> int:
    """Where the line behind the line end at ``end`` begins."""
    found = LINE_END.match(text, end)
    return found.end() if found else end


def _variables(text: str, word: str) -> Iterator[int]:
    pattern = rf"^[ \t]*(?:export[ \t]+)?(?:\w+_)?{re.escape(word)}(?:__\w+)?[ \t]*="
    yield from (one.start() for one in re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE))


def _in_header(text: str, word: str) -> Iterator[int]:
    """A column of a table: its first line names them."""
    first = LINE_END.split(text, maxsplit=1)[0]
    if word in (cell.strip().strip("\"'").strip() for cell in re.split(r"[,;\t|]", first)):
        yield 0


def _in_template(text: str, word: str) -> Iterator[int]:
    """Between the signs that a template fills in; sentences in quotes are none of it."""
    for one in _FILLED_IN.finditer(text):
        inside = _WITH_BLANKS.sub(lambda quoted: "\0" * len(quoted[0]), one[0])
        yield from (one.start() + at.start() for at in re.finditer(rf"(?<!\w){word}(?!\w)", inside))


def _in_notebook(text: str, word: str) -> Iterator[int]:
    """Attributes, keywords and texts in cells of code."""
    used = re.compile(rf"[^#]*(?:\.{word}(?!\w)|[\"']{word}[\"']|[(,]\s*{word}\s*=(?!=))|\s+{word}=[^=\s]")
    yield from places_in_cells(text, {line for line in _code_lines(text) if used.match(line)})


def places_in_cells(text: str, lines: Collection[str]) -> Iterator[int]:
    """Where the lines of code stand in the text of a notebook; its beginning where that cannot be found."""
    place = 0
    found: list[int] = []
    for raw in LINE_END.split(text):
        with suppress(ValueError, TypeError):  # what is no text is no line of code
            if json.loads(raw.strip().removesuffix(",")) in lines:
                found.append(place)
        place = _next(text, place + len(raw))
    yield from found or ([0] if lines else [])


def _code_lines(text: str) -> Iterator[str]:
    for cell in code_cells(text):
        yield from cell.splitlines(keepends=True)


def code_cells(text: str) -> Iterator[str]:
    """The code of each cell of a notebook; nothing where it is none."""
    try:
        cells = json.loads(text)["cells"]
        sources = [one["source"] for one in cells if one["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    for source in sources:
        parts = [source] if isinstance(source, str) else source if isinstance(source, list) else []
        yield "".join(part for part in parts if isinstance(part, str))
