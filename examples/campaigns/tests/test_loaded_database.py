"""The application over a database that bravo-agent has loaded.

Runs where `MONGODB_URI` and `CAMPAIGNS_LOADED_DATABASE` are set; nothing is written to it.
"""

import os
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from campaigns.api import create_app
from campaigns.models import COLLECTIONS
from campaigns.repository import Mongo, connect
from campaigns.settings import Settings

LIMIT = 1000  # documents per collection
PERIOD = {"first": "2000-01-01", "last": "2100-01-01"}


@pytest.fixture
def loaded(mongodb_uri: str) -> Iterator[Mongo]:
    name = os.environ.get("CAMPAIGNS_LOADED_DATABASE")
    if not name:
        pytest.skip("set CAMPAIGNS_LOADED_DATABASE to the database that bravo-agent loaded")
    with connect(mongodb_uri) as client:
        yield client[name]


@pytest.fixture
def loaded_client(mongodb_uri: str, loaded: Mongo) -> Iterator[TestClient]:
    settings = Settings(mongodb_uri=mongodb_uri, mongodb_database=loaded.name)
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_documents_fit_the_models(loaded: Mongo, name: str) -> None:
    count = 0
    for document in loaded[name].find().limit(LIMIT):
        COLLECTIONS[name].model_validate(document)
        count += 1
    assert count, f"{name} is empty"


def test_keys(loaded: Mongo) -> None:
    for name in set(COLLECTIONS) - {"daily_metrics"}:
        document = loaded[name].find_one()
        assert document is not None
        assert isinstance(document["_id"], int)
    metric = loaded["daily_metrics"].find_one()
    assert metric is not None
    assert metric["_id"] == {"ad_id": metric["ad_id"], "day": metric["day"]}


def test_endpoints(loaded: Mongo, loaded_client: TestClient) -> None:
    def get(path: str, **params: str) -> object:
        response = loaded_client.get(path, params=params)
        assert response.status_code == 200, (path, response.text)
        return response.json() if "json" in response.headers["content-type"] else response.text

    get("/health")
    assert get("/advertisers")
    assert get("/campaigns")
    assert get("/campaigns.csv")
    for advertiser in loaded["advertisers"].find({}, {"_id": 1}).limit(20):
        get(f"/advertisers/{advertiser['_id']}/users")
    for campaign in loaded["campaigns"].find({}, {"_id": 1}).limit(20):
        assert get(f"/campaigns/{campaign['_id']}")
        assert get(f"/campaigns/{campaign['_id']}/performance")
        assert get(f"/campaigns/{campaign['_id']}/ad-groups")
    for ad_group in loaded["ad_groups"].find({}, {"_id": 1}).limit(20):
        assert get(f"/ad-groups/{ad_group['_id']}/ads")
    for ad in loaded["ads"].find({}, {"_id": 1}).limit(5):
        get(f"/ads/{ad['_id']}/metrics", **PERIOD)


def test_totals_agree_with_single_days(loaded: Mongo, loaded_client: TestClient) -> None:
    metric = loaded["daily_metrics"].find_one({"clicks": {"$gt": 0}})
    assert metric is not None
    campaign_id = metric["campaign_id"]
    body = loaded_client.get(f"/campaigns/{campaign_id}/performance").json()
    clicks = sum(
        day["clicks"]
        for ad_id in loaded["daily_metrics"].distinct("ad_id", {"campaign_id": campaign_id})
        for day in loaded_client.get(f"/ads/{ad_id}/metrics", params=PERIOD).json()
    )
    assert body["totals"]["clicks"] == clicks
