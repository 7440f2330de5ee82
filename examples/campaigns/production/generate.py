"""Fill a production PostgreSQL with an advertising platform of any size.

    python generate.py --uri postgresql://... --rows 1000000 --seed 7

`--rows` is the number of daily metrics; the other tables follow. The same rows and seed give the
same data, everywhere: "now" is fixed. One transaction holds it all, so a run that fails leaves
nothing behind. Metrics are made in blocks with numpy, written as CSV by pyarrow and sent with
COPY: memory does not grow with the number of rows.
"""

import argparse
import io
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
from psycopg import sql

SCHEMA = Path(__file__).with_name("schema.sql")
NOW = datetime(2025, 6, 28, 6, 0, tzinfo=UTC)
TODAY = NOW.date()
TABLES = ("advertisers", "users", "campaigns", "ad_groups", "ads", "daily_metrics")
BLOCK = 100_000
FIRST_CAMPAIGN = 1001  # keys of real systems do not begin with 1

# One stream of random numbers per table (and block), so that tables do not depend on each other.
_STREAM = {name: number for number, name in enumerate(TABLES)}

COMPANIES = (
    "Acme", "Café Zürich", "東京オリンピック", "Łódź Tramwaje", "O'Hara & Sons", "Ünïcode \"Quoted\" GmbH",
    "شركة النور", "Back\\slash Ltd", "Zoë's 🚲 Bikes", "Müller AG", "Северный ветер", "Nordic Wool",
)
FIRST_NAMES = ("Ana", "Zoë", "Björn", "Chloé", "Dmitri", "Élise", "Fatima", "Giorgio", "Hana", "李", "O'Neil")
LAST_NAMES = ("Novák", "García", "Müller", "Smith", "O’Connor", "Łukasiewicz", "Nguyễn", "Sørensen", "明", "Ng")
COUNTRIES = ("US", "DE", "FR", "JP", "GB", "PL", "BR", "IN")
CURRENCIES = {"US": "USD", "JP": "JPY", "GB": "GBP"}
INDUSTRIES = ("retail", "travel", "finance", "games", "other", None)
TAGS = ("premium", "eu", "q3 pilot", "naïve", "with,comma", 'with"quote', "")
TIMEZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
KEYWORDS = ("running shoes", "zapatos", "靴", "cheap flights", "crédit", "50% off", "a\\b", "{curly}", "NULL")
SEASONS = ("Spring sale", "Back to school", "Brand", "Été à la plage", "ブラックフライデー", "Retargeting 🎯")
DESCRIPTIONS = ("", "Free shipping.", "Two\nlines", "Tab\there", "Ends with a space ", "100 % cotton – “soft”")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows each table gets."""

    advertisers: int
    users: int
    campaigns: int
    ad_groups: int
    ads: int
    daily_metrics: int

    @classmethod
    def of(cls, rows: int) -> "Sizes":
        campaigns = max(8, rows // 365)
        return cls(
            advertisers=max(4, campaigns // 20),
            users=max(6, campaigns // 8),
            campaigns=campaigns,
            ad_groups=2 * campaigns,
            ads=3 * campaigns,
            daily_metrics=rows,
        )


class Random:
    """Short names for what the row makers need; one object per table."""

    def __init__(self, seed: int, table: str) -> None:
        self.rng = np.random.default_rng([seed, _STREAM[table]])

    def number(self, low: int, high: int) -> int:
        """An integer, both ends included."""
        return int(self.rng.integers(low, high, endpoint=True))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def pick(self, values: Sequence[T]) -> T:
        return values[self.number(0, len(values) - 1)]

    def some(self, values: Sequence[str], most: int) -> list[str]:
        """Up to `most` values, perhaps none, perhaps the same twice."""
        return [self.pick(values) for _ in range(self.number(0, most))]

    def uuid(self) -> UUID:
        return UUID(bytes=self.rng.bytes(16), version=4)

    def money(self, low: int, high: int) -> Decimal:
        return Decimal(self.number(low * 100, high * 100)).scaleb(-2)

    def rate(self, low: float, high: float) -> Decimal:
        return Decimal(self.number(int(low * 10_000), int(high * 10_000))).scaleb(-4)

    def moment(self, days_ago: int) -> datetime:
        """A point in time with microseconds, up to that many days before now."""
        return NOW - timedelta(microseconds=self.number(0, days_ago * 86_400_000_000))

    def stamps(self, days_ago: int) -> tuple[datetime, datetime]:
        """created_at and updated_at."""
        created = self.moment(days_ago)
        return created, created + (NOW - created) * float(self.rng.random())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def advertisers(sizes: Sizes, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of advertisers, in column order."""
    r = Random(seed, "advertisers")
    for key in range(1, sizes.advertisers + 1):
        country = r.pick(COUNTRIES)
        company = COMPANIES[(key - 1) % len(COMPANIES)]
        billing = None
        if not r.chance(0.2):
            billing = {
                "vat_id": None if r.chance(0.3) else f"{country}{r.number(10**8, 10**9 - 1)}",
                "payment_terms_days": r.pick((0, 14, 30, 90)),
                "references": {"erp.code": f"C-{key:06d}", "nested": {"deep": {"list": [1, None, "x"]}}},
                "account_no": 9_007_199_254_740_993 + key,  # more than a double holds
            }
        yield (
            key, r.uuid(), f"{company} {key}", None if r.chance(0.4) else f"{company} Holding",
            country, CURRENCIES.get(country, "EUR"), r.pick(INDUSTRIES),
            "active" if r.chance(0.9) else r.pick(("suspended", "closed")),
            r.money(0, 500_000), r.rate(0, 0.35), r.chance(0.15), r.some(TAGS, 3),
            None if billing is None else _json(billing), *r.stamps(2000),
        )  # fmt: skip


def users(sizes: Sizes, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of users: invented people."""
    r = Random(seed, "users")
    for key in range(1, sizes.users + 1):
        first, last = r.pick(FIRST_NAMES), r.pick(LAST_NAMES)
        settings: dict[str, Any] = {}
        if r.chance(0.7):
            settings = {"email": r.chance(0.8), "sms": r.chance(0.2), "digest": r.pick(("daily", "weekly"))}
            settings["muted_campaigns"] = [FIRST_CAMPAIGN + r.number(0, sizes.campaigns - 1)]
        created, updated = r.stamps(1500)
        yield (
            key, r.uuid(), 1 + (key - 1) % sizes.advertisers,
            r.number(1, key - 1) if key > 1 and r.chance(0.6) else None,
            f"{'User' if r.chance(0.1) else 'user'}.{key}@example.com", f"{first} {last}",
            None if r.chance(0.35) else f"+49 30 {r.number(10**6, 10**7 - 1)}",
            None if r.chance(0.5) else date(1955, 1, 1) + timedelta(days=r.number(0, 17_000)),
            f"$argon2id${r.rng.bytes(12).hex()}",
            r.pick(("owner", "manager", "analyst", "viewer")), r.pick(("en", "de", "fr-CA", "ja")),
            r.chance(0.92), r.pick((True, False, None)), None if r.chance(0.2) else updated,
            _json(settings), created, updated,
        )  # fmt: skip


def _targeting(r: Random) -> dict[str, Any]:
    if r.chance(0.15):
        return {}
    targeting: dict[str, Any] = {
        "countries": r.some(COUNTRIES, 4),
        "languages": r.some(("en", "de", "ja", "pt-BR"), 2),
        "devices": r.some(("desktop", "mobile", "tablet", "tv"), 3),
        "age": r.pick((None, {"lower": 18, "upper": 34}, {"lower": 25, "upper": None})),
        "audiences": [r.number(1, 2**40) for _ in range(r.number(0, 3))],
    }
    if r.chance(0.4):
        targeting["custom"] = {
            "experiment.variant": r.pick(("a", "b")),  # a dot in the key
            "geo": {"radius_km": r.number(1, 500) / 10, "points": [[52.52, 13.4], [0, -0.5]]},
            "daily_budget": None,  # the name of a column, but not that column
            "note": r.pick(("", "naïve café", "emoji 🚀", None)),
        }
    return targeting


def campaigns(sizes: Sizes, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of campaigns."""
    r = Random(seed, "campaigns")
    for number in range(sizes.campaigns):
        advertiser = 1 + number % sizes.advertisers
        start = TODAY - timedelta(days=r.number(-60, 700))
        end = None if r.chance(0.4) else start + timedelta(days=r.number(0, 365))
        if start > TODAY:
            status = "draft"
        elif end is not None and end < TODAY:
            status = "ended"
        else:
            status = r.pick(("active", "active", "active", "paused"))
        daily = Decimal("0.00") if r.chance(0.01) else r.money(5, 5_000)
        yield (
            FIRST_CAMPAIGN + number, r.uuid(), advertiser,
            None if r.chance(0.2) else r.number(1, sizes.users),
            f"{r.pick(SEASONS)} {number}", status,
            r.pick(("awareness", "traffic", "leads", "sales")),
            None if r.chance(0.7) else f"LC-{number:05d}",
            daily, None if r.chance(0.5) else daily * r.number(1, 200),
            None if r.chance(0.6) else r.money(1, 120), r.rate(0.5, 2),
            start, end, r.pick(TIMEZONES), r.number(-5, 10), r.some(TAGS, 3),
            _json(_targeting(r)), None if r.chance(0.8) else "called the client, no answer",
            r.chance(0.05), *r.stamps(800),
        )  # fmt: skip


def ad_groups(sizes: Sizes, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of ad groups: two per campaign."""
    r = Random(seed, "ad_groups")
    for number in range(sizes.ad_groups):
        yield (
            1 + number, FIRST_CAMPAIGN + number // 2, f"Group {'AB'[number % 2]}",
            r.pick(("enabled", "enabled", "paused", "removed")),
            r.pick(("manual_cpc", "target_cpa", "maximize_clicks")), r.money(0, 12),
            None if r.chance(0.25) else r.rate(0, 10), None if r.chance(0.5) else r.number(1, 20),
            r.some(KEYWORDS, 6), None if r.chance(0.5) else r.some(KEYWORDS, 2),
            _json(_targeting(r)) if r.chance(0.2) else None, *r.stamps(700),
        )  # fmt: skip


def ads(sizes: Sizes, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of ads: three per campaign, two in its first group and one in its second."""
    r = Random(seed, "ads")
    for number in range(sizes.ads):
        campaign, nth = divmod(number, 3)
        form = r.pick(("text", "image", "video", "carousel"))
        assets: list[dict[str, Any]] = []
        if form != "text":
            assets = [{"kind": form, "url": f"https://cdn.example.com/{number}", "width": 1200, "height": None}]
        approved = r.chance(0.85)
        yield (
            1 + number, r.uuid(), 1 + 2 * campaign + nth // 2, f"{r.pick(SEASONS)} – {number}",
            r.pick(DESCRIPTIONS), f"https://example.com/?c={campaign}&ü={nth}", r.some(("sale", "été", ""), 2),
            form, r.pick(("enabled", "enabled", "paused", "removed")), approved,
            None if approved else r.some(("alcohol", "gambling", "misleading"), 2), _json(assets),
            r.number(0, 1000),
            None if r.chance(0.3) else 9_223_372_036_854_775_807 - number,  # the largest bigint
            *r.stamps(600),
        )  # fmt: skip


def _decimals(cents: np.ndarray, digits: int, missing: np.ndarray | None = None) -> pa.Array:
    """A decimal array from scaled integers: 128 bits are the integer and its sign."""
    wide = np.empty((len(cents), 2), dtype=np.int64)
    wide[:, 0] = cents
    wide[:, 1] = cents >> 63
    validity = None
    if missing is not None:
        validity = pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes())
    return pa.Array.from_buffers(
        pa.decimal128(18, digits), len(cents), [validity, pa.py_buffer(wide)]
    ).cast(pa.string())


def daily_metrics(sizes: Sizes, seed: int) -> Iterator[bytes]:
    """Blocks of CSV, each of up to `BLOCK` rows; the days of an ad lie side by side."""
    days_per_ad = -(-sizes.daily_metrics // sizes.ads)
    first_day = np.datetime64(TODAY, "D") - days_per_ad
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    for start in range(0, sizes.daily_metrics, BLOCK):
        rng = np.random.default_rng([seed, _STREAM["daily_metrics"], start])
        count = min(BLOCK, sizes.daily_metrics - start)
        row = np.arange(start, start + count, dtype=np.int64)
        ad, nth_day = row // days_per_ad, row % days_per_ad

        # idle days are all zeros; clicks and conversions follow from impressions
        impressions = np.where(rng.random(count) < 0.05, 0, rng.lognormal(7, 1.2, count).astype(np.int64))
        impressions = np.minimum(impressions, 2_000_000_000)
        # some campaigns are better than others
        quality = (ad // 3 + seed) * 2_654_435_761 % 997 / 997
        clicks = rng.binomial(impressions, 0.005 + 0.04 * quality)
        conversions = rng.binomial(clicks, 0.05)
        cost = clicks * rng.integers(5, 250, count)
        revenue = conversions * rng.integers(0, 9_000, count)
        # corrections: mostly none, some credits, never more than was paid
        adjustment = np.where(rng.random(count) < 0.03, -(cost * rng.random(count)).astype(np.int64), 0)
        adjustment += np.where(rng.random(count) < 0.01, rng.integers(1, 500, count), 0)

        final = nth_day < days_per_ad - 3
        imported = (first_day + nth_day + 1).astype("datetime64[us]") + rng.integers(0, 6 * 3600 * 10**6, count)
        columns = {
            "ad_id": pa.array(ad + 1),
            "day": pa.array(first_day + nth_day),
            "campaign_id": pa.array(ad // 3 + FIRST_CAMPAIGN),
            "impressions": pa.array(impressions),
            "clicks": pa.array(clicks),
            "conversions": pa.array(conversions),
            "video_views": pa.array(impressions * 3, mask=rng.random(count) < 0.6),
            "cost": _decimals(cost, 2),
            "revenue": _decimals(revenue, 2),
            "adjustment": _decimals(adjustment, 2),
            "viewability_rate": _decimals(rng.integers(0, 10_001, count), 4, rng.random(count) < 0.3),
            "is_final": pa.array(final),
            "imported_at": pa.array(imported, type=pa.timestamp("us", "UTC")),
        }
        out = io.BytesIO()
        pacsv.write_csv(pa.table(columns), out, options)
        yield out.getvalue()


def _is_there(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass('daily_metrics') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _filled(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables that hold rows already."""
    query = sql.SQL("SELECT EXISTS (SELECT FROM {})")
    return [
        table
        for table in TABLES
        if connection.execute(query.format(sql.Identifier(table))).fetchone() == (True,)
    ]


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    query = (
        "SELECT attname FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    return [name for (name,) in connection.execute(query, [table])]


def _copy_rows(connection: psycopg.Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, _columns(connection, table)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _copy_metrics(connection: psycopg.Connection[Any], blocks: Iterable[bytes]) -> None:
    """Load without secondary indexes and foreign keys, then put them back, as pg_restore does."""
    definitions = [
        text
        for (text,) in connection.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'daily_metrics'::regclass AND NOT indisprimary ORDER BY indexrelid"
        )
    ]
    keys = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'daily_metrics'::regclass AND contype = 'f' ORDER BY conname"
    ).fetchall()
    for name in connection.execute(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = 'daily_metrics'::regclass AND NOT indisprimary"
    ).fetchall():
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name[0])))
    for name, _ in keys:
        connection.execute(
            sql.SQL("ALTER TABLE daily_metrics DROP CONSTRAINT {}").format(sql.Identifier(name))
        )

    with connection.cursor() as cursor:
        with cursor.copy("COPY daily_metrics FROM STDIN (FORMAT csv)") as copy:
            for block in blocks:
                copy.write(block)

    for text in definitions:
        connection.execute(text)
    for name, text in keys:
        connection.execute(
            sql.SQL("ALTER TABLE daily_metrics ADD CONSTRAINT {} {}").format(
                sql.Identifier(name), sql.SQL(text)
            )
        )


def generate(
    uri: str, *, rows: int = 100_000, seed: int = 1, schema_only: bool = False, reset: bool = False
) -> dict[str, int]:
    """Create the schema if it is absent and fill it; return how many rows each table got.

    Tables that hold rows are refused unless `reset` is given, which drops everything this
    example has made in the schema `public`, drift included, and begins anew.
    """
    if rows < 1:
        raise ValueError("rows must be 1 or more")
    sizes = Sizes.of(rows)
    with psycopg.connect(uri) as connection:
        if reset:
            _drop(connection)
        if not _is_there(connection):
            connection.execute(SCHEMA.read_text(encoding="utf-8"))
        if schema_only:
            return dict.fromkeys(TABLES, 0)
        if filled := _filled(connection):
            raise ValueError(f"tables hold rows already: {', '.join(filled)}; see --reset")

        makers = (advertisers, users, campaigns, ad_groups, ads)
        for table, maker in zip(TABLES, makers, strict=False):
            _copy_rows(connection, table, maker(sizes, seed))
        _copy_metrics(connection, daily_metrics(sizes, seed))
        for table in TABLES[:-1]:  # let the identities go on behind the last key
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}").format(
                    sql.Identifier(table)
                ),
                [table],
            )
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, TABLES))))
    return {table: getattr(sizes, table) for table in TABLES}


def _drop(connection: psycopg.Connection[Any]) -> None:
    tables = sql.SQL(", ").join(map(sql.Identifier, ("conversions", *reversed(TABLES))))
    connection.execute("SET LOCAL client_min_messages = warning")
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(tables))
    connection.execute(
        "DROP TYPE IF EXISTS advertiser_status, user_role, campaign_status, campaign_objective,"
        " entity_status, bid_strategy, ad_format, conversion_kind"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Fill a production PostgreSQL.")
    parser.add_argument("--uri", required=True, help="postgresql://...")
    parser.add_argument("--rows", type=int, default=100_000, help="number of daily metrics")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--schema-only", action="store_true", help="create the tables, leave them empty")
    parser.add_argument("--reset", action="store_true", help="drop what is there and begin anew")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    try:
        counts = generate(
            options.uri,
            rows=options.rows,
            seed=options.seed,
            schema_only=options.schema_only,
            reset=options.reset,
        )
    except (ValueError, psycopg.Error) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 1
    for table, count in counts.items():
        print(f"{table:15}{count:>12,}")
    print(f"{time.perf_counter() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
