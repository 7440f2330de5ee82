"""The HTTP API. Run with `uvicorn campaigns.api:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse

from . import calculations, serializers
from .models import Campaign, CampaignStatus
from .repository import Repository, connect
from .schemas import (
    AdGroupOut,
    AdOut,
    AdvertiserOut,
    BudgetChange,
    BudgetSimulation,
    CampaignCreate,
    CampaignOut,
    DailyMetricOut,
    Performance,
    SimulationResult,
    UserOut,
)
from .settings import Settings
from .validation import check_campaign


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold one client for the life of the application."""
    settings: Settings = app.state.settings
    with connect(settings.mongodb_uri) as client:
        app.state.database = client[settings.mongodb_database]
        yield


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def get_repository(request: Request) -> Repository:
    return Repository(request.app.state.database)


SettingsDep = Annotated[Settings, Depends(get_settings)]
RepositoryDep = Annotated[Repository, Depends(get_repository)]


def get_campaign(campaign_id: int, repository: RepositoryDep) -> Campaign:
    """The campaign of the path, or 404."""
    campaign = repository.campaign(campaign_id)
    if campaign is None:
        raise HTTPException(404, f"no campaign {campaign_id}")
    return campaign


CampaignDep = Annotated[Campaign, Depends(get_campaign)]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over the database that the settings name."""
    app = FastAPI(title="Campaigns", version="3.2.0", lifespan=lifespan)
    app.state.settings = settings or Settings.from_environment()

    @app.get("/health")
    def health(repository: RepositoryDep) -> dict[str, str]:
        repository.database.command("ping")
        return {"status": "ok", "database": repository.database.name}

    # --- advertisers ---

    @app.get("/advertisers")
    def list_advertisers(
        repository: RepositoryDep, settings: SettingsDep, tag: str | None = None
    ) -> list[AdvertiserOut]:
        found = repository.advertisers(tag=tag, limit=settings.page_size)
        return [serializers.advertiser_out(advertiser) for advertiser in found]

    @app.get("/advertisers/{advertiser_id}/users")
    def list_users(advertiser_id: int, repository: RepositoryDep) -> list[UserOut]:
        return [serializers.user_out(user) for user in repository.users_of(advertiser_id)]

    # --- campaigns ---

    @app.get("/campaigns")
    def list_campaigns(
        repository: RepositoryDep,
        settings: SettingsDep,
        status: CampaignStatus | None = None,
        daily_budget: Annotated[Decimal | None, Query(description="at least this much")] = None,
    ) -> list[CampaignOut]:
        found = repository.find_campaigns(
            status=status, min_budget=daily_budget, limit=settings.page_size
        )
        return [serializers.campaign_out(campaign) for campaign in found]

    @app.get("/campaigns.csv", response_class=PlainTextResponse)
    def export_campaigns(repository: RepositoryDep, settings: SettingsDep) -> str:
        return serializers.campaigns_csv(repository.find_campaigns(limit=settings.page_size))

    @app.post("/campaigns", status_code=201)
    def create_campaign(
        body: CampaignCreate, repository: RepositoryDep, settings: SettingsDep
    ) -> CampaignOut:
        advertiser = repository.advertiser(body.advertiser_id)
        if advertiser is None:
            raise HTTPException(422, f"no advertiser {body.advertiser_id}")
        now = datetime.now(UTC)
        campaign = Campaign(
            id=repository.next_campaign_id(),
            external_id=uuid4(),
            created_at=now,
            updated_at=now,
            **body.model_dump(),
        )
        if problems := check_campaign(campaign, advertiser, settings):
            raise HTTPException(422, [f"{problem.field}: {problem.message}" for problem in problems])
        repository.add_campaign(campaign)
        return serializers.campaign_out(campaign)

    @app.get("/campaigns/{campaign_id}")
    def read_campaign(campaign: CampaignDep) -> CampaignOut:
        return serializers.campaign_out(campaign)

    @app.patch("/campaigns/{campaign_id}/budget")
    def change_budget(
        body: BudgetChange, campaign: CampaignDep, repository: RepositoryDep
    ) -> CampaignOut:
        if campaign.lifetime_budget is not None and body.amount > campaign.lifetime_budget:
            raise HTTPException(422, "daily_budget: over the lifetime budget")
        changed = repository.set_budget(campaign.id, body.amount)
        return serializers.campaign_out(changed or campaign)

    @app.get("/campaigns/{campaign_id}/performance")
    def read_performance(
        campaign: CampaignDep, repository: RepositoryDep, today: date | None = None
    ) -> Performance:
        totals = repository.totals(campaign.id)
        return serializers.performance(campaign, totals, today or datetime.now(UTC).date())

    # --- ad groups, ads, metrics ---

    @app.get("/campaigns/{campaign_id}/ad-groups")
    def list_ad_groups(campaign: CampaignDep, repository: RepositoryDep) -> list[AdGroupOut]:
        found = repository.ad_groups_of(campaign.id)
        return [serializers.ad_group_out(ad_group, campaign) for ad_group in found]

    @app.get("/ad-groups/{ad_group_id}/ads")
    def list_ads(ad_group_id: int, repository: RepositoryDep) -> list[AdOut]:
        return [serializers.ad_out(ad) for ad in repository.ads_of(ad_group_id)]

    @app.get("/ads/{ad_id}/metrics")
    def list_metrics(
        ad_id: int, first: date, last: date, repository: RepositoryDep
    ) -> list[DailyMetricOut]:
        return [serializers.metric_out(m) for m in repository.metrics_of(ad_id, first, last)]

    # --- simulations: no document behind them ---

    @app.post("/simulations/budget")
    def simulate_budget(body: BudgetSimulation) -> SimulationResult:
        parts = calculations.split_daily_budget(body.daily_budget, body.shares)
        return SimulationResult(total=body.daily_budget * body.days, daily_parts=parts)

    return app


app = create_app()
