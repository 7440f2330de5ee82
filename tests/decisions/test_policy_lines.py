"""Which line of bravo.toml speaks of a change, what it may do, and how a person finds it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from decisions_scene import DEFAULT, IGNORE, TODAY, WAIVER, change, policy
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.changes._samples import ID_FIELD
from bravo_agent.config import Config, PolicyRule, Waiver, read_config
from bravo_agent.deciders.policy import selects
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change, Decision
from bravo_agent.model.entities import Entity, ModelSet, Place
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.decide import decide
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.policy_names import options_of
from bravo_agent.planning.recognise import recognise

DAY = TODAY.date()


def decided(one: Change, *records: Decision, today: date = DAY, **sections: object) -> Change:
    (found,) = decide((one,), records, policy(**sections), today=today)
    return found


def said(one: Change) -> tuple[str, str, str | None, str | None]:
    return one.state, one.verdict, one.decided_by, one.option


def test_waiver_before_rule_before_kind_before_the_default() -> None:
    kinds_ = {"new_field": "review"}
    rules = [{"kind": "new_field", "decision": "block"}]
    waivers = [{**WAIVER, "decision": "auto-approve"}]
    one = change(verdict="auto-approve")
    assert said(decided(one)) == ("decided", "auto-approve", "safe", "add-field")
    assert said(decided(one, kinds=kinds_)) == ("open", "review", None, None)
    assert said(decided(one, kinds=kinds_, rules=rules)) == ("open", "block", None, None)
    waived = decided(one, kinds=kinds_, rules=rules, waivers=waivers)
    assert said(waived) == ("decided", "auto-approve", "policy", "add-field")
    assert waived.reason == 'bravo.toml: policy.waivers.0: auto-approve, "it is known", until 2026-12-31'
    answer = Decision(one.id, "keep", who="anna", rationale="no")
    recorded = decided(one, answer, kinds=kinds_, rules=rules, waivers=waivers)
    assert said(recorded) == ("decided", "auto-approve", "person", "keep")
    assert recorded.reason == 'bravo.decisions.json: keep (person anna, via cli): "no"'


def test_the_first_rule_that_fits_counts() -> None:
    rules = [
        {"kind": "type_change", "decision": "block"},
        {"table": ["public.stage_*", "public.camp*"], "field": "*_cache", "decision": "auto-approve"},
        {"severity": ["warning", "info"], "decision": "block", "reason": "look at it"},
        {"decision": "review"},
    ]
    assert decided(change(), rules=rules).reason == (
        'bravo.toml: policy.rules.2: severity warning or info is block, "look at it"'
    )
    assert said(decided(change(field="clicks_cache"), rules=rules))[3] == "add-field"
    assert decided(change(severity="breaking"), rules=rules).reason.endswith("everything is review")


@pytest.mark.parametrize(
    ("keys", "fits"),
    [
        ({}, True),
        ({"kind": "new-field"}, True),
        ({"kind": ["type_change", "new_field"]}, True),
        ({"kind": "type_change"}, False),
        ({"severity": "warning"}, True),
        ({"severity": ["breaking", "info"]}, False),
        ({"table": "public.camp?igns"}, True),
        ({"table": "campaigns"}, False),
        ({"table": "PUBLIC.*"}, False),
        ({"field": "[st]core"}, True),
        ({"field": "*", "table": "*"}, True),
        ({"field": "score", "table": "public.users"}, False),
    ],
)
def test_every_key_that_is_given_has_to_fit(keys: dict[str, object], fits: bool) -> None:
    assert selects(PolicyRule.model_validate({**keys, "decision": "review"}), change()) is fits


def test_a_field_pattern_means_no_change_of_a_whole_table() -> None:
    rule = PolicyRule.model_validate({"field": "?*", "decision": "review"})
    assert not selects(rule, change("table_added", field=None))


def test_nothing_lifts_what_cannot_be_answered() -> None:
    key = change("primary_key_changed", field=None, verdict="block", severity="breaking", options=None)
    for sections in (
        {"kinds": {"primary_key_changed": "auto-approve"}},
        {"rules": [{"decision": "review"}]},
        {"waivers": [{**WAIVER, "kind": "primary_key_changed", "decision": "auto-approve"}]},
    ):
        found = decided(key, **sections)
        assert said(found) == ("open", "block", None, None)
        assert "no policy lifts it (bravo.toml: policy." in found.reason


def test_an_auto_approve_without_a_safe_option_is_a_review_unless_the_waiver_names_one() -> None:
    one = change(verdict="block", severity="breaking", options=(IGNORE, DEFAULT))
    waiver = {**WAIVER, "decision": "auto-approve"}
    assert said(decided(one, waivers=[waiver]))[:2] == ("open", "review")
    named = decided(one, waivers=[{**waiver, "option": "ignore"}])
    assert said(named) == ("decided", "auto-approve", "policy", "ignore")
    assert "auto-approve as ignore" in named.reason
    with_param = decided(one, waivers=[{**waiver, "option": "default", "params": {"value": "0"}}])
    assert (with_param.option, with_param.params) == ("default", (("value", "0"),))
    without = decided(one, waivers=[{**waiver, "option": "default"}])
    assert said(without)[:2] == ("open", "review")
    assert "default needs value" in without.reason


def test_a_waived_option_that_this_change_does_not_have_is_a_review() -> None:
    waiver = {**WAIVER, "decision": "auto-approve", "option": "ignore"}
    found = decided(change(verdict="auto-approve"), waivers=[waiver])
    assert said(found)[:2] == ("open", "review")
    assert "ignore is not among add-field, keep" in found.reason


def test_a_waiver_counts_through_its_last_day() -> None:
    waivers = [{**WAIVER, "decision": "auto-approve"}]
    assert said(decided(change(), waivers=waivers, today=date(2026, 12, 31)))[2] == "policy"
    assert said(decided(change(), waivers=waivers, today=date(2027, 1, 1)))[:2] == ("open", "review")
    (nobody_says_the_day,) = decide((change(),), (), policy(waivers=waivers))
    assert nobody_says_the_day.state == "open"


def test_a_waiver_of_one_change_means_that_change() -> None:
    waiver = {**WAIVER, "decision": "auto-approve", "table": "public.*", "change": "01234567"}
    assert said(decided(change(), waivers=[waiver]))[2] == "policy"
    assert said(decided(change(id="f" * 16), waivers=[waiver]))[0] == "open"


GOOD: dict[str, Any] = {**WAIVER, "decision": "review"}


@pytest.mark.parametrize(
    ("waiver", "fault"),
    [
        ({key: value for key, value in GOOD.items() if key != "reason"}, "reason"),
        ({**GOOD, "reason": " \t"}, "reason"),
        ({key: value for key, value in GOOD.items() if key != "expires"}, "expires"),
        ({**GOOD, "expires": "2026-12-31"}, "expires"),
        ({**GOOD, "expires": datetime(2026, 12, 31)}, "expires"),
        ({key: value for key, value in GOOD.items() if key != "kind"}, "kind"),
        ({**GOOD, "kind": []}, "kind"),
        ({**GOOD, "decision": "block"}, "decision"),
        ({**GOOD, "severity": "bad"}, "severity"),
        ({**GOOD, "column": "x"}, "column"),
        ({**GOOD, "change": "0123456", "table": "t"}, "change"),
        ({**GOOD, "change": "0123456789"}, "names its table too"),
        ({**GOOD, "option": "keep"}, "an option is an answer"),
        ({**GOOD, "decision": "auto-approve", "params": {"value": "0"}}, "params belong to an option"),
    ],
)
def test_a_waiver_that_says_too_little_is_refused(waiver: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        policy(waivers=[waiver])


def test_unknown_kinds_and_options_name_their_place() -> None:
    with pytest.raises(UsageError, match=r"policy-unknown-kind.*policy\.rules\.1\.kind"):
        decided(change(), rules=[{"decision": "review"}, {"kind": "new_fields", "decision": "review"}])
    waiver = {**GOOD, "decision": "auto-approve", "option": "shrug"}
    with pytest.raises(
        UsageError, match=r"(?s)policy-unknown-option.*policy\.waivers\.0\.option.*make-optional"
    ):
        decided(change(), waivers=[waiver])


def test_the_options_of_a_kind_are_what_its_examples_show() -> None:
    assert options_of(["new_field"]) >= {"add-field", "ignore", "calculate", "default", "custom"}
    assert options_of(["primary_key_changed", "no such kind"]) == frozenset()
    assert options_of(kinds()) > options_of(["new_field"])


FILE = '''# policy of the team
[project]
sources = ["."]

[policy.kinds]   # [[policy.rules]]
"new-field" = "review"
type_change = "block"

[[policy.rules]]
kind = "new_field"
decision = "auto-approve"

  [[ policy . waivers ]]  # an exception
kind = "dropped_field"
decision = "review"
reason = """
[policy]
two lines"""
expires = 2026-12-31

[[policy.rules]]
decision = "review"
'''


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "bravo.toml").write_text(FILE)
    found = read_config(tmp_path).policy
    lines = {name: FILE.split("\n")[line - 1] for name, line in found._lines.items()}
    assert lines == {
        "kinds.new-field": '"new-field" = "review"',
        "kinds.type_change": 'type_change = "block"',
        "rules.0": "[[policy.rules]]",
        "rules.1": "[[policy.rules]]",
        "waivers.0": "  [[ policy . waivers ]]  # an exception",
    }
    assert found.place("rules.1") == "bravo.toml line 21: [[policy.rules]]"
    (one,) = decide((change(),), (), read_config(tmp_path), today=DAY)
    assert one.reason == "bravo.toml line 9: [[policy.rules]]: kind new_field is auto-approve"


@pytest.mark.parametrize(
    "text",
    [
        '[policy]\nrules = [{ decision = "review" }, { decision = "block" }]\n',
        '["policy"]\n[["policy"."rules"]]\ndecision = "review"\n',
        '[[policy.rules]]\ndecision = "review"\nreason = """\n[[policy.rules]]\n"""\n',
    ],
)
def test_where_no_line_is_sure_the_number_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "bravo.toml").write_text(text)
    assert read_config(tmp_path).policy.place("rules.0") == "bravo.toml: policy.rules.0"


@given(
    st.lists(
        st.sampled_from(["\n", "# [[policy.rules]]\n", "[load]\nworkers = 1\n"]), max_size=4, unique=True
    )
)
def test_comments_and_blank_lines_do_not_change_the_configuration(tmp_path_factory, above) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("policy")
    text = "".join(above) + '[[policy.rules]]\ndecision = "review"\n'
    (folder / "bravo.toml").write_text(text)
    found = read_config(folder)
    place = found.policy.place("rules.0")
    assert text.split("\n")[int(place.split()[2].rstrip(":")) - 1] == "[[policy.rules]]"
    plain = found.model_dump(mode="json")
    assert plain["policy"]["rules"] == [PolicyRule(decision="review").model_dump(mode="json")]
    assert "line" not in str(plain["policy"])


def test_the_page_has_every_key() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    for heading, section in (("[[policy.rules]]", PolicyRule), ("[[policy.waivers]]", Waiver)):
        (part,) = [one for one in page.split("\n## ") if one.startswith(f"`{heading}`")]
        cells = {
            line.split("|")[1].strip().strip("`") for line in part.splitlines() if line.startswith("| `")
        }
        assert cells == set(section.model_fields)


@pytest.mark.parametrize("name", kinds())
def test_no_example_asks_for_an_answer_that_a_waiver_could_not_name(name: str) -> None:
    for example in kinds()[name].examples:
        before, after = (
            Catalog((one,) if one else (), "prod", "1") for one in (example.before, example.after)
        )
        entity = Entity("Campaign", "app", Place("app.py", 1), (ID_FIELD, *(example.fields or ())))
        models = ModelSet((entity,) if example.fields is not None else ())
        config = Config(renames=dict(example.renames))
        mapping = derive_mapping(before, models, config)
        for one in recognise(before, after, models, mapping, config, {}).changes:
            asked = {option.name for option in one.question.options} if one.question else set()
            assert asked <= options_of([one.kind])
