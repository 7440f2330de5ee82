"""Access to MongoDB. Everything that knows collection names and queries is here."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from bson.int64 import Int64
from pymongo import ASCENDING, DESCENDING, MongoClient, ReturnDocument
from pymongo.database import Database

from .models import (
    Ad,
    AdGroup,
    Advertiser,
    Campaign,
    CampaignStatus,
    DailyMetric,
    MetricTotals,
    User,
)
from .serializers import to_document

Mongo = Database[dict[str, Any]]


def connect(uri: str) -> MongoClient[dict[str, Any]]:
    """A client that reads aware datetimes and real UUIDs."""
    return MongoClient(
        uri, tz_aware=True, uuidRepresentation="standard", serverSelectionTimeoutMS=5000
    )


def midnight(day: date) -> datetime:
    """How a date is stored: midnight, UTC."""
    return datetime.combine(day, time.min, UTC)


class Repository:
    """The queries of the application over one database."""

    def __init__(self, database: Mongo) -> None:
        self.database = database
        self.campaigns = database["campaigns"]

    # --- advertisers and users ---

    def advertiser(self, advertiser_id: int) -> Advertiser | None:
        found = self.database["advertisers"].find_one({"_id": advertiser_id})
        return None if found is None else Advertiser.model_validate(found)

    def advertisers(self, *, tag: str | None = None, limit: int = 50) -> list[Advertiser]:
        query: dict[str, Any] = {} if tag is None else {"tags": tag}
        cursor = self.database["advertisers"].find(query).sort("_id", ASCENDING).limit(limit)
        return [Advertiser.model_validate(found) for found in cursor]

    def users_of(self, advertiser_id: int) -> list[User]:
        cursor = self.database["users"].find({"advertiser_id": advertiser_id}).sort("_id", ASCENDING)
        return [User.model_validate(found) for found in cursor]

    # --- campaigns ---

    def campaign(self, campaign_id: int) -> Campaign | None:
        found = self.campaigns.find_one({"_id": campaign_id})
        return None if found is None else Campaign.model_validate(found)

    def find_campaigns(
        self,
        *,
        status: CampaignStatus | None = None,
        min_budget: Decimal | None = None,
        limit: int = 50,
    ) -> list[Campaign]:
        """Campaigns that are not archived, the largest daily budget first."""
        query: dict[str, Any] = {"is_archived": False}
        if status is not None:
            query["status"] = status.value
        if min_budget is not None:
            query["daily_budget"] = {"$gte": Decimal128(min_budget)}
        cursor = self.campaigns.find(query).sort([("daily_budget", DESCENDING), ("_id", ASCENDING)])
        return [Campaign.model_validate(found) for found in cursor.limit(limit)]

    def add_campaign(self, campaign: Campaign) -> None:
        self.campaigns.insert_one(to_document(campaign))

    def next_campaign_id(self) -> int:
        last = self.campaigns.find_one({}, {"_id": 1}, sort=[("_id", DESCENDING)])
        return 1 if last is None else last["_id"] + 1

    def set_budget(self, campaign_id: int, amount: Decimal) -> Campaign | None:
        """Change the daily budget and return the campaign as it is then."""
        found = self.campaigns.find_one_and_update(
            {"_id": Int64(campaign_id)},
            {"$set": {"daily_budget": Decimal128(amount), "updated_at": datetime.now(UTC)}},
            return_document=ReturnDocument.AFTER,
        )
        return None if found is None else Campaign.model_validate(found)

    def budget_by_status(self) -> dict[str, Decimal]:
        """The daily budgets of all campaigns, added up by status."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"is_archived": False}},
            {"$group": {"_id": "$status", "total": {"$sum": "$daily_budget"}}},
            {"$sort": {"_id": 1}},
        ]
        return {
            found["_id"]: found["total"].to_decimal()
            for found in self.campaigns.aggregate(pipeline)
        }

    # --- ad groups and ads ---

    def ad_groups_of(self, campaign_id: int) -> list[AdGroup]:
        cursor = self.database["ad_groups"].find({"campaign_id": campaign_id}).sort("_id", ASCENDING)
        return [AdGroup.model_validate(found) for found in cursor]

    def ads_of(self, ad_group_id: int) -> list[Ad]:
        cursor = self.database["ads"].find({"ad_group_id": ad_group_id}).sort("_id", ASCENDING)
        return [Ad.model_validate(found) for found in cursor]

    # --- metrics ---

    def metrics_of(self, ad_id: int, first: date, last: date) -> Iterator[DailyMetric]:
        query = {"ad_id": ad_id, "day": {"$gte": midnight(first), "$lte": midnight(last)}}
        for found in self.database["daily_metrics"].find(query).sort("day", ASCENDING):
            yield DailyMetric.model_validate(found)

    def totals(self, campaign_id: int) -> MetricTotals:
        """Sums over all ads and days of a campaign, made by the server."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"campaign_id": campaign_id}},
            {
                "$group": {
                    "_id": None,
                    "day_set": {"$addToSet": "$day"},
                    "impressions": {"$sum": "$impressions"},
                    "clicks": {"$sum": "$clicks"},
                    "conversions": {"$sum": "$conversions"},
                    "cost": {"$sum": "$cost"},
                    "revenue": {"$sum": "$revenue"},
                    "adjustment": {"$sum": "$adjustment"},
                }
            },
            {"$set": {"days": {"$size": "$day_set"}}},
        ]
        found = next(iter(self.database["daily_metrics"].aggregate(pipeline)), None)
        return MetricTotals() if found is None else MetricTotals.model_validate(found)
