"""Waivers held against what is there: in use, expired, settled, or for nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from decisions_scene import BEFORE, BUDGET, NAME, SCORE, Scene, catalog

from bravo_agent.changes._samples import INT8, column, table
from bravo_agent.errors import UsageError

LATER = datetime(2027, 1, 1, tzinfo=UTC)


def waiver(decision: str = "review", **keys: str) -> str:
    lines = [f'{key} = "{value}"' for key, value in keys.items()]
    return "\n".join(
        [
            "[[policy.waivers]]",
            *lines,
            f'decision = "{decision}"',
            'reason = "known"',
            "expires = 2026-12-31",
            "",
        ]
    )


DROPPED = {"kind": "dropped_field", "table": "public.campaigns", "field": "budget"}


def test_in_use_says_nothing_and_names_its_line_as_the_reason(scene: Scene) -> None:
    scene.policy(waiver("auto-approve", **DROPPED, option="drop-field"))
    found = scene.found()
    assert found.notes == ()
    dropped = scene.only("dropped_field")
    assert (dropped.decided_by, dropped.option, dropped.verdict) == ("policy", "drop-field", "auto-approve")
    assert dropped.reason == (
        'bravo.toml line 3: [[policy.waivers]]: auto-approve as drop-field, "known", until 2026-12-31'
    )


def test_one_change_by_its_id(scene: Scene) -> None:
    whole = scene.only("dropped_field").id
    scene.policy(waiver("auto-approve", **DROPPED, change=whole[:8], option="keep-optional"))
    assert scene.only("dropped_field").option == "keep-optional"
    scene.policy(waiver("auto-approve", **DROPPED, change="0" * 8, option="keep-optional"))
    assert scene.only("dropped_field").state == "open"


def test_expired_is_noted_and_does_not_count(scene: Scene) -> None:
    scene.policy(waiver("auto-approve", **DROPPED, option="drop-field"))
    scene.now = LATER
    (note,) = scene.found().notes
    assert note == (
        "bravo.toml line 3: [[policy.waivers]] expired on 2026-12-31; what it waived is judged without it: "
        "renew or remove it"
    )
    assert scene.only("dropped_field").state == "open"
    scene.policy(waiver(kind="type_change", table="no such table"))
    assert scene.found().notes == (
        "bravo.toml line 3: [[policy.waivers]] expired on 2026-12-31; it can be removed",
    )


@pytest.mark.parametrize(
    "keys",
    [
        {"kind": "new_field", "table": "public.campaign"},
        {"kind": "new_field", "table": "public.campaigns", "field": "scoer"},
        {"kind": "type_change", "table": "public.*", "field": "*_cents"},
        {"kind": "dropped_field", "table": "public.nope", "field": "budget"},
        {"kind": "new_field", "table": "public.campaigns", "field": "nope", "change": "01234567"},
    ],
)
def test_for_nothing_is_an_error_that_names_the_line(scene: Scene, keys: dict[str, str]) -> None:
    scene.policy(waiver(**DROPPED) + waiver(**keys))
    with pytest.raises(UsageError, match=r"(?s)waiver-unmatched.*line 10: \[\[policy.waivers\]\]") as caught:
        scene.found()
    assert caught.value.exit_code == 2
    assert "line 3" not in caught.value.message


def test_settled_in_the_models_is_noted_as_removable(scene: Scene) -> None:
    scene.policy(waiver(kind="new_field", severity="warning", table="public.campaigns", field="score"))
    assert scene.found().notes == ()
    models = scene.project / "models.py"
    models.write_text(models.read_text() + "    score: Decimal\n")
    (change,) = [one for one in scene.found().changes if one.field == "score"]
    assert change.state == "settled"
    (note,) = scene.found().notes
    assert "waives nothing that is open (new_field public.campaigns score)" in note
    assert "can be removed" in note


def test_what_the_baseline_has_moved_over_is_noted_as_removable(scene: Scene) -> None:
    """Added, dropped and renamed columns, and a dropped table: no change shows them any more."""
    scene.source = catalog(replace(NAME, name="title"), SCORE)
    scene.forget_until_now()
    for keys in (
        {"kind": "new_field", "table": "public.campaigns", "field": "score"},
        DROPPED,
        {"kind": "renamed_field", "table": "public.campaigns", "field": "name"},
        {"kind": "table_dropped", "table": "public.orders"},
        {"kind": "new_field", "table": "public.campaigns", "change": "01234567"},
    ):
        scene.policy(waiver(**keys))
        (note,) = [one for one in scene.found().notes if "policy" in one]
        assert note.endswith("if that is settled, it can be removed"), keys


def test_the_life_of_a_waiver_from_open_to_removable_never_fails(scene: Scene) -> None:
    """Open, decided by it, carried out, the baseline moved, the column gone again: never an error."""
    scene.source = catalog(NAME, BUDGET, column("clicks", INT8, 6, nullable=False))
    scene.policy(waiver("auto-approve", kind="new_field", table="public.campaigns", field="clicks"))
    first = scene.found()
    assert [one.option for one in first.changes] == ["make-optional"]
    models = scene.project / "models.py"
    models.write_text(models.read_text() + "    clicks: int | None = None\n")
    assert scene.found().notes != ()
    scene.workspace.save_baseline(scene.found().next_baseline)
    assert scene.found().changes == ()
    assert len(scene.found().notes) == 1


def test_a_waiver_for_a_whole_kind_may_wait_for_its_first_change(scene: Scene) -> None:
    scene.source = BEFORE
    scene.policy(waiver(kind="new_field"))
    assert scene.found().changes == ()
    assert len(scene.found().notes) == 1


def test_a_waived_table_that_is_new(scene: Scene) -> None:
    scene.source = catalog(NAME, BUDGET, others=[table(column("a", number=2), name="orders", oid=2000)])
    scene.policy(waiver(kind="table_added", table="public.ord*"))
    assert "policy" not in "".join(scene.found().notes)
