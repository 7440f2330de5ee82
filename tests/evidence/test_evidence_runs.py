"""Evidence in a whole project on real servers: measured at each run, judged by, shown, and never a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from pymongo import MongoClient

from bravo_agent.cli.main import group

MODEL = """from pydantic import BaseModel


class Item(BaseModel):
    id: int
    code: int
    label: str
    price: float
    note: str | None = None
"""
SETUP = """
create table items (
  id int8 primary key, code int4 not null, label varchar(10) not null, price float8 not null, note text
);
insert into items select n, n % 12, 'label ' || n % 5, n, case when n % 4 = 0 then null else 'SECRET-' || n end
  from generate_series(1, 400) n;
"""
SECRET = "SECRET-"


@dataclass(frozen=True)
class Shop:
    project: Path
    source: str
    environ: dict[str, str]
    target: str
    database: str

    def sql(self, script: str) -> None:
        with psycopg.connect(self.source, autocommit=True) as connection:
            connection.execute(script.encode())

    def cli(self, *arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(group, [*arguments, "-C", str(self.project)], env=self.environ)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def json(self, *arguments: str, code: int = 0) -> Any:
        exit_code, out, err = self.cli(*arguments, "--json")
        assert exit_code == code, f"exit {exit_code}\n{out}\n{err}"
        return json.loads(out)

    def change(self, field: str, *arguments: str) -> dict[str, Any]:
        (found,) = [one for one in self.json("detect", *arguments)["changes"] if one["field"] == field]
        return dict(found)

    def documents(self) -> dict[int, dict[str, Any]]:
        with MongoClient[dict[str, Any]](self.target) as client:
            return {one["id"]: one for one in client[self.database]["items"].find()}

    def written(self) -> str:
        """Every file of the project that is no snapshot."""
        files = [one for one in self.project.rglob("*") if one.is_file() and one.suffix != ".parquet"]
        return "\n".join(one.read_text(encoding="utf-8", errors="replace") for one in files)


@pytest.fixture
def shop(pg_database: str, mongo_uri: str, mongo_database_name: str, tmp_path: Path) -> Shop:
    project = tmp_path / "shop"
    (project / "app").mkdir(parents=True)
    (project / "app" / "__init__.py").write_text("")
    (project / "app" / "models.py").write_text(MODEL)
    environ = {
        "BRAVO_SOURCE_URI": pg_database,
        "BRAVO_TARGET_URI": mongo_uri,
        "BRAVO_MASK_KEY": "key",
        "BRAVO_USER": "t",
        "BRAVO_SNAPSHOT_URI": "",
        "BRAVO_DEBUG": "1",
    }
    made = Shop(project, pg_database, environ, mongo_uri, mongo_database_name)
    made.sql(SETUP)
    code, _, err = made.cli("init", "--privacy", "keep")
    assert code == 0, err
    config = project / "bravo.toml"
    text = config.read_text().replace('"bravo-1"', f'"{mongo_database_name}"').replace('"bravo-*"', '"t_*"')
    config.write_text(text)
    return made


def options(change: dict[str, Any]) -> list[str]:
    return [one["name"] for one in change["options"]]


def test_an_accepted_keep_converts_back_until_a_value_does_not_fit(shop: Shop) -> None:
    shop.sql("alter table items alter column code type text using lpad(code::text, 4, '0')")
    shop.json("snapshot", "export")
    change = shop.change("code")
    assert change["evidence"] == {"rows": 400, "nulls": 0, "castable": 400, "outside": 0}
    assert options(change) == ["cast", "keep", "custom"]
    shop.json("decide", change["id"], "keep")
    report = shop.json("run", "--auto")
    assert report["status"] == "published"
    assert report["changes"][0]["option"] == "keep"
    assert {type(one["code"]) for one in shop.documents().values()} == {int}
    assert shop.documents()[399]["code"] == 399 % 12

    shop.sql(
        f"update items set code = '{SECRET}x' where id <= 17; update items set code = '99999999999' where id = 18"
    )
    code, out, err = shop.cli("run", "--auto", "--json")
    assert code == 5, (out, err)
    error = json.loads(out)["error"]
    assert error["code"] == "decision-stale"
    for word in (
        change["id"],
        "public.items.code",
        "keep",
        "18 of 400 values do not fit int4 (1 of them over its bounds)",
    ):
        assert word in error["message"]
    assert SECRET not in out + err + shop.written()
    assert len(shop.documents()) == 400  # what readers see is as it was

    shop.cli("snapshot", "export")
    again = shop.json("decide", code=3)  # the question is open again, and keep is not among its answers
    assert again["open"] == [change["id"]]
    code, _, err = shop.cli("decide", change["id"], "keep")
    assert code == 2
    assert "option-unknown" in err


def test_what_is_not_measured_makes_no_answer_illegal(shop: Shop) -> None:
    shop.sql(
        "alter table items alter column code type text using code::text; update items set code = 'x' where id = 1"
    )
    found = shop.json("detect")
    (change,) = found["changes"]
    assert change["evidence"] == {}
    assert "keep" in options(change)
    assert any("bravo-agent snapshot export" in note for note in found["notes"])
    shop.json("snapshot", "export")
    assert "keep" in options(shop.change("code", "--no-evidence"))
    measured = shop.change("code")
    assert options(measured) == ["cast", "custom"]
    assert measured["details"]["note"] == "1 of 400 values do not fit int4"
    shop.sql("alter table items add column later int4")
    assert shop.change("code")["evidence"] == {}, "the newest snapshot does not show the source as it is"


def test_numbers_of_every_kind_of_change(shop: Shop) -> None:
    shop.json("run", "--auto")
    shop.sql(
        "alter table items alter column label type varchar(20);"
        "update items set label = 'longer than before' where id <= 3;"
        "alter table items add column channel text;"
        "update items set channel = 'c' || id % 7 where id > 100;"
        "alter table items drop column note;"
        "alter table items alter column price drop not null"
    )
    shop.json("snapshot", "export")
    found = {(one["type"], one["field"]): one for one in shop.json("detect")["changes"]}
    assert found["new_field", "channel"]["evidence"] == {"rows": 400, "nulls": 100, "distinct": 7}
    assert found["dropped_field", "note"]["evidence"] == {"rows": 400, "nulls": 100, "distinct": 300}
    widened = found["type_widened", "label"]
    assert widened["evidence"] == {"rows": 400, "nulls": 0, "castable": 397, "outside": 3}
    assert options(widened) == ["follow", "custom"]
    relaxed = found["nullability_relaxed", "price"]
    assert relaxed["evidence"] == {"rows": 400, "nulls": 0}
    assert relaxed["details"]["note"] == "0 of 400 rows are NULL so far"
    _, text, _ = shop.cli("detect")
    assert "evidence: 100 of 400 rows are NULL, 7 distinct values\n" in text
    assert "evidence: 0 of 400 rows are NULL, 397 of 400 castable to varchar(10), 3 over its bounds\n" in text
    first = (shop.project / "schema-change-report.json").read_bytes()
    shop.cli("detect")
    assert (shop.project / "schema-change-report.json").read_bytes() == first
    shop.json("snapshot", "export")
    shop.cli("detect")
    assert (shop.project / "schema-change-report.json").read_bytes() == first, "the same rows, the same bytes"


def test_a_run_measures_its_own_snapshot(shop: Shop) -> None:
    shop.sql("alter table items alter column price type numeric(12,2) using price")
    report = shop.json("run", "--auto", code=3)
    (change,) = report["changes"]
    assert change["evidence"] == {"rows": 400, "nulls": 0, "castable": 400, "outside": 0}


def test_labels_and_the_rows_that_hold_them(shop: Shop) -> None:
    shop.sql(
        "create type mood as enum ('sad', 'ok', 'gone');"
        "alter table items add column mood mood; update items set mood = (array['sad','ok','gone']::mood[])[1 + id % 3]"
    )
    model = shop.project / "app" / "models.py"
    model.write_text(
        model.read_text().replace("from pydantic", "from typing import Literal\n\nfrom pydantic")
        + '    mood: Literal["sad", "ok", "gone"] | None = None\n'
    )
    shop.json("run", "--auto")
    shop.sql("alter type mood add value 'new'")
    shop.sql("update items set mood = 'new' where id <= 5")
    shop.json("snapshot", "export")
    added = shop.change("mood")
    assert added["type"] == "enum_value_added"
    assert added["evidence"]["holding"] == [{"label": "new", "rows": 5}]
    assert added["details"]["note"].startswith("added: new; 5 of 400 rows hold it")
    assert options(added) == ["add-value", "custom"]
    shop.sql(
        "update items set mood = 'ok' where mood in ('gone', 'new');"
        "alter type mood rename to old_mood; create type mood as enum ('sad', 'ok');"
        "alter table items alter column mood type mood using mood::text::mood"
    )
    shop.json("snapshot", "export")
    removed = shop.change("mood")
    assert removed["type"] == "enum_value_removed"
    assert removed["decision"] == "review"
    assert removed["evidence"]["heldBefore"] == [{"label": "gone", "rows": 131}]
    assert "131 rows held it in the last snapshot, none does now" in removed["details"]["note"]
    assert "keep" in options(removed)


def test_keys_are_shown_to_who_asks_and_written_nowhere(shop: Shop) -> None:
    shop.sql(
        "update items set id = id + 700000; alter table items alter column code type text using code::text"
    )
    shop.sql("update items set code = 'x' where id > 700300")
    shop.json("snapshot", "export")
    found = shop.json("detect", "--offending-keys")
    (change,) = found["changes"]
    assert found["offendingKeys"][change["id"]] == {
        "keys": [f"id={key}" for key in range(700301, 700321)],
        "note": None,
    }
    _, text, _ = shop.cli("detect", "--offending-keys")
    assert "    id=700301\n" in text
    _, text, _ = shop.cli("detect")
    assert "700301" not in text + shop.written()
    with (shop.project / "bravo.toml").open("a") as file:
        file.write('\n[privacy.columns]\n"public.items.id" = "mask"\n')
    refused = shop.json("detect", "--offending-keys")["offendingKeys"][change["id"]]
    assert refused == {"keys": [], "note": "keys are not shown: bravo.toml masks public.items.id"}
    code, _, _ = shop.cli("detect", "--offending-keys", "--no-evidence")
    assert code == 2


def test_never_a_value(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    told = ""
    shop.json("run", "--auto")
    shop.sql(
        f"alter table items alter column code type text using '{SECRET}code' || code;"
        f"alter table items add column channel text; update items set channel = '{SECRET}channel' || id;"
        f"alter table items drop column note; update items set label = '{SECRET}l'"
    )
    for arguments in (
        ("snapshot", "export"), ("detect",), ("detect", "--json"), ("detect", "--offending-keys"), ("plan",),
        ("decide",),        ("run", "--auto"), ("run", "--auto", "--json"), ("explain", "counts"),
    ):  # fmt: skip
        code, out, err = shop.cli(*arguments)
        assert code in (0, 3, 4, 5), (arguments, out, err)
        told += out + err
    change = shop.change("code")
    told += "".join(shop.cli("explain", change["id"][:12])[1:]) + "".join(
        shop.cli("decide", change["id"], "cast")[1:]
    )
    assert change["evidence"]["castable"] == 0
    assert SECRET not in told + shop.written()
    with MongoClient[dict[str, Any]](shop.target) as client:
        audit = json.dumps(list(client[shop.database]["etl_audit"].find({}, {"_id": 0})), default=str)
    assert SECRET not in audit


def test_values_tell_a_rename_after_a_restore(shop: Shop, pg_database: str) -> None:
    """Without identity: the equal values of the same rows are measured under the pair's key."""
    shop.json("run", "--auto")
    shop.sql(
        "create table copy (like items including all); insert into copy select * from items order by id desc;"
        "drop table items; alter table copy rename to items;"
        "alter table items rename column label to zz_text; alter table items add column qq varchar(10);"
        "update items set qq = 'other' || id % 3"
    )
    baseline = shop.project / "bravo.catalog.json"
    catalog = json.loads(baseline.read_text())
    catalog["system_identifier"] = "another"
    baseline.write_text(json.dumps(catalog))
    shop.json("snapshot", "export")
    from bravo_agent.usecases.detect import detect, latest_local
    from bravo_agent.workspace import open_workspace

    workspace = open_workspace(shop.project, shop.environ)
    reader = latest_local(workspace)
    found = detect(workspace, reader.snapshot.catalog, reader=reader, write_report=False)
    pairs = {
        key[1]: one for key, one in found.evidence.items() if "->" in key[1] and not key[1].endswith("->")
    }
    assert pairs["label->zz_text"].equal_by_key == 1.0
    assert pairs["label->qq"].equal_by_key == 0.0
    assert pairs["label->zz_text"].rows == 400
    assert pairs["label->zz_text"].distinct == 5
