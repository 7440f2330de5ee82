"""The allow-list: what a transformation may be made of, and the ways out that it closes."""

from __future__ import annotations

import pytest

from bravo_agent.planning.transform_code import MAX_BYTES, METHODS, MODULES, refusals
from bravo_agent.rules._bound import code_hash, normalised

GOOD = '''"""Euros as cents."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from bson.decimal128 import Decimal128

CENT = Decimal("0.01")
NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")


def plain(text, sign=","):
    return "".join(part for part in text.split(sign) if part != "")


def transform(value):
    if value is None or isinstance(value, bool):
        return None
    found = NUMBER.fullmatch(str(value).strip())
    if not found:
        return None
    try:
        number = Decimal(found.group(0).replace(",", ".")) * 100
    except (ValueError, ArithmeticError):
        return None
    best = sorted([number, Decimal(0)], key=lambda one: -one)[0]
    label = f"{best:>10}"
    day = datetime.date(2020, 1, 1) if label and (n := len(label)) > 3 else None
    for index, _each in enumerate([1, 2]) if day and n else ():
        number += index
    return Decimal128(number.quantize(CENT, rounding=ROUND_HALF_UP))
'''.replace("_each", "each")

REFUSED = {
    "open a file": ("return open('/etc/passwd').read()", "the name open"),
    "import os": ("import os", "stands at the top"),
    "walk to os": ("return ().__class__.__base__.__subclasses__()", "the attribute __class__"),
    "eval": ("return eval('1')", "the name eval"),
    "exec": ("exec('x = 1')", "the name exec"),
    "compile": ("return compile('1', '', 'eval')", "the name compile"),
    "getattr": ("return getattr(value, 'x')", "the name getattr"),
    "globals": ("return globals()", "the name globals"),
    "vars": ("return vars(value)", "the name vars"),
    "type": ("return type(value)", "the name type"),
    "breakpoint": ("breakpoint()", "the name breakpoint"),
    "dunder name": ("return __builtins__", "the name __builtins__"),
    "dunder import": ("return __import__('os')", "the name __import__"),
    "format attribute trick": ("return '{0.__class__}'.format(value)", "the attribute format"),
    "format unbound": ("return str.format('{0}', value)", "the attribute format"),
    "format_map": ("return '{a}'.format_map(value)", "the attribute format_map"),
    "dunder in a text": ("return '{0.__class__}'", "two underscores"),
    "f-string attribute": ("return f'{value.__class__}'", "the attribute __class__"),
    "f-string in its spec": ("return f'{value:{value.__doc__}}'", "the attribute __doc__"),
    "lambda default": ("return (lambda x=value.upper: x)()", "a default value"),
    "generator frame": ("g = (x for x in [1])\n    return g.gi_frame", "the attribute gi_frame"),
    "frame of an error": ("return ValueError('x').with_traceback", "the attribute with_traceback"),
    "yield": ("yield value", "Yield"),
    "await": ("await value", "Await"),
    "match class": ("match value:\n        case str(__class__=c): return c", "Match"),
    "with": ("with value: pass", "With"),
    "while": ("while True: pass", "While"),
    "global": ("global X\n    X = 1", "Global"),
    "class": ("class A: pass", "ClassDef"),
    "nested function": ("def inner(): return 1\n    return inner()", "a function stands at the top"),
    "delete": ("del value", "Delete"),
    "bare except": ("try: return 1\n    except: return 2", "an except names what it catches"),
    "catch everything": ("try: return 1\n    except BaseException: return 2", "the name BaseException"),
    "assign an attribute": ("value.real = 1\n    return value", "never assigned"),
    "shadow a builtin": ("len = value\n    return len", "len is not to be assigned"),
    "private name": ("_x = 1\n    return _x", "the name _x"),
    "dunder keyword": ("return dict(__class__=1)", "the name __class__"),
    "clock": ("return value.now()", "the attribute now"),
    "unknown name": ("return frobnicate(value)", "the name frobnicate"),
    "starred import": ("from re import *", "stands at the top"),
}
AT_THE_TOP = {
    "os": ("import os", "the module os"),
    "sys under another name": ("import sys as re", "the module sys"),
    "a submodule": ("import os.path", "the module os.path"),
    "a module of a module": ("from re import enum", "enum of re"),
    "private of a module": ("from re import _compiler", "_compiler of re"),
    "everything of a module": ("from re import *", "* of re"),
    "relative": ("from . import models", "models of ."),
    "the project": ("from models import Campaign", "Campaign of models"),
    "uuid4": ("from uuid import uuid4", "uuid4 of uuid"),
    "context": ("from decimal import getcontext", "getcontext of decimal"),
    "statement": ("for x in [1]: pass", "at the top stand"),
    "call": ("print(1)", "at the top stand"),
    "decorator": ("@staticmethod\ndef other(x): return x", "a decorator"),
    "async": ("async def other(x): return x", "AsyncFunctionDef"),
    "rebound transform": ("transform = len", "transform is not to be assigned"),
    "module as a value": ("import re\nX = re", "the module re is no value"),
    "module through a module": ("import re\nX = re.enum.sys.modules", "enum of re"),
    "module as an argument": ("import json\nX = str(json)", "the module json is no value"),
}


def test_what_a_transformation_looks_like() -> None:
    assert refusals(GOOD) == ()


@pytest.mark.parametrize("name", REFUSED)
def test_refused_inside(name: str) -> None:
    body, why = REFUSED[name]
    found = refusals(f"def transform(value):\n    {body}\n")
    assert any(why in one.why for one in found), found


@pytest.mark.parametrize("name", AT_THE_TOP)
def test_refused_at_the_top(name: str) -> None:
    text, why = AT_THE_TOP[name]
    found = refusals(f"{text}\n\n\ndef transform(value):\n    return value\n")
    assert any(why in one.why for one in found), found


@pytest.mark.parametrize(
    "code",
    [
        "",
        "def other(value): return value",
        "def transform(): return 1",
        "def transform(value, more): return 1",
        "def transform(*values): return 1",
        "def transform(value, *, key=1): return 1",
        "def transform(value=None): return 1",
        "def transform(value): return 1\ndef transform(value): return 2",
        "transform = 1",
        "def transform(value) return",
        "(" * 500,
        "x = " + "-" * 7_000 + "1",
        "def transform(value):\n    return value\n" + "#" * MAX_BYTES,
        "def transform(value):\n    return [" + "1," * 2_500 + "]",
        "def transform(value):\n\treturn value",
        "def transform(value):\n    return 'a\u202eb'",
        "def transform(value):\n    return value  # \u200b",
        "def transform(value):\n    return 1\x00",
        "\ufeffdef transform(value):\n    return value",
        "def transform(value):\n    return \ud800",
    ],
)
def test_refused_whole(code: str) -> None:
    assert refusals(code)


def test_wide_letters_are_the_names_that_python_reads() -> None:
    assert refusals("def transform(value):\n    return ｏｐｅｎ(value)\n")


def test_messages_hold_names_alone() -> None:
    (one,) = refusals("def transform(value):\n    return value." + "x" * 500 + "\n")
    assert len(one.why) < 80
    assert one.line == 2


def test_nothing_permitted_reaches_machine_clock_or_chance() -> None:
    everything = METHODS | {name for names in MODULES.values() for name in names}
    assert not everything & {
        "format", "format_map", "now", "today", "utcnow", "uuid1", "uuid4", "getnode", "mro", "system", "open",
        "gi_frame", "f_globals", "tb_frame", "cr_frame", "codecs", "enum", "os", "sys",
    }  # fmt: skip
    assert not [name for name in everything if name.startswith("_")]


def test_the_hash_is_of_what_python_reads() -> None:
    assert (
        code_hash("a = 1\r\nb = 2") == code_hash("a = 1\nb = 2\n\n") == code_hash(normalised("a = 1\nb = 2"))
    )
    assert code_hash("a = 1\n") != code_hash("a = 1 \n") != code_hash("a = 2\n")
