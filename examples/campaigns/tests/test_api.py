from fastapi.testclient import TestClient

from .conftest import load_json

NEW_CAMPAIGN = {
    "advertiser_id": 1,
    "name": "Back to school",
    "objective": "traffic",
    "daily_budget": "42.00",
    "start_date": "2025-08-01",
    "end_date": "2025-08-10",
}


def test_health(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_advertisers(client: TestClient) -> None:
    body = client.get("/advertisers", params={"tag": "premium"}).json()
    assert [advertiser["name"] for advertiser in body] == ["Café Zürich"]
    assert "credit_limit" not in body[0]


def test_users_show_no_phone(client: TestClient) -> None:
    body = client.get("/advertisers/1/users").json()
    assert body[0]["email"] == "ana.novak@example.com"
    assert set(body[0]) == {"id", "full_name", "email", "role", "is_active"}


def test_campaigns(client: TestClient) -> None:
    body = client.get("/campaigns").json()
    assert [campaign["id"] for campaign in body] == [1001, 1002]
    assert [campaign["daily_budget"] for campaign in body] == ["120.00", "75.50"]


def test_campaigns_with_a_minimum(client: TestClient) -> None:
    body = client.get("/campaigns", params={"daily_budget": "100", "status": "active"}).json()
    assert [campaign["id"] for campaign in body] == [1001]


def test_campaign(client: TestClient) -> None:
    response = client.get("/campaigns/1001")
    assert response.status_code == 200
    campaign = response.json()
    assert campaign["daily_budget"] == "120.00"
    assert campaign["status"] == "active"
    assert campaign["targeting"]["custom"]["experiment"]["daily_budget"] == "15.00"
    assert client.get("/campaigns/4711").status_code == 404


def test_create_campaign(client: TestClient) -> None:
    response = client.post("/campaigns", json=NEW_CAMPAIGN)
    assert response.status_code == 201
    assert response.json()["id"] == 1004
    assert response.json()["daily_budget"] == "42.00"
    assert response.json()["planned_budget"] == "420.00"
    assert client.get("/campaigns/1004").json() == response.json()


def test_create_campaign_is_validated(client: TestClient) -> None:
    response = client.post("/campaigns", json=NEW_CAMPAIGN | {"daily_budget": "999999.00"})
    assert response.status_code == 422
    assert response.json()["detail"] == ["daily_budget: over the maximum of 250000.00 EUR"]
    assert client.post("/campaigns", json=NEW_CAMPAIGN | {"advertiser_id": 99}).status_code == 422


def test_change_budget(client: TestClient) -> None:
    response = client.patch("/campaigns/1001/budget", json={"amount": "150.00"})
    assert response.json()["daily_budget"] == "150.00"
    assert client.patch("/campaigns/1001/budget", json={"amount": "3000.01"}).status_code == 422


def test_performance(client: TestClient) -> None:
    response = client.get("/campaigns/1001/performance", params={"today": "2025-06-02"})
    assert response.json() == load_json("expected_performance")


def test_performance_without_metrics(client: TestClient) -> None:
    body = client.get("/campaigns/1002/performance", params={"today": "2025-06-02"}).json()
    assert body["totals"]["impressions"] == 0
    assert body["ctr"] is None
    assert body["pacing"] == "0.000"


def test_ad_groups(client: TestClient) -> None:
    body = client.get("/campaigns/1001/ad-groups").json()
    assert [group["quality_score"] for group in body] == ["7.5000", None]
    assert [group["effective_bid"] for group in body] == ["1.25", "15.00"]


def test_ads(client: TestClient) -> None:
    body = client.get("/ad-groups/1/ads").json()
    assert [ad["network_ref"] for ad in body] == ["9223372036854775807", None]


def test_metrics(client: TestClient) -> None:
    period = {"first": "2025-06-01", "last": "2025-06-30"}
    body = client.get("/ads/11/metrics", params=period).json()
    assert [day["cost"] for day in body] == ["96.40", "51.10"]
    assert [day["net_cost"] for day in body] == ["96.40", "43.60"]
    assert [day["impressions"] for day in body] == [12000, 8000]


def test_csv(client: TestClient) -> None:
    response = client.get("/campaigns.csv")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text.splitlines()[1] == "1001,Spring sale,active,120.00,3000.00,2025-06-01"


def test_simulation(client: TestClient) -> None:
    body = {"daily_budget": "10.00", "days": 10, "shares": ["1", "2"]}
    assert client.post("/simulations/budget", json=body).json() == {
        "total": "100.00",
        "daily_parts": ["3.33", "6.67"],
    }
