"""The strategy cascade: company → team → person, parts and pooled rates, drivers, and the gaps of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.book import Definitions
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.plans.cascade import Cascade
from kpicore.errors import InvalidDefinition, KpicoreError, NotFound
from kpicore.governance.apply import apply
from kpicore.governance.changes import Change
from kpicore.governance.plan import plan
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.reports.rules import plan as drawn
from tests.rulebook import Office

BOOK: Definitions = Catalog(PluginHost()).definitions

#: Company: revenue +50 % and 100,000 new paying users; market 30,000 content leads, sales 25 % of them become deals,
#: content 100 white papers; a regional group 2,000 local leads a quarter; an editor 5 articles a month.
STRATEGY = """\
[cascade]
id = "strategy"
title = {en = "Strategy 2026", zh-Hant = "2026 年戰略"}
period = "2026"

[[goal]]
id = "growth"
indicator = "sales.revenue_growth_rate"
value = "0.5"

[[goal]]
id = "users"
indicator = "sales.new_paying_users"
value = "100000"

[[goal]]
id = "leads"
level = "team"
subject = "market"
indicator = "marketing.content_sourced_leads"
value = "30000"

[[goal]]
id = "lead_to_deal"
level = "team"
subject = "sales"
indicator = "sales.lead_to_deal_rate"
value = "0.25"

[[goal]]
id = "white_papers"
level = "team"
subject = "content"
indicator = "content.whitepapers_published"
value = "100"
supports = "leads"

[[goal]]
id = "local_leads"
level = "team"
subject = "north"
indicator = "marketing.regional_new_leads"
every = "quarter"
value = "2000"
supports = "users"

[[goal]]
id = "articles"
level = "person"
subject = "eve"
indicator = "content.high_read_articles"
every = "month"
value = "5"
supports = "leads"

[[driver]]
to = "users"
from = ["leads", "lead_to_deal"]
why = "a quarter of the leads becomes a deal"
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, BOOK)
    yield office
    office.close()


def planned(office: Office, text: str, name: str = "strategy.toml") -> Change:
    path = office.folder / name
    path.write_text(text, "utf-8")
    return plan(office.world, path)


def tree(change: Change) -> dict[str, Any]:
    [found] = change.to_document()["cascades"]
    return found  # type: ignore[no-any-return]


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from walk(child)


def test_the_strategy_is_a_tree_with_one_gap(office: Office) -> None:
    found = tree(planned(office, STRATEGY))
    assert [goal["goal"] for goal in found["goals"]] == ["growth", "users"]
    assert [(node["goal"], node["relation"]) for node in walk(found["goals"][1])] == [
        ("users", "root"),
        ("leads", "driver"),
        ("white_papers", "support"),
        ("articles", "support"),
        ("lead_to_deal", "driver"),
        ("local_leads", "support"),
    ]
    totals = {node["goal"]: node["total"] for goal in found["goals"] for node in walk(goal)}
    assert totals == {
        "growth": "0.5",
        "users": "100000",
        "leads": "30000",
        "white_papers": "100",
        "articles": "60",  # 12 × 5
        "lead_to_deal": "0.25",
        "local_leads": "8000",  # 4 × 2,000
    }
    [gap] = found["gaps"]
    # 30,000 × 25 % = 7,500 of 100,000.
    assert (gap["goal"], gap["kind"], gap["reached"], gap["wanted"], gap["gap"]) == (
        "users",
        "driver",
        "7500",
        "100000",
        "92500",
    )


def test_goals_are_targets_of_their_periods(office: Office) -> None:
    change = planned(office, STRATEGY)
    apply(office.ledger, change, "ceo", "strategy")
    get = office.world.targets.get
    assert get(("sales.new_paying_users", "company", None, "2026")) == 100_000
    assert [get(("marketing.regional_new_leads", "team", "north", f"2026-Q{n}")) for n in (1, 4)] == [2000, 2000]
    assert get(("content.high_read_articles", "person", "eve", "2026-07")) == 5
    assert get(("content.high_read_articles", "person", "eve", "2026")) is None
    assert planned(office, STRATEGY).empty
    more = planned(office, STRATEGY.replace('"100000"', '"7500"'))
    assert [item.name for item in more.documents if item.status == "changed"] == [
        "strategy",
        "sales.new_paying_users · company · 2026",
    ]
    assert tree(more)["gaps"] == []
    kept = apply(office.ledger, more, "ceo", "what can be reached")
    record = next(rule.record for rule in kept if rule.record.kind == "cascade")
    definition: Cascade = from_document(record.document)
    assert to_document(definition) == record.document


def test_a_target_that_changes_later_is_shown_in_its_cascade(office: Office) -> None:
    apply(office.ledger, planned(office, STRATEGY), "ceo", "strategy")
    rows = "level,subject,indicator,period,value\nteam,market,marketing.content_sourced_leads,2026,200000\n"
    found = tree(planned(office, rows, "targets.csv"))
    assert found["cascade"] == "strategy"
    # 200,000 × 25 % = 50,000 of 100,000.
    assert [(gap["reached"], gap["gap"]) for gap in found["gaps"]] == [("50000", "50000")]
    rows = "level,subject,indicator,period,value\nperson,eve,content.high_read_articles,2026-05,7\n"
    [articles] = [
        node for node in walk(tree(planned(office, rows, "targets.csv"))["goals"][1]) if node["goal"] == "articles"
    ]
    assert (articles["value"], articles["total"]) == (None, "62")  # 11 × 5 + 7


def test_the_tree_is_drawn_in_both_languages(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    document = planned(office, STRATEGY).to_document()
    for language, said in (
        ("en", "✗ 30,000 × 25 % = 7,500 of 100,000: 92,500 short"),
        ("zh-Hant", "✗ 30,000 × 25 % = 7,500，目標 100,000：差 92,500"),
    ):
        Console(width=200).print(drawn(document, language))
        out = capsys.readouterr().out
        assert said in out
        assert ("5 a month, 60 in all" if language == "en" else "每月 5，合計 60") in out


def people(office: Office) -> None:
    """Ann and Bob in the north, Cid in the south, both under home; Dan in home itself."""
    teams = [("home", None), ("north", "home"), ("south", "home")]
    at = "2025-01-01T00:00:00Z"
    office.record(
        "team_defined",
        [{"team_id": t, "parent_team_id": p, "effective_from": at, "occurred_at": at} for t, p in teams],
    )
    where = [("ann", "north"), ("bob", "north"), ("cid", "south"), ("dan", "home")]
    office.record(
        "employee_assigned",
        [{"employee_id": e, "team_id": t, "role": "sales", "effective_from": at, "occurred_at": at} for e, t in where],
    )


def test_additive_targets_must_make_their_whole(office: Office) -> None:
    people(office)
    rows = (
        "level,subject,indicator,period,value\n"
        "company,,sales.sales_revenue,2026,1000\n"
        "team,home,sales.sales_revenue,2026,900\n"
        "team,north,sales.sales_revenue,2026,500\n"
        "person,ann,sales.sales_revenue,2026-Q1,100\n"
        "person,ann,sales.sales_revenue,2026-Q2,150\n"
        "person,bob,sales.sales_revenue,2026,250\n"
        "person,cid,sales.sales_revenue,2026,300\n"
        "person,dan,sales.sales_revenue,2026,50\n"
    )
    found = tree(planned(office, rows, "targets.csv"))
    [company] = found["goals"]
    assert [(node["level"], node["subject"], node["total"]) for node in walk(company)] == [
        ("company", None, "1000"),
        ("team", "home", "900"),
        ("person", "cid", "300"),  # the south has no target of its own
        ("person", "dan", "50"),
        ("team", "north", "500"),
        ("person", "ann", "250"),
        ("person", "bob", "250"),
    ]
    # 900 of 1,000; 300 + 50 + 500 = 850 of 900; 250 + 250 = 500 of 500.
    assert [(gap["wanted"], gap["reached"], gap["gap"]) for gap in found["gaps"]] == [
        ("1000", "900", "100"),
        ("900", "850", "50"),
    ]
    enough = rows.replace("dan,sales.sales_revenue,2026,50", "dan,sales.sales_revenue,2026,100")
    assert [gap["gap"] for gap in tree(planned(office, enough, "targets.csv"))["gaps"]] == ["100"]


def test_rates_are_pooled_by_planned_volumes(office: Office) -> None:
    people(office)

    def pooled(ann: str, bob: str) -> dict[str, Any]:
        rows = (
            "level,subject,indicator,period,value,volume\n"
            "team,north,sales.lead_to_deal_rate,2026-Q1,0.25,\n"
            f"person,ann,sales.lead_to_deal_rate,2026-Q1,{ann}\nperson,bob,sales.lead_to_deal_rate,2026-Q1,{bob}\n"
        )
        [north] = tree(planned(office, rows, "targets.csv"))["goals"]
        [check] = north["checks"]
        return check  # type: ignore[no-any-return]

    # (0.2 × 300 + 0.3 × 100) / 400 = 0.225, though the mean of the rates is 0.25.
    assert (pooled("0.2,300", "0.3,100")["reached"], pooled("0.2,300", "0.3,100")["gap"]) == ("0.225", "0.025")
    # (0.2 × 100 + 0.3 × 300) / 400 = 0.275.
    assert (pooled("0.2,100", "0.3,300")["reached"], pooled("0.2,100", "0.3,300")["met"]) == ("0.275", True)
    assert (pooled("0.2,100", "0.3,")["reached"], pooled("0.2,100", "0.3,")["met"]) == (None, None)


def test_costs_must_stay_below_their_whole(office: Office) -> None:
    text = (
        '[cascade]\nid = "costs"\nperiod = "2026"\n'
        '[[goal]]\nid = "all"\nindicator = "risk.privacy_incidents"\nvalue = "2"\n'
        '[[goal]]\nid = "a"\nlevel = "team"\nsubject = "a"\nindicator = "risk.privacy_incidents"\nvalue = "1"\nparent = "all"\n'
        '[[goal]]\nid = "b"\nlevel = "team"\nsubject = "b"\nindicator = "risk.privacy_incidents"\nvalue = "2"\nparent = "all"\n'
    )
    [gap] = tree(planned(office, text))["gaps"]
    assert (gap["kind"], gap["reached"], gap["wanted"], gap["gap"]) == ("sum", "3", "2", "1")


def test_a_goal_without_a_value_takes_the_recorded_target(office: Office) -> None:
    rows = "level,subject,indicator,period,value\nteam,market,marketing.content_sourced_leads,2026,40000\n"
    path = office.folder / "targets.csv"
    path.write_text(rows, "utf-8")
    apply(office.ledger, plan(office.world, path), "hr", "r")
    found = tree(planned(office, STRATEGY.replace('value = "30000"\n', "")))
    assert [gap["reached"] for gap in found["gaps"]] == ["10000"]


def test_a_driver_may_multiply_numbers(office: Office) -> None:
    text = STRATEGY.replace('["leads", "lead_to_deal"]', '["leads", "lead_to_deal", "1.2"]')
    assert [gap["reached"] for gap in tree(planned(office, text))["gaps"]] == ["9000"]


@pytest.mark.parametrize(
    ("old", "new", "error", "code"),
    [
        ('supports = "leads"', 'supports = "lead"', InvalidDefinition, "unknown_goal"),
        ('to = "users"', 'to = "user"', InvalidDefinition, "unknown_goal"),
        ('["leads", "lead_to_deal"]', '["leads", "lead_to_dea"]', InvalidDefinition, "unknown_goal"),
        ('["leads", "lead_to_deal"]', "[]", InvalidDefinition, "missing_key"),
        ('id = "users"', 'id = "growth"', InvalidDefinition, "duplicate_goal"),
        ("sales.new_paying_users", "sales.new_users", NotFound, "unknown_indicator"),
        ('period = "2026"', 'period = "26"', InvalidDefinition, "bad_period"),
        ('supports = "leads"', 'parent = "lead_to_deal"', InvalidDefinition, "wrong_part"),
        ('supports = "users"', 'supports = "users"\nparent = "users"', InvalidDefinition, "invalid_definition"),
        ('subject = "market"\n', "", InvalidDefinition, "invalid_definition"),
        ('value = "100000"', 'value = "100000"\nsupports = "leads"', InvalidDefinition, "cycle"),
        ('period = "2026"', 'period = "2000-01-01/2150-01-01"', InvalidDefinition, "too_long"),
        ('every = "quarter"', 'every = "decade"', InvalidDefinition, "invalid_definition"),
        ('period = "2026"', 'period = "2026-02"', InvalidDefinition, "invalid_definition"),
    ],
)
def test_what_does_not_hang_together_is_refused(
    office: Office, old: str, new: str, error: type[KpicoreError], code: str
) -> None:
    text = STRATEGY.replace(old, new, 1)
    with pytest.raises(error) as caught:
        planned(office, text)
    assert caught.value.code == code
    assert "strategy.toml" in str(caught.value.where)


def test_a_product_with_more_digits_than_a_decimal_context_keeps_is_said_exactly(office: Office) -> None:
    text = STRATEGY.replace('["leads", "lead_to_deal"]', '["9999999999999999", "9999999999999999", "0.000000001"]')
    users = next(
        node for root in tree(planned(office, text))["goals"] for node in walk(root) if node["goal"] == "users"
    )
    # (10^16 − 1)² × 10^−9
    assert users["checks"][0]["reached"] == "99999999999999980000000.000000001"
