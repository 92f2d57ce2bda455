"""`award` as its users call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call
from tests.unit.cli.test_proceedings import CARD, DEALS, MAP, RULES

HEAD = 'scorecards = ["rep"]\neffective = 2026-01-01\nperiod = "quarter"\n'
BONUS = f"""\
[award]
id = "bonus"
kind = "bonus"
title = {{en = "Bonus", zh-Hant = "獎金"}}
{HEAD}currency = "TWD"
[[base]]
amount = "30000"
[coefficient]
kind = "steps"
steps = [["0", "0.5"], ["120", "1.5"]]
[[gate]]
indicator = "sales.win_rate"
below = "0.6"
factor = "0.5"
[caps]
payout = "40000"
"""
CAREER = f'[award]\nid = "career"\nkind = "eligibility"\ntitle = {{en = "Promotion", zh-Hant = "晉升資格"}}\n{HEAD}length = 1\n'
STAR = '[award]\nuse = "content.star_of_the_month"\nscorecards = ["monthly"]\neffective = 2026-01-01\n'
INNOVATION = f"""\
[award]
id = "winners"
kind = "innovation"
title = {{en = "Winners", zh-Hant = "創新突破獎"}}
indicator = "sales.revenue_won"
at_least = "2000"
{HEAD}"""


@pytest.fixture
def house(kpicore: Call) -> Call:
    Path("kpicore.toml").write_text('ledger = "kpi.db"\n')
    Path("deals.csv").write_text(DEALS)
    Path("deals.toml").write_text('[file]\ntimezone = "UTC"\n' + MAP)
    Path("rules").mkdir()
    for name, content in (("card", CARD), ("bonus", BONUS), ("career", CAREER), ("winners", INNOVATION)):
        Path("rules", f"{name}.toml").write_text(content, "utf-8")
    assert kpicore("import", "deals.csv", "--map", "deals.toml").code == 0
    assert kpicore("apply", "rules", *RULES).code == 0
    found = kpicore("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    assert kpicore("seal", found, "--by", "hr").code == 0
    return kpicore


def test_a_bonus_is_shown_paid_listed_and_replayed(house: Call) -> None:
    shown = house("award", "show", "bonus", "--period", "2026-Q1").out
    # Ann has 76 and won one of two; Bob has 170, and 45000 are cut.
    assert "7,500" in shown
    assert "cap: payout" in shown
    assert "to pay: 47,500 TWD" in shown
    one = house("award", "show", "bonus", "--period", "2026-Q1", "--subject", "Ann", "--lang", "zh-Hant").out
    assert "× 門檻 0.5（sales.win_rate）" in one
    paid = house("award", "pay", "bonus", "--period", "2026-Q1", "--by", "payroll", "--json").json
    assert (paid["payout"], paid["total"], paid["duplicate"]) == ("bonus.2026-Q1.1", "47500", False)
    again = house("award", "pay", "bonus", "--period", "2026-Q1", "--by", "payroll", "--lang", "zh-Hant")
    assert (again.code, again.out) == (0, "bonus.2026-Q1.1 已記錄：沒有其他應發金額\n")
    listed = house("award", "list", "--subject", "Ann", "--json").json["payouts"]
    assert [one["amount"] for payout in listed for one in payout["subjects"]] == ["7500"]
    assert "47,500 TWD" in house("award", "list", "--award", "bonus", "--period", "2026-Q1").out
    assert "nothing was paid yet" in house("award", "list", "--award", "career").out
    assert house("award", "replay", "bonus.2026-Q1.1").code == 0
    assert "1 of 1 payouts come out again" in house("verify", "--replay").out


def test_other_awards_are_shown_in_both_languages(house: Call) -> None:
    for language, words in (("en", ("Promotion", "in a row")), ("zh-Hant", ("晉升資格", "連續期數"))):
        shown = house("award", "show", "career", "--period", "2026-Q1", "--lang", language).out
        assert all(word in shown for word in words)
        assert "170.00 ✓" in shown
    winners = house("award", "show", "winners", "--period", "2026-Q1").out
    assert "★   Bob" in winners
    assert "deal_won D-3 (position 1:1)" in winners
    assert "deal_won D-3" in house("award", "show", "winners", "--period", "2026-Q1", "--subject", "Bob").out
    assert house("award", "pay", "winners", "--period", "2026-Q1", "--by", "hr", "--json").json["total"] is None


def test_payouts_go_through_review(house: Call) -> None:
    Path("two.toml").write_text('[organisation]\napprovals = ["payouts"]\n')
    house("apply", "two.toml", *RULES)
    pay = ("award", "pay", "bonus", "--period", "2026-Q1", "--by", "payroll")
    assert house(*pay, "--json").json["error"]["code"] == "approval_needed"
    assert "payout: award bonus" in house(*pay, "--propose", "--reason", "Q1").out
    house("proposal", "approve", "P1", "--by", "cfo")
    assert house("proposal", "apply", "P1", "--by", "payroll", "--json").json["done"]["payout"] == "bonus.2026-Q1.1"


def test_an_award_of_a_plugin_is_put_in_force(house: Call) -> None:
    assert "content.star_of_the_month" in house("plugins", "show", "content").out
    assert "指標之星" in house("plugins", "show", "content.star_of_the_month", "--lang", "zh-Hant").out
    line = '[[line]]\nindicator = "content.content_conversion_rate"\nweight = "0"\n'
    Path("monthly.toml").write_text(CARD.replace('"rep"', '"monthly"').replace("quarter", "month") + line, "utf-8")
    Path("star.toml").write_text(STAR)
    done = house("apply", "monthly.toml", "star.toml", *RULES, "--json")
    assert (done.code, "content.star_of_the_month" in {rule["name"] for rule in done.json["applied"]}) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "bonuss", "--period", "2026-Q1"), "unknown_award"),
        (("show", "bonus", "--period", "2026-01"), "wrong_period"),
        (("show", "bonus", "--period", "2026-Q2"), "not_sealed"),
        (("pay", "bonus", "--period", "2025-Q4", "--by", "hr"), "not_in_force_yet"),
        (("replay", "bonus.2026-Q1.1"), "no_entry"),
        (("show", "content.star_of_the_month", "--period", "2026-01"), "award_not_applied"),
    ],
)
def test_mistakes_are_told(house: Call, arguments: tuple[str, ...], code: str) -> None:
    found = house("award", *arguments, "--json")
    assert (found.code, found.json["error"]["code"]) == (2, code)


def test_a_subject_that_the_award_does_not_know_is_refused_with_the_closest_name(house: Call) -> None:
    found = house("award", "show", "bonus", "--period", "2026-Q1", "--subject", "Anm", "--json")
    assert (found.code, found.json["error"]["code"]) == (2, "unknown_subject")
    assert found.json["error"]["hint"] == "did you mean Ann?"
