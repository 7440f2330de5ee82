"""Fixtures. Tests that need MongoDB use a real one, in a database of their own, or skip."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from campaigns.api import create_app
from campaigns.models import COLLECTIONS
from campaigns.repository import Mongo, Repository, connect
from campaigns.serializers import to_document
from campaigns.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"


def load_json(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def mongodb_uri() -> str:
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        pytest.skip("set MONGODB_URI to run the tests that need MongoDB")
    return uri


@pytest.fixture
def database(mongodb_uri: str) -> Iterator[Mongo]:
    """A database that holds the fixture documents and is dropped afterwards."""
    with connect(mongodb_uri) as client:
        database = client[f"campaigns-test-{uuid4().hex[:12]}"]
        try:
            for name, model in COLLECTIONS.items():
                documents = [to_document(model.model_validate(raw)) for raw in load_json(name)]
                database[name].insert_many(documents)
            yield database
        finally:
            client.drop_database(database.name)


@pytest.fixture
def repository(database: Mongo) -> Repository:
    return Repository(database)


@pytest.fixture
def client(mongodb_uri: str, database: Mongo) -> Iterator[TestClient]:
    settings = Settings(mongodb_uri=mongodb_uri, mongodb_database=database.name)
    with TestClient(create_app(settings)) as client:
        yield client
