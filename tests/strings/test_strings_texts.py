"""Where texts hold a name: in every kind of literal, and in files of every kind."""

from __future__ import annotations

import ast
import re

import pytest

from codemods._strings.program import Program
from codemods._strings.texts import texts_of

NAME = re.compile(r"(?:(?<!\w)|(?<=__))price(?:(?!\w)|(?=__))")
LITERALS = [
    "x = 'price'",
    "x = \"price\" 'price'",
    "x = ('a ' # price\n     'price'\n     r'\\price b')",
    "x = 'a\\nprice'; y = 'a\\\\nprice'",
    "x = '''price\n  price'''",
    'x = f\'price {price} {d["price"]:price>{width}} {{price}} {f("price")!r}\'',
    'x = f"{price}price{price}" "price"',
    "x = f'''{d['price']} {\"\"\"price\"\"\"} price'''",
    "é = 'é', 'price'; x = 'ñ price'",
    "x = b'price', u'price', rb'price'",
    "def f():\n    'price'\n    return 'price'",
    "x = '$price', 'a.price', '-price', 'price__gte', 'a__price', '__price__', 'prices', 'my_price'",
    "\x0cx = 'price'",
    "x = 1\r\ny = 'price'\r\n",
    "if x:\n\ty = 'price'",
    "x: Literal['price'] = 'price'",
    "x = {'price': 1, **{'price': 2}}['price']",
]


@pytest.mark.parametrize("source", LITERALS)
def test_tokens_are_where_the_name_is(source: str) -> None:
    lines = re.split(r"\r\n|\r|\n", source)
    tree = ast.parse(source)
    found = [text for _, texts in texts_of("a.py", source, tree, "price") for text in texts]
    for text in found:
        token = text.token
        assert lines[token.line - 1][token.column : token.end] == "price"
    assert len({text.token for text in found}) == len(found)
    strings = [one.value for one in _strings(tree) if isinstance(one.value, str)]
    assert len(found) == sum(len(NAME.findall(value)) for value in strings)


def _strings(tree: ast.AST) -> list[ast.Constant]:
    found: list[ast.Constant] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        found += [child] if isinstance(child, ast.Constant) else _strings(child)
    return found


def test_a_piece_of_an_f_string_is_never_whole() -> None:
    source = "x = f'{a}price', 'price'"
    found = [text for _, texts in texts_of("a.py", source, ast.parse(source), "price") for text in texts]
    assert [(text.whole, text.before) for text in found] == [(False, "{}"), (True, "")]


def test_files_that_do_not_parse_are_left_alone() -> None:
    program = Program({"a.py": "def (", "b.py": "x = 'price'\0", "c.py": "x = " + "(" * 300 + ")" * 300})
    assert [program.facts(file) for file in ("a.py", "b.py", "c.py")] == [None, None, None]


def test_modules_are_found_as_python_finds_them() -> None:
    files = dict.fromkeys(["src/app/__init__.py", "src/app/json.py", "src/app/a/b.py", "other/app2/x.py"], "")
    program = Program(files)
    assert program.module("app.json", "src/app/a/b.py") == "src/app/json.py"
    assert program.module("json", "src/app/a/b.py") is None
    assert program.module("..json", "src/app/a/b.py") == "src/app/json.py"
    assert program.module(".b", "src/app/a/c.py") == "src/app/a/b.py"
    assert program.module("app", "other/app2/x.py") == "src/app/__init__.py"
    assert program.module("x", "src/app/a/b.py") == "other/app2/x.py"


def test_what_did_not_change_is_not_read_again() -> None:
    files = {"kept_a.py": "x = 1", "kept_b.py": "y = 1"}
    first = Program(files)
    facts = first.facts("kept_a.py"), first.facts("kept_b.py")
    second = Program(files | {"kept_b.py": "y = 2"})
    assert second.facts("kept_a.py") is facts[0]
    assert second.facts("kept_b.py") is not facts[1]
