"""Our Zod schemas accept what the JSON Schema accepts, and, as far as that says it, what the model does."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from typing import Any

import pytest
from artifacts_corpus import Corpus, definitions, exported_name, rooted
from artifacts_documents import documents, exact, mutated, validator
from artifacts_node import Judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

# What JSON Schema does not say of these models: the digits of a Decimal, texts inside of Json, numbers as keys.
UNSAID = {"Money", "Structured", "Wrapped"}
# A default that is no value of its field (``wrong: int = None``) is written all the same.
UNFIT = {"Numbers", "Containers"}
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def module(corpus: Corpus) -> Any:
    sys.path.insert(0, str(corpus.folder))
    try:
        yield importlib.import_module("hard.models")
    finally:
        sys.path.remove(str(corpus.folder))


@pytest.mark.parametrize("name", definitions())
def test_all_judge_alike(name: str, corpus: Corpus, judge: Judge, zod_says: Any, module: Any) -> None:
    schema = rooted(corpus, name)
    oracle, back = validator(schema), validator(zod_says(name))
    lenient = validator(without_unique(schema))
    exported, model = exported_name(corpus, name), TypeAdapter(getattr(module, name))

    @FEW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(schema, schema))
        for one in filter(exact, (document, data.draw(mutated(document)))):
            accepted = oracle.is_valid(one)
            assert judge.accepts(exported, one) == accepted, one
            assert back.is_valid(one) == accepted, one
            text = json.dumps(one)
            if accepted and name not in UNSAID:
                model.validate_json(text)
            if reads_strictly(model, text):
                assert lenient.is_valid(one), one

    check()


def reads_strictly(model: TypeAdapter[Any], text: str) -> bool:
    try:
        model.validate_json(text, strict=True)
    except ValidationError:
        return False
    return True


def without_unique(schema: Any) -> Any:
    """A set is read from a list with an item twice, whatever its schema says."""
    text = json.dumps(schema).replace('"uniqueItems": true', '"uniqueItems": false')
    return json.loads(text)


@pytest.fixture(scope="module")
def zod_says(corpus: Corpus, judge: Judge) -> Any:
    names = {name: exported_name(corpus, name) for name in definitions()}
    told = judge.json_schemas(sorted(set(names.values())))
    return lambda name: tagged(copy.deepcopy(told[names[name]]))


def tagged(schema: Any) -> Any:
    """Zod's numbers end at 2^53; that is no other schema."""
    text = json.dumps(schema).replace(f'"maximum": {2**53 - 1}', '"maximum": 1e400')
    return json.loads(
        text.replace(f'"minimum": {-(2**53) + 1}', '"minimum": -1e400').replace("1e400", "1e300")
    )


@pytest.mark.parametrize("name", sorted(set(definitions()) - {"Nested", "Point", "Body"}))
def test_what_the_model_writes_is_accepted(name: str, corpus: Corpus, judge: Judge, module: Any) -> None:
    schema, written = rooted(corpus, name), rooted(corpus, name, reads=False)
    oracle, exported = validator(written), exported_name(corpus, name, reads=False)
    model = TypeAdapter(getattr(module, name))

    @settings(FEW, max_examples=25)
    @given(documents(schema, schema))
    def check(document: Any) -> None:
        try:
            value = model.validate_json(json.dumps(document))
        except ValidationError:
            return
        out = json.loads(model.dump_json(value, by_alias=True, warnings="error"))
        assert judge.accepts(exported, out) == oracle.is_valid(out), out
        assert oracle.is_valid(out) or name in UNFIT, out

    check()
